"""A small linear map that brings questions and the sentences that answer them closer together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Self

import numpy as np

from ingest.catalog import StoredChunk
from ingest.embed import Vectors

KEPT = 2000  # chunks whose sentences' lengths are kept, which no question changes
ADAPTER = Path(__file__).with_name("adapter.npz")


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

    def lengths(self, vectors: Vectors) -> Vectors:
        """The lengths of the moved vectors before they are normalised, shape (n,)."""
        return np.asarray(np.maximum(np.linalg.norm(self._moved(vectors), axis=-1), 1e-9))

    def pulled(self, vector: Vectors) -> Vectors:
        """v -> v + down @ up @ v, so that x @ pulled(v) is the product of the moved x, not normalised, and v."""
        return np.asarray(vector + self.down @ (self.up @ vector))

    def _moved(self, vectors: Vectors) -> Vectors:
        return np.asarray(vectors + vectors @ self.down @ self.up)


@dataclass(frozen=True, slots=True)
class Adapter:
    """One map for questions and one for sentences, fitted with `python -m eval calibrate` on written questions."""

    question: LowRank
    sentence: LowRank

    @classmethod
    def load(cls, path: Path = ADAPTER) -> Self:
        """The maps that come with the package."""
        with np.load(path, allow_pickle=False) as values:
            parts = {name: values[name].astype(np.float32) for name in values.files}
        question = LowRank(parts["question_down"], parts["question_up"])
        return cls(question, LowRank(parts["sentence_down"], parts["sentence_up"]))

    def save(self, path: Path) -> None:
        """Write the file that `load` reads, as 16-bit floats."""
        parts = {"question": self.question, "sentence": self.sentence}
        halves = {f"{name}_{half}": getattr(one, half) for name, one in parts.items() for half in ("down", "up")}
        np.savez(path, **{name: values.astype(np.float16) for name, values in halves.items()})

    def cosines(self, vector: Vectors, chunks: Sequence[StoredChunk]) -> Vectors:
        """The cosines of a question's vector with all sentences of the chunks in order, after both maps."""
        pulled = self.sentence.pulled(self.question(vector))
        lengths = np.concatenate([_lengths(self.sentence, stored) for stored in chunks])
        return np.asarray(np.concatenate([stored.vectors for stored in chunks]) @ pulled / lengths)

    def fits(self, vector: Vectors) -> bool:
        """Whether it was fitted for vectors of this length."""
        return len(vector) == len(self.question.down)


@lru_cache(KEPT)
def _lengths(sentence: LowRank, stored: StoredChunk) -> Vectors:
    return sentence.lengths(stored.vectors)


@cache
def packaged_adapter() -> Adapter:
    """The packaged maps, read once."""
    return Adapter.load()
