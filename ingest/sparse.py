"""BM25 over the same chunks, with bm25s."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.rank import highest

# Lucene's, which bm25s takes for English
STOP_WORDS = frozenset(
    """a an and are as at be but by for if in into is it no not of on or such that the their then there these they this
    to was will with""".split()
)
KEPT = 50_000  # words of which the stem is kept


@dataclass(frozen=True, slots=True)
class Postings:
    """What bm25s computes and saves: a compressed column of scores for each token, a row for each chunk.

    Read without bm25s itself, which imports SciPy (a third of a second) to do as little with them as `scores` does.
    """

    data: NDArray[np.float32]
    indices: NDArray[np.int32]
    bounds: NDArray[np.int64]
    columns: Mapping[str, int]
    """The column of each token."""

    @classmethod
    def open(cls, folder: Path) -> "Postings":
        """What `bm25s.BM25.save` wrote, the scores memory-mapped. Raises OSError, ValueError."""
        data, indices = (np.load(folder / f"{name}.csc.index.npy", mmap_mode="r") for name in ("data", "indices"))
        columns = json.loads((folder / "vocab.index.json").read_text(encoding="utf-8"))
        # plain views: a memory map costs a microsecond for each number that is taken out
        return cls(np.asarray(data), np.asarray(indices), np.load(folder / "indptr.csc.index.npy"), columns)

    def frequency(self, token: str) -> int:
        """In how many chunks a token occurs."""
        column = self.columns.get(token)
        return 0 if column is None else int(self.bounds[column + 1] - self.bounds[column])

    def scores(self, tokens: Sequence[str], chunks: int) -> NDArray[np.float32]:
        """The BM25 scores of all chunks: the sum over the tokens, one that comes twice counts twice."""
        summed = np.zeros(chunks, dtype=np.float32)
        for column in (self.columns[token] for token in tokens if token in self.columns):
            rows = slice(self.bounds[column], self.bounds[column + 1])
            summed[self.indices[rows]] += self.data[rows]  # no chunk stands twice in a column
        return summed


class SparseIndex:
    """BM25 scores of chunks (Lucene's variant, k1 1.5, b 0.75; English stems and stop words)."""

    def __init__(self, postings: Postings, chunk_ids: Sequence[str], built: Any = None) -> None:
        self._postings = postings
        self.chunk_ids = list(chunk_ids)
        self._built = built

    @classmethod
    def build(cls, texts: Sequence[tuple[str, str]]) -> "SparseIndex":
        """Index (chunk id, text) pairs."""
        import logging

        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # its import sets DEBUG
        retriever = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        tokens = tokenize([text for _, text in texts])
        retriever.index(tokens if any(tokens) else [["nothing"]], show_progress=False)
        data, indices, bounds = (retriever.scores[name] for name in ("data", "indices", "indptr"))
        return cls(
            Postings(data, indices, bounds, retriever.vocab_dict), [chunk_id for chunk_id, _ in texts], retriever
        )

    @classmethod
    def open(cls, folder: Path) -> "SparseIndex":
        """The index that `save` wrote. Raises OSError, ValueError."""
        return cls(Postings.open(folder), json.loads((folder / "ids.json").read_text(encoding="utf-8")))

    def save(self, folder: Path) -> None:
        """Write an index that was built to a folder."""
        self._built.save(str(folder), show_progress=False)
        (folder / "ids.json").write_text(json.dumps(self.chunk_ids), encoding="utf-8")

    def vocabulary(self) -> list[str]:
        """All tokens of the index, stemmed as `tokenize` gives them."""
        return [token for token in self._postings.columns if token]

    def document_frequency(self, token: str) -> int:
        """In how many chunks a token (as `tokenize` gives it) occurs."""
        return self._postings.frequency(token)

    def best(self, query: str, k: int) -> dict[str, float]:
        """The `k` chunks with the highest positive BM25 scores, by id, best first."""
        if not self.chunk_ids:
            return {}
        scores = self._postings.scores(tokenize([query])[0], len(self.chunk_ids))
        found = np.flatnonzero(scores > 0)  # few of many: the others need no sorting
        return {self.chunk_ids[i]: float(scores[i]) for i in found[highest(scores[found], k)].tolist()}


WORD = re.compile(r"\b\w\w+\b")


def tokenize(texts: Sequence[str]) -> list[list[str]]:
    """Stemmed lower-case words of each text, stop words left out: what `bm25s.tokenize` gives, each word stemmed once.

    Its cost for every call is above that of the few sentences of a question.
    """
    return [[stem for word in WORD.findall(text.lower()) if (stem := _stem(word))] for text in texts]


@lru_cache(KEPT)
def _stem(word: str) -> str:
    """The stem of a lower-case word, empty for a stop word."""
    return "" if word in STOP_WORDS else str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
