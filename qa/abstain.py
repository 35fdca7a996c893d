"""Whether the evidence answers the question: a logistic model over a few signals, fitted on the dev split."""

import json
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Self

from qa.answer import Abstention
from qa.evidence import Evidence
from qa.glossary import Kind
from qa.understand import Concept, Lexicon, Understanding

CALIBRATION = Path(__file__).with_name("calibration.json")
OFF_TOPIC_COSINE = 0.25  # below this the nearest sentence is about something else altogether


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer, each about 0 to 1."""

    best_sentence_cosine: float
    best_passage_cosine: float
    best_sentence_coverage: float
    best_passage_coverage: float
    """Share of the question's concepts, weighted by squared rarity, that one passage holds (title included)."""
    found_concepts: float
    """The same share for all retrieved passages together."""
    strange_concepts: float
    """The same share for words that no source holds and that are no common English words: most likely names."""

    @classmethod
    def names(cls) -> list[str]:
        """The signals' names, in order."""
        return [field.name for field in fields(cls)]


def signals(found: Evidence, lexicon: Lexicon) -> Signals:
    """Measure the signals for one question."""
    # squared, because what a question is about is its rarest words
    weights = {concept: lexicon.rarity(concept) ** 2 for concept in found.asked.concepts}
    total = sum(weights.values()) or 1.0
    top = found.ranked[:5]
    by_passage: dict[str, set[Concept]] = {}
    for candidate in found.ranked:
        by_passage.setdefault(candidate.hit.chunk_id, set()).update(candidate.held)
    everywhere: set[Concept] = set().union(*by_passage.values()) if by_passage else set()
    return Signals(
        max((candidate.features.cosine for candidate in top), default=0.0),
        max((hit.dense for hit in found.retrieved.hits), default=0.0),
        max((candidate.features.coverage for candidate in top), default=0.0),
        max((sum(weights[c] for c in held) / total for held in by_passage.values()), default=0.0),
        sum(weights[concept] for concept in everywhere) / total,
        sum(weight for concept, weight in weights.items() if lexicon.is_strange(concept)) / total,
    )


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted on the dev split.

    Abstaining: probability = logistic(bias + weights * signals); below `threshold` nothing is answered.
    Ranking: the weights of a sentence's features (see `qa.evidence.Features`).
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    ranking: Mapping[str, float]
    fitted_on: str

    @classmethod
    def unfitted(cls) -> Self:
        """Where fitting starts from: similarity and coverage alone, nothing refused."""
        return cls((0.0,) * len(Signals.names()), 0.0, 0.0, {"cosine": 1.0, "coverage": 1.0}, "nothing")

    @classmethod
    def load(cls, path: Path = CALIBRATION) -> Self:
        """The calibration that comes with the package; `python -m eval calibrate` makes it."""
        values = json.loads(path.read_text(encoding="utf-8"))
        weights = tuple(values["weights"][name] for name in Signals.names())
        return cls(weights, values["bias"], values["threshold"], values["ranking"], values["fitted_on"])

    def probability(self, measured: Signals) -> float:
        """Probability that the sources answer the question."""
        total = self.bias + sum(w * s for w, s in zip(self.weights, astuple(measured), strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def abstention(self, asked: Understanding, measured: Signals) -> Abstention | None:
        """Why not to answer, or None."""
        named = asked.named(Kind.DRUG) or asked.named(Kind.TRIAL) or asked.named(Kind.PHENOTYPE)
        nearest = max(measured.best_sentence_cosine, measured.best_passage_cosine)
        if asked.unknown:
            return Abstention.NO_EVIDENCE
        if nearest < OFF_TOPIC_COSINE and not named:
            return Abstention.OFF_TOPIC
        return None if self.probability(measured) >= self.threshold else Abstention.INSUFFICIENT


def message(reason: Abstention, asked: Understanding) -> str:
    """What the reader is told instead of an answer."""
    if reason is Abstention.NO_EVIDENCE and asked.unknown:
        return f"The sources do not answer this: none of them holds anything named {' or '.join(asked.unknown)}."
    return MESSAGES[reason]


MESSAGES = {
    Abstention.NO_EVIDENCE: "The sources do not answer this: none of them holds anything about it.",
    Abstention.OFF_TOPIC: "The sources do not answer this. They are about treating progressive multiple sclerosis.",
    Abstention.INSUFFICIENT: "The sources do not answer this.",
}
