"""The embedder alone, over the very texts that ours embeds: nothing that embeds with it can be faster."""

import os
import time
from pathlib import Path

from eval.collection import make_document
from eval.speed.child import Built, read_documents
from ingest.embed import Embedder, open_embedder
from ingest.passages import cut, embedded_texts
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
        made = [
            make_document(one["key"], number, one["title"], one["text"]) for number, one in enumerate(records, start=1)
        ]
        all_cut = [cut(document, settings, self._embedder) for document in made]
        lines, sentences = embedded_texts(all_cut)
        texts = [*lines, *sentences]
        begun = time.perf_counter()
        self._embedder.encode(texts)
        seconds = time.perf_counter() - begun
        chunks = sum(len(one.chunks) for one in all_cut)
        characters, embedded = sum(len(one["text"]) for one in records), sum(map(len, texts))
        return Built(len(records), chunks, len(texts), characters, seconds, seconds, embedded)

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
