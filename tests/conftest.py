"""Fakes with meaning, and a small corpus that every test can rely on."""

from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
import yaml

from ingest.build import build_index
from ingest.embed import Vectors
from ingest.settings import IndexSettings
from qa.assistant import Assistant


class BagOfWordsEmbedder:
    """Texts that share words land close together; no model, same on every machine. A word is a token."""

    max_tokens = 64
    for_questions = None

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        vectors = np.zeros((len(texts), 256), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in text.lower().replace("?", " ").replace(".", " ").split():
                vector[crc32(word.encode()) % 256] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / np.maximum(norms, 1e-9)).astype(np.float32)

    def count_tokens(self, text: str) -> int:
        return len(text.split()) + 2

    def vocabulary_rank(self, word: str) -> int | None:  # noqa: ARG002  # knows no word to be common
        return None

    def vocabulary(self) -> list[str]:
        return []


FIELDS = {
    "authors": "Doe J, Roe R, et al.",
    "container": "Journal of Examples 2020;1:1-9",
    "year": 2020,
    "kind": "randomized trial",
    "doi": "10.1000/example",
    "pmid": "1",
    "nct": None,
    "url": "https://doi.org/10.1000/example",
    "topics": ["example"],
    "phenotypes": ["PPMS"],
    "drugs": [],
    "as_of": "2020-01",
}

TEXTS = {
    "alphamab": (
        "## Bottom line\n\nAlphamab slowed disability progression in people with primary progressive MS in ONE.\n"
        "\n## Results\n\nIn ONE, the hazard ratio for progression with alphamab was 0.76 (95% CI 0.59 to 0.98)."
        "\nInfusion reactions occurred in 34% of people on alphamab in ONE.\n"
    ),
    "betanib": (
        "## Bottom line\n\nBetanib did not slow progression in people with secondary progressive MS in the TWO trial."
        "\n\n## Safety\n\nLiver enzymes rose in 4% of people on betanib in TWO.\n"
        "\n## Reading\n\nBetanib should not be seen as a treatment for secondary progressive MS.\n"
    ),
    "walking": (
        "## Bottom line\n\nA standing frame helped people with progressive MS to keep their balance.\n"
        "\n## Who and how\n\nThe standing frame was used at home for 30 minutes three times a week.\n"
    ),
}

WriteDocument = Callable[..., Path]


@pytest.fixture
def write_document(tmp_path: Path) -> WriteDocument:
    """Write a document with valid front matter into the test's own corpus folder; `fields` override."""

    def write(key: str, number: int, text: str = "Some sentence about MS.\n", **fields: object) -> Path:
        path = tmp_path / "corpus" / f"{key}.md"
        path.parent.mkdir(exist_ok=True)
        front = {"key": key, "number": number, "title": f"The {key} study", **FIELDS, **fields}
        path.write_text(f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n{text}", encoding="utf-8")
        return path

    return write


@pytest.fixture
def small_corpus(write_document: WriteDocument) -> Path:
    """Three documents: alphamab (1), betanib (2), walking (3)."""
    for number, (key, text) in enumerate(TEXTS.items(), start=1):
        path = write_document(key, number, text, drugs=[key] if key != "walking" else [])
    return path.parent


@pytest.fixture
def embedder() -> BagOfWordsEmbedder:
    return BagOfWordsEmbedder()


@pytest.fixture
def index_dir(tmp_path: Path, small_corpus: Path, embedder: BagOfWordsEmbedder) -> Path:
    """An index of the small corpus, built with the fake embedder and the real Chroma."""
    build_index(tmp_path / "index", IndexSettings(), paths=[small_corpus], embedder=embedder)
    return tmp_path / "index"


@pytest.fixture
def assistant(index_dir: Path, embedder: BagOfWordsEmbedder) -> Assistant:
    return Assistant.open(index_dir, embedder=embedder)


@pytest.fixture(scope="session")
def packaged_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged corpus, indexed once with the real model (half a minute)."""
    folder = tmp_path_factory.mktemp("packaged") / "index"
    build_index(folder, IndexSettings())
    return folder
