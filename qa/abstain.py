"""Whether the evidence answers the question: a logistic model over the signals, fitted on questions of its own."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from qa.answer import Abstention, Answer
from qa.glossary import Kind
from qa.safety import ORDER
from qa.signals import Signals
from qa.understand import Understanding

CALIBRATION = Path(__file__).with_name("calibration.json")
OFF_TOPIC_COSINE = 0.25  # below this the nearest sentence is about something else altogether


@dataclass(frozen=True, slots=True)
class Calibration:
    """What `python -m eval calibrate` fitted, once for indexes with written questions and once for those without.

    Abstaining: probability = logistic(bias + weights * signals); below `threshold` nothing is answered, below `doubt`
    with a warning.
    Ranking: the weights of a sentence's features (see `qa.evidence.Features`). Further: those of telling one more
    sentence (see `qa.compose.FURTHER`).
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float
    doubt: float
    ranking: Mapping[str, float]
    further: Mapping[str, float]
    fitted_on: str

    @classmethod
    def unfitted(cls) -> Self:
        """Where fitting starts from: similarity and coverage alone, nothing refused."""
        nothing = dict.fromkeys(Signals.list_names(), 0.0)
        return cls(nothing, 0.0, 0.0, 0.0, {"cosine": 1.0, "coverage": 1.0}, {"bias": 1.0}, "nothing")

    @classmethod
    def load(cls, path: Path = CALIBRATION, *, written: bool = True) -> Self:
        """The calibration that comes with the package, for an index with or without written questions."""
        values = json.loads(path.read_text(encoding="utf-8"))["written" if written else "plain"]
        limits = (values["threshold"], values["doubt"])
        fits = (values["ranking"], values["further"])
        return cls(values["weights"], values["bias"], *limits, *fits, values["fitted_on"])

    def probability(self, measured: Mapping[str, float]) -> float:
        """Probability that the sources answer the question, from its signals by name."""
        total = self.bias + sum(weight * measured[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def abstention(self, asked: Understanding, measured: Signals) -> Abstention | None:
        """Why not to answer, or None."""
        named = asked.named(Kind.DRUG) or asked.named(Kind.TRIAL) or asked.named(Kind.PHENOTYPE)
        nearest = max(measured.best_sentence_cosine, measured.best_passage_cosine)
        if asked.unknown:
            return Abstention.NO_EVIDENCE
        if self.probability(measured.by_name()) >= self.threshold:
            return None
        return Abstention.OFF_TOPIC if nearest < OFF_TOPIC_COSINE and not named else Abstention.INSUFFICIENT


@cache
def packaged_calibration(*, written: bool) -> Calibration:
    """The packaged calibration for a search with or without written questions, read once."""
    return Calibration.load(written=written)


def in_doubt(answer: Answer) -> bool:
    """Whether an answer is given with the warning that the sources may not answer the question."""
    return DOUBT in (answer.notice or "")


def message(reason: Abstention, asked: Understanding) -> str:
    """What the reader is told instead of an answer."""
    if reason is Abstention.NO_EVIDENCE and asked.unknown and not ORDER.search(asked.question):
        return f"The sources do not answer this: none of them holds anything named {' or '.join(asked.unknown)}."
    return MESSAGES[reason]


DOUBT = "The sources may not answer this; quoted here is what comes nearest."
MESSAGES = {
    Abstention.NO_EVIDENCE: "The sources do not answer this: none of them holds anything about it.",
    Abstention.OFF_TOPIC: "The sources do not answer this. They are about treating progressive multiple sclerosis.",
    Abstention.INSUFFICIENT: "The sources do not answer this.",
}
