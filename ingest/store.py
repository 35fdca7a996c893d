"""The vectors of an index, in Chroma. The only file that knows Chroma."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.embed import Vectors

COLLECTION = "chunks"
# Cosine must be said (Chroma's default is l2) and cannot be changed later. The graph is built by several threads, so
# that its shape differs from run to run; an ef_search above the number of vectors visits all of them, which makes the
# search of the packaged corpus exact and the same in every process.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 2000}
BATCH = 5000  # Chroma refuses more in one call


class VectorStore:
    """Chunk vectors by id. Never lets Chroma embed: its default function would fetch a model."""

    def __init__(self, client: Any, collection: Any) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def create(cls, folder: Path) -> "VectorStore":
        """A new, empty store in `folder`."""
        client = _client(folder)
        collection = client.create_collection(COLLECTION, configuration={"hnsw": HNSW}, embedding_function=None)
        return cls(client, collection)

    @classmethod
    def open(cls, folder: Path) -> "VectorStore":
        """The store in `folder`. Raises chromadb's errors when there is none or it is damaged."""
        client = _client(folder)
        return cls(client, client.get_collection(COLLECTION, embedding_function=None))

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()

    def add(self, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        """Add unit vectors, shape (len(chunk_ids), dimension)."""
        for start in range(0, len(chunk_ids), BATCH):
            ids = list(chunk_ids[start : start + BATCH])
            self._collection.add(ids=ids, embeddings=vectors[start : start + BATCH])

    def remove(self, chunk_ids: Sequence[str]) -> None:
        """Remove chunks by id."""
        for start in range(0, len(chunk_ids), BATCH):
            self._collection.delete(ids=list(chunk_ids[start : start + BATCH]))

    def nearest(self, vector: Vectors, k: int) -> dict[str, float]:
        """The `k` chunks nearest to a unit vector: cosine similarity by id, best first."""
        found = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return {chunk_id: max(-1.0, min(1.0, 1.0 - distance)) for chunk_id, distance in pairs}

    def count(self) -> int:
        """Number of vectors."""
        return int(self._collection.count())


def _client(folder: Path) -> Any:
    import chromadb  # a second to import, so not at the top
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
