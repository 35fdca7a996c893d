"""The results and decisions that documents hold as data, as typed values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingest.document import Source, Span

RATIOS = ("HR", "RR", "OR")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result of a trial or cohort. `effect` is HR, RR, OR, difference, proportion, change or none."""

    source: Source
    measure: str
    population: str
    comparison: str
    effect: str
    value: float | None
    interval: tuple[float, float] | None
    """95 % confidence interval."""
    p: str | None
    n: int | None
    direction: str | None
    """better, worse or no difference: the first-named arm against the second."""
    met: bool | None
    """Whether a primary outcome was met; None for any other."""

    @property
    def drug(self) -> str:
        """The first-named arm of the comparison."""
        return re.split(r" vs | \(", self.comparison)[0].strip()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a regulator or appraisal body decided. `date` is 2017-03 or 2017."""

    source: Source
    region: str
    decision: str
    population: str
    date: str | None


def outcomes(sources: Iterable[Source]) -> list[Outcome]:
    """All results of the sources, in their order."""
    return [_outcome(source, dict(entry)) for source in sources for entry in source.outcomes]


def ratios(sources: Iterable[Source]) -> list[Outcome]:
    """The results that are a ratio of hazards, risks or odds with an interval: what a forest plot shows."""
    return [outcome for outcome in outcomes(sources) if is_ratio(outcome)]


def is_ratio(outcome: Outcome) -> bool:
    """Whether it is a ratio with an interval, both above zero."""
    return outcome.effect in RATIOS and bool(outcome.value and outcome.interval and min(outcome.interval) > 0)


def decisions(sources: Iterable[Source]) -> list[Decision]:
    """All decisions of the sources, in their order."""
    return [_decision(source, dict(entry)) for source in sources for entry in source.status]


def sentence_of(outcome: Outcome, text: str) -> Span | None:
    """Where the document reports the result: the first line with its value and interval; None where none has all."""
    wanted = [outcome.value, *(outcome.interval or ())]
    at = 0
    for line in text.splitlines(keepends=True):
        held = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", line)}
        if outcome.value is not None and all(abs(number) in held for number in wanted if number is not None):
            return Span(at, at + len(line.rstrip()))
        at += len(line)
    return None


def _outcome(source: Source, entry: dict[str, Any]) -> Outcome:
    low_high = entry.get("ci")
    return Outcome(
        source,
        str(entry.get("measure", "")),
        str(entry.get("population", "")),
        str(entry.get("comparison", "")),
        str(entry.get("effect", "none")),
        _number(entry.get("value")),
        (float(low_high[0]), float(low_high[1])) if low_high else None,
        entry.get("p"),
        entry.get("n"),
        entry.get("direction"),
        entry.get("met"),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _decision(source: Source, entry: dict[str, Any]) -> Decision:
    region, decision, population = (str(entry.get(name, "")) for name in ("region", "decision", "population"))
    date = entry.get("date")
    return Decision(source, region, decision, population, None if date is None else str(date))
