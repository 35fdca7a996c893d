"""Decisions of regulators and results of trials, year by year, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document import Source
from qa.outcomes import decisions, outcomes
from ui.escape import safe
from ui.table import filter_data, regions

SHOWN_DECISIONS = {"approved", "not approved", "recommended", "not recommended", "withdrawn"}
TRIALS = {"randomized trial"}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry; `tone` is approved, refused, met, missed or plain."""

    date: str
    label: str
    text: str
    tone: str
    source: Source


def timeline_html(sources: Sequence[Source]) -> str:
    """A list of years, each with its entries; an entry opens its source."""
    found = sorted([*_decisions(sources), *_trials(sources)], key=lambda event: event.date, reverse=True)
    years: dict[str, list[Event]] = {}
    for event in found:
        years.setdefault(event.date[:4], []).append(event)
    parts = [
        f'<li class="year"><h3>{year}</h3><ul>{"".join(_entry(event) for event in events)}</ul></li>'
        for year, events in years.items()
    ]
    return f'<ol class="timeline">{"".join(parts)}</ol>'


def _decisions(sources: Sequence[Source]) -> list[Event]:
    return [
        Event(
            d.date,
            f"{d.decision}, {d.region}",
            f"{', '.join(d.source.drugs) or d.source.title}: {d.population}",
            "refused" if d.decision.startswith(("not", "withdrawn")) else "approved",
            d.source,
        )
        for d in decisions(sources)
        if d.date and d.decision in SHOWN_DECISIONS
    ]


def _trials(sources: Sequence[Source]) -> list[Event]:
    """Randomised trials by the year of publication, with whether their primary outcome was met."""
    found = []
    for source in sources:
        primary = [outcome for outcome in outcomes([source]) if outcome.met is not None]
        if source.kind in TRIALS and primary and source.year:
            met = any(outcome.met for outcome in primary)
            label = "primary outcome met" if met else "primary outcome not met"
            text = f"{primary[0].comparison}: {primary[0].measure}; {primary[0].population}"
            found.append(Event(str(source.year), label, text, "met" if met else "missed", source))
    return found


def _entry(event: Event) -> str:
    source = event.source
    data = filter_data(source.drugs, source.phenotypes, source.kind, regions(source), source.dated)
    words = f"{event.text} {event.label} {source.title}".lower()
    when = f'<span class="when">{safe(event.date)}</span>' if len(event.date) > 4 else ""
    return (
        f'<li {data} data-words="{safe(words)}"><span class="badge {event.tone}">{safe(event.label)}</span>{when} '
        f'<button type="button" class="open" data-key="{safe(source.key)}">{safe(event.text)}</button> '
        f'<span class="meta">[{source.number}]</span></li>'
    )
