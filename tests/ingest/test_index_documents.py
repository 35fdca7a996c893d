from contextlib import closing
from dataclasses import replace

import pytest

from ingest.build import index_documents
from ingest.index import Index
from ingest.settings import IndexSettings


@pytest.fixture
def documents(index_dir):
    """The documents of the small corpus, as objects."""
    with closing(Index.open(index_dir)) as index:
        return index.catalog.documents()


def test_documents_without_files_are_indexed_like_those_of_files(tmp_path, index_dir, documents, embedder):
    summary = index_documents(tmp_path / "other", documents, IndexSettings(), embedder=embedder)
    with closing(Index.open(index_dir)) as files, closing(Index.open(tmp_path / "other")) as objects:
        assert objects.catalog.texts() == files.catalog.texts()
        assert objects.manifest.corpus_hash == files.manifest.corpus_hash
        assert summary.chunks == files.manifest.chunks


def test_indexing_documents_replaces_what_was_there(index_dir, documents, embedder):
    index_documents(index_dir, documents[:1], IndexSettings(), embedder=embedder)
    with closing(Index.open(index_dir)) as index:
        assert [source.key for source in index.catalog.sources()] == ["alphamab"]


def test_a_document_without_a_passage_is_kept_beside_the_others(tmp_path, documents, embedder):
    empty = replace(documents[0], text="## A heading alone\n")
    index_documents(tmp_path / "other", [empty, *documents[1:]], IndexSettings(), embedder=embedder)
    with closing(Index.open(tmp_path / "other")) as index:
        assert index.manifest.documents["alphamab"].chunks == 0
        assert len(index.catalog.sources()) == 3
