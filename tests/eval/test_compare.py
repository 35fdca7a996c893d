import json

import pytest

from eval.compare import RunFileError, blamed, compare, print_comparison, read_rows, verdict
from eval.intervals import Difference
from eval.measures import Row, row_of
from eval.report import Report, to_json
from eval.suite import Question

RIGHT = "handled right"


def row(key: str, right: bool, **scores: tuple[float, float]) -> Row:
    return Row(key, "case", right, {RIGHT: (float(right), 1.0), **scores})


def rows(marks: str) -> list[Row]:
    """One question for each character: x is right."""
    return [row(f"q{place:02}", mark == "x") for place, mark in enumerate(marks)]


def test_questions_are_paired_by_id_whatever_their_order():
    found = compare(rows("xx.."), [*reversed(rows("x.x."))])
    assert (found.better, found.worse, found.shared) == (("q02",), ("q01",), 4)
    assert found.differences[RIGHT].value == 0


def test_questions_of_one_run_only_are_named_and_not_compared():
    found = compare([row("old", True), row("both", True)], [row("both", False), row("new", True)])
    assert (found.removed, found.added, found.shared, found.worse) == (("old",), ("new",), 1, ("both",))
    assert found.differences[RIGHT].n == 1


def test_a_measure_that_only_one_run_knows_is_not_compared():
    found = compare([row("a", True)], [row("a", True, **{"retrieval MRR": (1.0, 1.0)})])
    assert set(found.differences) == {RIGHT}


def test_blame_falls_on_the_questions_that_changed_for_the_worse_the_heaviest_first():
    old = [row("same", True), row("little", True, **{"retrieval MRR": (1.0, 1.0)})]
    old += [row(key, True, **{"retrieval MRR": (0.5, 1.0)}) for key in ("gone", "better")]
    new = [row("same", True), row("little", True, **{"retrieval MRR": (0.9, 1.0)})]
    new += [row(key, True, **{"retrieval MRR": (mrr, 1.0)}) for key, mrr in (("gone", 0.0), ("better", 1.0))]
    assert blamed(old, new, "retrieval MRR") == ["gone", "little"]


def test_blame_for_a_figure_that_should_be_low_falls_on_what_raised_it():
    old = [row(key, True, **{"false abstention": (0.0, 1.0)}) for key in "ab"]
    new = [row(key, True, **{"false abstention": (float(key == "b"), 1.0)}) for key in "ab"]
    assert blamed(old, new, "false abstention") == ["b"]


@pytest.mark.parametrize(
    ("name", "low", "high", "expected"),
    [
        pytest.param(RIGHT, 0.1, 0.2, "better", id="rose, higher is better"),
        pytest.param(RIGHT, -0.2, -0.1, "worse", id="fell, higher is better"),
        pytest.param("false abstention", 0.1, 0.2, "worse", id="rose, lower is better"),
        pytest.param("words of an answer", 3, 4, "changed", id="neither is better"),
        pytest.param(RIGHT, -0.1, 0.2, "=", id="within chance"),
        pytest.param(RIGHT, None, None, "", id="not measured"),
    ],
)
def test_a_change_beyond_chance_is_called_by_its_direction(name, low, high, expected):
    assert verdict(name, Difference(0.5, 0.6, 0.1, low, high, 10)) == expected


def written(tmp_path, judged):
    question = Question(judged.id, "case", judged.question, (), "answer", ("alphamab",), (), (("slows",),), ())
    report = Report({}, [question], [judged])
    path = tmp_path / "old.json"
    path.write_text(json.dumps(to_json(report)), encoding="utf-8")
    return path


def test_a_run_read_from_its_file_equals_the_run(make_judged, tmp_path):
    judged = make_judged(reciprocal_rank=1 / 3)
    assert read_rows(written(tmp_path, judged)) == [row_of(judged)]


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"questions": [{"id": "a"}]}'], ids=["no JSON", "a list", "an old form"]
)
def test_a_file_that_is_no_run_is_named_with_the_remedy(tmp_path, content):
    path = tmp_path / "old.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RunFileError, match=r"old\.json.*--json FILE"):
        read_rows(path)


def test_the_comparison_names_the_questions_that_changed(capsys):
    print_comparison(compare(rows("x" * 20), rows("." * 10 + "x" * 10)))
    shown = capsys.readouterr().out
    assert "1.000    0.500   -0.500" in shown
    assert "n=20  worse" in shown
    assert "worse (10): q00, q01" in shown
