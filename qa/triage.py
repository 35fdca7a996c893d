"""Emergencies and personal directives beyond the patterns of `qa.safety`: how like a question is to known ones."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ingest.embed import Vectors
from qa.answer import Abstention
from qa.safety import triage as by_pattern

WEIGHTS = Path(__file__).with_name("triage.npz")
KINDS = (Abstention.PERSONAL_ADVICE, Abstention.EMERGENCY)
WIDTH = 1.0  # of the kernel


@dataclass(frozen=True, slots=True)
class Triage:
    """Two support vector machines, one for each of KINDS, fitted with `python -m eval calibrate`.

    A question's score for a kind is sum_i weights[i, kind] * exp(-WIDTH |x - vectors[i]|^2) (Cortes and Vapnik 1995,
    with a Gaussian kernel); it is of the kind from that kind's `limits` on. Vectors are of unit length, shape
    (known questions, dimension).
    """

    vectors: Vectors
    weights: Vectors
    limits: Vectors

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Self:
        """What comes with the package."""
        with np.load(path, allow_pickle=False) as values:
            return cls(*(values[name].astype(np.float32) for name in ("vectors", "weights", "limits")))

    def save(self, path: Path) -> None:
        """Write what `load` reads, the vectors as 16-bit floats."""
        np.savez_compressed(path, vectors=self.vectors.astype(np.float16), weights=self.weights, limits=self.limits)

    def scores(self, vector: Vectors) -> NDArray[np.float32]:
        """The score for each of KINDS."""
        near = np.exp(-2 * WIDTH * (1 - self.vectors @ vector))
        return np.asarray(near @ self.weights, dtype=np.float32)

    def of(self, question: str, vector: Vectors) -> Abstention | None:
        """EMERGENCY or PERSONAL_ADVICE where patterns or model say so; another embedder has the patterns alone."""
        found = by_pattern(question)
        if found is Abstention.EMERGENCY or len(vector) != self.vectors.shape[1]:
            return found
        personal, emergency = (self.scores(vector) >= self.limits).tolist()
        if emergency:
            return Abstention.EMERGENCY
        return Abstention.PERSONAL_ADVICE if personal else found


@cache
def packaged_triage() -> Triage:
    """The packaged model, read once."""
    return Triage.load()
