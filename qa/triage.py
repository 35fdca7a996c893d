"""Emergencies and personal directives beyond the patterns of `qa.safety`: a linear model on the question's vector."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np

from ingest.embed import Vectors
from qa.answer import Abstention
from qa.safety import triage as by_pattern

WEIGHTS = Path(__file__).with_name("triage.json")
KINDS = (None, Abstention.PERSONAL_ADVICE, Abstention.EMERGENCY)
# An emergency message takes the answer's place, a personal notice only stands above it: so the first must be surer.
SURE_OF_EMERGENCY, SURE_OF_PERSONAL = 0.5, 0.4


@dataclass(frozen=True, slots=True)
class Triage:
    """Weights of shape (dimension + 1, kinds), fitted with `python -m eval calibrate`."""

    weights: Vectors

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Self:
        """The weights that come with the package."""
        return cls(np.array(json.loads(path.read_text(encoding="utf-8"))["weights"], dtype=np.float32))

    def of(self, question: str, vector: Vectors) -> Abstention | None:
        """EMERGENCY or PERSONAL_ADVICE where patterns or model say so; another embedder has the patterns alone."""
        found = by_pattern(question)
        if found is Abstention.EMERGENCY or len(vector) + 1 != len(self.weights):
            return found
        scores = np.append(vector, 1.0) @ self.weights
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        if shares[2] >= SURE_OF_EMERGENCY:
            return Abstention.EMERGENCY
        return Abstention.PERSONAL_ADVICE if shares[1] >= SURE_OF_PERSONAL else found


@cache
def packaged_triage() -> Triage:
    """The packaged weights, read once."""
    return Triage.load()
