"""The sentences of the retrieved passages, scored against the question."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.document import Span
from ingest.embed import Vectors
from ingest.sparse import tokenize
from qa.answer import Hit
from qa.glossary import Kind
from qa.retrieve import Retrieved
from qa.understand import Concept, Understanding

EDITORIAL_SECTION = "Reading"
DIGIT = re.compile(r"\d")
# Weights of a sentence's parts; chosen on the dev split of the questions.
COSINE, COVERAGE, PASSAGE, NUMBER, FOCUS = 0.40, 0.35, 0.15, 0.05, 0.20
CONTEXT_SHARE = 0.5  # a concept found in the title or heading counts half
Rarity = Callable[[Concept], float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that could become a statement.

    `coverage` is the weighted share of the question's concepts in it; `held` are those in it, its heading or title.
    """

    hit: Hit
    span: Span
    text: str
    vector: Vectors
    cosine: float
    coverage: float
    held: frozenset[Concept]
    score: float

    @property
    def editorial(self) -> bool:
        """Whether it stands under the editors' own heading."""
        return self.hit.section == EDITORIAL_SECTION


def rank_sentences(asked: Understanding, retrieved: Retrieved, rarity: Rarity, passages: int) -> list[Candidate]:
    """All sentences of the best passages, best first. `rarity` gives a concept's inverse document frequency."""
    weights = {concept: rarity(concept) for concept in asked.concepts}
    found: list[Candidate] = []
    for hit in retrieved.hits[:passages]:
        stored = retrieved.chunks[hit.chunk_id]
        cosines = stored.vectors @ retrieved.vector
        texts = [hit.text[span.start - hit.start : span.end - hit.start] for span in stored.chunk.sentences]
        around, *inside = (set(words) for words in tokenize([f"{hit.source.title} {hit.section}", *texts]))
        for place, (span, text, words) in enumerate(zip(stored.chunk.sentences, texts, inside, strict=True)):
            coverage = _coverage(weights, words, around)
            held = frozenset(concept for concept in weights if concept.within(words | around))
            score = COSINE * float(cosines[place]) + COVERAGE * coverage + PASSAGE * hit.score
            score += NUMBER * (asked.asks_number and bool(DIGIT.search(text))) + FOCUS * _focus(asked, hit, words)
            vector, cosine = stored.vectors[place], float(cosines[place])
            found.append(Candidate(hit, span, text, vector, cosine, coverage, held, score))
    return sorted(found, key=lambda candidate: -candidate.score)


def _coverage(weights: dict[Concept, float], words: set[str], around: set[str]) -> float:
    """Share of the question's concepts, weighted by rarity, that a sentence holds (those around it count half)."""
    total = sum(weights.values())
    if not total:
        return 0.0
    whole = words | around
    parts = (
        weight * (1.0 if concept.within(words) else CONTEXT_SHARE if concept.within(whole) else 0.0)
        for concept, weight in weights.items()
    )
    return sum(parts) / total


def _focus(asked: Understanding, hit: Hit, words: set[str]) -> float:
    """How well the source is about the drugs and trials asked for: 0 for one of them or none asked, down to -1."""
    named = [concept for concept in asked.concepts if any(n.kind in (Kind.DRUG, Kind.TRIAL) for n in concept.names)]
    if not named or any(concept.within(words) for concept in named):
        return 0.0
    drugs = {name.canonical for name in asked.named(Kind.DRUG)}
    keys = {name.source for name in asked.named(Kind.TRIAL)}
    return -0.5 if drugs & set(hit.source.drugs) or hit.source.key in keys else -1.0


def similarity(candidate: Candidate, others: Sequence[Candidate]) -> float:
    """Highest cosine between a sentence and others; 0 when there are none."""
    return float(np.max(np.stack([other.vector for other in others]) @ candidate.vector)) if others else 0.0
