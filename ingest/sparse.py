"""BM25 over the same chunks, with bm25s."""

import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ingest.rank import highest

KEPT = 50_000  # words of which the stem is kept


class SparseIndex:
    """BM25 scores of chunks (Lucene's variant, k1 1.5, b 0.75; English stems and stop words)."""

    def __init__(self, retriever: Any, chunk_ids: Sequence[str]) -> None:
        self._retriever = retriever
        self.chunk_ids = list(chunk_ids)

    @classmethod
    def build(cls, texts: Sequence[tuple[str, str]]) -> "SparseIndex":
        """Index (chunk id, text) pairs."""
        import logging

        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # its import sets DEBUG
        retriever = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        tokens = tokenize([text for _, text in texts])
        retriever.index(tokens if any(tokens) else [["nothing"]], show_progress=False)
        return cls(retriever, [chunk_id for chunk_id, _ in texts])

    @classmethod
    def open(cls, folder: Path) -> "SparseIndex":
        """The index that `save` wrote."""
        import bm25s

        ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
        return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False), ids)

    def save(self, folder: Path) -> None:
        """Write the index to a folder."""
        self._retriever.save(str(folder), show_progress=False)
        (folder / "ids.json").write_text(json.dumps(self.chunk_ids), encoding="utf-8")

    def vocabulary(self) -> list[str]:
        """All tokens of the index, stemmed as `tokenize` gives them."""
        return [token for token in self._retriever.vocab_dict if token]

    def document_frequency(self, token: str) -> int:
        """In how many chunks a token (as `tokenize` gives it) occurs."""
        position = self._retriever.vocab_dict.get(token)
        if position is None:
            return 0
        bounds = self._retriever.scores["indptr"]  # a compressed column for each token, a row for each chunk in it
        return int(bounds[position + 1] - bounds[position])

    def best(self, query: str, k: int) -> dict[str, float]:
        """The `k` chunks with the highest positive BM25 scores, by id, best first."""
        known = [token for token in tokenize([query])[0] if token in self._retriever.vocab_dict]
        if not known or not self.chunk_ids:
            return {}
        scores = self._retriever.get_scores(known)
        return {self.chunk_ids[i]: float(scores[i]) for i in highest(scores, k) if scores[i] > 0}


WORD = re.compile(r"\b\w\w+\b")


def tokenize(texts: Sequence[str]) -> list[list[str]]:
    """Stemmed lower-case words of each text, stop words left out: what `bm25s.tokenize` gives, each word stemmed once.

    Its cost for every call is above that of the few sentences of a question.
    """
    return [[stem for word in WORD.findall(text.lower()) if (stem := _stem(word))] for text in texts]


@lru_cache(KEPT)
def _stem(word: str) -> str:
    """The stem of a lower-case word, empty for a stop word."""
    return "" if word in _stop_words() else str(_stemmer().stemWord(word))


@cache
def _stop_words() -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_EN

    return frozenset(STOPWORDS_EN)


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
