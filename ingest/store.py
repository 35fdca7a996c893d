"""The vectors of an index, in Chroma. The only file that knows Chroma."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from ingest.embed import Vectors
from ingest.vector_copy import COPIED, FILE, VectorCopy

COLLECTION = "chunks"
# Cosine must be said (Chroma's default is l2) and cannot be changed later. The graph is built by several threads, so
# that its shape differs from run to run; an ef_search above the number of vectors visits all of them, which makes the
# search of the packaged corpus exact and the same in every process.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 2000}
# Chroma's client wraps some of these in a bare ValueError
AWAY = tuple(
    "could not connect|connection refused|connection reset|connection aborted|broken pipe|disconnected|timed out|"
    "502|503|504|bad gateway|unavailable".split("|")
)
BATCH = 5000  # Chroma refuses more in one call
DATABASE, SIGNED = "chroma.sqlite3", b"SQLite format 3"


class DenseStore(Protocol):
    """What the index needs of the place where its vectors are: a folder (`VectorStore`) or a server (`RemoteStore`)."""

    def add(self, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        """Add unit vectors, shape (len(chunk_ids), dimension)."""
        ...

    def remove(self, chunk_ids: Sequence[str]) -> None:
        """Remove chunks by id."""
        ...

    def nearest(self, vector: Vectors, k: int) -> dict[str, float]:
        """The `k` chunks nearest to a unit vector: cosine similarity by id, best first."""
        ...

    def nearest_each(self, vectors: Sequence[Vectors], k: int) -> list[dict[str, float]]:
        """The same for each of several vectors."""
        ...

    def count(self) -> int:
        """Number of vectors."""
        ...

    def all(self) -> dict[str, Vectors]:
        """Every vector by id, for examining."""
        ...

    def save(self, folder: Path) -> None:
        """Write what belongs beside the other files of a generation."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class VectorStore:
    """Chunk vectors by id. Never lets Chroma embed: its default function would fetch a model.

    Where a copy stands beside Chroma's folder it is searched, and Chroma opened for everything else.
    """

    def __init__(self, folder: Path, connected: tuple[Any, Any] | None, copy: VectorCopy | None = None) -> None:
        self._folder = folder
        self._connected = connected
        self._copy = copy
        self._lock = threading.Lock()

    @classmethod
    def create(cls, folder: Path) -> "VectorStore":
        """A new, empty store in `folder`."""
        client = _client(folder)
        wanted: Any = {"hnsw": HNSW}
        return cls(
            folder, (client, client.create_collection(COLLECTION, configuration=wanted, embedding_function=None))
        )

    @classmethod
    def open(cls, folder: Path) -> "VectorStore":
        """The store in `folder`. Raises chromadb's errors, OSError, ValueError where there is none or it is damaged."""
        if not folder.with_name(FILE).exists():
            return cls(folder, _connected(folder))
        with (folder / DATABASE).open("rb") as database:
            if database.read(len(SIGNED)) != SIGNED:
                raise ValueError(f"{DATABASE} is no database")
        return cls(folder, None, VectorCopy.open(folder.parent))

    @property
    def _collection(self) -> Any:
        with self._lock:
            if self._connected is None:
                self._connected = _connected(self._folder)
            return self._connected[1]

    def close(self) -> None:
        """Let go of the files."""
        if self._connected:
            self._connected[0].close()

    def add(self, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        """Add unit vectors, shape (len(chunk_ids), dimension)."""
        self._copy = None
        for start in range(0, len(chunk_ids), BATCH):
            ids = list(chunk_ids[start : start + BATCH])
            self._collection.add(ids=ids, embeddings=vectors[start : start + BATCH])

    def remove(self, chunk_ids: Sequence[str]) -> None:
        """Remove chunks by id."""
        self._copy = None
        for start in range(0, len(chunk_ids), BATCH):
            self._collection.delete(ids=list(chunk_ids[start : start + BATCH]))

    def nearest(self, vector: Vectors, k: int) -> dict[str, float]:
        """The `k` chunks nearest to a unit vector: cosine similarity by id, best first."""
        return self.nearest_each([vector], k)[0]

    def nearest_each(self, vectors: Sequence[Vectors], k: int) -> list[dict[str, float]]:
        """The same for each of several vectors."""
        if self._copy:
            return self._copy.nearest(np.stack(vectors), k)
        found = self._collection.query(query_embeddings=list(vectors), n_results=k, include=["distances"])
        pairs = (zip(*one, strict=True) for one in zip(found["ids"], found["distances"], strict=True))
        return [{chunk_id: max(-1.0, min(1.0, 1.0 - distance)) for chunk_id, distance in one} for one in pairs]

    def count(self) -> int:
        """Number of vectors."""
        return len(self._copy.chunk_ids) if self._copy else int(self._collection.count())

    def all(self) -> dict[str, Vectors]:
        """Every vector by id, for examining: what Chroma holds."""
        return all_vectors(self._collection, int(self._collection.count()))

    def save(self, folder: Path) -> None:
        """Write the copy of a store that is not too large; Chroma has written its own files."""
        if 0 < self.count() <= COPIED:
            held = self.all()
            VectorCopy.of(list(held), np.array(list(held.values()), dtype=np.float32)).save(folder)


def all_vectors(collection: Any, count: int) -> dict[str, Vectors]:
    """Every vector of a collection of `count` vectors by id, fetched in portions."""
    found: dict[str, Vectors] = {}
    for start in range(0, count, BATCH):
        part = collection.get(include=["embeddings"], limit=BATCH, offset=start)
        found.update(zip(part["ids"], np.asarray(part["embeddings"], dtype=np.float32), strict=True))
    return found


def server_collection(url: str, name: str, *, create: bool) -> tuple[Any, Any]:
    """Client and collection of a Chroma server. Raises chromadb's errors, ValueError where it cannot be reached."""
    import chromadb
    from chromadb.config import Settings

    place = urlsplit(url)
    client = chromadb.HttpClient(
        host=place.hostname or "localhost",
        port=place.port or (443 if place.scheme == "https" else 8000),
        ssl=place.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )
    wanted: Any = {"hnsw": HNSW}
    try:
        if create:
            return client, client.get_or_create_collection(name, configuration=wanted, embedding_function=None)
        return client, client.get_collection(name, embedding_function=None)
    except BaseException:
        disconnect(client)
        raise


def disconnect(client: Any) -> None:
    """Close the connections of a client of a server; its own `close` leaves those of its two sessions open."""
    client.close()
    for part in (client, client._admin_client):
        part._server._session.close()


def is_away(error: Exception) -> bool:
    """Whether an error of a call to a server means that it is not there, or not yet, rather than that it refuses."""
    import httpx
    from chromadb.errors import ChromaError, InternalError

    if isinstance(error, httpx.TransportError | ConnectionError | TimeoutError | InternalError):
        return True
    told = str(error).lower()
    return isinstance(error, ValueError | ChromaError) and any(word in told for word in AWAY)


def _connected(folder: Path) -> tuple[Any, Any]:
    """Client and collection of a folder. Raises chromadb's errors when there is none or it is damaged."""
    client = _client(folder)
    return client, client.get_collection(COLLECTION, embedding_function=None)


def chroma_error() -> type[Exception]:
    """What Chroma raises; a second to import, so asked for only where something was raised."""
    from chromadb.errors import ChromaError

    return ChromaError


def _client(folder: Path) -> Any:
    import chromadb  # a second to import, so not at the top
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
