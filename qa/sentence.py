"""A sentence, read: what it holds, whatever is asked."""

from dataclasses import dataclass
from functools import lru_cache

from ingest.sparse import tokenize
from qa.wants import GIVEN, gives

KEPT = 20_000  # texts of which what was read is kept: the same sentences are candidates for many questions


@dataclass(frozen=True, slots=True)
class Sentence:
    """The stems and the number of the words of one text, and 1 or 0 for each kind of answer of `qa.wants.GIVEN`."""

    text: str
    stems: frozenset[str]
    words: int
    gives: tuple[float, ...]


@lru_cache(KEPT)
def read_sentence(text: str) -> Sentence:
    """Read one text; the same text gives the same object while it is kept."""
    return Sentence(text, stems_in(text), len(text.split()), tuple(float(gives(text, want)) for want in GIVEN))


@lru_cache(KEPT)
def stems_in(text: str) -> frozenset[str]:
    """The stems of a text, as `ingest.sparse.tokenize` gives them."""
    return frozenset(tokenize([text])[0])
