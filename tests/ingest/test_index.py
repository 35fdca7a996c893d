import json
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest

import corpus
from ingest.build import build_index
from ingest.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, IndexUnreadableError
from ingest.index import ENVIRONMENT, Index, Layout, configured_index_dir, default_index_dir
from ingest.manifest import FORMAT_VERSION, Manifest
from ingest.settings import IndexSettings

REBUILD = "python -m ingest --rebuild"


def older_version(folder):
    values = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**values, "format_version": FORMAT_VERSION - 1}))


def fewer_chunks(folder):
    with closing(sqlite3.connect(folder / "catalog.db")) as connection, connection:
        connection.execute("DELETE FROM chunks WHERE chunk_id = 'walking/0'")


def truncated(name):
    def truncate(folder):
        (path,) = folder.glob(name)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return truncate


def emptied(name):
    return lambda folder: (folder / name).write_bytes(b"")


def missing(name):
    def remove(folder):
        shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()

    return remove


def current(content):
    return lambda folder: (folder.parents[1] / "CURRENT").write_bytes(content)


DAMAGE = [
    pytest.param(missing("manifest.json"), "manifest", id="manifest missing"),
    pytest.param(truncated("manifest.json"), "manifest", id="manifest truncated"),
    pytest.param(lambda folder: (folder / "manifest.json").write_text("[]"), "manifest", id="manifest of a list"),
    pytest.param(current(b"nowhere"), "'nowhere', which is not there", id="CURRENT points nowhere"),
    pytest.param(current(b""), "'', which is not there", id="CURRENT empty"),
    pytest.param(current(b"\xff\xfe"), "CURRENT cannot be read", id="CURRENT of bytes"),
    pytest.param(missing(""), "which is not there", id="generation missing"),
    pytest.param(missing("catalog.db"), "Error: ", id="catalog missing"),
    pytest.param(truncated("catalog.db"), "Error: ", id="catalog truncated"),
    pytest.param(emptied("catalog.db"), "Error: ", id="catalog empty"),
    pytest.param(lambda folder: (folder / "catalog.db").write_bytes(b"garbage" * 99), "Error: ", id="garbage"),
    pytest.param(missing("chroma"), "Error: ", id="chroma missing"),
    pytest.param(emptied("chroma/chroma.sqlite3"), "Error: ", id="chroma empty"),
    pytest.param(missing("bm25"), "Error: ", id="bm25 missing"),
    pytest.param(missing("bm25/ids.json"), "Error: ", id="ids of bm25 missing"),
    pytest.param(truncated("bm25/data*.npy"), "Error: ", id="scores of bm25 truncated"),
    pytest.param(emptied("bm25/data.csc.index.npy"), "Error: ", id="scores of bm25 empty"),
    pytest.param(fewer_chunks, "the stores hold", id="counts disagree"),
]
STRUCK = [*(pytest.param(*param.values[:1], id=param.id) for param in DAMAGE), pytest.param(older_version, id="older")]


@pytest.fixture
def generation(index_dir):
    """The folder of the current generation."""
    return index_dir / "generations" / Layout(index_dir).current()


@pytest.fixture
def index(index_dir):
    with closing(Index.open(index_dir)) as index:
        yield index


def test_no_index_is_told_with_the_command_that_builds_it(tmp_path):
    with pytest.raises(IndexMissingError, match=f"python -m ingest --index {tmp_path}/index"):
        Index.open(tmp_path / "index")


def test_an_index_folder_that_is_a_file_holds_no_index(tmp_path):
    (tmp_path / "index").touch()
    with pytest.raises(IndexMissingError):
        Index.open(tmp_path / "index")


@pytest.mark.parametrize(("damage", "problem"), DAMAGE)
def test_damage_is_told_with_the_command_that_repairs_it(index_dir, generation, damage, problem):
    damage(generation)
    with pytest.raises(IndexDamagedError) as caught:
        Index.open(index_dir)
    assert all(part in str(caught.value) for part in (str(index_dir), problem, REBUILD))


def test_an_index_of_an_older_version_is_told_with_the_command_that_rebuilds_it(index_dir, generation):
    older_version(generation)
    with pytest.raises(IndexMismatchError, match=f"version.*{REBUILD}"):
        Index.open(index_dir)


@pytest.mark.parametrize("damage", STRUCK)
def test_the_command_that_the_error_names_repairs_the_index(index_dir, generation, small_corpus, embedder, damage):
    damage(generation)
    build_index(index_dir, IndexSettings(), paths=[small_corpus], rebuild=True, embedder=embedder)
    with closing(Index.open(index_dir)) as index:
        assert [source.key for source in index.catalog.sources()] == ["alphamab", "betanib", "walking"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(missing("manifest.json"), id="manifest missing"),
        pytest.param(missing("catalog.db"), id="catalog missing"),
        pytest.param(missing("chroma"), id="chroma missing"),
        pytest.param(truncated("catalog.db"), id="catalog truncated"),
        pytest.param(emptied("catalog.db"), id="catalog empty"),
        pytest.param(emptied("chroma/chroma.sqlite3"), id="chroma empty"),
        pytest.param(fewer_chunks, id="counts disagree"),
    ],
)
def test_updating_a_damaged_index_is_refused_with_its_error(index_dir, generation, write_document, embedder, damage):
    write_document("delta", 4)
    damage(generation)
    with pytest.raises(IndexUnreadableError, match=REBUILD):
        build_index(index_dir, IndexSettings(), embedder=embedder)


def test_other_settings_than_expected_are_an_error(index_dir):
    with pytest.raises(IndexMismatchError, match=f"'runtime': 'int8'.*'runtime': 'torch'.*{REBUILD}"):
        Index.open(index_dir, expected=IndexSettings(runtime="torch"))


def test_the_expected_settings_open(index_dir):
    with closing(Index.open(index_dir, expected=IndexSettings())) as index:
        assert index.manifest.settings == IndexSettings()


@pytest.mark.parametrize("options", [{"runtime": "gpu"}, {"chunk_tokens": 15}], ids=["runtime", "chunk_tokens"])
def test_a_setting_that_cannot_be_is_refused_with_its_value(options):
    (value,) = options.values()
    with pytest.raises(ValueError, match=f"{value}.*choose"):
        IndexSettings(**options)


def test_a_manifest_reads_as_it_was_written(tmp_path, index):
    index.manifest.write(tmp_path)
    assert Manifest.read(tmp_path, tmp_path) == index.manifest


def test_equal_documents_give_equal_corpus_hashes_wherever_they_are(tmp_path, index, small_corpus, embedder):
    small_corpus.rename(tmp_path / "elsewhere")
    build_index(tmp_path / "other", IndexSettings(), paths=[tmp_path / "elsewhere"], embedder=embedder)
    with closing(Index.open(tmp_path / "other")) as other:
        assert other.manifest.corpus_hash == index.manifest.corpus_hash


def test_the_catalog_gives_documents_as_they_were_loaded(index, small_corpus):
    document = index.catalog.document("alphamab")
    assert (small_corpus / "alphamab.md").read_text().endswith(f"---\n{document.text}")
    assert (document.source.number, document.root, document.path) == (1, str(small_corpus), "alphamab.md")
    assert [document.source.key for document in index.catalog.documents()] == ["alphamab", "betanib", "walking"]


def test_a_document_that_is_not_there_is_a_key_error(index):
    with pytest.raises(KeyError, match="nothing"):
        index.catalog.document("nothing")


def test_the_catalog_gives_chunks_with_the_unit_vectors_of_their_sentences(index):
    stored = index.catalog.chunks(["alphamab/1", "nothing/0"])
    assert list(stored) == ["alphamab/1"]
    chunk, vectors = stored["alphamab/1"].chunk, stored["alphamab/1"].vectors
    assert (chunk.key, chunk.section, len(chunk.sentences)) == ("alphamab", "Results", 2)
    assert chunk.span.of(index.catalog.document("alphamab").text) == chunk.text
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 1], atol=1e-3)
    assert vectors.dtype == np.float32


def test_the_chunks_of_a_document_come_in_order(index):
    assert [stored.chunk.chunk_id for stored in index.catalog.chunks_of("alphamab")] == ["alphamab/0", "alphamab/1"]
    assert index.catalog.chunks_of("nothing") == []


def test_texts_for_bm25_hold_title_heading_and_passage(index):
    texts = dict(index.catalog.texts())
    assert texts["betanib/1"] == "The betanib study\nSafety\nLiver enzymes rose in 4% of people on betanib in TWO."
    assert list(texts) == index.catalog.chunk_ids() == index.sparse.chunk_ids


def test_an_open_index_goes_on_reading_its_generation(index, index_dir, small_corpus, embedder):
    (small_corpus / "betanib.md").unlink()
    build_index(index_dir, IndexSettings(), embedder=embedder)
    assert index.catalog.document("betanib").source.number == 2
    assert "betanib/0" in index.vectors.nearest(embedder.encode(["betanib"])[0], 9)
    assert "betanib/0" in index.sparse.best("betanib", 9)


def test_the_folder_of_an_index_may_have_any_name(tmp_path, small_corpus, embedder):
    build_index(tmp_path / "Über uns #1 100% ?", IndexSettings(), paths=[small_corpus], embedder=embedder)
    with closing(Index.open(tmp_path / "Über uns #1 100% ?")) as index:
        assert len(index.vectors.nearest(embedder.encode(["MS"])[0], 9)) == index.manifest.chunks


def test_the_index_is_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert configured_index_dir() == tmp_path


@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
def test_the_index_is_in_the_checkout_when_the_environment_says_nothing(monkeypatch, value):
    monkeypatch.setenv(ENVIRONMENT, value) if value is not None else monkeypatch.delenv(ENVIRONMENT, raising=False)
    assert configured_index_dir() == corpus.checkout_dir() / ".index"


def test_the_index_of_an_installed_package_is_in_the_data_folder_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "ROOT", tmp_path / "site-packages" / "corpus")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_index_dir().is_relative_to(tmp_path)
    assert not default_index_dir().is_relative_to(tmp_path / "site-packages")
