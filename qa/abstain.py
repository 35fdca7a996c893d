"""Whether the evidence answers the question: a logistic model over a few signals, fitted on the dev split."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Self

from qa.answer import Abstention
from qa.evidence import Candidate
from qa.retrieve import Retrieved
from qa.understand import Understanding

CALIBRATION = Path(__file__).with_name("calibration.json")
OFF_TOPIC_COSINE = 0.25  # below this the nearest sentence is about something else altogether


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer, each about 0 to 1."""

    best_sentence_cosine: float
    best_passage_cosine: float
    best_sentence_coverage: float
    best_passage_coverage: float
    """Share of the question's words, weighted by squared rarity, that one passage holds, title and heading included."""
    known_terms: float
    """Share of the question's words, weighted by squared rarity, that occur anywhere in the corpus."""

    @classmethod
    def names(cls) -> list[str]:
        """The signals' names, in order."""
        return [field.name for field in fields(cls)]


def signals(
    asked: Understanding,
    retrieved: Retrieved,
    ranked: Sequence[Candidate],
    rarity: Callable[[str], float],
    frequency: Callable[[str], int],
) -> Signals:
    """Measure the signals for one question."""
    weights = {term: rarity(term) ** 2 for term in asked.terms}  # squared: the rarest words are what it is about
    total = sum(weights.values()) or 1.0
    top = ranked[:5]
    by_passage: dict[str, set[str]] = {}
    for candidate in ranked:
        by_passage.setdefault(candidate.hit.chunk_id, set()).update(candidate.held)
    return Signals(
        max((candidate.cosine for candidate in top), default=0.0),
        max((hit.dense for hit in retrieved.hits), default=0.0),
        max((candidate.coverage for candidate in top), default=0.0),
        max((sum(weights[t] for t in held) / total for held in by_passage.values()), default=0.0),
        sum(weight for term, weight in weights.items() if frequency(term)) / total,
    )


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted model: probability = logistic(bias + weights * signals); below `threshold` nothing is answered."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    fitted_on: str

    @classmethod
    def load(cls, path: Path = CALIBRATION) -> Self:
        """The calibration that comes with the package; `python -m eval calibrate` makes it."""
        values = json.loads(path.read_text(encoding="utf-8"))
        weights = tuple(values["weights"][name] for name in Signals.names())
        return cls(weights, values["bias"], values["threshold"], values["fitted_on"])

    def probability(self, measured: Signals) -> float:
        """Probability that the sources answer the question."""
        total = self.bias + sum(w * s for w, s in zip(self.weights, astuple(measured), strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def abstention(self, measured: Signals) -> Abstention | None:
        """Why not to answer, or None."""
        if measured.best_sentence_cosine <= 0 and measured.best_passage_coverage <= 0:
            return Abstention.NO_EVIDENCE
        if self.probability(measured) >= self.threshold:
            return None
        off_topic = measured.best_sentence_cosine < OFF_TOPIC_COSINE
        return Abstention.OFF_TOPIC if off_topic else Abstention.INSUFFICIENT


MESSAGES = {
    Abstention.NO_EVIDENCE: "The sources do not answer this: none of them holds anything about it.",
    Abstention.OFF_TOPIC: "The sources do not answer this. They are about treating progressive multiple sclerosis.",
    Abstention.INSUFFICIENT: "The sources do not answer this.",
}
