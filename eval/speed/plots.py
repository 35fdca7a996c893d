"""Plots of cost against size as SVG files that stand for themselves, in light and dark."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from eval.speed.figures import Report
from eval.speed.targets import SIZED_95, SIZED_RATE, by_size

WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 70, 30, 44
ROOM = 1.3  # above the highest and below the lowest value, as a factor
STYLE = (
    "text{font:11px system-ui,sans-serif;fill:#1d2733}.grid{stroke:#c9ced6}.page{fill:#fff}"
    ".c0{stroke:#2d6a9f;fill:#2d6a9f}.c1{stroke:#b4542a;fill:#b4542a}polyline.c0,polyline.c1{fill:none;stroke-width:2}"
    "polyline.c1{stroke-dasharray:5 4}text.c0,text.c1{stroke:none}"
    "@media(prefers-color-scheme:dark){text{fill:#e8edf2}.grid{stroke:#39424d}.page{fill:#14191f}"
    ".c0{stroke:#8fb0d0;fill:#8fb0d0}.c1{stroke:#e0a27a;fill:#e0a27a}polyline.c0,polyline.c1{fill:none}}"
)


@dataclass(frozen=True, slots=True)
class Line:
    """Costs by size under one label."""

    label: str
    costs: Mapping[int, float]


def write_plots(report: Report, folder: Path) -> list[Path]:
    """Write a plot of every cost that was measured at two sizes or more; returns the files."""
    written = []
    for name, title, lines in _plots(report):
        drawn = [line for line in lines if len(line.costs) > 1]
        if drawn:
            folder.mkdir(parents=True, exist_ok=True)
            written.append(folder / f"speed-{name}.svg")
            written[-1].write_text(log_plot(title, drawn), encoding="utf-8")
    return written


def _plots(report: Report) -> Iterator[tuple[str, str, list[Line]]]:
    def of(label: str, name: str) -> Line:
        return Line(label, by_size(report, name))

    yield "ask", "ask(), milliseconds", [of("p95", SIZED_95), of("p50", "ask p50")]
    yield "ingestion", "Ingestion, characters embedded a second", [of("ingestion", SIZED_RATE)]
    yield "space", "Megabytes", [of("on disk", "index on disk"), of("in memory", "memory: PSS")]


def log_plot(title: str, lines: Sequence[Line]) -> str:
    """Lines over chunks, both axes logarithmic: a straight line is a power of the size."""
    xs = [math.log10(size) for line in lines for size in line.costs]
    values = [cost for line in lines for cost in line.costs.values()]
    low, high = math.log10(min(values) / ROOM), math.log10(max(values) * ROOM)
    left, span = min(xs), max(xs) - min(xs)

    def at(size: float, cost: float) -> tuple[float, float]:
        across = (math.log10(size) - left) / span * (WIDTH - LEFT - RIGHT)
        up = (math.log10(cost) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)
        return LEFT + across, HEIGHT - BOTTOM - up

    parts = [f'<text x="8" y="18">{escape(title)}</text>']
    first, bottom, right = lines[0].costs, HEIGHT - BOTTOM, WIDTH - RIGHT
    for cost in _round_values(low, high):
        y = at(10**left, cost)[1]
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{cost:,g}</text>')
    for size in first:
        parts.append(f'<text x="{at(size, 10**low)[0]:.1f}" y="{bottom + 18}" text-anchor="middle">{size:,}</text>')
    for place, line in enumerate(lines):
        points = [at(size, cost) for size, cost in sorted(line.costs.items())]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="c{place}" points="{drawn}"/>')
        parts += [f'<circle class="c{place}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points]
        end = points[-1]
        parts.append(f'<text class="c{place}" x="{end[0] + 8:.1f}" y="{end[1] + 4:.1f}">{escape(line.label)}</text>')
    parts.append(f'<text x="{(LEFT + right) / 2:g}" y="{HEIGHT - 8}" text-anchor="middle">chunks</text>')
    label = escape(title, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
        f'<style>{STYLE}</style><rect class="page" width="{WIDTH}" height="{HEIGHT}"/>{"".join(parts)}</svg>\n'
    )


def _round_values(low: float, high: float) -> list[float]:
    """Round numbers between two powers of ten: 1, 2 and 5 times each; every power alone where those are too many."""
    powers = range(math.floor(low), math.ceil(high) + 1)
    for steps in ((1, 2, 5), (1,)):
        found = [step * 10.0**power for power in powers for step in steps if low <= math.log10(step) + power <= high]
        if len(found) <= 8:
            return found
    return found
