"""Lines of pages to headings and paragraphs: running heads out, hyphens joined, text carried over columns and pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from ingest.formats.draft import Writing
from ingest.formats.layout import GAP, Line, Page
from ingest.formats.tidy import clean

EDGE = 0.1  # of a page's height, at head and foot: where running heads stand
REPEATED = 0.4  # share of the pages on which a running head stands
HEADING_SIZE = 1.12  # times the size of the text
LONGEST_HEADING = 120
PAGE_NUMBER = re.compile(
    r"^(?:page|seite|p\.)?\s*[-–]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–]?\s*(?:(?:of|/|von)\s*\d{1,4})?$", re.IGNORECASE
)
NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-H])[.)]?\s+[A-Z]")
LEADERS = re.compile(r"(?:\. ?){5,}\s*(?:\d{1,4}|[ivxlc]{1,6})?\s*$")
SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")


def write_pages(pages: Sequence[Page], writing: Writing) -> str:
    """Write all pages, each ended by a form feed; returns the title: the largest line of the first page."""
    everything = [line for page in pages for line in page.lines]
    furniture = _running_heads(pages)
    body = _body_size(everything)
    words = _words(everything)
    open_text, heading = "", ("", "")
    for page in pages:
        lines = [line for line in page.lines if _mask(line.text) not in furniture and not _is_no_text(line, page)]
        for kind, text in _blocks(lines, body, words):
            if open_text and kind == "text" and _continues(open_text.rstrip("\f"), text):
                open_text = _join(open_text, text, words)
                continue
            _flush(open_text, writing)
            open_text = ""
            if heading[0] and heading[0] != kind:
                writing.heading(heading[1], int(heading[0]))
                heading = ("", "")
            if kind == "text":
                open_text = text
            elif kind == "row":
                writing.item(text)
            else:
                heading = (kind, f"{heading[1]} {text}".strip())
        if heading[0]:
            writing.heading(heading[1], int(heading[0]))
            heading = ("", "")
        if open_text:
            open_text += "\f"
        else:
            writing.page_end()
    _flush(open_text, writing)
    return _title(pages[0].lines if pages else [], body)


def _flush(text: str, writing: Writing) -> None:
    if text:
        writing.page_text(text)


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _mask(text: str) -> str:
    """A running head without what changes from page to page."""
    return re.sub(r"\d+", "0", " ".join(text.lower().split()))


def _running_heads(pages: Sequence[Page]) -> set[str]:
    counts: Counter[str] = Counter()
    for page in pages:
        head, foot = (1 - EDGE) * page.height, EDGE * page.height
        counts.update({_mask(line.text) for line in page.lines if line.bottom > head or line.top < foot})
    return {text for text, count in counts.items() if len(pages) >= 3 and count >= max(3, REPEATED * len(pages))}


def _is_no_text(line: Line, page: Page) -> bool:
    """A page number at the edge, or a line of a table of contents."""
    if LEADERS.search(line.text):
        return True
    if not PAGE_NUMBER.match(line.text.strip()):
        return False
    others = [other for other in page.lines if other is not line]
    above = any(other.bottom >= line.top - 1 for other in others)
    below = any(other.top <= line.bottom + 1 for other in others)
    return bool(others) and not (above and below)


def _blocks(lines: Sequence[Line], body: float, words: Counter[str]) -> Iterator[tuple[str, str]]:
    """(kind, text): "text" for paragraphs, "row" for rows of cells, a level for headings."""
    spacing = _line_spacing(lines)
    paragraph = ""
    last: Line | None = None
    for row in _grouped(lines):
        line = row[0]
        level = _heading_level(row, body)
        is_row = _is_table_row(row)
        text = " ".join(part.text for part in row)
        if level or is_row:
            if paragraph:
                yield "text", paragraph
            paragraph = ""
            yield (str(level), text) if level else ("row", "; ".join(part.text for part in row))
        elif paragraph and last and not _new_paragraph(last, line, spacing, paragraph):
            paragraph = _join(paragraph, text, words)
        else:
            if paragraph:
                yield "text", paragraph
            paragraph = text
        last = None if level or is_row else row[-1]
    if paragraph:
        yield "text", paragraph


def _grouped(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Rows of the reading order."""
    row: list[Line] = []
    for line in lines:
        middle = (line.bottom + line.top) / 2
        if row and (
            line.band != row[0].band or abs((row[0].bottom + row[0].top) / 2 - middle) > 0.4 * max(line.size, 4)
        ):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def _is_table_row(row: Sequence[Line]) -> bool:
    """Cells beside each other; a number or bullet before its text is no cell."""
    if len(row) < 2 or (len(row) == 2 and len(row[0].text) <= 4):
        return False
    gaps = [right.left - left.right for left, right in pairwise(row)]
    return max(map(abs, gaps)) > GAP * max(row[0].size, 4.0) and sum(len(cell.text) for cell in row) < 60 * len(row)


def _line_spacing(lines: Sequence[Line]) -> float:
    steps = [up.bottom - down.bottom for up, down in pairwise(lines)]
    downward = [step for step in steps if 2 < step < 60]
    return median(downward) if downward else 12.0


def _new_paragraph(last: Line, line: Line, spacing: float, before: str) -> bool:
    if line.band != last.band or line.top > last.top:  # the next column
        return not _continues(before, line.text)
    if last.bottom - line.bottom > 1.45 * spacing:
        return True
    if abs(line.size - last.size) > 0.25 * max(line.size, last.size):
        return not _continues(before, line.text)
    if re.match(r"[•▪●◦‣–-]\s", line.text):
        return True
    indented = line.left - last.left > 0.8 * line.size and bool(SENTENCE_END.search(before))
    return indented or (
        line.left < last.left - 0.8 * line.size and _short_end(last, line) and bool(SENTENCE_END.search(before))
    )


def _short_end(last: Line, line: Line) -> bool:
    return last.right < line.right - 3 * line.size


def _continues(before: str, after: str) -> bool:
    """Whether text goes on behind a column's or a page's end."""
    return bool(before) and not SENTENCE_END.search(before) and bool(re.match(r"[a-zà-öø-ÿ(\[0-9]", after))


def _join(before: str, after: str, words: Counter[str]) -> str:
    """Two lines as one text; a hyphen at the end goes where the document writes the word without it."""
    ended = before.rstrip("\f")
    ends = before[len(ended) :]
    split = re.search(r"([^\W\d_]+)-$", ended)
    if split and (follows := re.match(r"[^\W\d_]+", after)) and follows[0][0].islower():
        whole, parted = (split[1] + follows[0]).lower(), f"{split[1]}-{follows[0]}".lower()
        kept = ended if words[parted] > words[whole] else ended[:-1]
        return f"{kept}{follows[0]}{ends}{after[follows.end() :]}"
    return f"{ended}{ends or chr(10)}{after}"


def _words(lines: Sequence[Line]) -> Counter[str]:
    text = " ".join(line.text for line in lines).lower()
    return Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text))


def _heading_level(row: Sequence[Line], body: float) -> int:
    text = " ".join(line.text for line in row)
    size = max(line.size for line in row)
    letters = sum(map(str.isalpha, text))
    if len(text) > LONGEST_HEADING or letters < 3 or letters < len(text) / 2 or (len(row) > 1 and _is_table_row(row)):
        return 0
    first = next(character for character in text if character.isalnum())
    if first.islower() or not row[0].upright or text.endswith("-"):
        return 0
    if size >= 1.6 * body:
        return 1
    if size >= HEADING_SIZE * body and not text.endswith((".", ",", ";")):
        return 2
    bold = all(line.bold for line in row)
    short = len(text) <= 80 and not text.endswith((".", ",", ";", "-"))
    known = text.lower().strip(" .:0123456789") in KNOWN
    return 3 if short and (known or (bold and (text[0].isupper() or NUMBERED.match(text)))) else 0


KNOWN = {
    "abstract", "introduction", "background", "methods", "materials and methods", "patients and methods", "results",
    "discussion", "conclusion", "conclusions", "references", "acknowledgements", "acknowledgments", "limitations",
}  # fmt: skip


def _title(lines: Sequence[Line], body: float) -> str:
    """The largest lines at the top of the first page, together."""
    big = [line for line in lines if line.size >= 1.2 * body and _heading_level([line], body)]
    if not big:
        return ""
    size = max(line.size for line in big)
    told = " ".join(line.text for line in big if line.size >= 0.95 * size)
    return " ".join(clean(told).split())[:200]
