"""Answering selectively: what is gained by refusing the questions that the assistant is least sure of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.intervals import Array, Pair


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Answering the most confident `coverage` of the questions, `risk` of the answers are wrong."""

    coverage: float
    risk: float


def confidence_rank(confidence: float | None, *, answered: bool) -> float:
    """Where a question stands when questions are answered one by one, the surest first: 1 to 2, refused ones 0 to 1.

    A refused question stands behind every answered one, whatever made the assistant refuse.
    """
    return (confidence or 0.0) + (1.0 if answered else 0.0)


def risk_coverage(pairs: Sequence[Pair]) -> list[CurvePoint]:
    """The risk-coverage curve of (confidence, error) pairs: El-Yaniv and Wiener (2010), JMLR 11:1605-1641.

    One point for each question: the share answered and the mean error among them. Of equally confident questions the
    wrong ones come first, so that ties are never read in the assistant's favour.
    """
    if not pairs:
        return []
    risks = _risks(np.array(pairs, dtype=np.float64))
    return [CurvePoint(place / len(risks), float(risk)) for place, risk in enumerate(risks, start=1)]


def area_under_risk_coverage(pairs: Array) -> Array:
    """The mean risk over all coverages (Geifman, Uziel and El-Yaniv 2019, ICLR); lower is better.

    Equal to the plain error rate when confidence says nothing about being right.
    """
    areas: Array = _risks(pairs).mean(axis=-1)
    return areas


def _risks(pairs: Array) -> Array:
    """Mean error among the first 1, 2, ... questions; shape (..., questions)."""
    confidence, error = pairs[..., 0], pairs[..., 1]
    order = np.lexsort((-error, -confidence), axis=-1)
    wrong = np.take_along_axis(error, order, axis=-1).cumsum(axis=-1)
    risks: Array = wrong / np.arange(1, error.shape[-1] + 1)
    return risks
