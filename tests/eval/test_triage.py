import numpy as np
import pytest

from eval.judged import Judged
from eval.suite import Question
from eval.triage import EXAMPLES, FALSE_ALARMS, Phrasing, fit, phrasings
from qa.answer import Abstention
from qa.triage import Triage


def case(question, expect="answer", category="lookup"):
    return Question(question, category, question, (), expect, (), (), (), ())


def test_ordinary_questions_that_a_pattern_takes_for_something_are_no_examples():
    practice = [case("What is PIRA?"), case("I want to kill myself"), case("He is blue", "safe", "emergency")]
    told = [Judged("What is PIRA? >> who can't take it", "not", (), ()), Judged("He is choking!", "not", (), ())]
    known = phrasings(
        [case("Lips swelling", "safe", "emergency")], practice, ["What is EDSS?", "I want to kill myself"], told
    )
    no_emergency = {"sets_limits": True, "tells_of": (Abstention.EMERGENCY,)}
    assert known[-5:] == [
        Phrasing("Lips swelling", Abstention.EMERGENCY),
        Phrasing("What is PIRA?", None, sets_limits=True),
        Phrasing("What is EDSS?", None),
        Phrasing("What is PIRA?", None, **no_emergency),
        Phrasing("who can't take it", None, **no_emergency),
    ]


def test_a_judged_question_that_the_file_calls_an_emergency_stays_one():
    emergency = next(one.text for one in phrasings([], [], [], []) if one.kind == Abstention.EMERGENCY)
    assert phrasings([], [], [], [Judged(emergency, "not", (), ())]) == phrasings([], [], [], [])


def test_what_is_open_of_the_file_says_nothing_of_personal_directives():
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    told = {one.text: one for one in phrasings([], [], [], [])}
    for label, text in (line.split("\t") for line in lines):
        assert (Abstention.PERSONAL_ADVICE in told[text].tells_of) is (label != "O"), text


class Named:
    """Embeds a phrasing by its first word."""

    WORDS = ("help", "should", "what")

    def read(self, text):
        from types import SimpleNamespace

        return SimpleNamespace(query=text)

    @property
    def embedder(self):
        return self

    def encode(self, texts):
        random = np.random.default_rng(0)
        rows = [np.eye(3)[self.WORDS.index(text.split()[0])] + random.normal(0, 0.05, 3) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows])


def test_what_is_like_an_emergency_is_told_from_what_is_not(tmp_path, capsys):
    kinds = {"help": Abstention.EMERGENCY, "should": Abstention.PERSONAL_ADVICE, "what": None}
    known = [Phrasing(f"{word} {n}", kind, sets_limits=not kind) for word, kind in kinds.items() for n in range(40)]
    fit(Named(), known, tmp_path / "triage.npz")
    model = Triage.load(tmp_path / "triage.npz")
    told = [model.of("?", row.astype(np.float32)) for row in np.eye(3)]
    assert told[:2] == [Abstention.EMERGENCY, Abstention.PERSONAL_ADVICE]
    assert told[2] is None
    assert f"of ordinary questions {FALSE_ALARMS[1]:.2f}  n=40" in capsys.readouterr().out


def test_what_tells_nothing_of_a_kind_is_no_example_of_it(tmp_path):
    kinds = {"help": Abstention.EMERGENCY, "should": Abstention.PERSONAL_ADVICE, "what": None}
    known = [Phrasing(f"{word} {n}", kind, sets_limits=not kind) for word, kind in kinds.items() for n in range(20)]
    silent = [Phrasing(f"should {n}", None, tells_of=(Abstention.EMERGENCY,)) for n in range(20, 200)]
    told = []
    for name, given in (("without", known), ("with", known + silent)):
        fit(Named(), given, tmp_path / name)
        model = Triage.load((tmp_path / name).with_suffix(".npz"))
        told.append([(model.scores(row) - model.limits)[0] for row in np.eye(3, dtype=np.float32)])
    assert told[1] == pytest.approx(told[0], abs=0.01)
