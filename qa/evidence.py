"""The sentences of the retrieved passages, scored against the question."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.document import Span
from ingest.embed import Vectors
from ingest.sparse import tokenize
from qa.answer import Hit
from qa.retrieve import Retrieved
from qa.understand import Understanding

EDITORIAL_SECTION = "Reading"
DIGIT = re.compile(r"\d")
# Weights of a sentence's parts; chosen on the dev split of the questions.
COSINE, COVERAGE, PASSAGE, NUMBER = 0.45, 0.35, 0.15, 0.05
CONTEXT_SHARE = 0.5  # a question word found in the title or heading counts half


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that could become a statement.

    `coverage` is the weighted share of the question's words in it; `held` those in it, its heading or its title.
    """

    hit: Hit
    span: Span
    text: str
    vector: Vectors
    cosine: float
    coverage: float
    held: frozenset[str]
    score: float

    @property
    def editorial(self) -> bool:
        """Whether it stands under the editors' own heading."""
        return self.hit.section == EDITORIAL_SECTION


def rank_sentences(
    asked: Understanding, retrieved: Retrieved, rarity: Callable[[str], float], passages: int
) -> list[Candidate]:
    """All sentences of the best passages, best first. `rarity` gives a term's inverse document frequency."""
    weights = {term: rarity(term) for term in asked.terms}
    found: list[Candidate] = []
    for hit in retrieved.hits[:passages]:
        stored = retrieved.chunks[hit.chunk_id]
        cosines = stored.vectors @ retrieved.vector
        offset = hit.start
        texts = [hit.text[span.start - offset : span.end - offset] for span in stored.chunk.sentences]
        around, *inside = (set(words) for words in tokenize([f"{hit.source.title} {hit.section}", *texts]))
        for span, text, vector, cosine, words in zip(
            stored.chunk.sentences, texts, stored.vectors, cosines, inside, strict=True
        ):
            coverage = _coverage(weights, words, around)
            score = COSINE * float(cosine) + COVERAGE * coverage + PASSAGE * hit.score
            score += NUMBER * (asked.asks_number and bool(DIGIT.search(text)))
            held = frozenset(weights) & (words | around)
            found.append(Candidate(hit, span, text, vector, float(cosine), coverage, held, score))
    return sorted(found, key=lambda candidate: -candidate.score)


def _coverage(weights: dict[str, float], words: set[str], around: set[str]) -> float:
    """Share of the question's words, weighted by rarity, that a sentence holds (those around it count half)."""
    total = sum(weights.values())
    if not total:
        return 0.0
    held = sum(w * (1.0 if t in words else CONTEXT_SHARE if t in around else 0.0) for t, w in weights.items())
    return held / total


def similarity(candidate: Candidate, others: Sequence[Candidate]) -> float:
    """Highest cosine between a sentence and others; 0 when there are none."""
    return float(np.max(np.stack([other.vector for other in others]) @ candidate.vector)) if others else 0.0
