"""Figures over questions with bootstrap intervals, and paired differences between two runs.

Every figure of the suite is made from one pair of numbers for each question and a way to pool them (see `Pool`), so
that one resampling serves means, precision, F1, percentiles and areas under curves alike. Questions are resampled, not
statements: the statements of one answer are not independent.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from eval.metrics import Figure

Array = NDArray[np.float64]
Pair = tuple[float, float]
Pool = Callable[[Array], Array]
"""Pairs of shape (..., questions, 2) to figures of shape (...); NaN where there is nothing to pool."""
RESAMPLES = 1000
SEED = 7


@dataclass(frozen=True, slots=True)
class Difference:
    """New minus old over the `n` questions of both runs, with its 95 % interval.

    `not_higher` and `not_lower` are the shares of resamples in which the figure did not rise, or did not fall.
    """

    old: float | None
    new: float | None
    value: float | None
    low: float | None
    high: float | None
    n: int
    not_higher: float = 1.0
    not_lower: float = 1.0


def ratio(pairs: Array) -> Array:
    """Sum of the first numbers over sum of the second ones: a mean where each second number is 1."""
    total = pairs.sum(axis=-2)
    gained, possible = total[..., 0], total[..., 1]
    shares: Array = np.divide(gained, possible, out=np.full_like(gained, np.nan), where=possible > 0)
    return shares


def percentile_of(share: float) -> Pool:
    """The value below which `share` (0 to 1) of the pairs' first numbers lie, by linear interpolation."""
    return lambda pairs: np.asarray(np.percentile(pairs[..., 0], 100 * share, axis=-1))


def figure(pairs: Sequence[Pair], pool: Pool = ratio, *, resamples: int = RESAMPLES) -> Figure:
    """The pooled figure with its 95 % percentile bootstrap interval (Efron 1979), the same on every machine.

    `n` counts the questions that bear on it: for a ratio those with something to gain.
    """
    table = _table(pairs)
    counted = int((table[:, 1] > 0).sum()) if pool is ratio else len(table)
    if not counted:
        return Figure(None, None, None, 0)
    low, high = _ends(pool(table[_draws(len(table), resamples)]))
    return Figure(_number(pool(table)), low, high, counted)


def paired_difference(
    old: Sequence[Pair], new: Sequence[Pair], pool: Pool = ratio, *, resamples: int = RESAMPLES
) -> Difference:
    """The change of a figure between two runs over the same questions, in the same order; both are drawn together.

    The paired bootstrap (Efron and Tibshirani 1993, chapter 8; for such systems Koehn 2004).
    """
    before, after = _table(old), _table(new)
    if len(before) != len(after):
        raise ValueError(f"{len(before)} old and {len(after)} new questions cannot be paired")
    if not len(before):
        return Difference(None, None, None, None, None, 0)
    was, now = _number(pool(before)), _number(pool(after))
    if was is None or now is None:
        return Difference(was, now, None, None, None, len(before))
    draws = _draws(len(before), resamples)
    changes = pool(after[draws]) - pool(before[draws])
    changes = changes[~np.isnan(changes)]
    low, high = _ends(changes)
    rarely = [float((1 + kept.sum()) / (1 + len(changes))) for kept in (changes <= 0, changes >= 0)]
    return Difference(was, now, now - was, low, high, len(before), *rarely)


def _table(pairs: Sequence[Pair]) -> Array:
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)


@lru_cache(maxsize=32)
def _draws(n: int, resamples: int) -> NDArray[np.intp]:
    """Places of the questions of each resample; from Python's generator, whose stream never changes."""
    return np.array(random.Random(SEED).choices(range(n), k=n * resamples), dtype=np.intp).reshape(resamples, n)


def _ends(resampled: Array) -> tuple[float | None, float | None]:
    ordered = np.sort(resampled[~np.isnan(resampled)])
    if not len(ordered):
        return None, None
    return float(ordered[int(0.025 * len(ordered))]), float(ordered[max(0, int(0.975 * len(ordered)) - 1)])


def _number(pooled: Array) -> float | None:
    value = float(pooled)
    return None if np.isnan(value) else value
