"""A copy of an index's vectors beside Chroma, searched by products of matrices: no second to import Chroma, and faster.

Up to SEARCHED_WHOLE vectors the search is exact. Among more, it looks at the leading directions of all vectors first
(principal components, Jolliffe 2002), and only at the whole vectors of the likeliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np

from ingest.embed import Vectors
from ingest.rank import highest

FILE, WHOLE = "vectors.npz", "vectors.npy"  # beside Chroma's folder, of a finished generation that is small enough
COPIED = 200_000  # vectors; more are searched in Chroma
SEARCHED_WHOLE = 20_000
DIRECTIONS = 96
SAMPLE = 10_000  # vectors that the directions are found on
BLOCK = 1300  # vectors of 96 numbers that a processor's cache holds
LIKELIEST, FEWEST = 16, 960  # whole vectors that are looked at: so many for each wanted one, and at least


def products(few: Vectors, many: Vectors) -> Vectors:
    """few @ many.T for rows so few that reading the many is what takes time: a block is read once for all of them.

    Two to four rows with 100,000 of 128 numbers take about half as long as by a product of matrices.
    """
    found = np.empty((len(few), len(many)), dtype=np.float32)
    for start in range(0, len(many), BLOCK):
        block = many[start : start + BLOCK]
        for row, vector in zip(found, few, strict=True):
            np.dot(block, vector, out=row[start : start + BLOCK])
    return found


@dataclass(frozen=True, slots=True)
class Leading:
    """Many vectors along their leading directions: basis (dimension, directions), reduced (n, directions)."""

    basis: Vectors
    reduced: Vectors

    @classmethod
    def of(cls, vectors: Vectors, directions: int = DIRECTIONS) -> Self:
        """The directions of these vectors, found on a sample."""
        sample = vectors[np.linspace(0, len(vectors) - 1, SAMPLE, dtype=np.int64)]
        _, found = np.linalg.eigh(sample.T @ sample)  # by growing weight
        basis = np.ascontiguousarray(found[:, -directions:], dtype=np.float32)
        return cls(basis, vectors @ basis)

    def likeliest(self, wanted: Vectors, count: int) -> list[list[int]]:
        """For each row of `wanted` the places of the `count` vectors that are most likely the nearest, in order."""
        return [sorted(highest(row, count)) for row in products(wanted @ self.basis, self.reduced)]


@dataclass(frozen=True, slots=True)
class VectorCopy:
    """Vectors by id, as Chroma holds them, shape (n, dimension); with their leading directions where there are many."""

    chunk_ids: Sequence[str]
    vectors: Vectors
    leading: Leading | None = None

    @classmethod
    def of(cls, chunk_ids: Sequence[str], vectors: Vectors) -> Self:
        """A copy of these vectors, with their leading directions where there are many."""
        return cls(chunk_ids, vectors, Leading.of(vectors) if len(vectors) > SEARCHED_WHOLE else None)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read what `save` wrote. Raises OSError, ValueError, KeyError."""
        try:
            with (folder / FILE).open("rb") as opened, np.load(opened, allow_pickle=False) as values:
                chunk_ids = values["chunks"].tolist()
                if "vectors" in values:
                    return cls(chunk_ids, values["vectors"])
                leading = Leading(values["basis"], values["reduced"])
        except BadZipFile as error:
            raise ValueError(f"{FILE}: {error}") from error
        return cls(chunk_ids, np.load(folder / WHOLE, mmap_mode="r", allow_pickle=False), leading)

    def save(self, folder: Path) -> None:
        """Write one file; where there are leading directions, the vectors into one of their own, read as needed."""
        chunks = np.array(self.chunk_ids)
        if self.leading is None:
            np.savez(folder / FILE, chunks=chunks, vectors=self.vectors)
        else:
            np.savez(folder / FILE, chunks=chunks, basis=self.leading.basis, reduced=self.leading.reduced)
            np.save(folder / WHOLE, self.vectors)

    def nearest(self, wanted: Vectors, k: int) -> list[dict[str, float]]:
        """For each row of `wanted`, unit vectors, its `k` nearest: cosine similarity by id, best first."""
        if self.leading is None:
            return [self._best(cosines, range(len(cosines)), k) for cosines in (self.vectors @ wanted.T).T]
        pairs = zip(wanted, self.leading.likeliest(wanted, max(FEWEST, LIKELIEST * k)), strict=True)
        return [self._best(self.vectors[places] @ vector, places, k) for vector, places in pairs]

    def _best(self, cosines: Vectors, places: Sequence[int], k: int) -> dict[str, float]:
        limited = np.clip(cosines, -1, 1)
        return {self.chunk_ids[places[n]]: float(limited[n]) for n in highest(limited, k)}
