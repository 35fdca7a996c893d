"""What is checked against what: a statement's wording, the quotes that it cites, the problem that was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from ingest.sentences import split_sentences
from qa.answer import Citation
from qa.glossary import Glossary
from qa.wording import Wording, read

Similarity = Callable[[str, str], float]


class Check(StrEnum):
    """The checks that a statement can fail."""

    QUOTE = "quote"
    NUMBER = "number"
    UNIT = "unit"
    DATE = "date"
    DRUG = "drug"
    TRIAL = "trial"
    REGION = "region"
    PHENOTYPE = "phenotype"
    NAME = "name"
    COMPARATOR = "comparator"
    DIRECTION = "direction"
    NEGATION = "negation"
    HEDGE = "hedge"
    CERTAINTY = "certainty"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a statement is not supported."""

    kind: Check
    reason: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted passage with what is known of its document; everything but the text may be empty."""

    text: str
    key: str = ""
    title: str = ""
    container: str = ""
    year: int | None = None
    drugs: tuple[str, ...] = ()
    phenotypes: tuple[str, ...] = ()

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """The quote of a citation."""
        s = citation.source
        return cls(citation.quote, s.key, f"{s.title} ({s.authors})", s.container, s.year, s.drugs, s.phenotypes)


@dataclass(frozen=True)
class Evidence:
    """The quotes, read: one wording for each quoted sentence, and one for the title of each document."""

    quotes: tuple[Quote, ...]
    sentences: tuple[Wording, ...]
    titles: tuple[Wording, ...]

    @classmethod
    def read(cls, quotes: Sequence[Quote], glossary: Glossary) -> Self:
        """Read the quotes."""
        texts = [span.of(quote.text) for quote in quotes for span in split_sentences(quote.text)]
        titles = [read(f"{quote.title} {quote.container}", glossary) for quote in quotes]
        return cls(tuple(quotes), tuple(read(text, glossary) for text in texts), tuple(titles))

    @property
    def all(self) -> tuple[Wording, ...]:
        """Sentences and titles."""
        return self.sentences + self.titles
