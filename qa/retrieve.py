"""A query to ranked hits: dense and BM25 over the same chunks, fused by a convex combination."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from ingest.catalog import StoredChunk
from ingest.conversation import encode_questions
from ingest.document import Source
from ingest.embed import Embedder, Vectors
from ingest.index import Index
from ingest.questions import Place, Written
from qa.adapter import LowRank, packaged_adapter
from qa.answer import Hit
from qa.filters import SourceFilter
from qa.settings import AskSettings
from qa.trials import RESULTS, Trial
from qa.understand import Understanding
from qa.vectors import QueryVectors

log = logging.getLogger(__name__)
FOR_EACH = 4  # chunks for each of several drugs or trials
NEAREST = 40  # written questions considered
EVERYTHING = 2000  # chunks of each ranking where only some sources are admitted: theirs may lie far down


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Hits, best first, with what composing needs: the chunks' sentence vectors and the query's own vector."""

    query: str
    vector: Vectors
    hits: tuple[Hit, ...]
    chunks: Mapping[str, StoredChunk]
    asked: Mapping[Place, float] = field(default_factory=dict)
    """For each sentence with written questions (see `ingest.questions`) their highest cosine with the query."""
    written: Sequence[Written] = ()
    """The written questions that are nearest to the query."""
    question: Vectors | None = None
    """The query's vector by the model for questions; None where written questions are not used."""
    before: Vectors | None = None
    """That of the questions that it leans on; None where it stands by itself."""
    adapter: LowRank | None = None
    likeness: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """How much nearer the question is to examples that the documents answer than to others (`ingest.examples`): to the
    nearest, to the near ones, and by its words."""
    trials: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The trials that tell whether what was asked about works, by key, with the numbers of their primary outcomes."""

    def with_hits(self, others: "Retrieved") -> "Retrieved":
        """The same with the hits of another search after its own, each once."""
        new = [hit for hit in others.hits if hit.chunk_id not in self.chunks]
        numbered = [replace(hit, rank=rank) for rank, hit in enumerate(new, start=len(self.hits) + 1)]
        return replace(self, hits=(*self.hits, *numbered), chunks={**self.chunks, **others.chunks})

    def sentence_at(self, place: Place) -> str:
        """The sentence at a place; empty when its chunk is not among the hits."""
        stored = self.chunks.get(place[0])
        if stored is None:
            return ""
        chunk = stored.chunk
        span = next((span for span in chunk.sentences if span.start == place[1]), None)
        return chunk.text[span.start - chunk.span.start : span.end - chunk.span.start] if span else ""


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
        self.vectors = QueryVectors(embedder.encode)
        self._asking = QueryVectors(partial(encode_questions, embedder.for_questions or embedder))
        self._adapter = packaged_adapter() if embedder.for_questions else None
        self._written, self._examples = index.questions.fits(embedder), index.examples.fits(embedder)
        self._beside = ThreadPoolExecutor(1)
        self._ahead: Mapping[tuple[str, int], dict[str, float]] = {}  # replaced whole, so that threads may share it
        if index.questions.texts and not self._written:
            log.warning("The written questions of this index fit another version. Run: python -m ingest")
        self._sources = {source.key: source for source in sources}

    def search_ahead(self, asked: Sequence[Understanding], settings: AskSettings) -> None:
        """Find the vectors nearest to the questions of one message in one go: it costs little more than for one."""
        queries = dict.fromkeys(query for one in asked for query in (*one.each, one.query))
        depth = self._depth(settings)
        found = self._index.vectors.nearest_each(self.vectors.of(*queries), depth)
        self._ahead = {(query, depth): near for query, near in zip(queries, found, strict=True)}

    def encode(self, asked: Sequence[Understanding], *others: str) -> None:
        """Make the vectors that the search for answers needs, all at the same time; they are kept."""
        both = [text for one in asked for text in (one.asking, one.before) if text]
        asking = self._beside.submit(self._asking.of, *both) if self._written else None
        self.vectors.of(*(query for one in asked for query in (one.query, *one.each)), *others)
        if asking:
            asking.result()

    def retrieve(self, query: str, expanded: str, k: int, settings: AskSettings) -> Retrieved:
        """The `k` best chunks for a query; BM25 searches `expanded`, which adds other words for the same."""
        (found,) = self._retrieved({query: (expanded, k)}, settings)
        return found

    def _retrieved(self, queries: Mapping[str, tuple[str, int]], settings: AskSettings) -> list[Retrieved]:
        """For each query, with its expanded form and the chunks wanted, what is found; the vectors in one search."""
        vectors = self.vectors.of(*queries)
        depth = self._depth(settings, *(k for _, k in queries.values()))
        sparse = self._beside.submit(self._sparse, [expanded for expanded, _ in queries.values()], depth)
        ahead = self._ahead
        if all((query, depth) in ahead for query in queries):
            dense = [ahead[query, depth] for query in queries]
        else:
            dense = self._index.vectors.nearest_each(vectors, depth)
        found = zip(queries.items(), vectors, dense, sparse.result(), strict=True)
        return [self._fused(query, vector, near, words, k, settings) for (query, (_, k)), vector, near, words in found]

    @staticmethod
    def _depth(settings: AskSettings, *counts: int) -> int:
        return EVERYTHING if settings.only else max(settings.depth, *counts, settings.passages)

    def _sparse(self, queries: Sequence[str], depth: int) -> list[dict[str, float]]:
        return [self._index.sparse.best(query, depth) for query in queries]

    def _fused(
        self,
        query: str,
        vector: Vectors,
        dense: Mapping[str, float],
        sparse: Mapping[str, float],
        k: int,
        settings: AskSettings,
    ) -> Retrieved:
        fused = self._best(convex_fusion(dense, sparse, settings.dense_weight), k, settings.only)
        chunks = self._index.catalog.chunks(list(fused))
        hits = [
            self._hit(rank, score, dense.get(chunk_id, 0.0), sparse.get(chunk_id, 0.0), chunks[chunk_id])
            for rank, (chunk_id, score) in enumerate(fused.items(), start=1)
        ]
        return Retrieved(query, vector, tuple(hits), chunks)

    def retrieve_for_answer(
        self, asked: Understanding, settings: AskSettings, tested: Sequence[Trial] = ()
    ) -> Retrieved:
        """The passages of an answer: the best chunks, and those whose sentences answer questions like the query.

        For each query of `asked.each`, which asks about one of several things, its own best chunks come to these, and
        what the trials of `tested` found.
        """
        query = asked.query
        several = {one: (one, FOR_EACH) for one in asked.each if one != query}
        several |= {query: (asked.expanded, settings.passages)}
        *others, found = self._retrieved(several, settings)
        for one in others:
            found = found.with_hits(one)
        found = self._with_results(found, [trial for trial in tested if settings.only.admits(trial.source)])
        if not settings.written_questions or not self._written:
            return found
        question, *before = self._asking.of(*filter(None, (asked.asking, asked.before)))
        nearest, written = self._index.questions.compare(question, NEAREST, settings.besides)
        admitted = self._admitted(settings.only)
        new = (one.place[0] for one in written if one.place[0] not in found.chunks)
        added = [c for c in dict.fromkeys(new) if admitted is None or _key(c) in admitted][: settings.question_passages]
        found = replace(found, question=question, before=before[0] if before else None, adapter=self._adapter)
        found = replace(found, asked=nearest, written=written)
        if self._examples:
            examples, itself = self._index.examples, settings.besides or asked.question
            held = (*examples.margins(question, itself), examples.odds(asked.nameless, itself))
            found = replace(found, likeness=held)
        return self._with_chunks(found, self._index.catalog.chunks(added).values())

    def _with_results(self, found: Retrieved, tested: Sequence[Trial]) -> Retrieved:
        """The same with what trials found, as their documents tell it."""
        stored = [one for trial in tested for one in self._index.catalog.chunks_of(trial.source.key)]
        told = [one for one in stored if one.chunk.section in RESULTS and one.chunk.chunk_id not in found.chunks]
        return self._with_chunks(replace(found, trials={trial.source.key: trial.numbers for trial in tested}), told)

    def _with_chunks(self, found: Retrieved, stored: Iterable[StoredChunk]) -> Retrieved:
        """The same with further chunks, which score as the last that the search itself found."""
        new = list(stored)
        last, low = len(found.hits), found.hits[-1].score if found.hits else 0.0
        hits = [self._hit(last + number, low, 0.0, 0.0, one) for number, one in enumerate(new, start=1)]
        chunks = {one.chunk.chunk_id: one for one in new}
        return replace(found, hits=(*found.hits, *hits), chunks={**found.chunks, **chunks})

    def _admitted(self, only: SourceFilter) -> set[str] | None:
        """Keys of the sources that may be quoted; None for all."""
        return {key for key, source in self._sources.items() if only.admits(source)} if only else None

    def _best(self, fused: Mapping[str, float], k: int, only: SourceFilter) -> dict[str, float]:
        """The first `k` of the chunks whose source is admitted."""
        admitted = self._admitted(only)
        kept = (item for item in fused.items() if admitted is None or _key(item[0]) in admitted)
        return dict(islice(kept, k))

    def _hit(self, rank: int, score: float, dense: float, sparse: float, stored: StoredChunk) -> Hit:
        chunk = stored.chunk
        source = self._sources[chunk.key]
        span = chunk.span
        place = (chunk.section, span.start, span.end)
        return Hit(rank, score, dense, sparse, chunk.chunk_id, source, *place, chunk.text, chunk.page)


def best_of_each(hits: Sequence[Hit], count: int) -> tuple[Hit, ...]:
    """The best hit of each source, best first."""
    by_source: dict[str, Hit] = {}
    for hit in hits:
        by_source.setdefault(hit.source.key, hit)
    return tuple(by_source.values())[:count]


def _key(chunk_id: str) -> str:
    """Key of the document that a chunk is of."""
    return chunk_id.rpartition("/")[0]
