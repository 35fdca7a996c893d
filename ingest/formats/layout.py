"""A page of a PDF to lines in reading order: columns left to right, each from top to bottom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import pi
from statistics import median
from typing import Any

from ingest.formats.html import raised

GAP = 1.6  # of the letters' size: a wider gap parts two cells or columns
SAME_ROW = 0.5  # of the letters' size: how far apart baselines of one row may lie
NARROWEST = 10  # letters' sizes: a column narrower than this is a table's, not running text's
FEWEST = 4  # lines on each side of a gutter
CROSSING = 0.3  # share of a region's rows that may span a gutter
DEEPEST = 6
QUARTER = pi / 2
SMALL = 0.8  # of the line's letters: a smaller raised digit is an exponent or a reference mark
SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True, slots=True)
class Line:
    """Letters on one baseline without a wide gap; y grows upwards, as in PDF."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool = False
    band: int = 0
    """Which column of which part of the page it stands in, counted in reading order."""
    upright: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in reading order, and the height of the page."""

    lines: Sequence[Line]
    height: float = 792.0


@dataclass(slots=True)
class _Run:
    """Letters being collected to a line."""

    letters: list[str]
    left: float
    bottom: float
    right: float
    top: float
    sizes: list[float]
    weight: int

    @property
    def size(self) -> float:
        """The size of most of the letters."""
        return max(set(self.sizes), key=self.sizes.count) if self.sizes else 10.0

    def line(self) -> Line | None:
        text = "".join(self.letters).strip()
        if not text:
            return None
        upright = self.top - self.bottom < 3 * (self.right - self.left) or len(text) < 4
        size = self.size if upright else min(self.size, 6.0)
        return Line(text, self.left, self.bottom, self.right, self.top, size, self.weight >= 600, upright=upright)

    def add(self, character: str, box: tuple[float, float, float, float], size: float) -> None:
        """Take one more letter; a raised small one is an exponent, or behind a stop a reference mark, which goes."""
        left, bottom, right, top = box
        if character.isspace():
            self.letters.append(character)
            return
        if self.sizes and size < SMALL * self.sizes[0] and bottom > self.bottom + 0.15 * self.sizes[0]:
            behind = "".join(self.letters).rstrip()[-1:]
            if character.isdigit() or character in ",-–−":
                if behind in ".,;:)" or (behind in SUPERSCRIPT and character in ",-–−"):
                    return
                character = raised(character)
        self.letters.append(character)
        self.sizes.append(size)
        self.left, self.right = min(self.left, left), max(self.right, right)
        self.bottom, self.top = min(self.bottom, bottom), max(self.top, top)


def page_lines(page: Any) -> list[Line]:
    """The lines of a page as its content gives them, in upright coordinates."""
    import pypdfium2.raw as pdfium

    textpage = page.get_textpage()
    try:
        return list(_lines(textpage.raw, page, pdfium))
    finally:
        textpage.close()


def _lines(raw: Any, page: Any, pdfium: Any) -> Iterator[Line]:
    import ctypes

    turn, width, height = _turn(page, raw, pdfium)
    box = [ctypes.c_double() for _ in range(4)]
    run: _Run | None = None
    hyphen = False
    for place in range(max(0, pdfium.FPDFText_CountChars(raw))):
        code = pdfium.FPDFText_GetUnicode(raw, place)
        if code in (0, 0xFFFE, 2):  # PDFium's sign for a hyphen at a line's end
            hyphen = code == 2
            if run and hyphen:
                run.letters.append("-")
            continue
        character = chr(code) if code >= 32 or code in (10, 13) else " "  # a form feed would end a page
        if character in "\r\n":
            if run and (line := run.line()):
                yield line
            run = None
            continue
        if not pdfium.FPDFText_GetCharBox(raw, place, *map(ctypes.byref, box)):
            continue
        left, right, bottom, top = (value.value for value in box)
        left, bottom, right, top = _turned((left, bottom, right, top), turn, width, height)
        size = _size(raw, place, top - bottom, pdfium)
        if run is None or _apart(run, left, bottom, top, character):
            if run and (line := run.line()):
                yield line
            run = None
            if character.isspace():
                continue
            run = _Run([], left, bottom, right, top, [], pdfium.FPDFText_GetFontWeight(raw, place))
        run.add(character, (left, bottom, right, top), size)
    if run and (line := run.line()):
        yield line


def _size(raw: Any, place: int, height: float, pdfium: Any) -> float:
    """The font's size, to half a point; some writers scale a font of size 1, there the letter's height must do."""
    size = pdfium.FPDFText_GetFontSize(raw, place)
    return round(2 * (min(size, 200.0) if size > 1.5 else max(height, 1.0))) / 2


def _apart(run: _Run, left: float, bottom: float, top: float, character: str) -> bool:
    """Whether a letter does not continue the run: a wide gap, or another row."""
    if character.isspace():
        return False
    height = max(run.top - run.bottom, top - bottom, 1.0)
    middle, before = (bottom + top) / 2, (run.bottom + run.top) / 2
    size = max(run.size, 4.0)
    return abs(middle - before) > height or left - run.right > GAP * size or run.left - left > 40 * size


def _turn(page: Any, raw: Any, pdfium: Any) -> tuple[int, float, float]:
    """Quarter turns that bring most of the letters upright, whatever turn the page is shown with; its size."""
    width, height = page.get_mediabox()[2:]
    some = range(0, min(400, pdfium.FPDFText_CountChars(raw)), 5)
    angles = [round(pdfium.FPDFText_GetCharAngle(raw, place) / QUARTER) % 4 for place in some]
    most = max(set(angles), key=angles.count) if angles else 0
    return {0: 0, 1: 3, 2: 2, 3: 1}[most], width, height


def _turned(
    box: tuple[float, float, float, float], turn: int, width: float, height: float
) -> tuple[float, float, float, float]:
    left, bottom, right, top = box
    if turn == 1:
        return bottom, width - right, top, width - left
    if turn == 2:
        return width - right, height - top, width - left, height - bottom
    if turn == 3:
        return height - top, left, height - bottom, right
    return box


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """Lines column by column where the page has columns of running text, else row by row."""
    turned = [[line] for line in lines if not line.upright]  # stamps along the margin come last
    regions = [*_bands([line for line in lines if line.upright], 0), *turned]
    return [replace(line, band=band) for band, group in enumerate(regions) for row in rows(group) for line in row]


def rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines grouped by baseline from top to bottom, each row from left to right (right to left scripts reversed)."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -(line.bottom + line.top)):
        middle = (line.bottom + line.top) / 2
        last = found[-1] if found else None
        if (
            last
            and abs((last[0].bottom + last[0].top) / 2 - middle) <= SAME_ROW * max(line.size, last[0].size, 4.0) * 0.8
        ):
            last.append(line)
        else:
            found.append([line])
    return [sorted(row, key=lambda line: line.left, reverse=_right_to_left(row)) for row in found]


def _right_to_left(row: Sequence[Line]) -> bool:
    text = "".join(line.text for line in row)
    marked = sum("\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufefc" for c in text)
    return marked > sum(c.isalpha() for c in text) / 2


def _bands(lines: list[Line], depth: int) -> Iterator[list[Line]]:
    """Regions to be read one after the other."""
    gutter = _gutter(lines) if depth < DEEPEST else None
    if gutter is None:
        if lines:
            yield lines
        return
    across = [line for line in lines if line.left < gutter < line.right]
    rest = [line for line in lines if not line.left < gutter < line.right]
    for part in _between(rest, rows(across)):
        if part and part[0] in across:
            yield part
            continue
        yield from _bands([line for line in part if line.right <= gutter], depth + 1)
        yield from _bands([line for line in part if line.left >= gutter], depth + 1)


def _between(rest: Sequence[Line], spanning: Sequence[Sequence[Line]]) -> Iterator[list[Line]]:
    """The lines above, between and below the rows that span the gutter, and these rows themselves, downwards."""
    left = list(rest)
    block: list[Line] = []
    for row in spanning:
        edge = max(line.bottom + line.top for line in row) / 2
        above = [line for line in left if (line.bottom + line.top) / 2 > edge]
        if above:
            yield block
            block = []
            yield above
            left = [line for line in left if line not in above]
        block += row
    yield block
    yield left


def _gutter(lines: Sequence[Line]) -> float | None:
    """The middle of the widest empty strip with running text on both sides of it, None where there is none."""
    if len(lines) < 2 * FEWEST:
        return None
    size = median(line.size for line in lines)
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    best: tuple[float, float] | None = None
    for start in sorted({round(line.right, 1) for line in lines}):
        if not left + NARROWEST * size < start < right - NARROWEST * size:
            continue
        beyond = [line for line in lines if line.left >= start - 0.5]
        before = [line for line in lines if line.right <= start + 0.5]
        if len(beyond) < FEWEST or len(before) < FEWEST:
            continue
        end = min(line.left for line in beyond)
        crossing = len(lines) - len(beyond) - len(before)
        if end - start < 0.4 * size or crossing > CROSSING * len(lines):
            continue
        if not (_running(before, size) and _running(beyond, size) and _side_by_side(before, beyond)):
            continue
        merit = (end - start) - crossing * size
        if best is None or merit > best[0]:
            best = (merit, (start + end) / 2)
    return best[1] if best else None


def _running(lines: Sequence[Line], size: float) -> bool:
    """Whether lines are running text: several rows, most of them wide."""
    wide = [line for line in lines if line.right - line.left >= NARROWEST * size]
    return len(wide) >= FEWEST and len(wide) >= len(lines) * 0.4


def _side_by_side(left: Sequence[Line], right: Sequence[Line]) -> bool:
    top = min(max(line.top for line in left), max(line.top for line in right))
    bottom = max(min(line.bottom for line in left), min(line.bottom for line in right))
    return top > bottom
