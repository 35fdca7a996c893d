"""The embedder alone, over the very texts that ours embeds: nothing that embeds with it can be faster."""

import os
import time
from pathlib import Path

from eval.collection import make_document
from eval.speed.child import Built, read_documents
from ingest.chunk import chunk_document, embedded_text
from ingest.embed import Embedder, open_embedder
from ingest.settings import IndexSettings

PACKAGES = ()
MODELS = "EVAL_SPEED_MODELS"  # names the folder of the exported model


def opened_embedder() -> Embedder:
    """The default embedder, its export kept where the parent says."""
    return open_embedder(IndexSettings(), Path(os.environ[MODELS]))


class Bare:
    """See `eval.speed.child.System`. Searching is encoding the question."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def build(self, documents: Path, folder: Path) -> Built:  # noqa: ARG002  # nothing is written
        """See `eval.speed.child.System.build`. The chunks are made before the clock starts."""
        records, settings = read_documents(documents), IndexSettings()
        passages: list[str] = []
        sentences: list[str] = []
        for number, one in enumerate(records, start=1):
            document = make_document(one["key"], number, one["title"], one["text"])
            chunks = chunk_document(document, self._embedder, chunk_tokens=settings.chunk_tokens)
            passages += [embedded_text(chunk, document.source.title, self._embedder) for chunk in chunks]
            sentences += [span.of(document.text) for chunk in chunks for span in chunk.sentences]
        begun = time.perf_counter()
        self._embedder.encode([*passages, *sentences])
        seconds = time.perf_counter() - begun
        characters = sum(len(one["text"]) for one in records)
        texts = len(passages) + len(sentences)
        embedded = sum(map(len, [*passages, *sentences]))
        return Built(len(records), len(passages), texts, characters, seconds, seconds, embedded)

    def open(self, folder: Path) -> None:  # noqa: ARG002  # the model is all there is
        """See `eval.speed.child.System.open`."""
        self.search("warm")

    def search(self, question: str) -> dict[str, float]:
        """See `eval.speed.child.System.search`."""
        begun = time.perf_counter()
        self._embedder.encode([question])
        return {"total": (time.perf_counter() - begun) * 1000}


def make() -> Bare:
    """The system with the default embedder."""
    return Bare(opened_embedder())
