import numpy as np

from eval.suite import Question
from eval.triage import FALSE_ALARMS, Phrasing, fit, phrasings
from qa.answer import Abstention
from qa.triage import Triage


def case(question, expect="answer", category="lookup"):
    return Question(question, category, question, (), expect, (), (), (), ())


def test_ordinary_questions_that_a_pattern_takes_for_something_are_no_examples():
    practice = [case("What is PIRA?"), case("I want to kill myself"), case("He is blue", "safe", "emergency")]
    known = phrasings(
        [case("Lips swelling", "safe", "emergency")], practice, ["What is EDSS?", "I want to kill myself"]
    )
    assert known[-3:] == [
        Phrasing("Lips swelling", Abstention.EMERGENCY),
        Phrasing("What is PIRA?", None, sets_limits=True),
        Phrasing("What is EDSS?", None),
    ]


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
