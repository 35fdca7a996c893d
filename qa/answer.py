"""What comes back: an answer of statements, each with citations into numbered sources."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any

from ingest.document import Source

__all__ = [
    "Abstention",
    "Answer",
    "Citation",
    "Hit",
    "Mode",
    "Removed",
    "Source",
    "Statement",
    "Support",
    "Turn",
    "Usage",
]


class Support(StrEnum):
    """Verdict of the check of a statement against its quotes."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"


class Abstention(StrEnum):
    """Why there is no answer."""

    NO_EVIDENCE = "no_evidence"
    OFF_TOPIC = "off_topic"
    INSUFFICIENT = "insufficient"
    PERSONAL_ADVICE = "personal_advice"
    EMERGENCY = "emergency"
    COURTESY = "courtesy"
    OTHER_LANGUAGE = "other_language"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of the conversation with the text of its answer."""

    question: str
    answer_text: str = ""
    same_message: bool = False
    """Whether it stands in the message that is being answered."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk. `score` is the fused score (0 to 1), `dense` the cosine, `sparse` the BM25 score."""

    rank: int
    score: float
    dense: float
    sparse: float
    chunk_id: str
    source: Source
    section: str
    start: int
    end: int
    text: str
    page: int | None = None
    """The page on which it begins, where its document has pages."""

    def page_of(self, offset: int) -> int | None:
        """The page of a character inside it; page ends are form feeds (see `ingest.document.page_at`)."""
        return None if self.page is None else self.page + self.text.count("\f", 0, offset - self.start)

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote in a document: `quote == document_text[start:end]`, always."""

    number: int
    source: Source
    quote: str
    start: int
    end: int
    section: str
    page: int | None = None

    @property
    def place(self) -> str:
        """Where in its source the quote stands: page and section, as far as there are any."""
        return ", ".join(filter(None, [f"p. {self.page}" if self.page else "", self.section]))

    @property
    def mark(self) -> str:
        """The mark that stands in the text, such as `[12]`."""
        return f"[{self.number}]"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer with the quotes that carry it.

    `editorial` statements come from a document's "Reading" section: the editors' judgement, not the publication's.
    `group` is a short phrase of ours that introduces the statements that share it.
    """

    text: str
    citations: tuple[Citation, ...]
    support: Support
    editorial: bool = False
    group: str = ""

    @property
    def marked(self) -> str:
        """The sentence with its marks, as it stands in the answer's text."""
        marks = "".join(dict.fromkeys(citation.mark for citation in self.citations))
        return f"{'Editors’ reading: ' if self.editorial else ''}{self.text} {marks}"


class Mode(StrEnum):
    """How an answer came about: quoted sentences, or sentences that a language model wrote."""

    COMPOSE = "compose"
    GENERATE = "generate"


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence of a language model that was taken out, and why; `check` names the check that it failed."""

    text: str
    reason: str
    check: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model was asked to do. Tokens are None where its server does not tell.

    `fault` says why its reply was not used, None where it was; `kept` replies came from the cache.
    """

    model: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    fault: str | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question. Either it has statements, or `abstention` and `message` say why not."""

    question: str
    statements: tuple[Statement, ...] = ()
    abstention: Abstention | None = None
    message: str = ""
    notice: str | None = None
    related: tuple[Hit, ...] = ()
    confidence: float | None = None
    """Probability that the sources answer the question; None where that was not judged."""
    timings: Mapping[str, float] = field(default_factory=dict)
    corpus_hash: str = ""
    collection: str = ""
    """The collection that it comes from; empty for the index itself."""
    mode: Mode = Mode.COMPOSE
    removed: tuple[Removed, ...] = ()
    """What a language model wrote and its passages do not carry."""
    usage: Usage | None = None

    @property
    def text(self) -> str:
        """The statements with their marks, or the message of an abstention."""
        shown = [f"{group} {' '.join(s.marked for s in part)}".strip() for group, part in self.grouped()]
        return " ".join(shown) or self.message

    def grouped(self) -> list[tuple[str, list[Statement]]]:
        """The statements by group, in order; the phrase that introduces a group is empty where there is none."""
        return [(group, list(part)) for group, part in groupby(self.statements, key=lambda s: s.group)]

    @property
    def citations(self) -> list[Citation]:
        """All citations in the order of first use, each once."""
        return list(dict.fromkeys(self._all_citations()))

    def _all_citations(self) -> Iterator[Citation]:
        for statement in self.statements:
            yield from statement.citations

    def to_dict(self) -> dict[str, Any]:
        """The whole answer as plain JSON values; `text` and `citations` are spelt out."""
        return {
            "question": self.question,
            "text": self.text,
            "statements": [asdict(statement) for statement in self.statements],
            "citations": [asdict(citation) for citation in self.citations],
            "abstention": self.abstention,
            "message": self.message,
            "notice": self.notice,
            "related": [hit.to_dict() for hit in self.related],
            "confidence": self.confidence,
            "timings": dict(self.timings),
            "corpus_hash": self.corpus_hash,
            "collection": self.collection,
            "mode": self.mode,
            "removed": [asdict(one) for one in self.removed],
            "usage": asdict(self.usage) if self.usage else None,
        }

    def to_markdown(self) -> str:
        """Answer, quotes and references as Markdown."""
        from qa.render import to_markdown

        return to_markdown(self)

    def to_bibtex(self) -> str:
        """The cited sources as BibTeX entries."""
        from qa.references import to_bibtex

        return to_bibtex(self.citations)

    def to_ris(self) -> str:
        """The cited sources in RIS format."""
        from qa.references import to_ris

        return to_ris(self.citations)
