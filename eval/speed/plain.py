"""The plain LangChain pipeline, as its tutorials build it, with the weights that ours has.

`python -m eval.speed.plain FOLDER WEIGHTS QUESTION` searches a built one and prints the first hits.
"""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eval.speed.child import Built

PACKAGES = ("langchain_huggingface", "langchain_chroma", "langchain_text_splitters")
CHUNK, OVERLAP = 1000, 200  # characters: the values of LangChain's own tutorial on retrieval
HITS = 4  # what similarity_search returns unless told otherwise
BATCH = 5000  # Chroma refuses more in one call
COLLECTION = "plain"


def open_store(folder: Path, weights: str) -> Any:
    """The Chroma store in a folder, empty where there is none."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(model_name=weights, model_kwargs={"device": "cpu"})
    return Chroma(COLLECTION, embedding_function=embeddings, persist_directory=str(folder))


class Plain:
    """See `eval.speed.child.System`."""

    def __init__(self, weights: str) -> None:
        self._weights = weights
        self._store: Any = None

    def build(self, documents: Path, folder: Path) -> "Built":
        """See `eval.speed.child.System.build`."""
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        from eval.speed.child import Built, read_documents

        records = read_documents(documents)
        store = open_store(folder, self._weights)
        embedding = _timed_embedding(store)
        store.embeddings.embed_query("warm")
        embedding.clear()
        begun = time.perf_counter()
        texts = [Document(f"{one['title']}\n{one['text']}", metadata={"key": one["key"]}) for one in records]
        chunks = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP).split_documents(texts)
        for start in range(0, len(chunks), BATCH):
            store.add_documents(chunks[start : start + BATCH])
        seconds = time.perf_counter() - begun
        characters = sum(len(one["text"]) for one in records)
        return Built(len(records), len(chunks), len(chunks), characters, seconds, sum(embedding))

    def open(self, folder: Path) -> None:
        """See `eval.speed.child.System.open`."""
        self._store = open_store(folder, self._weights)
        self.search("warm")

    def search(self, question: str) -> dict[str, float]:
        """See `eval.speed.child.System.search`."""
        begun = time.perf_counter()
        self._store.similarity_search(question, k=HITS)
        return {"total": (time.perf_counter() - begun) * 1000}


def make() -> Plain:
    """The system with the weights that ours checks at load."""
    from ingest.weights import packaged_weights

    return Plain(str(packaged_weights()))


def _timed_embedding(store: Any) -> list[float]:
    """Seconds of every call of the store's embedder for documents from now on."""
    inner, taken = type(store.embeddings).embed_documents, []

    class Timed(type(store.embeddings)):  # type: ignore[misc]  # LangChain's class is known at run time only
        def embed_documents(self, texts: list[str]) -> Any:
            begun = time.perf_counter()
            vectors = inner(self, texts)
            taken.append(time.perf_counter() - begun)
            return vectors

    store.embeddings.__class__ = Timed
    return taken


def main() -> None:
    """Print the first hits for a question."""
    folder, weights, question = sys.argv[1:]
    for hit in open_store(Path(folder), weights).similarity_search(question, k=HITS):
        print(hit.metadata["key"], hit.page_content[:200].replace("\n", " "))


if __name__ == "__main__":
    main()
