"""What a reader makes of a file: text as Markdown, and the reference data that the file itself holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.formats.tidy import clean, heading_line, paragraphs

PAGE_END = "\f"  # as in pdftotext: the page of a character is one more than the form feeds before it
REFERENCE_LISTS = {
    "references",
    "reference",
    "reference list",
    "references cited",
    "bibliography",
    "literature cited",
    "works cited",
    "literature",
    "notes and references",
}
CELLS = 40  # of a table row; a wider sheet is data, not text
DAMAGED_BOOK = "Download it again, or convert it with the program that made it."


class UnreadableError(Exception):
    """A file that holds no text we can read: what is wrong with it, and what a person can do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Draft:
    """A document before it has key and number. Empty fields are those that the file says nothing about."""

    text: str
    title: str = ""
    authors: str = ""
    container: str = ""
    year: int = 0
    doi: str = ""
    pmid: str = ""
    nct: str = ""
    url: str = ""
    kind: str = ""
    member: str = ""
    """Which article of a file of many it is; empty where the file is one document."""
    notes: tuple[str, ...] = ()
    """What a person should know, such as pages without text."""


@dataclass(slots=True)
class Writing:
    """Collects headings, paragraphs and rows in reading order; leaves out reference lists.

    `text` is Markdown that the chunker reads: headings carry the whole path ("Results › Safety"), since a citation
    shows the nearest one only.
    """

    nested: bool = True
    """Whether headings carry their path; not where levels are only guessed (PDF)."""
    _blocks: list[str] = field(default_factory=list)
    _path: list[tuple[int, str]] = field(default_factory=list)
    _skipping: int = 0

    def heading(self, text: str, level: int) -> None:
        """Begin a section; one called "References" is skipped until the next heading of its level or above."""
        title = heading_line(text)
        if not title or (self._skipping and level > self._skipping):
            return
        listed = title.lower().strip(" .:0123456789") in REFERENCE_LISTS
        self._skipping = level if listed else 0
        if listed:
            return
        self._path = [part for part in self._path if part[0] < level and self.nested] + [(level, title)]
        self._blocks.append("## " + " › ".join(part for _, part in self._path))

    def paragraph(self, text: str) -> None:
        """Add running text; blank lines in it separate paragraphs."""
        if not self._skipping:
            self._blocks += paragraphs(text)

    def item(self, text: str) -> None:
        """Add one line of a list."""
        if not self._skipping:
            self._blocks += [f"- {' '.join(part.split())}" for part in paragraphs(text)]

    def table(self, rows: Sequence[Sequence[str]], headers: int = 1, caption: str = "") -> None:
        """Add a table as one line for each row, each cell with its column's name: quotable by itself."""
        grid = [[" ".join(clean(cell).split()) for cell in row[:CELLS]] for row in rows]
        names = _column_names(grid[:headers])
        title = " ".join(caption.split())
        if title:
            self.paragraph(title)
        for row in grid[headers:] if len(grid) > headers else grid:
            line = row_line(row, names)
            if line:
                self.item(line)

    def page_end(self) -> None:
        """End a page."""
        self._blocks.append(PAGE_END)

    def page_text(self, text: str) -> None:
        """Add a paragraph that may go on over page ends; skipped text leaves its page ends behind."""
        pieces = text.split(PAGE_END)
        if self._skipping:
            self._blocks += [PAGE_END] * (len(pieces) - 1)
            return
        *before, last = ["\n\n".join(paragraphs(piece)) for piece in pieces]
        block = "".join(f"{piece}{PAGE_END}" for piece in before) + last
        self._blocks += [block] if block else []

    @property
    def text(self) -> str:
        """Everything so far; page ends stand directly behind the text of their page."""
        return joined(self._blocks)


def joined(blocks: Iterable[str]) -> str:
    """Blocks a blank line apart, page ends on the line of the text before them."""
    parts: list[str] = []
    for block in blocks:
        if block == PAGE_END:
            parts.append(PAGE_END)
        else:
            parts += ["\n\n" if parts else "", block]
    return "".join(parts).strip("\n") + "\n" if parts else ""


def _column_names(headers: Sequence[Sequence[str]]) -> list[str]:
    width = max(map(len, headers), default=0)
    columns = [[row[i] for row in headers if i < len(row) and row[i]] for i in range(width)]
    return [" ".join(dict.fromkeys(names)) for names in columns]


def row_line(row: Sequence[str], names: Sequence[str]) -> str:
    """'Age: placebo 38.1; ...': the row's own name first, then each cell with the name of its column."""
    cells = [(names[i] if i < len(names) else "", cell) for i, cell in enumerate(row)]
    shown = [(name, cell) for name, cell in cells if cell]
    merged = list(dict.fromkeys(cell for _, cell in shown))
    if len(merged) <= 1:
        return merged[0] if merged else ""
    first = shown[0][1] if cells[0][1] else ""
    rest = shown[1:] if first else shown
    told = "; ".join(f"{name}: {cell}" if name and name != cell else cell for name, cell in rest)
    return f"{first} – {told}" if first else told
