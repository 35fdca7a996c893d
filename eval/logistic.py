"""Logistic regression on a few signals, and the threshold at which to refuse."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.suite import QuestionFileError

Matrix = NDArray[np.float64]
RIDGE = 0.01  # of 0.0003 to 0.1, the highest area under the ROC curve, held out, as the mean over the sets of questions
FOLDS = 10
DRAWS = 5  # of folds
ABOUT_AS_GOOD = 0.005  # of F1: what other folds change
# Share of the rightly answered that may carry the warning. Read by eye, of 53 answers with a probability from 0.69 to
# 0.85 a quarter were right, of 419 above 0.9 six in ten; a tenth would leave the former without it.
DOUBTED = 0.2


def logistic_regression(
    signals: Matrix, labels: Matrix, *, ridge: float = RIDGE, steps: int = 50
) -> tuple[Matrix, float]:
    """Weights and bias by Newton's method (iteratively reweighted least squares), classes weighted equally."""
    mean, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9  # the ridge is to press on all of them alike
    design = np.hstack([(signals - mean) / spread, np.ones((len(signals), 1))])
    share = labels.mean()
    importance = np.where(labels > 0, 0.5 / share, 0.5 / (1 - share)) / len(labels)
    theta = np.zeros(design.shape[1])
    penalty = np.diag([ridge] * signals.shape[1] + [0.0])
    for _ in range(steps):
        predicted = 1 / (1 + np.exp(-design @ theta))
        gradient = design.T @ (importance * (predicted - labels)) + penalty @ theta
        curvature = (design * (importance * predicted * (1 - predicted))[:, None]).T @ design + penalty
        theta = theta - np.linalg.solve(curvature + 1e-9 * np.eye(len(theta)), gradient)
    weights = theta[:-1] / spread
    return weights, float(theta[-1] - weights @ mean)


def held_out_probabilities(signals: Matrix, labels: Matrix, *, seed: int = 0) -> Matrix:
    """Probabilities of cases that the weights were not fitted on (folds drawn with the seed).

    With fewer cases than folds, or a fold that leaves one class alone, those of a fit on all cases.
    """
    fold = np.random.default_rng(seed).permutation(len(labels)) % FOLDS
    found = np.zeros(len(labels))
    for part in range(FOLDS):
        inside, outside = fold == part, fold != part
        rest = labels[outside]
        if not inside.any() or rest.min(initial=1) == rest.max(initial=0):
            return probabilities(signals, *logistic_regression(signals, labels))
        found[inside] = probabilities(signals[inside], *logistic_regression(signals[outside], rest))
    return found


def probabilities(signals: Matrix, weights: Matrix, bias: float) -> Matrix:
    """logistic(bias + signals @ weights)."""
    return np.asarray(1 / (1 + np.exp(-(signals @ weights + bias))))


def best_threshold(draws: Sequence[Matrix], labels: Matrix, sets: NDArray[np.str_]) -> tuple[float, float]:
    """The lowest threshold of refusing with about the highest F1, and the highest F1.

    Where the cases cannot tell, an answer is given: below the limit of doubt it carries a warning, a refusal tells
    nothing. Of 699 messages gathered for learning, those with a probability just above the lowest were answerable 15
    times in 19 (docs/quality.md).

    The F1 is the mean over `draws`, the probabilities of the same cases held out of the fit in other folds, and over
    the `sets`, by the name of each case's, so that neither chance nor a large one decides alone.

    Raises QuestionFileError where all probabilities are equal: no threshold lies between them.
    """
    order = np.unique(np.concatenate(draws))
    if len(order) < 2:
        raise QuestionFileError(
            f"All {len(labels)} questions have the same probability of an answer, so that no threshold tells "
            "them apart. Add questions that differ, or name the index of the documents that they ask about (--index)."
        )
    expected, parts = labels == 0, [sets == name for name in np.unique(sets)]
    cases = [(draw[part], expected[part]) for draw in draws for part in parts]
    middles: list[float] = ((order[:-1] + order[1:]) / 2).tolist()
    found = [float(np.mean([_f1_of_refusing(draw < t, refuse) for draw, refuse in cases])) for t in middles]
    lowest = next(t for t, f1 in zip(middles, found, strict=True) if f1 >= max(found) - ABOUT_AS_GOOD)
    return lowest, max(found)


def limit_of_doubt(probabilities: Matrix, labels: Matrix, sets: NDArray[np.str_], threshold: float) -> float:
    """The highest probability below which at most DOUBTED of the answered answerable cases lie, as the sets' mean."""
    answered = (labels == 1) & (probabilities >= threshold)
    parts = [probabilities[answered & (sets == name)] for name in np.unique(sets[answered])]
    likely = [p for p in np.unique(probabilities).tolist() if p >= threshold]
    kept = [p for p in likely if np.mean([(part < p).mean() for part in parts]) <= DOUBTED] if parts else []
    return max(kept, default=threshold)


def _f1_of_refusing(refused: NDArray[np.bool_], expected: NDArray[np.bool_]) -> float:
    both = int((refused & expected).sum())
    return 2 * both / int(refused.sum() + expected.sum()) if both else 0.0
