"""Arithmetic of repeated measurements: medians, spreads, ratios and growth. Pure functions, nothing is timed here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from eval.metrics import percentile

OURS = "ours"
PLAIN = "LangChain"
TXTAI = "txtai"
BARE = "embedder alone"
SYSTEMS = (OURS, PLAIN, TXTAI, BARE)


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of `rounds` repeats with the lowest and the highest of them; each repeat is over `cases` cases."""

    value: float
    low: float
    high: float
    rounds: int
    cases: int = 1

    @classmethod
    def of(cls, repeats: Sequence[float], *, cases: int = 1) -> "Spread":
        """Of the repeats of one measurement. Raises ValueError when there are none."""
        if not repeats:
            raise ValueError("repeats is empty; a median needs at least one")
        return cls(median(repeats), min(repeats), max(repeats), len(repeats), cases)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured, for every system that was there to be measured."""

    name: str
    unit: str
    by_system: Mapping[str, Spread]

    def value(self, system: str) -> float | None:
        """The median of a system; None for one that was not measured."""
        found = self.by_system.get(system)
        return found.value if found else None

    def ratio(self, system: str, to: str = PLAIN) -> float | None:
        """How many times the median of `to` a system's is; None unless both were measured."""
        mine, other = self.value(system), self.value(to)
        return mine / other if mine is not None and other else None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything of one run: what it was made with, what was measured, what could not be."""

    about: Mapping[str, Any]
    rows: Sequence[Row] = ()
    skipped: Sequence[str] = field(default=())
    """Systems and measurements that were left out, with the reason."""

    def row(self, name: str) -> Row | None:
        """The measurement of that name; None when it was not made."""
        return next((row for row in self.rows if row.name == name), None)

    def value(self, name: str, system: str = OURS) -> float | None:
        """The median of a system in a measurement; None when it was not made."""
        row = self.row(name)
        return row.value(system) if row else None

    def ratio(self, name: str, system: str = OURS, to: str = PLAIN) -> float | None:
        """How many times the median of `to` a system's is; None unless both were measured."""
        row = self.row(name)
        return row.ratio(system, to) if row else None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        rows = {
            row.name: {"unit": row.unit, **{name: asdict(spread) for name, spread in row.by_system.items()}}
            for row in self.rows
        }
        return {"about": dict(self.about), "measured": rows, "skipped": list(self.skipped)}


def percentiles(rounds: Sequence[Sequence[float]], share: float) -> Spread:
    """The percentile of each round, summed up over the rounds; `cases` is the size of the smallest round."""
    filled = [values for values in rounds if values]
    return Spread.of([percentile(values, share) for values in filled], cases=min(map(len, filled), default=0))


def stages(rounds: Sequence[Sequence[Mapping[str, float]]]) -> dict[str, list[list[float]]]:
    """Answers' timings by stage: for each stage the values of every round; a round without the stage is empty."""
    names = dict.fromkeys(name for one in rounds for timings in one for name in timings)
    return {name: [[t[name] for t in one if name in t] for one in rounds] for name in names}


def growth(costs: Mapping[int, float]) -> float | None:
    """Cost at the largest size over that at the smallest; None for fewer than two sizes."""
    if len(costs) < 2 or not costs[min(costs)]:
        return None
    return costs[max(costs)] / costs[min(costs)]


def departure(rates: Mapping[int, float]) -> float | None:
    """How far rates stray from being the same at all sizes: highest over lowest, less 1; None for fewer than two."""
    if len(rates) < 2 or not min(rates.values()):
        return None
    return max(rates.values()) / min(rates.values()) - 1


def overlap(found: Sequence[Sequence[str]], exact: Sequence[Sequence[str]]) -> float:
    """Mean share of each exact list that is in the found one: recall@k of an approximate search, k the lists' length.

    An exact list without entries counts as found.
    """
    shares = [len(set(a) & set(b)) / len(b) if b else 1.0 for a, b in zip(found, exact, strict=True)]
    return sum(shares) / len(shares) if shares else 0.0
