"""Passages and their sentences, read: what they hold, whatever is asked. The same ones answer many questions."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from ingest.catalog import StoredChunk
from ingest.questions import Place
from ingest.sparse import tokenize
from qa.glossary import Kind, packaged_glossary
from qa.wants import GIVEN, gives

KEPT_PASSAGES, KEPT_TEXTS = 2000, 10_000  # of which what was read is kept
NUMBER, FIGURE = re.compile(r"\d+\.\d+|\d{2,}"), re.compile(r"\d+(?:\.\d+)?")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with the stems of its words, how many these are, and the numbers that it states."""

    text: str
    stems: frozenset[str]
    words: int
    numbers: frozenset[str]
    names_drug: bool
    """Whether a word of it is the name of a drug."""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """One chunk with its sentences, read; `around` are the stems of title and heading. Compared by identity."""

    stored: StoredChunk
    sentences: tuple[Sentence, ...]
    around: frozenset[str]
    places: tuple[Place, ...]
    given: Numbers
    """1 where a sentence is of a kind of answer, else 0: a row for each, a column for each of `qa.wants.GIVEN`."""


@lru_cache(KEPT_PASSAGES)
def read_passage(stored: StoredChunk, title: str) -> Passage:
    """Read one chunk of a document with this title; the same chunk gives the same object while it is kept."""
    chunk = stored.chunk
    texts = [chunk.text[span.start - chunk.span.start : span.end - chunk.span.start] for span in chunk.sentences]
    return Passage(
        stored,
        tuple(map(_read, texts)),
        stems_in(f"{title} {chunk.section}"),
        tuple((chunk.chunk_id, span.start) for span in chunk.sentences),
        np.array([[float(gives(text, want)) for want in GIVEN] for text in texts]).reshape(len(texts), len(GIVEN)),
    )


def figures(text: str) -> frozenset[str]:
    """All numbers of a text, single digits among them."""
    return frozenset(FIGURE.findall(text))


def _read(text: str) -> Sentence:
    stems = frozenset(tokenize([text])[0])
    return Sentence(text, stems, len(text.split()), numbers_in(text), not stems.isdisjoint(_drug_stems()))


@cache
def _drug_stems() -> frozenset[str]:
    """The stems of all names of drugs of one word."""
    names = [name for drug in packaged_glossary().names(Kind.DRUG) for name in (drug.canonical, *drug.others)]
    return frozenset(stem for name in names if " " not in name for stem in tokenize([name])[0])


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text, as written, but for single digits: these count too many things to tell them apart."""
    return frozenset(NUMBER.findall(text))


@lru_cache(KEPT_TEXTS)
def stems_in(text: str) -> frozenset[str]:
    """The stems of a text, as `ingest.sparse.tokenize` gives them."""
    return frozenset(tokenize([text])[0])
