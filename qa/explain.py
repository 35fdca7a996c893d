"""One question followed through the stages, with its numbers: behind `python -m qa --explain`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qa.answer import Answer
from qa.evidence import Evidence
from qa.lexicon import Lexicon
from qa.signals import Signals

SHOWN = 8  # hits and sentences listed
PARTS = 4  # parts of a sentence's score listed, the largest first


@dataclass(frozen=True, slots=True)
class Explanation:
    """What each stage made of a question. `probability` is that of the sources answering it."""

    found: Evidence
    lexicon: Lexicon
    weights: Mapping[str, float]
    signals: Signals
    probability: float
    threshold: float
    answer: Answer

    def lines(self) -> Iterator[str]:
        """The explanation as text, stage by stage."""
        yield from self._understood()
        yield from self._found()
        yield from self._judged()
        yield from self._composed()

    def _understood(self) -> Iterator[str]:
        yield "1. Understand"
        yield f"   searched for: {self.found.asked.query}"
        yield f"   BM25 also for: {self.found.asked.expanded}"
        for concept in self.found.asked.concepts:
            names = ", ".join(f"{name.kind} {name.canonical}" for name in concept.names)
            carried = " (from the turn before)" if concept.carried else ""
            yield f"   {concept.surface}: rarity {self.lexicon.rarity(concept):.2f}{carried} {names}"
        yield f"   wants: {', '.join(sorted(self.found.asked.wants)) or 'nothing in particular'}"
        yield from (f"   read {typed!r} as {read!r}" for typed, read in self.found.asked.repairs)
        yield from (f"   unknown name: {name}" for name in self.found.asked.unknown)

    def _found(self) -> Iterator[str]:
        yield "2. Retrieve (fused score, cosine, BM25)"
        for hit in self.found.retrieved.hits[:SHOWN]:
            numbers = f"{hit.score:.2f} {hit.dense:.2f} {hit.sparse:6.2f}"
            yield f"   {numbers}  [{hit.source.number}] {hit.source.key} · {hit.section}"

    def _judged(self) -> Iterator[str]:
        yield f"3. Abstain below {self.threshold:.2f}: probability {self.probability:.2f}"
        for name, value in self.signals.by_name().items():
            yield f"   {name.replace('_', ' ')}: {value:.2f}"

    def _composed(self) -> Iterator[str]:
        yield "4. Rank sentences (score, its largest parts)"
        for candidate in self.found.ranked[:SHOWN]:
            parts = {name: weight * getattr(candidate.features, name) for name, weight in self.weights.items()}
            largest = sorted(parts, key=lambda name: -abs(parts[name]))[:PARTS]
            shown = ", ".join(f"{name} {parts[name]:+.2f}" for name in largest)
            yield f"   {candidate.score:5.2f}  [{candidate.hit.source.number}] {' '.join(candidate.text.split())[:90]}"
            yield f"          {shown}"
        yield f"5. Compose and verify: {len(self.answer.statements)} statements"
        yield from (f"   {statement.support}: {statement.marked}" for statement in self.answer.statements)
        if self.answer.abstention:
            yield f"   {self.answer.abstention}: {self.answer.message}"
        yield "   milliseconds: " + ", ".join(f"{stage} {spent:.1f}" for stage, spent in self.answer.timings.items())
