"""Plots as inline SVG: intervals in rows and curves. Colours come from the page's style sheet, so both modes work.

Everything is drawn 360 units wide, the width of a phone, so that its text is readable there and larger elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 360
LABELS = 156  # space for the labels of rows
RIGHT = 14
ROW = 22
AXIS = 24  # space under the rows for the ticks
STEPS = [first * 10.0**power for power in range(-3, 6) for first in (1, 2, 5)]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value with its interval, drawn as a dot on a line; `style` is the class of the page that colours it."""

    value: float
    low: float
    high: float
    style: str = "first"


@dataclass(frozen=True, slots=True)
class PlotRow:
    """One labelled row of marks."""

    label: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points (x, y), both 0 to 1."""

    label: str
    points: Sequence[tuple[float, float]]
    style: str = "first"


def interval_plot(title: str, rows: Sequence[PlotRow], *, highest: float, unit: str = "") -> str:
    """Rows of dots with their intervals on an axis from 0 to `highest`. `title` is read out instead of the picture."""
    height = len(rows) * ROW + AXIS
    scale = (WIDTH - LABELS - RIGHT) / (highest or 1.0)
    parts = []
    for tick in ticks(highest):
        x = LABELS + tick * scale
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{height - AXIS}"/>')
        parts.append(
            f'<text class="tick" x="{x:.1f}" y="{height - 8}" text-anchor="middle">{tick:g}{escape(unit)}</text>'
        )
    for place, row in enumerate(rows):
        middle = place * ROW + ROW / 2
        parts.append(f'<text x="{LABELS - 8}" y="{middle + 4}" text-anchor="end">{escape(row.label)}</text>')
        parts += [_mark(mark, LABELS, middle, scale) for mark in row.marks]
    return _svg(title, height, parts)


def curve_plot(title: str, curves: Sequence[Curve], *, axes: tuple[str, str], dot: tuple[float, float]) -> str:
    """Curves over x from 0 to 1 and y from 0 to their highest point; `axes` names x and y, `dot` is pointed out."""
    left, top, size, tall = 40.0, 26.0, WIDTH - 40.0 - RIGHT, 190.0
    highest = max((y for curve in curves for _, y in curve.points), default=0.0) or 1.0

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * size, top + (1 - y / highest) * tall

    parts = [f'<text x="0" y="14">{escape(axes[1])}</text>']
    for tick in ticks(highest):
        y = at(0, tick)[1]
        parts.append(f'<path class="grid" d="M{left:g} {y:.1f}H{left + size:g}"/>')
        parts.append(f'<text class="tick" x="{left - 6:g}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for tick in ticks(1.0):
        x = at(tick, 0)[0]
        parts.append(f'<text class="tick" x="{x:.1f}" y="{top + tall + 16:g}" text-anchor="middle">{tick:g}</text>')
    for curve in curves:
        path = " ".join("{:.1f},{:.1f}".format(*at(*point)) for point in curve.points)
        name = f"<title>{escape(curve.label)}</title>"
        parts.append(f'<polyline class="curve {curve.style}" points="{path}">{name}</polyline>')
    place = at(*dot)
    parts.append(f'<circle class="dot first" cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="5"/>')
    below = top + tall + 36
    parts.append(f'<text x="{left + size / 2:g}" y="{below:g}" text-anchor="middle">{escape(axes[0])}</text>')
    return _svg(title, below + 8, parts)


def ticks(highest: float) -> list[float]:
    """Three to six round numbers from 0 to at most `highest`: steps of 1, 2 or 5 times a power of ten."""
    step = next((step for step in STEPS if highest / step <= 5), STEPS[-1])
    return [round(place * step, 6) for place in range(int(highest / step + 1e-9) + 1)]


def _mark(mark: Mark, left: float, y: float, scale: float) -> str:
    low, high, x = (left + value * scale for value in (mark.low, mark.high, mark.value))
    tip = f"{mark.value:.3g} ({mark.low:.3g} to {mark.high:.3g})"
    return (
        f'<g class="{mark.style}"><title>{tip}</title>'
        f'<line class="whisker" x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}"/>'
        f'<circle class="dot" cx="{x:.1f}" cy="{y}" r="4.5"/></g>'
    )


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    label = escape(title, quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
