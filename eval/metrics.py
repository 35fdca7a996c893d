"""Measures of retrieval, answers and abstaining: pure functions, each with its formula and source."""

import math
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over `n` cases with its 95 % interval; `value` is None when there are no cases."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def mean_with_interval(values: Sequence[float], *, resamples: int = 1000, seed: int = 7) -> Figure:
    """The mean with its 95 % percentile bootstrap interval (Efron 1979), the same on every machine."""
    n = len(values)
    if not n:
        return Figure(None, None, None, 0)
    draw = random.Random(seed)
    means = sorted(sum(draw.choices(values, k=n)) / n for _ in range(resamples))
    return Figure(sum(values) / n, means[int(0.025 * resamples)], means[int(0.975 * resamples) - 1], n)


def recall_at_k(ranked: Sequence[str], any_of: Sequence[str], all_of: Sequence[str], k: int) -> float:
    """Share of what must be found among the first `k`: each key of `all_of`, and one of `any_of` as one item."""
    top = set(ranked[:k])
    items = [key in top for key in all_of]
    if any_of:
        items.append(bool(top & set(any_of)))
    return sum(items) / len(items)


def reciprocal_rank(ranked: Sequence[str], relevant: frozenset[str]) -> float:
    """1 / rank of the first relevant key, 0 when there is none; ranks start at 1."""
    return next((1 / rank for rank, key in enumerate(ranked, start=1) if key in relevant), 0.0)


def ndcg(ranked: Sequence[str], relevant: frozenset[str], k: int) -> float:
    """Normalised discounted cumulative gain with binary gains (Järvelin and Kekäläinen 2002), log base 2."""
    return graded_ndcg(ranked, dict.fromkeys(relevant, 1.0), k)


def graded_ndcg(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """The same with each key's judgement as its gain: linear gains, as `ndcg_cut` of NIST's trec_eval has them.

    DCG = sum of gain / log2(rank + 1), ranks start at 1; the ideal order holds every judged key, found or not. A
    judgement of 0 or less gains nothing. BEIR reports this measure (Thakur et al. 2021, through pytrec_eval).
    """
    ideal = _discounted(sorted((gain for gain in gains.values() if gain > 0), reverse=True)[:k])
    return _discounted([max(0.0, gains.get(key, 0.0)) for key in ranked[:k]]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def fact_coverage(text: str, facts: Sequence[Sequence[str]]) -> float:
    """Share of the key facts of which one alternative matches the text (case-insensitive)."""
    if not facts:
        return 1.0
    return sum(any(re.search(p, text, re.IGNORECASE) for p in alternatives) for alternatives in facts) / len(facts)


def precision_recall_f1(predicted: Sequence[bool], expected: Sequence[bool]) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean for the positive class; 0 where a denominator is 0."""
    both = sum(p and e for p, e in zip(predicted, expected, strict=True))
    precision = both / sum(predicted) if any(predicted) else 0.0
    recall = both / sum(expected) if any(expected) else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, by linear interpolation; 0 without values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    low, high = math.floor(position), math.ceil(position)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)
