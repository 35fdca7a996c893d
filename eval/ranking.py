"""Fit the weights of a sentence's features: a listwise linear ranking model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.training import Example
from ingest.progress import Progress
from qa.assistant import Assistant
from qa.evidence import Features

Matrix = NDArray[np.float64]
RIDGE = 0.001
# The number of another drug is the worst first sentence that there is, but questions whose answer no source holds teach
# the ranking nothing: fitted, this weight is 0.5. The floor costs them 0.001 of the mean reciprocal rank (n = 1,905).
# Few questions ask who must not have a drug, and whom it is for is the worst answer: fitted, that weight is 0.2.
# Few ask for progression confirmed after a time that only some sentences tell, and another outcome's number is wrong.
LEAST = {"other_drug": 2.5, "against": 4.0, "other_time": 4.0}


@dataclass(frozen=True, slots=True)
class Listed:
    """The sentences found for one question: features, shape (sentences, features), and which of them answer it."""

    features: Matrix
    right: Matrix


def listed(assistant: Assistant, examples: Sequence[Example], progress: Progress) -> list[Listed]:
    """For each answerable question its candidates with what is right.

    Questions whose candidates are all right or all wrong teach nothing and are left out.
    """
    found = []
    answerable = [example for example in examples if example.answerable]
    for done, example in enumerate(answerable, start=1):
        candidates = assistant.candidates(example.question, list(example.history))
        right = np.array([example.is_right(c.hit.source.key, c.text) for c in candidates], dtype=float)
        if right.any() and not right.all():
            rows = [[getattr(c.features, name) for name in Features.names()] for c in candidates]
            found.append(Listed(np.array(rows), right))
        progress("ranking sentences", done, len(answerable))
    return found


def fit_weights(lists: Sequence[Listed]) -> Matrix:
    """Weights that maximise the probability mass of right sentences (softmax over each list), with a ridge.

    The listwise loss of ListNet (Cao et al. 2007), minimised by L-BFGS.
    """
    from scipy.optimize import minimize

    features, right = np.vstack([one.features for one in lists]), np.concatenate([one.right for one in lists])
    sizes = [len(one.right) for one in lists]
    starts = np.cumsum([0, *sizes[:-1]])

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        mass = _softmax(features @ weights, starts, sizes)
        found = np.add.reduceat(mass * right, starts)
        wanted = mass * right / np.repeat(found, sizes)
        slope = features.T @ (mass - wanted) / len(lists) + RIDGE * weights
        return float(-np.log(found).mean() + RIDGE / 2 * weights @ weights), slope

    return np.asarray(minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x)


def _softmax(scores: Matrix, starts: NDArray[np.int64], sizes: Sequence[int]) -> Matrix:
    """Softmax within each list; the lists stand one after the other."""
    mass = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
    return np.asarray(mass / np.repeat(np.add.reduceat(mass, starts), sizes))


def mean_reciprocal_rank(lists: Sequence[Listed], weights: Matrix) -> float:
    """Mean of 1 / rank of the first right sentence."""
    ranked = [one.right[np.argsort(-(one.features @ weights), kind="stable")] for one in lists]
    return float(np.mean([1 / (1 + np.argmax(right)) for right in ranked]))


def floored(weights: Matrix) -> dict[str, float]:
    """Fitted weights by name, none below its floor in LEAST."""
    named = zip(Features.names(), weights, strict=True)
    return {name: round(max(float(weight), LEAST.get(name, -np.inf)), 4) for name, weight in named}


def cross_validated(lists: Sequence[Listed], folds: int = 5) -> float:
    """Mean reciprocal rank of lists that the weights were not fitted on."""
    parts = [list(lists[fold::folds]) for fold in range(folds)]
    others = [[one for i, part in enumerate(parts) if i != fold for one in part] for fold in range(folds)]
    return float(np.mean([mean_reciprocal_rank(parts[f], fit_weights(others[f])) for f in range(folds)]))
