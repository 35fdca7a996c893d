"""A run of the suite as one HTML page for whoever wants to mend answers: no script, no network, light and dark.

Everything that comes from a question, a document or an answer is escaped here.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from eval.compare import Comparison, verdict
from eval.failed_html import anchor, failed_questions
from eval.faults import REMEDIES, Fault
from eval.intervals import Difference
from eval.measures import MEASURES, Better
from eval.metrics import Figure
from eval.plots import Curve, Mark, PlotRow, curve_plot, interval_plot
from eval.report import COLUMNS, Report

STYLE = Path(__file__).with_name("report.css")
RISK_LEGEND = (
    "The surest questions are answered first. The dot is where the assistant stands; the dashed line is what a "
    "confidence that says nothing would give."
)


def to_html(report: Report, comparison: Comparison | None = None) -> str:
    """The whole page; `comparison` adds what changed since an earlier run."""
    failed = sum(judged.failed for judged in report.judged)
    sections = {
        "Figures": _figures(report),
        "Plots": _plots(report),
        "Categories": _categories(report),
        "Changes": _changes(comparison, report) if comparison else "",
        "What failed": _faults(report),
        "Same question, other words": _twins(report),
        f"Failed questions ({failed})": failed_questions(report),
    }
    held = {title: body for title, body in sections.items() if body}
    links = "".join(f'<a href="#{_slug(title)}">{escape(title)}</a>' for title in held)
    body = "".join(f'<h2 id="{_slug(title)}">{escape(title)}</h2>{text}' for title, text in held.items())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>How good are the answers?</title>'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style></head><body>"
        f"<h1>How good are the answers?</h1>{_about(report)}<nav>{links}</nav>{body}</body></html>\n"
    )


def _slug(title: str) -> str:
    return "-".join(word.lower() for word in title.split() if word.isalpha())


def _about(report: Report) -> str:
    about = dict(report.about)
    right = sum(not judged.failed for judged in report.judged)
    told = " · ".join(f"{name} {value}" for name, value in about.items() if isinstance(value, str | int))
    settings = "; ".join(f"{name}: {_listed(value)}" for name, value in about.items() if isinstance(value, Mapping))
    return (
        f"<p>{right} of {len(report.judged)} questions were handled right.</p>"
        f'<p class="quiet">{escape(told)}</p><p class="quiet">{escape(settings)}</p>'
    )


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _figures(report: Report) -> str:
    totals = report.totals()
    rows = []
    for name, found in report.figures.items():
        total = f"<small>{totals[name][0]:g} of {totals[name][1]:g}</small>" if name in totals else ""
        arrow = {Better.HIGHER: "", Better.LOWER: " (lower is better)", Better.NEITHER: ""}[MEASURES[name].better]
        label = f"{escape(name)}<small>{escape(MEASURES[name].meaning + arrow)}</small>"
        value = f"{_number(found.value)}{_interval(found)}{total}"
        rows.append(f"<tr><td>{label}</td><td>{value}</td><td>{found.n}</td></tr>")
    head = "<tr><th>figure</th><th>value<small>95 % interval</small></th><th>n</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _interval(found: Figure | Difference) -> str:
    return "" if found.low is None else f"<small>{_number(found.low)} to {_number(found.high)}</small>"


def _plots(report: Report) -> str:
    plots = [
        ("Questions handled right, by category (with their number)", _category_plot(report)),
        (f"Risk and coverage, {len(report.curve)} questions. {RISK_LEGEND}", _risk_plot(report)),
        (
            "Milliseconds by stage (with the number of questions): median (blue), 95th percentile (orange)",
            _latency_plot(report),
        ),
    ]
    figures = (f"<figure><figcaption>{escape(caption)}</figcaption>{plot}</figure>" for caption, plot in plots if plot)
    return f'<div class="plots">{"".join(figures)}</div>'


def _category_plot(report: Report) -> str:
    rows = []
    for category, named in report.by_category.items():
        right = named["handled right"]
        rows.append(PlotRow(f"{category} ({right.n})", (_mark(right),)))
    return interval_plot("Share of questions handled right, by category", rows, highest=1.0)


def _categories(report: Report) -> str:
    rows = []
    for category, named in report.by_category.items():
        cells = "".join(_cell(named.get(measure)) for measure in COLUMNS.values())
        rows.append(f"<tr><td>{escape(category)}</td>{cells}</tr>")
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    return f"<table class='dense'><thead><tr><th>category</th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _cell(found: Figure | None) -> str:
    if found is None or found.value is None:
        return "<td>–</td>"
    return f"<td>{found.value:.2f}<small>n={found.n}</small></td>"


def _mark(found: Figure, style: str = "first") -> Mark:
    value = found.value or 0.0
    low, high = (value if end is None else end for end in (found.low, found.high))
    return Mark(value, low, high, style)


def _risk_plot(report: Report) -> str:
    curve = report.curve
    if not curve:
        return ""
    overall, stands = curve[-1].risk, report.answered_share
    reached = next((point for point in curve if point.coverage >= stands), curve[-1])
    curves = [
        Curve("mean error", [(0.0, overall), (1.0, overall)], "plain"),
        Curve("risk", [(point.coverage, point.risk) for point in curve]),
    ]
    dot = (reached.coverage, reached.risk)
    return curve_plot(
        f"Risk-coverage curve: at coverage {dot[0]:.2f} the risk is {dot[1]:.2f}",
        curves,
        axes=("coverage: share of questions answered", "risk: share of answers wrong"),
        dot=dot,
    )


def _latency_plot(report: Report) -> str:
    rows = [
        PlotRow(f"{stage} ({named['p50'].n})", (_mark(named["p50"]), _mark(named["p95"], "second")))
        for stage, named in report.latency.items()
    ]
    highest = max((mark.high for row in rows for mark in row.marks), default=0.0)
    return interval_plot("Milliseconds by stage, median and 95th percentile", rows, highest=highest) if rows else ""


def _faults(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{escape(name)}<small>{escape(REMEDIES[Fault(name)])}</small></td><td>{count}</td></tr>"
        for name, count in report.faults.items()
    )
    return f"<table><tbody>{rows}</tbody></table>" if rows else ""


def _twins(report: Report) -> str:
    apart = [compared for compared in report.compared if not compared.same]
    if not report.compared:
        return ""
    refused = sum(compared.both_refused for compared in report.compared)
    told = (
        f"{len(apart)} of {len(report.compared)} pairs cite different documents; in {refused} pairs both were refused."
    )
    items = []
    for compared in sorted(apart, key=lambda one: one.shared):
        sides = zip((compared.twin.question, compared.twin.other), (compared.cited, compared.other_cited), strict=True)
        listed = "".join(f"<dt>{escape(question)}</dt><dd>{_keys(cited)}</dd>" for question, cited in sides)
        kind = f"{compared.twin.variation}, {compared.shared:.2f} shared"
        summary = f'{escape(compared.twin.other)}<span class="quiet">{escape(kind)}</span>'
        items.append(f'<details><summary>{summary}</summary><div class="body"><dl>{listed}</dl></div></details>')
    return f"<p>{told}</p>{''.join(items)}"


def _keys(keys: Sequence[str]) -> str:
    return "".join(f'<span class="key">{escape(key)}</span>' for key in keys) or "refused"


def _changes(comparison: Comparison, report: Report) -> str:
    rows = []
    for name, one in comparison.differences.items():
        judged = verdict(name, one)
        change = f'<td class="{judged}">{_signed(one.value)}{_interval(one)}</td>'
        numbers = f"<td>{_number(one.old)}</td><td>{_number(one.new)}</td>{change}<td>{one.n}</td>"
        rows.append(f"<tr><td>{escape(name)}<small>{judged.strip('=')}</small></td>{numbers}</tr>")
    head = "<tr><th>figure</th><th>old</th><th>new</th><th>change<small>95 % interval</small></th><th>n</th></tr>"
    table = f"<table class='dense'><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
    failed = {judged.id for judged in report.judged if judged.failed}
    lists = []
    for title in ("better", "worse", "removed", "added"):
        keys = getattr(comparison, title)
        linked = (f'<a href="#{anchor(key)}">{escape(key)}</a>' if key in failed else escape(key) for key in keys)
        lists.append(f"<p><strong>{title} ({len(keys)})</strong> {', '.join(linked)}</p>" if keys else "")
    return table + "".join(lists)


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.3f}"
