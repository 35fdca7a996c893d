"""The sentences of the retrieved passages, scored against the question by a fitted linear model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.document import Span
from ingest.embed import Vectors
from qa.answer import Hit
from qa.features import EDITORIAL_SECTION, Features, Held, Rarity, feature_matrix
from qa.lexicon import Concept
from qa.passage import Numbers, Sentence, read_passage
from qa.retrieve import Retrieved
from qa.understand import Understanding

__all__ = ["EDITORIAL_SECTION", "Candidate", "Evidence", "Features", "rank_sentences"]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One sentence that could become a statement. `held` are the concepts in it, its heading or its title.

    `values` are its features as numbers, in the order of `Features.names()`. Compared by identity.
    """

    hit: Hit
    span: Span
    sentence: Sentence
    vector: Vectors
    values: Numbers
    held: frozenset[Concept]
    score: float

    @property
    def text(self) -> str:
        """The sentence, as it stands in its document."""
        return self.sentence.text

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return self.sentence.stems

    @property
    def words(self) -> int:
        """How many words it has."""
        return self.sentence.words

    @property
    def features(self) -> Features:
        """What speaks for it, by name."""
        return Features(*self.values.tolist())

    @property
    def editorial(self) -> bool:
        """Whether it stands under the editors' own heading."""
        return self.hit.section == EDITORIAL_SECTION


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question: the question as read, the passages, and their sentences, best first."""

    asked: Understanding
    retrieved: Retrieved
    ranked: Sequence[Candidate]


def rank_sentences(
    asked: Understanding, retrieved: Retrieved, rarity: Rarity, weights: Mapping[str, float]
) -> list[Candidate]:
    """All sentences of the retrieved passages, best first; the score is the weighted sum of the features."""
    passages = [read_passage(retrieved.chunks[hit.chunk_id], hit.source.title) for hit in retrieved.hits]
    if not any(passage.sentences for passage in passages):
        return []
    held = Held(asked.concepts, passages)
    matrix = feature_matrix(asked, retrieved, passages, held, rarity)
    scores = (matrix @ np.array([weights.get(name, 0.0) for name in Features.names()])).tolist()
    places = [
        (hit, passage, number)
        for hit, passage in zip(retrieved.hits, passages, strict=True)
        for number in range(len(passage.sentences))
    ]
    candidates = [
        Candidate(hit, p.stored.chunk.sentences[n], p.sentences[n], p.stored.vectors[n], values, concepts, score)
        for (hit, p, n), values, concepts, score in zip(places, matrix, held.sets, scores, strict=True)
    ]
    return sorted(candidates, key=lambda candidate: -candidate.score)
