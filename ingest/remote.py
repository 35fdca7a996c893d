"""The vectors of an index in a Chroma server that several processes share (`--store http://host:port`).

A vector's id holds a hash of the vector itself, so that nothing in the server is ever altered: a generation of the
index only names the ids that are its own (`vectors.json`). A reader of an older generation, a killed writer and a
server that stops in between therefore leave nothing half done; what no generation names is removed later.
"""

import hashlib
import json
import logging
import time
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ingest.embed import Vectors
from ingest.errors import StoreUnavailableError

log = logging.getLogger(__name__)
FILE = "vectors.json"
BATCH = 1000  # vectors a call
PAUSES = (0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 5, 5)  # seconds between attempts: half a minute in all
Result = TypeVar("Result")


class RemoteStore:
    """Chunk vectors by id, in a server. Every call is tried again, with growing pauses, while the server is away."""

    def __init__(self, url: str, connected: tuple[Any, Any], ids: Mapping[str, str]) -> None:
        self._url = url
        from ingest.store import disconnect

        client, self._collection = connected
        self._disconnect = weakref.finalize(self, disconnect, client)  # readers drop old generations without a word
        self._ids = dict(ids)
        self._chunks = {vector_id: chunk_id for chunk_id, vector_id in self._ids.items()}

    @classmethod
    def create(cls, url: str, name: str) -> "RemoteStore":
        """An empty store in the server's collection `name`, which is made if it is not there."""
        from ingest.store import server_collection

        return cls(url, patiently(url, lambda: server_collection(url, name, create=True)), {})

    @classmethod
    def open(cls, url: str, name: str, folder: Path) -> "RemoteStore":
        """The vectors that a generation names. Raises OSError, ValueError, ChromaError, StoreUnavailableError."""
        from ingest.store import server_collection

        ids = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(url, patiently(url, lambda: server_collection(url, name, create=False)), ids)

    def close(self) -> None:
        """Let go of the connection."""
        self._disconnect()

    def add(self, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        """Add unit vectors, shape (len(chunk_ids), dimension)."""
        named = [_vector_id(*pair) for pair in zip(chunk_ids, vectors, strict=True)]
        for start in range(0, len(named), BATCH):
            ids, rows = named[start : start + BATCH], vectors[start : start + BATCH]
            self._patiently(partial(self._collection.upsert, ids=ids, embeddings=rows))
        self._ids.update(zip(chunk_ids, named, strict=True))
        self._chunks.update(zip(named, chunk_ids, strict=True))

    def remove(self, chunk_ids: Sequence[str]) -> None:
        """Name these chunks no longer."""
        for chunk_id in chunk_ids:
            self._chunks.pop(self._ids.pop(chunk_id, ""), None)

    def save(self, folder: Path) -> None:
        """Write which vectors are this generation's."""
        (folder / FILE).write_text(json.dumps(self._ids), encoding="utf-8")

    def nearest(self, vector: Vectors, k: int) -> dict[str, float]:
        """The `k` chunks nearest to a unit vector: cosine similarity by id, best first."""
        wanted = min(k, len(self._ids))
        asked = k
        while wanted:
            query = partial(self._collection.query, query_embeddings=[vector], include=["distances"])
            found = self._patiently(partial(query, n_results=asked))
            pairs = list(zip(found["ids"][0], found["distances"][0], strict=True))
            mine = {self._chunks[i]: max(-1.0, min(1.0, 1.0 - d)) for i, d in pairs if i in self._chunks}
            if len(mine) >= wanted or len(pairs) < asked:
                return dict(list(mine.items())[:k])
            asked *= 2  # vectors of other generations stand between
        return {}

    def nearest_each(self, vectors: Sequence[Vectors], k: int) -> list[dict[str, float]]:
        """The same for each of several vectors."""
        return [self.nearest(vector, k) for vector in vectors]

    def count(self) -> int:
        """Number of vectors."""
        return len(self._ids)

    def all(self) -> dict[str, Vectors]:
        """Every vector that this generation names and the server holds, by chunk, for examining."""
        from ingest.store import all_vectors

        held = self._patiently(lambda: all_vectors(self._collection, int(self._collection.count())))
        return {self._chunks[vector_id]: vector for vector_id, vector in held.items() if vector_id in self._chunks}

    def keep_only(self, folders: Iterable[Path]) -> None:
        """Remove from the server what none of these generations names."""
        named: set[str] = set(self._ids.values())
        for folder in folders:
            if (folder / FILE).is_file():
                named |= set(json.loads((folder / FILE).read_text(encoding="utf-8")).values())
        stale = sorted(self._all_ids() - named)
        for start in range(0, len(stale), BATCH):
            ids = stale[start : start + BATCH]
            self._patiently(partial(self._collection.delete, ids=ids))

    def _all_ids(self) -> set[str]:
        return set(self._patiently(lambda: self._collection.get(include=[]))["ids"])

    def _patiently(self, call: Callable[[], Result]) -> Result:
        return patiently(self._url, call)


def _vector_id(chunk_id: str, vector: Vectors) -> str:
    return f"{chunk_id}@{hashlib.sha256(vector.tobytes()).hexdigest()[:16]}"


def patiently(url: str, call: Callable[[], Result]) -> Result:
    """The result of a call to the server, tried again while it is away. Raises StoreUnavailableError in the end."""
    from ingest.store import is_away

    for pause in (*PAUSES, None):
        try:
            return call()
        except Exception as error:
            if not is_away(error):
                raise
            if pause is None:
                raise StoreUnavailableError(url, f"{type(error).__name__}: {error}") from error
            log.info("the server at %s is away, trying again in %s s", url, pause)
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")
