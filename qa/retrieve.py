"""A query to ranked hits: dense and BM25 over the same chunks, fused by a convex combination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.catalog import StoredChunk
from ingest.document import Source
from ingest.embed import Embedder, Vectors
from ingest.index import Index
from qa.answer import Hit
from qa.settings import AskSettings


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Hits, best first, with what composing needs: the chunks' sentence vectors and the query's own vector."""

    query: str
    vector: Vectors
    hits: tuple[Hit, ...]
    chunks: Mapping[str, StoredChunk]


def convex_fusion(dense: Mapping[str, float], sparse: Mapping[str, float], weight: float) -> dict[str, float]:
    """Scores weight * dense + (1 - weight) * sparse of each id, best first, both min-max scaled to 0..1.

    Bruch, Gai and Ingber (2023), "An analysis of fusion functions for hybrid retrieval". An id that one ranking
    lacks scores 0 there. A tie keeps the order of first appearance.
    """
    left, right = _scaled(dense), _scaled(sparse)
    fused = {key: weight * left.get(key, 0.0) + (1 - weight) * right.get(key, 0.0) for key in [*left, *right]}
    return dict(sorted(fused.items(), key=lambda item: -item[1]))


def _scaled(scores: Mapping[str, float]) -> dict[str, float]:
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}


class Retriever:
    """Hybrid search over one index."""

    def __init__(self, index: Index, embedder: Embedder, sources: Sequence[Source]) -> None:
        self._index = index
        self._embedder = embedder
        self._sources = {source.key: source for source in sources}

    def retrieve(self, query: str, expanded: str, k: int, settings: AskSettings) -> Retrieved:
        """The `k` best chunks for a query; BM25 searches `expanded`, which adds other words for the same."""
        vector = self._embedder.encode([query])[0]
        depth = max(k, settings.depth)
        dense = self._index.vectors.nearest(vector, depth)
        sparse = self._index.sparse.best(expanded, depth)
        fused = dict(list(convex_fusion(dense, sparse, settings.dense_weight).items())[:k])
        chunks = self._index.catalog.chunks(list(fused))
        hits = [
            self._hit(rank, score, dense.get(chunk_id, 0.0), sparse.get(chunk_id, 0.0), chunks[chunk_id])
            for rank, (chunk_id, score) in enumerate(fused.items(), start=1)
        ]
        return Retrieved(query, vector, tuple(hits), chunks)

    def _hit(self, rank: int, score: float, dense: float, sparse: float, stored: StoredChunk) -> Hit:
        chunk = stored.chunk
        source = self._sources[chunk.key]
        span = chunk.span
        return Hit(rank, score, dense, sparse, chunk.chunk_id, source, chunk.section, span.start, span.end, chunk.text)
