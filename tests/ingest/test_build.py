import shutil
from contextlib import closing

import numpy as np
import pytest

import corpus
from ingest.build import build_index
from ingest.errors import IndexMismatchError, UnknownPathError
from ingest.index import Index, Layout
from ingest.load import PACKAGED
from ingest.settings import IndexSettings

SETTINGS = IndexSettings()


@pytest.fixture
def update(index_dir, embedder):
    """Bring the index of the small corpus up to date once more; what was encoded before is forgotten."""
    embedder.encoded.clear()

    def run(settings=SETTINGS, **options):
        return build_index(index_dir, settings, **{"embedder": embedder, **options})

    return run


def content(index_dir):
    """The text of every document in the index, by key."""
    with closing(Index.open(index_dir)) as index:
        return {document.source.key: document.text.split("---\n")[-1] for document in index.catalog.documents()}


def keys(index_dir):
    return sorted(content(index_dir))


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_first_run_adds_every_document(tmp_path, small_corpus, embedder):
    summary = build_index(tmp_path / "index", SETTINGS, paths=[small_corpus], embedder=embedder)
    assert (summary.added, summary.kept, summary.failed) == (["alphamab", "betanib", "walking"], [], [])
    assert keys(tmp_path / "index") == summary.added


def test_a_second_run_embeds_nothing_and_keeps_the_generation(index_dir, update, embedder):
    before = Layout(index_dir).current()
    assert update().kept == ["alphamab", "betanib", "walking"]
    assert (embedder.encoded, Layout(index_dir).current()) == ([], before)


def test_an_edited_file_embeds_only_its_own_texts(index_dir, small_corpus, update, embedder):
    edit(small_corpus / "walking.md", "balance", "footing")
    summary = update()
    assert (summary.changed, summary.kept) == (["walking"], ["alphamab", "betanib"])
    assert embedder.encoded[:3] == ["The walking study", "Bottom line", "Who and how"]
    assert ["standing frame" in text for text in embedder.encoded[3:]] == [True, True]
    assert "footing" in content(index_dir)["walking"]


def test_a_removed_file_is_removed(index_dir, small_corpus, update, embedder):
    (small_corpus / "betanib.md").unlink()
    assert update().removed == ["betanib"]
    with closing(Index.open(index_dir)) as index:
        assert [source.key for source in index.catalog.sources()] == ["alphamab", "walking"]
        assert not [found for found in index.sparse.best("betanib", 9) if found.startswith("betanib")]
        assert len(index.vectors.nearest(embedder.encode(["betanib"])[0], 99)) == index.manifest.chunks


def test_a_file_renamed_with_its_key_keeps_its_number(index_dir, small_corpus, update):
    edit(small_corpus / "walking.md", "key: walking", "key: standing")
    (small_corpus / "walking.md").rename(small_corpus / "standing.md")
    summary = update()
    assert (summary.added, summary.removed) == (["standing"], ["walking"])
    assert keys(index_dir) == ["alphamab", "betanib", "standing"]


def test_a_file_moved_to_another_folder_stays_one_document(index_dir, small_corpus, update):
    (small_corpus / "sub").mkdir()
    (small_corpus / "walking.md").rename(small_corpus / "sub" / "walking.md")
    assert update().removed == []
    assert keys(index_dir) == ["alphamab", "betanib", "walking"]


def test_two_documents_may_exchange_their_numbers(index_dir, small_corpus, update):
    edit(small_corpus / "alphamab.md", "number: 1", "number: 2")
    edit(small_corpus / "betanib.md", "number: 2", "number: 1")
    assert update().failed == []
    with closing(Index.open(index_dir)) as index:
        assert [source.key for source in index.catalog.sources()] == ["betanib", "alphamab", "walking"]


def test_a_file_that_breaks_keeps_its_earlier_version_and_is_reported(index_dir, small_corpus, update):
    before = content(index_dir)
    (small_corpus / "walking.md").write_text("no front matter")
    summary = update()
    assert [(error.path.name, error.field) for error in summary.failed] == [("walking.md", "front matter")]
    assert (summary.removed, content(index_dir)) == ([], before)


def test_a_broken_file_that_is_mended_is_updated(index_dir, small_corpus, update):
    good = (small_corpus / "walking.md").read_text()
    (small_corpus / "walking.md").write_text("no front matter")
    update()
    (small_corpus / "walking.md").write_text(good.replace("balance", "footing"))
    assert update().changed == ["walking"]
    assert "footing" in content(index_dir)["walking"]


def test_a_broken_file_does_not_keep_the_others_from_being_indexed(index_dir, small_corpus, update, write_document):
    (small_corpus / "broken.md").write_text("---\nkey: broken\n")
    write_document("delta", 4)
    summary = update()
    assert (summary.added, [error.path.name for error in summary.failed]) == (["delta"], ["broken.md"])
    assert "delta" in keys(index_dir)


def test_a_file_that_cannot_be_read_keeps_its_earlier_version_and_is_reported(index_dir, small_corpus, update):
    (small_corpus / "walking.md").unlink()
    (small_corpus / "walking.md").symlink_to("nowhere")
    assert [error.path.name for error in update().failed] == ["walking.md"]
    assert "walking" in keys(index_dir)


def test_a_document_without_a_sentence_does_not_keep_the_others_from_being_indexed(index_dir, update, write_document):
    write_document("delta", 4)
    write_document("empty", 5, "## Only a heading\n")
    update()
    assert "delta" in keys(index_dir)


def test_of_two_documents_with_one_number_the_indexed_one_stays(index_dir, update, write_document):
    write_document("aaa", 3)
    summary = update()
    assert [(error.path.name, error.field) for error in summary.failed] == [("aaa.md", "number")]
    assert keys(index_dir) == ["alphamab", "betanib", "walking"]


def test_an_edit_that_takes_the_number_of_another_document_is_refused(index_dir, small_corpus, update):
    before = content(index_dir)
    edit(small_corpus / "alphamab.md", "number: 1", "number: 2")
    assert [error.path.name for error in update().failed] == ["alphamab.md"]
    assert content(index_dir) == before


def test_the_number_of_a_file_that_broke_stays_taken(index_dir, small_corpus, update, write_document):
    (small_corpus / "walking.md").write_text("no front matter")
    write_document("delta", 3)
    assert sorted(error.path.name for error in update().failed) == ["delta.md", "walking.md"]
    assert keys(index_dir) == ["alphamab", "betanib", "walking"]


def test_the_number_of_a_refused_edit_stays_taken(index_dir, small_corpus, update, write_document):
    edit(small_corpus / "alphamab.md", "number: 1", "number: 2")
    write_document("delta", 1)
    assert sorted(error.path.name for error in update().failed) == ["alphamab.md", "delta.md"]
    assert keys(index_dir) == ["alphamab", "betanib", "walking"]


def test_a_key_in_two_folders_is_refused_the_second_time(index_dir, small_corpus, update):
    (small_corpus / "sub").mkdir()
    shutil.copy(small_corpus / "walking.md", small_corpus / "sub" / "walking.md")
    assert [(error.path.parent.name, error.field) for error in update().failed] == [("sub", "key")]
    assert keys(index_dir) == ["alphamab", "betanib", "walking"]


def test_an_updated_index_finds_what_one_built_from_nothing_finds(
    tmp_path, index_dir, small_corpus, update, write_document, embedder
):
    edit(small_corpus / "walking.md", "balance", "footing")
    update()
    (small_corpus / "betanib.md").unlink()
    write_document("delta", 2, "## Results\n\nDelta steadied the footing.\n\n## Safety\n\nNobody fell.\n")
    update()
    build_index(tmp_path / "fresh", SETTINGS, paths=[small_corpus], embedder=embedder)
    with closing(Index.open(index_dir)) as updated, closing(Index.open(tmp_path / "fresh")) as fresh:
        assert sorted(updated.catalog.texts()) == sorted(fresh.catalog.texts())
        assert updated.manifest.corpus_hash == fresh.manifest.corpus_hash
        assert updated.sparse.best("delta footing", 9) == pytest.approx(fresh.sparse.best("delta footing", 9))
        query = embedder.encode(["delta footing"])[0]
        assert updated.vectors.nearest(query, 99) == pytest.approx(fresh.vectors.nearest(query, 99), abs=1e-6)


def test_chunks_and_sentences_keep_the_vectors_of_their_own_texts(index_dir, embedder):
    with closing(Index.open(index_dir)) as index:
        ids = index.catalog.chunk_ids()
        for chunk_id, title_and_text in index.catalog.texts():
            (nearest, *_) = index.vectors.nearest(embedder.encode([title_and_text])[0], 1)
            assert nearest == chunk_id
        for stored in index.catalog.chunks(ids).values():
            text = index.catalog.document(stored.chunk.key).text
            wanted = embedder.encode([span.of(text) for span in stored.chunk.sentences])
            assert np.allclose(stored.vectors, wanted, atol=1e-3)


def test_adding_a_second_root_keeps_the_first(tmp_path, index_dir, update, write_document):
    other = tmp_path / "other"
    other.mkdir()
    write_document("delta", 4).rename(other / "delta.md")
    assert update(paths=[other]).added == ["delta"]
    assert keys(index_dir) == ["alphamab", "betanib", "delta", "walking"]
    assert update().kept == ["alphamab", "betanib", "walking", "delta"]


def test_a_single_file_can_be_a_root(tmp_path, small_corpus, embedder):
    build_index(tmp_path / "one", SETTINGS, paths=[small_corpus / "walking.md"], embedder=embedder)
    assert keys(tmp_path / "one") == ["walking"]


def test_removing_a_root_removes_its_documents(tmp_path, index_dir, small_corpus, update, write_document):
    other = tmp_path / "other"
    other.mkdir()
    write_document("delta", 4).rename(other / "delta.md")
    update(paths=[other])
    assert update(remove=[small_corpus]).removed == ["alphamab", "betanib", "walking"]
    assert keys(index_dir) == ["delta"]


@pytest.fixture
def packaged(tmp_path, small_corpus, monkeypatch):
    """The small corpus in the place of the documents of the package."""
    monkeypatch.setattr(corpus, "ROOT", tmp_path / "installed")
    (tmp_path / "installed").mkdir()
    return small_corpus.rename(tmp_path / "installed" / "documents")


@pytest.mark.usefixtures("packaged")
def test_without_paths_a_new_index_holds_the_packaged_documents(tmp_path, embedder):
    build_index(tmp_path / "index", SETTINGS, embedder=embedder)
    with closing(Index.open(tmp_path / "index")) as index:
        assert list(index.manifest.documents) == ["alphamab", "betanib", "walking"]
        assert index.manifest.roots == (PACKAGED,) == ("@corpus",)


def test_the_packaged_documents_are_known_again_where_the_package_has_moved(tmp_path, packaged, embedder, monkeypatch):
    build_index(tmp_path / "index", SETTINGS, embedder=embedder)
    packaged.parent.rename(tmp_path / "moved")
    monkeypatch.setattr(corpus, "ROOT", tmp_path / "moved")
    assert build_index(tmp_path / "index", SETTINGS, embedder=embedder).kept == ["alphamab", "betanib", "walking"]


def test_a_root_that_vanished_is_an_error_and_leaves_the_index_as_it_was(index_dir, small_corpus, update):
    before = content(index_dir)
    small_corpus.rename(small_corpus.with_name("elsewhere"))
    with pytest.raises(UnknownPathError, match=f"--remove {small_corpus}"):
        update()
    assert content(index_dir) == before


def test_a_root_that_vanished_can_be_removed(index_dir, small_corpus, update):
    small_corpus.rename(small_corpus.with_name("elsewhere"))
    assert update(remove=[small_corpus]).removed == ["alphamab", "betanib", "walking"]
    assert keys(index_dir) == []


def test_other_settings_are_an_error_and_leave_the_index_as_it_was(index_dir, update):
    before = Layout(index_dir).current()
    with pytest.raises(IndexMismatchError, match=r"'chunk_tokens': 160.*'chunk_tokens': 32.*--rebuild"):
        update(IndexSettings(chunk_tokens=32))
    assert Layout(index_dir).current() == before


def test_rebuilding_embeds_everything_again_with_the_settings_asked_for(index_dir, update, embedder):
    summary = update(IndexSettings(chunk_tokens=32), rebuild=True)
    assert (summary.added, summary.kept) == (["alphamab", "betanib", "walking"], [])
    assert embedder.encoded
    with closing(Index.open(index_dir, expected=IndexSettings(chunk_tokens=32))) as index:
        assert index.manifest.chunks == summary.chunks


def test_rebuilding_keeps_the_roots(index_dir, small_corpus, update):
    update(rebuild=True)
    with closing(Index.open(index_dir)) as index:
        assert index.manifest.roots == (str(small_corpus),)


def test_only_the_current_and_the_previous_generation_are_kept(index_dir, update, write_document):
    generations = [Layout(index_dir).current()]
    for number in (4, 5, 6):
        write_document(f"new-{number}", number)
        generations.append(update().generation)
    assert {path.name for path in (index_dir / "generations").iterdir()} == set(generations[-2:])
    assert Layout(index_dir).current() == generations[-1]


def test_progress_is_told_from_nothing_to_all(tmp_path, small_corpus, embedder):
    told = []
    build_index(
        tmp_path / "index",
        SETTINGS,
        paths=[small_corpus],
        embedder=embedder,
        progress=lambda *step: told.append(step),
    )
    stages = ("reading files", "embedding documents")
    assert told == [(stage, done, 3) for stage in stages for done in range(4)]
