"""The assistant as a system to be measured: ingestion, whole checked answers, and how exact its search is."""

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from eval.collection import make_document
from eval.speed.bare import Bare, opened_embedder
from eval.speed.child import Built, read_documents
from eval.speed.figures import overlap
from eval.speed.vectors import KeptEmbedder
from ingest.build import index_documents
from ingest.embed import Embedder, Vectors
from ingest.index import Index
from ingest.settings import IndexSettings
from qa.assistant import Assistant

PACKAGES = ()
DEPTH = 10  # of recall@10


class TimedEmbedder:
    """An embedder that adds up the seconds in which it was at work, the texts and their characters."""

    def __init__(self, embedder: Embedder) -> None:
        self._inner = embedder
        self.max_tokens = embedder.max_tokens
        self.for_questions = embedder.for_questions
        self.count_tokens = embedder.count_tokens
        self.vocabulary_rank = embedder.vocabulary_rank
        self.vocabulary = embedder.vocabulary
        self.seconds, self.texts, self.characters = 0.0, 0, 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        begun = time.perf_counter()
        vectors = self._inner.encode(texts)
        self.seconds += time.perf_counter() - begun
        self.texts += len(texts)
        self.characters += sum(map(len, texts))
        return vectors


class Ours:
    """See `eval.speed.child.System`. Searching is `ask`: the whole answer, checked."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._ingesting = embedder
        self._assistant: Assistant | None = None
        self._folder = Path()
        self.operations: dict[str, Callable[[dict[str, Any]], Any]] = {
            "recall": self._recall,
            "keep": self._keep,
            "fill": self._fill,
        }

    def build(self, documents: Path, folder: Path) -> Built:
        """See `eval.speed.child.System.build`."""
        records = read_documents(documents)
        made = [
            make_document(one["key"], number, one["title"], one["text"]) for number, one in enumerate(records, start=1)
        ]
        embedder = TimedEmbedder(self._ingesting)
        with tempfile.TemporaryDirectory(dir=folder.parent) as warm:  # the others, too, have their libraries imported
            index_documents(Path(warm), made[:1], IndexSettings(), embedder=self._ingesting)
        begun = time.perf_counter()
        summary = index_documents(folder, made, IndexSettings(), embedder=embedder)
        seconds = time.perf_counter() - begun
        characters = sum(len(one["text"]) for one in records)
        counted = (len(made), summary.chunks, embedder.texts, characters)
        return Built(*counted, seconds, embedder.seconds, embedder.characters)

    def open(self, folder: Path) -> None:
        """See `eval.speed.child.System.open`."""
        self._folder = folder
        self._assistant = Assistant.open(folder, embedder=self._embedder)
        self._assistant.ask("What is warm?")

    def search(self, question: str) -> dict[str, float]:
        """See `eval.speed.child.System.search`."""
        assert self._assistant
        begun = time.perf_counter()
        answer = self._assistant.ask(question)
        taken = (time.perf_counter() - begun) * 1000
        return {**answer.timings, "total": taken}

    def _recall(self, given: dict[str, Any]) -> float:
        """Recall@10 of the index's own search against exact search, over questions."""
        with closing(Index.open(self._folder)) as index:
            queries = self._embedder.encode(given["questions"])
            stored = index.vectors.all()
            ids, matrix = list(stored), np.stack(list(stored.values()))
            exact = [[ids[n] for n in np.argsort(-(matrix @ query), kind="stable")[:DEPTH]] for query in queries]
            return overlap([list(index.vectors.nearest(query, DEPTH)) for query in queries], exact)

    def _keep(self, given: dict[str, Any]) -> None:
        """From now on ingest with vectors from a file, and put new ones there (see `KeptEmbedder`)."""
        self._ingesting = KeptEmbedder(self._embedder, Path(given["file"]))

    def _fill(self, given: dict[str, Any]) -> None:
        """Embed what will be ingested, so that those vectors are kept."""
        Bare(self._ingesting).build(Path(given["documents"]), Path())


def make() -> Ours:
    """The system with the default embedder."""
    return Ours(opened_embedder())
