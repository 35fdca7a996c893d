import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import pytest

from eval.baseline import Baseline, floors_of, read_baseline, write_baseline
from eval.compare import RunFileError, compare
from eval.gate import beyond_chance, check, print_verdict
from eval.measures import Row, row_of
from eval.run import judge, retrieved_keys
from eval.suite import Question, load_questions
from qa.abstain import Calibration
from qa.answer import Answer
from qa.assistant import Assistant
from qa.settings import AskSettings

RIGHT, PRECISION = "handled right", "abstention precision"
ABOUT = {"corpus": "one", "revision": "abc", "questions": 40}


def rows(marks: str) -> list[Row]:
    """One question for each character: x is right."""
    return [Row(f"q{at:02}", "case", mark == "x", {RIGHT: (float(mark == "x"), 1.0)}) for at, mark in enumerate(marks)]


def baseline(marks: str, **floors: float) -> Baseline:
    return Baseline({"corpus": "one"}, floors, tuple(rows(marks)))


def test_an_unchanged_run_passes():
    assert check(baseline("x" * 30 + "." * 10), rows("x" * 30 + "." * 10), ABOUT).passed


def test_a_fall_beyond_chance_fails_and_names_the_questions():
    verdict = check(baseline("x" * 40), rows("." * 10 + "x" * 30), ABOUT)
    assert not verdict.passed
    assert [one.measure for one in verdict.worsened] == [RIGHT]
    assert sorted(verdict.worsened[0].questions) == [f"q{at:02}" for at in range(10)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x" * 40, ".." + "x" * 38, id="two of forty worse"),
        pytest.param("x" * 36 + "." * 4, "." * 6 + "x" * 34, id="six worse and four better"),
    ],
)
def test_a_fall_within_chance_passes_and_is_told(before, after, capsys):
    verdict = check(baseline(before), rows(after), ABOUT)
    print_verdict(verdict, ABOUT)
    assert verdict.passed
    assert "worse, within chance: q00, q01" in capsys.readouterr().out


def test_what_got_better_passes():
    assert check(baseline("." * 40), rows("x" * 40), ABOUT).passed


def test_many_figures_at_once_raise_the_bar_for_each():
    names = ["key facts, share", "retrieval MRR", "citation recall", "citation precision", "a right source cited"]
    old = [Row(row.id, "case", True, {**row.scores, **dict.fromkeys(names, (1.0, 1.0))}) for row in rows("x" * 40)]
    new = [replace(row, scores={**row.scores, RIGHT: (float(at >= 4), 1.0)}) for at, row in enumerate(old)]
    alone = compare(rows("x" * 40), rows("." * 4 + "x" * 36), resamples=4000)
    together = compare(old, new, resamples=4000)
    assert together.differences[RIGHT].value == alone.differences[RIGHT].value
    assert beyond_chance(alone.differences)
    assert not beyond_chance(together.differences)


def test_a_trivial_change_of_every_question_is_rounding():
    old = [Row(row.id, "case", True, {"key facts, share": (0.5, 1.0)}) for row in rows("x" * 40)]
    new = [replace(row, scores={"key facts, share": (0.4999, 1.0)}) for row in old]
    assert check(Baseline({}, {}, tuple(old)), new, ABOUT).passed


def test_a_figure_under_its_floor_fails_without_any_fall(capsys):
    verdict = check(baseline("x" * 3 + ".", **{RIGHT: 0.9}), rows("x" * 3 + "."), ABOUT)
    print_verdict(verdict, ABOUT)
    assert not verdict.passed
    assert [(one.measure, one.floor, one.questions) for one in verdict.under] == [(RIGHT, 0.9, ("q03",))]
    assert "0.750, n=4, under its floor 0.9" in capsys.readouterr().out


def test_a_floor_for_what_is_no_longer_measured_fails():
    assert not check(baseline("x", **{"quotes verbatim": 1.0}), rows("x"), ABOUT).passed


def test_removed_and_new_questions_are_told_and_do_not_fail(capsys):
    verdict = check(baseline("x" * 10), rows("x" * 12)[2:], {**ABOUT, "corpus": "two"})
    print_verdict(verdict, ABOUT)
    shown = capsys.readouterr().out
    assert verdict.passed
    assert verdict.corpus_changed
    assert "removed since the baseline, not compared: q00, q01" in shown
    assert "new since the baseline, not compared: q10, q11" in shown


def test_a_baseline_read_from_its_file_equals_what_was_measured(make_judged, tmp_path):
    judged = [make_judged(id="b", reciprocal_rank=1 / 3), make_judged(id="a", refused=True, expect="abstain")]
    accepted = write_baseline(tmp_path / "baseline.json", [row_of(one) for one in judged], ABOUT)
    assert read_baseline(tmp_path / "baseline.json") == accepted
    assert [row.id for row in accepted.rows] == ["a", "b"]
    assert check(accepted, [row_of(one) for one in judged], ABOUT).passed


def test_a_baseline_holds_no_text_of_an_answer(make_judged, tmp_path):
    path = tmp_path / "baseline.json"
    write_baseline(path, [row_of(make_judged(text="Alphamab slows MS."))], ABOUT)
    assert "slows" not in path.read_text(encoding="utf-8")


def test_floors_lie_a_little_under_the_present_value_and_promises_at_one():
    floors = floors_of(rows("x" * 9 + "."), {})
    assert floors[RIGHT] == 0.88
    assert floors["quotes verbatim"] == floors["statements cited"] == floors["citation recall"] == 1.0


def test_accepting_a_worse_run_lowers_no_floor(tmp_path):
    path = tmp_path / "baseline.json"
    for marks in ("x" * 10, "x" * 5 + "." * 5):
        accepted = write_baseline(path, rows(marks), ABOUT)
    assert accepted.floors[RIGHT] == 0.98
    assert not check(accepted, rows("x" * 5 + "." * 5), ABOUT).passed


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "there is no baseline"), ("{", "is no baseline"), ("{}", "is no baseline")],
    ids=["missing", "no JSON", "empty"],
)
def test_a_baseline_that_cannot_be_read_is_named_with_the_remedy(tmp_path, content, message):
    path = tmp_path / "baseline.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(RunFileError, match=f"{message}.*--update-baseline"):
        read_baseline(path)


# What follows asks the test questions of the packaged corpus: pytest -m models tests/eval/test_gate.py


@dataclass(frozen=True)
class Suite:
    """The test questions with the assistant's answers, from which altered runs are made."""

    assistant: Assistant
    asked: list[tuple[Question, Answer, list[str]]]

    def rows(self, alter: Callable[[Answer], Answer] = lambda answer: answer) -> list[Row]:
        return [row_of(judge(q, alter(answer), found, self.assistant)) for q, answer, found in self.asked]


def asked_of(assistant: Assistant) -> Suite:
    questions = load_questions(split="test")
    return Suite(
        assistant, [(q, assistant.ask(q.question, q.history), retrieved_keys(assistant, q)) for q in questions]
    )


@pytest.fixture(scope="module")
def suite(packaged_index) -> Suite:
    return asked_of(Assistant.open(packaged_index))


@pytest.fixture(scope="module")
def accepted(suite, tmp_path_factory) -> Baseline:
    """The baseline that the unaltered assistant sets."""
    return write_baseline(tmp_path_factory.mktemp("gate") / "baseline.json", suite.rows(), ABOUT)


class NeverAbstains(Calibration):
    """Finds every question answerable."""

    def abstention(self, *_: object) -> None:
        return None


def credulous(suite: Suite, index_dir) -> Assistant:
    loaded = Calibration.load()
    values = {field.name: getattr(loaded, field.name) for field in fields(loaded)}
    return Assistant(index_dir, suite.assistant._opened, AskSettings(), NeverAbstains(**values))


def failures(baseline: Baseline, rows: list[Row]) -> tuple[set[str], set[str]]:
    """Measures that fell beyond chance, and measures under their floor."""
    verdict = check(baseline, rows, ABOUT)
    return {one.measure for one in verdict.worsened}, {one.measure for one in verdict.under}


@pytest.mark.models
def test_the_gate_passes_on_an_unchanged_assistant_and_every_figure_is_the_same(suite, accepted, packaged_index):
    again = asked_of(Assistant.open(packaged_index)).rows()
    assert check(accepted, again, ABOUT).passed
    assert again == suite.rows()


@pytest.mark.models
def test_the_gate_fails_when_only_one_passage_is_read(accepted, packaged_index):
    crippled = asked_of(Assistant.open(packaged_index, settings=AskSettings(passages=1, question_passages=0)))
    worsened, _ = failures(accepted, crippled.rows())
    assert {RIGHT, "key facts, share", "a right source cited"} <= worsened


@pytest.mark.models
def test_the_gate_fails_when_citations_are_shuffled_among_sources(suite, accepted):
    sources = suite.assistant.sources()
    follows = {source.key: sources[(place + 1) % len(sources)] for place, source in enumerate(sources)}

    def shuffled(answer: Answer) -> Answer:
        statements = [
            replace(
                s,
                citations=tuple(
                    replace(c, source=(to := follows[c.source.key]), number=to.number) for c in s.citations
                ),
            )
            for s in answer.statements
        ]
        return replace(answer, statements=tuple(statements))

    worsened, under = failures(accepted, suite.rows(shuffled))
    assert {"citation recall", "quotes verbatim", "a right source cited"} <= worsened & under


@pytest.mark.models
def test_the_gate_fails_when_abstaining_is_switched_off(suite, accepted, packaged_index):
    worsened, under = failures(accepted, asked_of(credulous(suite, packaged_index)).rows())
    assert "abstention recall" in worsened & under


@pytest.mark.models
def test_the_gate_fails_when_numbers_in_the_answers_are_altered(suite, accepted):
    def altered(answer: Answer) -> Answer:
        """Each number one higher in its last digit; the quotes stay as they are."""
        statements = [
            replace(s, text=re.sub(r"\d(?!\d)", lambda digit: str((int(digit[0]) + 1) % 10), s.text))
            for s in answer.statements
        ]
        return replace(answer, statements=tuple(statements))

    worsened, under = failures(accepted, suite.rows(altered))
    assert "citation recall" in worsened & under
    assert "key facts, share" in worsened
