"""txtai with the same weights: its own chunks are ours to make, so it gets those of the plain pipeline."""

import time
from pathlib import Path
from typing import Any

from eval.speed.child import Built, read_documents
from eval.speed.plain import CHUNK, HITS, OVERLAP

PACKAGES = ("txtai", "faiss", "langchain_text_splitters")


class Txtai:
    """See `eval.speed.child.System`."""

    def __init__(self, weights: str) -> None:
        self._weights = weights
        self._embeddings: Any = None

    def build(self, documents: Path, folder: Path) -> Built:
        """See `eval.speed.child.System.build`."""
        from langchain_text_splitters import RecursiveCharacterTextSplitter
        from txtai import Embeddings

        records = read_documents(documents)
        embeddings = Embeddings(path=self._weights, content=True, gpu=False)
        embeddings.index(["warm"])
        taken: list[float] = []
        inner = embeddings.model.encode

        def encode(*arguments: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            vectors = inner(*arguments, **named)
            taken.append(time.perf_counter() - begun)
            return vectors

        embeddings.model.encode = encode
        begun = time.perf_counter()
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
        chunks = [piece for one in records for piece in splitter.split_text(f"{one['title']}\n{one['text']}")]
        embeddings.index(chunks)
        embeddings.save(str(folder))
        seconds = time.perf_counter() - begun
        characters = sum(len(one["text"]) for one in records)
        return Built(len(records), len(chunks), len(chunks), characters, seconds, sum(taken))

    def open(self, folder: Path) -> None:
        """See `eval.speed.child.System.open`."""
        from txtai import Embeddings

        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))
        self.search("warm")

    def search(self, question: str) -> dict[str, float]:
        """See `eval.speed.child.System.search`."""
        begun = time.perf_counter()
        self._embeddings.search(question, HITS)
        return {"total": (time.perf_counter() - begun) * 1000}


def make() -> Txtai:
    """The system with the weights that ours checks at load."""
    from ingest.weights import packaged_weights

    return Txtai(str(packaged_weights()))
