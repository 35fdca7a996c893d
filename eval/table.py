"""A run of the suite on the terminal: every figure with its interval and its number of cases."""

from eval.faults import fault
from eval.metrics import Figure
from eval.report import COLUMNS, Report


def print_report(report: Report) -> None:
    """The figures, then one line for each category, each stage and each kind of failure, on standard output."""
    shown = ("questions", "split", "corpus", "index", "version", "revision")
    print(" · ".join(f"{name} {report.about[name]}" for name in shown if report.about.get(name) is not None))
    totals = report.totals()
    print(f"{'':<32}  value  (95 % interval)")
    for name, found in report.figures.items():
        total = f", {totals[name][0]:g} of {totals[name][1]:g}" if name in totals else ""
        print(f"{name:<32}{shown_figure(found)}{total}")
    _print_categories(report)
    print(f"\n{'milliseconds':<16}{'p50':>8}  {'':<20}{'p95':>8}")
    for stage, named in report.latency.items():
        p50, p95 = named["p50"], named["p95"]
        print(f"{stage:<16}{_milliseconds(p50):<30}{_milliseconds(p95):<30}n={p50.n}")
    if report.faults:
        print("\nwhat failed")
        for name, count in report.faults.items():
            print(f"{count:>4}  {name}")


def _print_categories(report: Report) -> None:
    """`right` and `refused` are over all `n` questions, the others over the `answer` that expect an answer."""
    measures = list(COLUMNS.values())[1:]
    heads = "".join(f"{name:>8}" for name in [*list(COLUMNS)[1:], "refused"])
    print(f"\n{'category':<20}{'n':>4} {'right':>7}  {'':<16}{'answer':>8}{heads}")
    for category, named in report.by_category.items():
        asked = [judged for judged in report.judged if judged.category == category]
        right = named[COLUMNS["right"]]
        wanted = sum(judged.expect == "answer" for judged in asked)
        parts = "".join(f"{_short(named.get(measure)):>8}" for measure in measures)
        refused = sum(judged.refused for judged in asked) / len(asked)
        interval = f"({right.low:.2f} to {right.high:.2f})"
        print(f"{category:<20}{len(asked):>4} {right.value:>7.2f}  {interval:<16}{wanted:>8}{parts}{refused:>8.2f}")


def _short(found: Figure | None) -> str:
    return "-" if found is None or found.value is None else f"{found.value:.2f}"


def print_failed(report: Report) -> None:
    """Every failed question with its answer, what is missing, what was cited and retrieved."""
    for judged in (j for j in report.judged if j.failed):
        print(f"\n{judged.id}: {judged.question}\n  -> {judged.abstention or ''} {judged.text}")
        missing = "; ".join(" or ".join(fact) for fact in judged.missing)
        print(f"  {fault(judged)}{f'; missing: {missing}' if missing else ''}")
        print(f"  cited {', '.join(judged.cited) or 'nothing'}; retrieved {', '.join(judged.retrieved[:5])}")


def shown_figure(found: Figure) -> str:
    """A figure with its interval and its number of cases."""
    if found.value is None:
        return "      -  n=0"
    interval = f"({found.low:.3f} to {found.high:.3f})"
    return f"{found.value:7.3f}  {interval:<20} n={found.n}"


def _milliseconds(found: Figure) -> str:
    return f"{found.value:8.2f}  ({found.low:.2f} to {found.high:.2f})"
