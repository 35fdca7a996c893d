"""What is checked against what: a statement's wording, the quotes that it cites, the problem that was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Self

from ingest.sentences import split_sentences
from qa.answer import Citation
from qa.glossary import Glossary
from qa.wording import Wording, read

NEAR_SHARE = 0.7  # chosen on the first half of the SciFact claims, with whole abstracts as quotes
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

    def sentences(self) -> list[str]:
        """The sentences of the text."""
        return [span.of(self.text) for span in split_sentences(self.text)]


@dataclass(frozen=True)
class Evidence:
    """The quotes, read: the sentences of each (`parts`), and the title of each document."""

    quotes: tuple[Quote, ...]
    parts: tuple[tuple[Wording, ...], ...]
    titles: tuple[Wording, ...]

    @classmethod
    def read(cls, quotes: Sequence[Quote], glossary: Glossary) -> Self:
        """Read the quotes."""
        parts = tuple(tuple(read(sentence, glossary) for sentence in quote.sentences()) for quote in quotes)
        titles = tuple(read(f"{quote.title} {quote.container}", glossary) for quote in quotes)
        return cls(tuple(quotes), parts, titles)

    @cached_property
    def sentences(self) -> tuple[Wording, ...]:
        """The sentences of all quotes."""
        return tuple(wording for part in self.parts for wording in part)

    @cached_property
    def all(self) -> tuple[Wording, ...]:
        """Sentences and titles."""
        return self.sentences + self.titles

    def near(self, statement: Wording) -> Self:
        """The evidence with only the sentences of each quote that share most words with a statement.

        In a long quote some sentence or other says the contrary of everything, and some hold any small number.
        """
        mine = {key for key, content in zip(statement.keys, statement.content, strict=True) if content}

        def nearest(part: tuple[Wording, ...]) -> tuple[Wording, ...]:
            shared = [len(mine & set(wording.keys)) for wording in part]
            least = NEAR_SHARE * max(shared, default=0)
            return tuple(wording for wording, count in zip(part, shared, strict=True) if count >= least)

        return replace(self, parts=tuple(nearest(part) for part in self.parts))
