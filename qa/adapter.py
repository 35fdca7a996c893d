"""A small linear map of sentences' vectors that brings them closer to the questions that they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from ingest.catalog import StoredChunk
from ingest.embed import Vectors
from ingest.tuning import packaged_sentence_map

KEPT = 2000  # chunks whose sentences' lengths are kept, which no question changes


@dataclass(frozen=True, slots=True, eq=False)
class LowRank:
    """x -> normalised(x + x @ down @ up): a residual of low rank, as in LoRA (Hu et al. 2021), on finished vectors.

    `down` has the shape (dimension, rank), `up` (rank, dimension). Compared by identity.
    """

    down: Vectors
    up: Vectors

    def __call__(self, vectors: Vectors) -> Vectors:
        """The mapped vectors, shape (n, dimension), unit length."""
        moved = self._moved(vectors)
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-9))

    def cosines(self, vector: Vectors, chunks: Sequence[StoredChunk]) -> Vectors:
        """The cosines of a question's vector with all sentences of the chunks in order, after the map.

        x @ (v + down @ up @ v) is the product of the moved x, not normalised, and v: so that the question is moved
        instead of every sentence.
        """
        pulled = vector + self.down @ (self.up @ vector)
        lengths = np.concatenate([_lengths(self, stored) for stored in chunks])
        return np.asarray(np.concatenate([stored.vectors for stored in chunks]) @ pulled / lengths)

    def _moved(self, vectors: Vectors) -> Vectors:
        return np.asarray(vectors + vectors @ self.down @ self.up)


@lru_cache(KEPT)
def _lengths(adapter: LowRank, stored: StoredChunk) -> Vectors:
    """The lengths of the moved vectors before they are normalised, shape (sentences,)."""
    return np.asarray(np.maximum(np.linalg.norm(adapter._moved(stored.vectors), axis=-1), 1e-9))


@cache
def packaged_adapter() -> LowRank:
    """The map that comes with the package, read once."""
    return LowRank(*packaged_sentence_map())
