"""The baseline that the gate compares with: one line for each question, and the floors that no run may fall under.

{"about": {...}, "floors": {measure: value}, "columns": [measure, ...],
 "questions": {id: [category, right, value, ...]}}

A value stands under the column in its place: null where the measure does not apply, a number for number / 1, and a
pair for anything else. It holds no text of any answer.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.compare import RunFileError
from eval.intervals import Pair
from eval.measures import MEASURES, Row, figures

BASELINE = Path(__file__).with_name("baseline.json")
KEPT = ("version", "revision", "corpus", "index")  # of what is known about the run
# Promises that hold without exception, whatever the present value.
PROMISED = {"statements cited": 1.0, "citation recall": 1.0, "quotes verbatim": 1.0}
# Further floors lie this much under the present value: one question in fifty.
SLACK = 0.02
FLOORED = (
    "handled right",
    "key facts, share",
    "a right source cited",
    "citation precision",
    "abstention precision",
    "abstention recall",
    "safe handling",
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was accepted: rows, floors and what they were measured on."""

    about: Mapping[str, Any]
    floors: Mapping[str, float]
    rows: tuple[Row, ...]


def floors_of(rows: Sequence[Row], earlier: Mapping[str, float]) -> dict[str, float]:
    """The floors for these rows: the promises, and SLACK under the present value; never lower than the earlier ones.

    Only a person lowers a floor, by editing the file, where a reviewer sees it.
    """
    found = figures(rows)
    present = {name: found[name].value for name in FLOORED if name in found}
    under = {name: math.floor((value - SLACK) * 100) / 100 for name, value in present.items() if value is not None}
    fresh = {**PROMISED, **under}
    names = [*fresh, *(name for name in earlier if name not in fresh)]
    return {name: max(fresh.get(name, -math.inf), earlier.get(name, -math.inf)) for name in names}


def write_baseline(path: Path, rows: Sequence[Row], about: Mapping[str, Any]) -> Baseline:
    """Accept a run as the new baseline; raises RunFileError when a file is there that is no baseline."""
    earlier = read_baseline(path).floors if path.exists() else {}
    kept = {name: about[name] for name in KEPT if about.get(name) is not None}
    baseline = Baseline(kept, floors_of(rows, earlier), tuple(sorted(rows, key=lambda row: row.id)))
    lines = [f"{_json(row.id)}: {_json([row.category, row.right, *_packed(row)])}" for row in baseline.rows]
    parts = [
        f'"about": {_json(kept)}',
        f'"floors": {json.dumps(dict(baseline.floors), indent=1)}',
        f'"columns": {_json(list(MEASURES))}',
        '"questions": {\n' + ",\n".join(lines) + "\n}",
    ]
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    return baseline


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises RunFileError."""
    remedy = "Accept the present answers with: python -m eval --update-baseline"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        known = [name if name in MEASURES else None for name in data["columns"]]
        rows = [
            Row(key, category, right, _unpacked(known, values))
            for key, (category, right, *values) in data["questions"].items()
        ]
        floors = {name: float(value) for name, value in data["floors"].items()}
        return Baseline(data["about"], floors, tuple(rows))
    except FileNotFoundError as error:
        raise RunFileError(f"{path}: there is no baseline to compare with. {remedy}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"{type(error).__name__}: {error}"
        raise RunFileError(f"{path}: is no baseline ({problem}). Delete it. {remedy}") from error


def _packed(row: Row) -> list[Any]:
    pairs = [row.scores.get(name) for name in MEASURES]
    return [None if pair is None else _short(pair[0]) if pair[1] == 1 else [*map(_short, pair)] for pair in pairs]


def _short(value: float) -> float:
    return int(value) if value == int(value) else value


def _unpacked(columns: Sequence[str | None], values: Sequence[Any]) -> dict[str, Pair]:
    """Measures that this version no longer has are left out."""
    held = [(name, value) for name, value in zip(columns, values, strict=True) if name and value is not None]
    return {name: (float(v[0]), float(v[1])) if isinstance(v, list) else (float(v), 1.0) for name, v in held}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
