"""BM25 over the same chunks, with bm25s."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np


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
        order = np.argsort(-scores, kind="stable")[:k]
        return {self.chunk_ids[i]: float(scores[i]) for i in order if scores[i] > 0}


def tokenize(texts: Sequence[str]) -> list[list[str]]:
    """Stemmed lower-case words of each text, stop words left out."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    found = bm25s.tokenize(
        list(texts), stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False, allow_empty=True
    )
    return [list(words) for words in found]
