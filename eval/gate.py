"""The gate: nothing may have become worse than the baseline beyond chance, and no figure may lie under its floor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.baseline import Baseline
from eval.compare import Comparison, blamed, compare
from eval.intervals import Difference
from eval.measures import MEASURES, Better, Row, figures
from eval.metrics import Figure

RESAMPLES = 4000
LEVEL = 0.05  # chance that the gate fails at all when nothing has become worse
# A change smaller than this in every resample is the rounding of another processor, not another answer.
TRIVIAL = 0.001
SHOWN = 40  # questions named for a figure


@dataclass(frozen=True, slots=True)
class Worsened:
    """A figure that fell beyond chance, with the questions to blame, the heaviest first."""

    measure: str
    difference: Difference
    probability: float
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Under:
    """A figure under its floor, with the questions that keep it there; `found` is None where nothing was measured."""

    measure: str
    floor: float
    found: Figure | None
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found."""

    worsened: tuple[Worsened, ...]
    under: tuple[Under, ...]
    comparison: Comparison
    corpus_changed: bool

    @property
    def passed(self) -> bool:
        """Whether a change may land."""
        return not self.worsened and not self.under


def check(baseline: Baseline, rows: Sequence[Row], about: Mapping[str, Any]) -> Verdict:
    """Compare a run with the baseline. Questions that only one of them holds do not count as worse; they are listed."""
    comparison = compare(baseline.rows, rows, resamples=RESAMPLES)
    worsened = (
        Worsened(name, comparison.differences[name], probability, tuple(blamed(baseline.rows, rows, name)))
        for name, probability in beyond_chance(comparison.differences).items()
    )
    changed = baseline.about.get("corpus") != about.get("corpus")
    return Verdict(tuple(worsened), tuple(_under(baseline.floors, rows)), comparison, changed)


def beyond_chance(differences: Mapping[str, Difference]) -> dict[str, float]:
    """Measures that became worse beyond chance, with the probability of such a fall, the surest first.

    That probability is the share of paired resamples in which the figure did not become worse. Many figures are
    tested at once, so Holm's step-down procedure (Holm 1979) holds the chance of any false alarm at LEVEL.
    """
    tested = {name: _probability(name, one) for name, one in differences.items() if _can_worsen(name, one)}
    found: dict[str, float] = {}
    for place, name in enumerate(sorted(tested, key=lambda key: tested[key])):
        if tested[name] > LEVEL / (len(tested) - place):
            break
        if _amount(name, differences[name]) >= TRIVIAL:
            found[name] = tested[name]
    return found


def _can_worsen(name: str, difference: Difference) -> bool:
    return MEASURES[name].better is not Better.NEITHER and difference.value is not None


def _probability(name: str, difference: Difference) -> float:
    return difference.not_higher if MEASURES[name].better is Better.LOWER else difference.not_lower


def _amount(name: str, difference: Difference) -> float:
    """By how much a figure became worse."""
    value = difference.value or 0.0
    return value if MEASURES[name].better is Better.LOWER else -value


def _under(floors: Mapping[str, float], rows: Sequence[Row]) -> list[Under]:
    found = figures(rows)
    below = []
    for name, floor in floors.items():
        measured = found.get(name)
        if measured is None or measured.value is None or measured.value < floor:
            lost = [row.id for row in rows if name in row.scores and row.scores[name][0] < row.scores[name][1]]
            below.append(Under(name, floor, measured, tuple(lost)))
    return below


def print_verdict(verdict: Verdict, about: Mapping[str, Any]) -> None:
    """What failed and why, or that the gate is passed, on standard output."""
    comparison = verdict.comparison
    print(f"\ngate: {'passed' if verdict.passed else 'FAILED'}, {comparison.shared} questions and groups compared")
    if verdict.corpus_changed:
        print(f"  the corpus has changed since the baseline (it is {about.get('corpus')} now)")
    for title, keys in (("removed", comparison.removed), ("new", comparison.added)):
        if keys:
            print(f"  {title} since the baseline, not compared: {_listed(keys)}")
    for one in verdict.worsened:
        change = one.difference
        print(
            f"  {one.measure}: {change.old:.3f} -> {change.new:.3f}, {change.value:+.3f} "
            f"({change.low:+.3f} to {change.high:+.3f}), n={change.n}, p={one.probability:.4f}"
        )
        print(f"    worse: {_listed(one.questions)}")
    for under in verdict.under:
        value = under.found.value if under.found else None
        shown = "not measured" if value is None or under.found is None else f"{value:.3f}, n={under.found.n},"
        print(f"  {under.measure}: {shown} under its floor {under.floor:g}")
        if under.questions:
            print(f"    falling short: {_listed(under.questions)}")
    if verdict.passed and comparison.worse:
        print(f"  worse, within chance: {_listed(comparison.worse)}")


def _listed(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
    return ", ".join(keys[:SHOWN]) + more
