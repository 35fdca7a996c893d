"""Documents to chunks with their vectors: one for each sentence, and one for the passage that they make."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ingest.chunk import chunk_document
from ingest.document import Chunk, Document
from ingest.embed import Embedder, Vectors
from ingest.settings import IndexSettings

TITLE, HEADING = 0.35, 0.15  # weights of their vectors beside the mean of the sentences'
EMBEDDED_AT_ONCE = 500  # texts: enough that no thread of the embedder waits for another one's long text


@dataclass(frozen=True, slots=True)
class Cut:
    """A document with its chunks, none where it is a heading alone."""

    document: Document
    chunks: Sequence[Chunk]

    @property
    def sentences(self) -> list[str]:
        """The sentences of all chunks in order."""
        return [span.of(self.document.text) for chunk in self.chunks for span in chunk.sentences]

    def lines(self, chunk: Chunk) -> list[tuple[float, str]]:
        """What stands above a chunk of it, each line with its weight."""
        above = ((TITLE, self.document.source.title), (HEADING, chunk.section))
        return [(weight, line) for weight, line in above if line]


def cut(document: Document, settings: IndexSettings, embedder: Embedder) -> Cut:
    """Cut one document."""
    return Cut(document, chunk_document(document, embedder, chunk_tokens=settings.chunk_tokens))


def batches(documents: Sequence[Document], settings: IndexSettings, embedder: Embedder) -> Iterator[list[Cut]]:
    """The documents, cut, in their order, together as many as make a good load for the embedder."""
    batch: list[Cut] = []
    waiting = 0
    for document in documents:
        batch.append(cut(document, settings, embedder))
        waiting += sum(len(chunk.sentences) for chunk in batch[-1].chunks)
        if waiting >= EMBEDDED_AT_ONCE:
            yield batch
            batch, waiting = [], 0
    if batch:
        yield batch


def embedded(
    documents: Sequence[Document], settings: IndexSettings, embedder: Embedder
) -> Iterator[tuple[Cut, Vectors, list[Vectors]]]:
    """Each document, cut, with what `encoded` gives for it. While some are embedded, the next are cut."""
    ahead: deque[Future[list[tuple[Cut, Vectors, list[Vectors]]]]] = deque()
    embedding = ThreadPoolExecutor(1)
    try:
        for batch in batches(documents, settings, embedder):
            ahead.append(embedding.submit(list, encoded(batch, embedder)))
            if len(ahead) > 1:
                yield from ahead.popleft().result()
        for last in ahead:
            yield from last.result()
    finally:
        embedding.shutdown(cancel_futures=True)


def embedded_texts(batch: Sequence[Cut]) -> tuple[list[str], list[str]]:
    """What is embedded for documents: their titles and headings, each once, and their sentences in order."""
    lines = dict.fromkeys(line for one in batch for chunk in one.chunks for _, line in one.lines(chunk))
    return list(lines), [sentence for one in batch for sentence in one.sentences]


def encoded(batch: Sequence[Cut], embedder: Embedder) -> Iterator[tuple[Cut, Vectors, list[Vectors]]]:
    """Each document with the vectors of its passages, shape (chunks, dimension), and of its sentences chunk by chunk.

    A passage is not embedded a second time: its vector is the mean of its sentences' by their length, plus those of
    title and heading by their weights, of unit length. docs/performance.md tells what that gives and what it costs.
    """
    lines, sentences = embedded_texts(batch)
    vectors = embedder.encode([*lines, *sentences]) if sentences else np.zeros((0, 0), np.float32)
    above = dict(zip(lines, vectors, strict=False))
    start = len(lines)
    for one in batch:
        passages, said = [], []
        for chunk in one.chunks:
            said.append(vectors[start : start + len(chunk.sentences)])
            start += len(chunk.sentences)
            lengths = np.array([span.end - span.start for span in chunk.sentences], dtype=np.float32)
            mean = lengths @ said[-1] / lengths.sum()
            passages.append(mean + sum(weight * above[line] for weight, line in one.lines(chunk)))
        yield one, _unit(passages), said


def _unit(rows: Sequence[Vectors]) -> Vectors:
    if not rows:
        return np.zeros((0, 0), np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)
