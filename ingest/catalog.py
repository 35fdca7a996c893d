"""The texts of an index: documents, their chunks and the vectors of their sentences, in one SQLite file."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest.document import Chunk, Document, Source, Span, page_at
from ingest.embed import Vectors

KEPT = 2000  # chunks that are kept once read: about 10 KB each
UNIT = 0.02  # how far from 1 the length of a stored 16-bit unit vector may lie
SCHEMA = """
CREATE TABLE documents (key TEXT PRIMARY KEY, number INTEGER UNIQUE, root TEXT, path TEXT, hash TEXT,
                        source TEXT, text TEXT);
CREATE TABLE chunks (position INTEGER PRIMARY KEY, chunk_id TEXT UNIQUE, key TEXT REFERENCES documents(key),
                     section TEXT, start INTEGER, "end" INTEGER, sentences TEXT, vectors BLOB);
CREATE INDEX chunks_of_document ON chunks(key);
"""


@dataclass(frozen=True, slots=True, eq=False)
class StoredChunk:
    """A chunk with its sentences' vectors: shape (sentences, dimension), float32, unit length.

    Compared by identity, so that what is found in it can be kept.
    """

    chunk: Chunk
    vectors: Vectors


class Catalog:
    """Reads and writes the texts of one generation. Safe to share between threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._kept: dict[str, StoredChunk] = {}

    @classmethod
    def create(cls, path: Path) -> "Catalog":
        """A new, empty catalog."""
        connection = sqlite3.connect(path, check_same_thread=False)
        connection.executescript(SCHEMA)
        return cls(connection)

    @classmethod
    def open(cls, path: Path, *, writable: bool = False) -> "Catalog":
        """An existing catalog. Raises sqlite3.Error when it is missing or not a catalog."""
        mode = "mode=rw" if writable else "mode=ro&immutable=1"
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, check_same_thread=False)
        connection.execute("SELECT 1 FROM chunks LIMIT 1")
        return cls(connection)

    def close(self) -> None:
        """Commit and close."""
        self._connection.commit()
        self._connection.close()

    def add(self, document: Document, chunks: Sequence[StoredChunk]) -> None:
        """Add a document with all its chunks."""
        source = document.source
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                source.key,
                source.number,
                document.root,
                document.path,
                document.content_hash,
                json.dumps(source.to_dict(), ensure_ascii=False),
                document.text,
            ),
        )
        self._connection.executemany(
            'INSERT INTO chunks (chunk_id, key, section, start, "end", sentences, vectors) '
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    stored.chunk.chunk_id,
                    stored.chunk.key,
                    stored.chunk.section,
                    stored.chunk.span.start,
                    stored.chunk.span.end,
                    json.dumps([(span.start, span.end) for span in stored.chunk.sentences]),
                    stored.vectors.astype(np.float16).tobytes(),
                )
                for stored in chunks
            ],
        )

    def remove(self, keys: Iterable[str]) -> list[str]:
        """Remove documents; returns the ids of the chunks that went with them."""
        gone: list[str] = []
        self._kept.clear()
        for key in keys:
            gone += [row[0] for row in self._connection.execute("SELECT chunk_id FROM chunks WHERE key = ?", (key,))]
            self._connection.execute("DELETE FROM chunks WHERE key = ?", (key,))
            self._connection.execute("DELETE FROM documents WHERE key = ?", (key,))
        return gone

    def chunk_ids(self) -> list[str]:
        """Ids of all chunks, in the order of their positions."""
        return [row[0] for row in self._rows("SELECT chunk_id FROM chunks ORDER BY position")]

    def sources(self) -> list[Source]:
        """The reference data of all documents, by number."""
        return [
            Source.from_dict(json.loads(row[0])) for row in self._rows("SELECT source FROM documents ORDER BY number")
        ]

    def document(self, key: str) -> Document:
        """One document by its key. Raises KeyError."""
        rows = self._rows("SELECT source, text, root, path, hash FROM documents WHERE key = ?", (key,))
        if not rows:
            raise KeyError(key)
        source, text, root, path, content_hash = rows[0]
        return Document(Source.from_dict(json.loads(source)), text, root, path, content_hash)

    def text_of(self, key: str) -> str:
        """The text of one document. Raises KeyError."""
        rows = self._rows("SELECT text FROM documents WHERE key = ?", (key,))
        if not rows:
            raise KeyError(key)
        return rows[0][0]

    def documents(self) -> list[Document]:
        """All documents, by number."""
        return [self.document(row[0]) for row in self._rows("SELECT key FROM documents ORDER BY number")]

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, StoredChunk]:
        """Chunks with their sentence vectors, by id; ids that are not there are left out."""
        found = {chunk_id: self._kept.get(chunk_id) for chunk_id in chunk_ids}
        found |= self._read([chunk_id for chunk_id, stored in found.items() if stored is None])
        return {chunk_id: stored for chunk_id, stored in found.items() if stored is not None}

    def _read(self, chunk_ids: Sequence[str]) -> dict[str, StoredChunk]:
        """Chunks from the file; what was read last is kept, as the same ones answer many questions."""
        if not chunk_ids:
            return {}
        marks = ",".join("?" * len(chunk_ids))
        rows = self._rows(
            f'SELECT c.chunk_id, c.key, c.section, c.start, c."end", c.sentences, c.vectors, d.text '
            f"FROM chunks c JOIN documents d ON d.key = c.key WHERE c.chunk_id IN ({marks})",
            tuple(chunk_ids),
        )
        found = {row[0]: _stored(row) for row in rows}
        with self._lock:
            self._kept |= found
            for oldest in list(self._kept)[: max(0, len(self._kept) - KEPT)]:
                del self._kept[oldest]
        return found

    def chunks_of(self, key: str) -> list[StoredChunk]:
        """All chunks of one document, in order."""
        texts = self._rows("SELECT text FROM documents WHERE key = ?", (key,))
        rows = self._rows(
            'SELECT chunk_id, key, section, start, "end", sentences, vectors FROM chunks WHERE key = ? '
            "ORDER BY position",
            (key,),
        )
        return [_stored((*row, texts[0][0])) for row in rows] if texts else []

    def count_of(self, key: str) -> int:
        """How many chunks a document has."""
        return len(self._rows("SELECT 1 FROM chunks WHERE key = ?", (key,)))

    def faults_of(self, key: str, length: int) -> dict[str, str]:
        """What is wrong with the chunks of a document of `length` characters, by chunk id."""
        rows = self._rows(
            'SELECT chunk_id, start, "end", sentences, vectors FROM chunks WHERE key = ? ORDER BY position', (key,)
        )
        found = ((row[0], _fault(row[1:], length)) for row in rows)
        return {chunk_id: fault for chunk_id, fault in found if fault}

    def texts(self) -> list[tuple[str, str]]:
        """The id of every chunk with title, heading and text as one string, in the order of their positions."""
        found: list[tuple[str, str]] = []
        title = text = last = ""
        for chunk_id, key, section, start, end in self._rows(
            'SELECT chunk_id, key, section, start, "end" FROM chunks ORDER BY position'
        ):
            if key != last:  # the chunks of a document stand together: its text is read once
                ((title, text),) = self._rows(
                    "SELECT json_extract(source, '$.title'), text FROM documents WHERE key = ?", (key,)
                )
                last = key
            found.append((chunk_id, f"{title}\n{section}\n{text[int(start) : int(end)]}"))
        return found

    def _rows(self, query: str, values: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()


def _fault(row: Sequence[Any], length: int) -> str:
    start, end, written, blob = row
    try:
        sentences = [Span(*pair) for pair in json.loads(written)]
        vectors = np.frombuffer(blob, dtype=np.float16).astype(np.float32).reshape(len(sentences), -1)
    except (ValueError, TypeError) as error:  # spans that are no JSON, vectors of another shape
        return f"its sentences and vectors do not fit each other ({error})"
    if not (end <= length and all(start <= s.start < s.end <= end for s in sentences)):
        return "its sentences lie outside its passage"
    lengths = np.linalg.norm(vectors, axis=1)
    return "" if np.all(np.abs(lengths - 1) < UNIT) else "a vector of its sentences is damaged"


def _stored(row: Sequence[object]) -> StoredChunk:
    chunk_id, key, section, start, end, sentences, vectors, text = row
    assert isinstance(text, str)
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert isinstance(vectors, bytes)
    spans = tuple(Span(*pair) for pair in json.loads(str(sentences)))
    span, page = Span(start, end), page_at(text, start)
    chunk = Chunk(str(chunk_id), str(key), str(section), span, span.of(text), spans, page)
    return StoredChunk(chunk, np.frombuffer(vectors, dtype=np.float16).reshape(len(spans), -1).astype(np.float32))
