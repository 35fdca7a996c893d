"""Vectors kept on disk between runs, so that a hundred thousand chunks are embedded once, or not at all."""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.embed import Embedder, Vectors

AT_ONCE = 256  # texts embedded between two commits: what a kill may cost


class KeptEmbedder:
    """An embedder that answers from a file what it has seen before, such as every sentence of a recombination."""

    def __init__(self, embedder: Embedder, file: Path) -> None:
        self._inner = embedder
        self.max_tokens = embedder.max_tokens
        self.for_questions = embedder.for_questions
        self.count_tokens = embedder.count_tokens
        self.vocabulary_rank = embedder.vocabulary_rank
        self.vocabulary = embedder.vocabulary
        self._connection = sqlite3.connect(file, check_same_thread=False)
        self._connection.execute("CREATE TABLE IF NOT EXISTS vectors (hash BLOB PRIMARY KEY, vector BLOB)")
        rows = self._connection.execute("SELECT hash, vector FROM vectors")
        self._known = {key: np.frombuffer(blob, dtype=np.float32) for key, blob in rows}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        found = {text: self._known.get(_hash(text)) for text in texts}
        new = [text for text, vector in found.items() if vector is None]
        for start in range(0, len(new), AT_ONCE):
            part = new[start : start + AT_ONCE]
            vectors = self._inner.encode(part)
            found.update(zip(part, vectors, strict=True))
            self._keep(part, vectors)
        return np.array([found[text] for text in texts], dtype=np.float32)

    def _keep(self, texts: Sequence[str], vectors: Vectors) -> None:
        rows = [(_hash(text), vector.tobytes()) for text, vector in zip(texts, vectors, strict=True)]
        self._known.update((key, np.frombuffer(blob, dtype=np.float32)) for key, blob in rows)
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
