"""A speed run on the terminal: every measurement with its spread and n, then the verdict on every target."""

from collections.abc import Iterator

from eval.speed.figures import OURS, PLAIN, SYSTEMS, Report, Row, Spread
from eval.speed.targets import verdicts

NAME, CELL, RATIO = 46, 34, 8


def lines(report: Report) -> Iterator[str]:
    """The whole report, line by line."""
    yield " · ".join(f"{name} {value}" for name, value in report.about.items() if not isinstance(value, dict))
    yield "Each cell: median (lowest to highest of n rounds; n x cases of a round). Ratio: ours over LangChain."
    shown = [system for system in SYSTEMS if any(system in row.by_system for row in report.rows)]
    yield ""
    yield _joined("", shown, "ratio")
    for row in report.rows:
        yield _joined(_named(row), [_cell(row.by_system.get(system)) for system in shown], _ratio(row))
    yield from _verdict_lines(report)
    for reason in report.skipped:
        yield f"note: {reason}"


def _verdict_lines(report: Report) -> Iterator[str]:
    yield ""
    yield "Targets"
    for target in verdicts(report):
        measured = "-" if target.measured is None else f"{target.measured:.3g}"
        yield f"{target.name:<76}{measured:>9}  {target.wanted:<15}{target.verdict}"


def _joined(name: str, cells: list[str], ratio: str) -> str:
    return f"{name:<{NAME}}{''.join(f'{cell:<{CELL}}' for cell in cells)}{ratio:>{RATIO}}".rstrip()


def _named(row: Row) -> str:
    return f"{row.name}, {row.unit}" if row.unit else row.name


def _cell(found: Spread | None) -> str:
    if found is None:
        return "-"
    cases = f" x {found.cases}" if found.cases > 1 else ""
    return f"{_number(found.value)} ({_number(found.low)} to {_number(found.high)}; n={found.rounds}{cases})"


def _ratio(row: Row) -> str:
    ratio = row.ratio(OURS, PLAIN)
    return "" if ratio is None else f"{ratio:.2f}"


def _number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.4f}"
