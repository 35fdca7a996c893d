"""What a document is: one numbered source with its reference data and its text."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """The reference data of one publication, as its front matter gives them (see corpus/README.md)."""

    key: str
    number: int
    title: str
    authors: str
    container: str
    year: int
    """0 where it is not known (other people's files)."""
    kind: str
    url: str
    as_of: str
    doi: str | None = None
    pmid: str | None = None
    nct: str | None = None
    topics: tuple[str, ...] = ()
    phenotypes: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    outcomes: tuple[Mapping[str, Any], ...] = ()
    status: tuple[Mapping[str, Any], ...] = ()
    superseded_by: str | None = None
    see_also: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.key)  # sources differ by key; hashing all fields is dear

    @property
    def dated(self) -> str:
        """The year as text; empty where it is not known."""
        return str(self.year or "")

    @property
    def currency(self) -> str:
        """Up to when it is current, such as 2024-05; empty where that is not known."""
        return self.as_of if self.as_of[:1].isdigit() else ""

    @property
    def reference(self) -> str:
        """Authors, title, container and year as one line of text."""
        told = self.dated if self.dated not in self.container else ""
        dated = ", ".join(filter(None, [self.container, told]))
        return " ".join(f"{part.rstrip('.')}." for part in (self.authors, self.title, dated) if part)

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Source":
        """The inverse of `to_dict`: lists become tuples again."""
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Document:
    """One source with its text. Quotes are slices of `text`, so `text` never changes after loading."""

    source: Source
    text: str
    root: str
    path: str
    content_hash: str
    file_hash: str = ""
    """Of the file and what stands beside it, where that is more than the document (see `ingest.foreign`)."""
    member: str = ""
    """Which article of a file that holds several."""


def page_at(text: str, offset: int) -> int | None:
    """The page of a character in a text whose pages end in form feeds; None where there are no pages."""
    return 1 + text.count("\f", 0, offset) if "\f" in text else None


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character range [start, end) in a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of `text` in this range."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One passage of one document: what is embedded and retrieved. Its sentences are what is quoted."""

    chunk_id: str
    key: str
    section: str
    span: Span
    text: str
    sentences: tuple[Span, ...]
    page: int | None = None
    """The page of the document on which it begins, where there are pages."""
