import shutil
from contextlib import closing

import pytest

from ingest.build import build_index
from ingest.index import Index, collection_dir, collections
from ingest.settings import IndexSettings
from qa.assistant import Assistant
from tests.ingest.files import pdf

NBIB = "PMID- 11\nTI  - On A\nAB  - A helped.\n\nPMID- 12\nTI  - On B\nAB  - B did not help.\n"


@pytest.fixture
def papers(tmp_path):
    """A folder of two notes."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "alpha.txt").write_text("Alpha slows progression.\n")
    (folder / "beta.txt").write_text("Beta does not help.\n")
    return folder


@pytest.fixture
def run(tmp_path, papers, embedder):
    """Bring an index of the papers up to date."""
    return lambda **options: build_index(
        tmp_path / "mine", IndexSettings(), paths=[papers], embedder=embedder, **options
    )


@pytest.fixture
def numbers(tmp_path):
    def read():
        with closing(Index.open(tmp_path / "mine")) as index:
            return {source.key: source.number for source in index.catalog.sources()}

    return read


def test_files_of_others_get_numbers_in_the_order_of_their_names(run, numbers):
    run()
    assert numbers() == {"alpha": 1, "beta": 2}


def test_an_edited_file_keeps_its_number(run, numbers, papers):
    run()
    (papers / "alpha.txt").write_text("Alpha does not slow progression.\n")
    assert run().changed == ["alpha"]
    assert numbers() == {"alpha": 1, "beta": 2}


def test_a_renamed_file_keeps_key_and_number(run, numbers, papers):
    run()
    (papers / "alpha.txt").rename(papers / "zeta.txt")
    assert run().changed == ["alpha"]
    assert numbers() == {"alpha": 1, "beta": 2}


def test_a_number_is_never_given_to_another_file(run, numbers, papers):
    run()
    (papers / "alpha.txt").unlink()
    (papers / "gamma.txt").write_text("Gamma was not tried.\n")
    run()
    assert numbers() == {"beta": 2, "gamma": 3}


def test_a_file_that_comes_back_gets_its_number_back(run, numbers, papers):
    run()
    (papers / "alpha.txt").rename(papers.parent / "alpha.txt")
    run()
    (papers.parent / "alpha.txt").rename(papers / "alpha.txt")
    run()
    assert numbers() == {"alpha": 1, "beta": 2}


def test_rebuilding_keeps_the_numbers(run, numbers, papers):
    run()
    (papers / "aaa.txt").write_text("A new file whose name comes first.\n")
    run(rebuild=True)
    assert numbers() == {"aaa": 3, "alpha": 1, "beta": 2}


def test_numbers_of_others_stay_clear_of_those_that_documents_bring(index_dir, papers, embedder):
    build_index(index_dir, IndexSettings(), paths=[papers], embedder=embedder)
    with closing(Index.open(index_dir)) as index:
        assert [source.number for source in index.catalog.sources()] == [1, 2, 3, 1001, 1002]


def test_two_files_of_one_name_get_keys_of_their_own(run, numbers, papers):
    (papers / "old").mkdir()
    shutil.copy(papers / "beta.txt", papers / "old" / "alpha.txt")
    run()
    assert sorted(numbers()) == ["alpha", "alpha-2", "beta"]


def test_a_sidecar_gives_reference_data_and_its_edit_is_noticed(tmp_path, run, papers, embedder):
    sidecar = papers / "alpha.txt.yaml"
    sidecar.write_text("title: On Alpha\nauthors: [Doe J, Roe R]\nyear: 2021\ndrugs: [alphamab]\n")
    assert len(run().added) == 2
    sidecar.write_text("title: On Alpha\nauthors: [Doe J, Roe R]\nyear: 2022\n")
    assert run().changed == ["alpha"]
    source = Assistant.open(tmp_path / "mine", embedder=embedder).sources()[0]
    assert (source.title, source.authors, source.year) == ("On Alpha", "Doe J, Roe R", 2022)


def test_a_sidecar_at_fault_is_named_with_its_field(run, papers):
    (papers / "alpha.txt.yaml").write_text("colour: red\n")
    summary = run()
    assert ([error.field for error in summary.failed], summary.added) == (["colour"], ["beta"])


def test_articles_of_an_export_are_added_changed_and_removed_one_by_one(run, papers):
    export = papers / "export.nbib"
    export.write_text(NBIB)
    assert run().added == ["alpha", "beta", "pmid-11", "pmid-12"]
    export.write_text(NBIB.replace("did not help", "helped a little"))
    summary = run()
    assert (summary.changed, "pmid-11" in summary.kept) == (["pmid-12"], True)
    export.write_text(NBIB[: NBIB.index("PMID- 12")])
    assert run().removed == ["pmid-12"]


def test_a_file_that_can_no_longer_be_read_keeps_its_earlier_version(run, numbers, papers):
    run()
    (papers / "alpha.txt").write_bytes(b"")
    assert [error.problem for error in run().failed] == ["is empty"]
    assert numbers() == {"alpha": 1, "beta": 2}


def test_a_citation_names_the_page(tmp_path, papers, embedder):
    other = "Betanib lowers the number of relapses in people."
    pages = [(50, 700, 10, other)], [(50, 700, 10, "Alphamab slows progression in primary progressive MS.")]
    (papers / "leaflet.pdf").write_bytes(pdf(*pages))
    build_index(tmp_path / "mine", IndexSettings(), paths=[papers / "leaflet.pdf"], embedder=embedder)
    assistant = Assistant.open(tmp_path / "mine", embedder=embedder)
    hit = assistant.retrieve("Alphamab progression primary progressive", k=1)[0]
    place = hit.text.index("Alphamab") + hit.start
    assert (hit.page, hit.page_of(place)) == (1, 2)


def test_collections_stand_beside_each_other(tmp_path, papers, embedder):
    for name in ("mine", "yours"):
        folder = collection_dir(tmp_path / "index", name)
        build_index(folder, IndexSettings(), paths=[papers], embedder=embedder)
    assert collections(tmp_path / "index") == ["mine", "yours"]
    assistant = Assistant.open(tmp_path / "index", collection="mine", embedder=embedder)
    assert [source.key for source in assistant.sources()] == ["alpha", "beta"]


@pytest.mark.parametrize("name", ["../up", "", "a/b", "."])
def test_a_collection_cannot_lead_elsewhere(tmp_path, name):
    with pytest.raises(ValueError, match="collection is"):
        collection_dir(tmp_path, name)
