"""Two runs side by side: what became better and what worse, over the questions that both hold."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.intervals import RESAMPLES, Difference, paired_difference
from eval.measures import MEASURES, Better, Row
from eval.suite import QuestionFileError


class RunFileError(QuestionFileError):
    """A file of an earlier run that cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Paired differences by measure, new minus old; `removed` and `added` are ids that one of the runs lacks."""

    differences: Mapping[str, Difference]
    better: tuple[str, ...]
    worse: tuple[str, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    shared: int

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self)


def compare(old: Sequence[Row], new: Sequence[Row], *, resamples: int = RESAMPLES) -> Comparison:
    """What changed from `old` to `new`; questions are paired by their ids."""
    before, after = {row.id: row for row in old}, {row.id: row for row in new}
    shared = [row.id for row in old if row.id in after]
    turned = {key: (before[key].right, after[key].right) for key in shared}
    return Comparison(
        {
            name: paired_difference(*paired, MEASURES[name].pool, resamples=resamples)
            for name in MEASURES
            if (paired := _paired(before, after, name))[0]
        },
        tuple(key for key, (was, now) in turned.items() if now and was is False),
        tuple(key for key, (was, now) in turned.items() if was and now is False),
        tuple(row.id for row in old if row.id not in after),
        tuple(row.id for row in new if row.id not in before),
        len(shared),
    )


def _paired(
    before: Mapping[str, Row], after: Mapping[str, Row], name: str
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """The pairs of one measure in both runs, of the questions where it applies in both."""
    keys = [key for key in before if key in after and name in before[key].scores and name in after[key].scores]
    return [before[key].scores[name] for key in keys], [after[key].scores[name] for key in keys]


def blamed(old: Sequence[Row], new: Sequence[Row], name: str) -> list[str]:
    """Ids of the questions whose change made a figure worse, the heaviest first.

    A question is to blame when the new figure would be better had this one question stayed as it was.
    """
    before = {row.id: row for row in old if name in row.scores}
    rows = [row for row in new if name in row.scores and row.id in before]
    measure = MEASURES[name]
    sign = -1.0 if measure.better is Better.LOWER else 1.0
    found = _value(rows, name)
    gains: dict[str, float] = {}
    for place, row in enumerate(rows):
        if row.scores[name] != before[row.id].scores[name]:
            gain = sign * (_value([*rows[:place], before[row.id], *rows[place + 1 :]], name) - found)
            if gain > 0:
                gains[row.id] = gain
    return sorted(gains, key=lambda key: -gains[key])


def _value(rows: Sequence[Row], name: str) -> float:
    import numpy as np

    value = float(MEASURES[name].pool(np.array([row.scores[name] for row in rows])))
    return 0.0 if np.isnan(value) else value


def read_rows(path: Path) -> list[Row]:
    """The rows of a run that `--json` wrote. Raises RunFileError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        questions = [Row(q["id"], q["category"], not q["failed"], _scores(q["scores"])) for q in data["questions"]]
        groups = [Row(group["id"], "consistency", None, _scores(group["scores"])) for group in data["consistency"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"{type(error).__name__}: {error}"
        remedy = "Write it again with: python -m eval --json FILE"
        raise RunFileError(f"{path}: is not a run of the suite ({problem}). {remedy}") from error
    return [*questions, *groups]


def _scores(values: Mapping[str, Sequence[float]]) -> dict[str, tuple[float, float]]:
    return {name: (float(first), float(second)) for name, (first, second) in values.items()}


def verdict(name: str, difference: Difference) -> str:
    """`better`, `worse` or `changed` where the interval holds no zero, else `=` or, with no change at all, nothing."""
    if difference.low is None or difference.high is None or difference.value == 0:
        return ""
    if difference.low <= 0 <= difference.high:
        return "="
    direction = MEASURES[name].better
    if direction is Better.NEITHER:
        return "changed"
    return "better" if (difference.low > 0) == (direction is Better.HIGHER) else "worse"


def print_comparison(found: Comparison) -> None:
    """The paired differences, then the questions that changed, on standard output."""
    print(f"\ncompared over {found.shared} shared questions and groups; difference = new - old (95 % interval)")
    for name, one in found.differences.items():
        if one.value is None:
            print(f"{name:<32}      -  n={one.n}")
            continue
        interval = f"({one.low:+.3f} to {one.high:+.3f})" if one.low is not None else ""
        numbers = f"{one.old:8.3f} {one.new:8.3f} {one.value:+8.3f}  {interval:<20} n={one.n}"
        print(f"{name:<32}{numbers}  {verdict(name, one)}".rstrip())
    for title in ("better", "worse", "removed", "added"):
        keys = getattr(found, title)
        if keys:
            print(f"{title} ({len(keys)}): {', '.join(keys)}")
