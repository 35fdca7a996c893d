"""A forest plot of trial results: one row for each ratio with its interval, on one logarithmic axis."""

from collections.abc import Callable, Sequence
from math import log

from ingest.document import Document, Source
from qa.outcomes import Outcome, is_ratio, outcomes, ratios, sentence_of
from ui.escape import safe
from ui.table import filter_data, regions

LOW, HIGH = 0.2, 5.0  # the axis; an interval that reaches beyond ends in an arrow
WIDTH, HEIGHT, PAD = 300, 26, 10
TICKS = (0.25, 0.5, 1, 2, 4)
NAMES = {"HR": "hazard ratio", "RR": "risk ratio", "OR": "odds ratio"}
SHORT = ", ".join(f"{short} {name}" for short, name in NAMES.items())
SIDES = (
    "Left of the line: lower with the first-named; right of it: higher. Whether that is good depends on the outcome."
)
CAUTION = (
    "Trials differ in people, outcomes and follow-up: rows stand side by side, they are not compared with each other."
)


def forest_html(results: Sequence[Outcome], document: Callable[[str], Document]) -> str:
    """The results as a table with a drawn column; empty where there are none."""
    if not results:
        return ""
    rows = "".join(_row(outcome, document) for outcome in results)
    return (
        '<div class="forest"><table><caption class="unseen">Results of trials as ratios with 95 % intervals</caption>'
        '<thead><tr><th scope="col">Comparison and outcome</th>'
        f'<th scope="col" class="plot">{_axis()}</th><th scope="col">Ratio, 95 % interval</th></tr></thead>'
        f'<tbody>{rows}</tbody></table><p class="legend">{SIDES} {CAUTION} {SHORT}.</p></div>'
    )


def headlines(sources: Sequence[Source]) -> list[Outcome]:
    """What each source has to say first: its primary outcomes, or else its first ratio."""
    found = []
    for source in sources:
        primary = [outcome for outcome in outcomes([source]) if outcome.met is not None]
        found += primary or ratios([source])[:1]
    return found


def compared(results: Sequence[Outcome]) -> bool:
    """Whether the results concern more than one treatment, so that a plot of them says something."""
    return len({outcome.drug for outcome in results}) > 1


def _row(outcome: Outcome, document: Callable[[str], Document]) -> str:
    source = outcome.source
    span = sentence_of(outcome, document(source.key).text)
    target = f'data-key="{safe(source.key)}"' + (f' data-start="{span.start}" data-end="{span.end}"' if span else "")
    about = ", ".join(filter(None, [outcome.population, source.dated]))
    people = f", n = {outcome.n}" if outcome.n else ""
    data = filter_data(source.drugs, [outcome.population], source.kind, regions(source), source.dated)
    return (
        f'<tr {data} data-words="{safe(f"{outcome.comparison} {outcome.measure} {source.title}".lower())}">'
        f'<th scope="row"><button type="button" class="open" {target}>{safe(outcome.comparison)}</button>'
        f'<span class="meta">{safe(outcome.measure)}; {safe(about)}{people} '
        f"[{source.number}]</span></th>{_drawn(outcome, target) if is_ratio(outcome) else _undrawn(outcome)}</tr>"
    )


def _drawn(outcome: Outcome, target: str) -> str:
    told = f"{outcome.value:g} ({_interval(outcome)})"
    p = _p(outcome)
    spoken = f"{outcome.comparison}, {NAMES[outcome.effect]} {told}{p}. Open source {outcome.source.number}."
    return (
        f'<td class="plot" data-label="Plot"><button type="button" class="point" {target} '
        f'aria-label="{safe(spoken)}">{_drawing(outcome)}</button></td>'
        f'<td data-label="Ratio">{outcome.effect} {told}'
        f'<span class="meta">{safe(p.lstrip(", "))}{_met(outcome)}</span></td>'
    )


def _undrawn(outcome: Outcome) -> str:
    """A primary outcome that was not published as a ratio with its interval: its direction in words."""
    told = f"{outcome.direction or 'no comparison'}{_p(outcome)}"
    met = _met(outcome, first=True)
    return f'<td class="plot words" data-label="Plot">{safe(told)}</td><td data-label="Ratio">{met}</td>'


def _met(outcome: Outcome, *, first: bool = False) -> str:
    if outcome.met is None:
        return ""
    lead = "" if first or not outcome.p else "; "
    return f"{lead}primary outcome {'met' if outcome.met else 'not met'}"


def _p(outcome: Outcome) -> str:
    return f", p {'' if outcome.p.startswith(('<', '>')) else '= '}{outcome.p}" if outcome.p else ""


def _interval(outcome: Outcome) -> str:
    return " to ".join(f"{bound:g}" for bound in outcome.interval or ())


def _drawing(outcome: Outcome) -> str:
    """The interval as a line, the value as a square, the line of no difference behind; what is cut ends in an arrow."""
    low, high = outcome.interval or (1.0, 1.0)
    middle, left, right, at = HEIGHT / 2, _x(low), _x(high), _x(outcome.value or 1.0)
    arrows = ""
    if low < LOW:
        arrows += f'<path d="M{left + 6} {middle - 4}L{left} {middle}L{left + 6} {middle + 4}"/>'
    if high > HIGH:
        arrows += f'<path d="M{right - 6} {middle - 4}L{right} {middle}L{right - 6} {middle + 4}"/>'
    side = "sure" if low > 1 or high < 1 else "open"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" class="{side}" aria-hidden="true" focusable="false">'
        f'<line class="none" x1="{_x(1)}" x2="{_x(1)}" y1="0" y2="{HEIGHT}"/>'
        f'<line x1="{left}" x2="{right}" y1="{middle}" y2="{middle}"/>{arrows}'
        f'<rect x="{at - 4:.1f}" y="{middle - 4}" width="8" height="8"/></svg>'
    )


def _axis() -> str:
    ticks = "".join(f'<text x="{_x(tick)}" y="16" text-anchor="middle">{tick:g}</text>' for tick in TICKS)
    return (
        f'<span class="unseen">Plot</span><svg viewBox="0 0 {WIDTH} 22" class="axis" aria-hidden="true" '
        f'focusable="false">{ticks}</svg>'
    )


def _x(value: float) -> float:
    share = (log(min(max(value, LOW), HIGH)) - log(LOW)) / (log(HIGH) - log(LOW))
    return round(PAD + share * (WIDTH - 2 * PAD), 1)
