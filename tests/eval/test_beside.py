from eval.beside import print_beside
from eval.report import Report
from qa.answer import Mode


def test_both_columns_and_the_fate_of_the_models_sentences_are_printed(make_judged, capsys):
    usage = {"model": "m", "input_tokens": 90, "output_tokens": 10, "fault": None, "kept": False}
    removed = ({"text": "A.", "reason": "no", "check": "number"},)
    composed = [make_judged(id="a"), make_judged(id="b", coverage=0.0)]
    times = {"first_written": 500.0, "write": 900.0, "total": 1000.0}
    written = [
        make_judged(id="a", mode=Mode.GENERATE, removed=removed, usage=usage, timings=times),
        make_judged(id="b", usage={**usage, "fault": "timeout"}, coverage=0.0, timings=times),
    ]
    print_beside(Report({}, [], composed), Report({}, [], written))
    out = capsys.readouterr().out
    assert "2 questions, 2 put to the model, 1 answered in its words" in out
    assert "its sentences: 1 shown, 1 removed (number 1)" in out
    assert "composed instead: 1 (timeout 1)" in out
    assert "input tokens: 180 in 2 replies that tell" in out
    assert "first sentence shown" in out
