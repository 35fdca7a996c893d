"""A run of the suite: its figures, each with its number of cases, and the run as JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from eval.consistency import Compared, rows_of
from eval.faults import fault
from eval.intervals import figure, percentile_of
from eval.measures import AREA, MEASURES, Row, by_category, figures, row_of
from eval.metrics import Figure
from eval.run import Judged, K
from eval.selective import CurvePoint, risk_coverage
from eval.suite import Question

TOTALLED = ("statements cited", "quotes verbatim")
# Of the categories' figures, those that are shown side by side.
COLUMNS = {
    "right": "handled right",
    "facts": "key facts, share",
    "source": "a right source cited",
    "recall": f"retrieval recall@{K}",
}
PERCENTILES = {"p50": percentile_of(0.5), "p95": percentile_of(0.95)}


@dataclass(frozen=True)
class Report:
    """Everything a run of the suite found. `questions` are those of `judged`, in the same order."""

    about: Mapping[str, Any]
    questions: Sequence[Question]
    judged: Sequence[Judged]
    compared: Sequence[Compared] = ()

    @cached_property
    def question_rows(self) -> list[Row]:
        """One row for each question of the suite."""
        return [row_of(judged) for judged in self.judged]

    @cached_property
    def rows(self) -> list[Row]:
        """The questions' rows, then those of the consistency pairs."""
        return [*self.question_rows, *rows_of(self.compared)]

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """All figures of the run by the name of their measure."""
        return figures(self.rows)

    @cached_property
    def by_category(self) -> dict[str, dict[str, Figure]]:
        """The figures of each category of questions."""
        return by_category(self.question_rows)

    @property
    def curve(self) -> list[CurvePoint]:
        """The risk-coverage curve over the questions that expect an answer or a refusal."""
        return risk_coverage([row.scores[AREA] for row in self.rows if AREA in row.scores])

    @property
    def answered_share(self) -> float:
        """Where on that curve the assistant stands: the share of those questions that it answered."""
        cases = [judged for judged in self.judged if judged.expect != "safe"]
        return sum(not judged.refused for judged in cases) / len(cases) if cases else 0.0

    @property
    def faults(self) -> Counter[str]:
        """How many questions failed on what, the commonest first."""
        found = Counter(found.value for judged in self.judged if (found := fault(judged)))
        return Counter(dict(found.most_common()))

    @cached_property
    def latency(self) -> dict[str, dict[str, Figure]]:
        """Milliseconds of each stage: median and 95th percentile over the questions that reached it."""
        reached = dict.fromkeys(stage for judged in self.judged for stage in judged.timings)
        stages = sorted(reached, key=lambda stage: stage == "total")  # the sum last, the others as they come
        spent = {stage: [(j.timings[stage], 1.0) for j in self.judged if stage in j.timings] for stage in stages}
        return {
            stage: {name: figure(pairs, pool) for name, pool in PERCENTILES.items()} for stage, pairs in spent.items()
        }

    def totals(self) -> dict[str, tuple[float, float]]:
        """Of the measures that count more than one thing in a question: (how many hold, of how many)."""
        pairs = {name: [row.scores[name] for row in self.rows if name in row.scores] for name in MEASURES}
        return {
            name: (sum(pair[0] for pair in found), sum(pair[1] for pair in found))
            for name, found in pairs.items()
            if found and (name in TOTALLED or name.startswith("same sources"))
        }


def to_json(report: Report) -> dict[str, Any]:
    """The whole run as plain JSON values; `latency`, `milliseconds` and `timings` alone differ from run to run."""
    rows = {row.id: row for row in report.rows}
    questions = zip(report.judged, report.questions, strict=True)
    return {
        "about": dict(report.about),
        "figures": {name: asdict(found) for name, found in report.figures.items()},
        "totals": {name: list(pair) for name, pair in report.totals().items()},
        "categories": {
            category: {name: asdict(found) for name, found in named.items()}
            for category, named in report.by_category.items()
        },
        "faults": dict(report.faults),
        "risk_coverage": [asdict(point) for point in report.curve],
        "latency": {s: {name: asdict(found) for name, found in named.items()} for s, named in report.latency.items()},
        "questions": [
            {**j.to_dict(), "fault": fault(j), "expected": _expected(q), "scores": dict(rows[j.id].scores)}
            for j, q in questions
        ],
        "consistency": [{"id": row.id, "scores": dict(row.scores)} for row in report.rows if row.right is None],
        "twins": [compared.to_dict() for compared in report.compared],
    }


def _expected(question: Question) -> dict[str, Any]:
    names = ("any_of", "all_of", "facts", "forbid", "note")
    return {name: getattr(question, name) for name in names}
