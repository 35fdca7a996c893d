"""Several collections of one index: what is opened when, what answers and figures say of them."""

import threading

import pytest

from ingest.build import build_index
from ingest.errors import UnknownCollectionError
from ingest.index import collection_dir
from ingest.settings import IndexSettings
from qa.assistant import Assistant
from ui.api import endpoints
from ui.app import _offered
from ui.library import MAIN, Library
from ui.shell import shell_html
from ui.visit import answered, moved

QUESTION = "Did gammacept reduce fatigue?"


def made(*paths, into, embedder):
    build_index(into, IndexSettings(), paths=paths, embedder=embedder)


@pytest.fixture
def papers(index_dir, embedder, tmp_path):
    """A collection beside the small corpus, of one file that tells no year."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "note.txt").write_text("Gammacept reduced fatigue in people with progressive MS.\n")
    made(tmp_path / "own", into=collection_dir(index_dir, "papers"), embedder=embedder)
    return index_dir


@pytest.fixture
def library(papers, embedder):
    return Library(Assistant.open(papers, embedder=embedder))


def test_the_index_and_its_collections_can_be_chosen(library):
    assert library.names() == [MAIN, "papers"]
    assert library.start == MAIN


def test_a_collection_is_opened_once_and_shares_the_model(library):
    assert not library.is_open("papers")
    assert library.get("papers") is library.get("papers")
    assert library.get("papers").embedder is library.first.embedder
    assert library.get("") is library.get(None) is library.get(MAIN) is library.first


def test_started_with_a_collection_the_index_itself_can_be_chosen(papers, embedder):
    library = Library(Assistant.open(papers, collection="papers", embedder=embedder))
    assert library.start == "papers"
    assert [source.key for source in library.get(MAIN).sources()] == ["alphamab", "betanib", "walking"]


def test_without_others_only_the_first_is_offered(papers, embedder):
    library = Library(Assistant.open(papers, embedder=embedder), others=False)
    assert library.names() == [MAIN]
    with pytest.raises(UnknownCollectionError, match="papers"):
        library.get("papers")


@pytest.mark.parametrize("name", ["nothing", "../papers", "collections/papers"])
def test_a_collection_that_is_not_there_is_told_with_those_that_are(library, name):
    with pytest.raises(UnknownCollectionError, match=f"Choose one of: {MAIN}, papers"):
        library.get(name)


def test_what_is_open_answers_while_another_is_being_opened(library, monkeypatch):
    begun, go = threading.Event(), threading.Event()

    def slow(_name):
        begun.set()
        go.wait(10)
        return library.first

    monkeypatch.setattr(library, "_open", slow)
    opening = threading.Thread(target=library.get, args=("papers",))
    opening.start()
    begun.wait(10)
    assert library.get().ask("Did alphamab slow disability progression?").statements
    go.set()
    opening.join()


def test_a_collection_that_cannot_be_opened_is_tried_again(library):
    pointer = collection_dir(library.first.index_dir, "papers") / "CURRENT"
    there = pointer.read_text()
    pointer.write_text("none")
    assert "damaged" in list(moved(library, "papers"))[-1]["error"]
    pointer.write_text(there)
    assert list(moved(library, "papers"))[-1]["done"]


def test_an_answer_says_which_collection_it_comes_from(library):
    *_, answer = answered(library, QUESTION, [], {"collection": "papers"})
    assert answer["collection"] == "papers"
    assert "of the collection “papers”" in answer["summary"]
    assert "From the collection “papers”." in answer["exports"]["markdown"]
    assert "From the collection “papers”." in answer["exports"]["text"]


def test_the_way_into_a_collection_shows_a_stage_and_brings_its_filters(library):
    stage, done = moved(library, "papers")
    assert stage == {"stage": "Loading the collection “papers” …"}
    assert done["choices"] == {"drug": [], "form": [], "kind": ["document"], "region": [], "year": []}
    assert done["held"] == "1 source can be asked."


def test_programs_name_a_collection(library):
    ask, search, get_source = endpoints(library)
    assert ask(QUESTION, collection="papers")["citations"][0]["quote"].startswith("Gammacept reduced")
    assert ask(QUESTION, collection="papers")["collection"] == "papers"
    assert {hit["source"]["key"] for hit in search("fatigue", collection="papers")} == {"note"}
    assert "Gammacept" in get_source("note", collection="papers")["text"]
    assert ask("Did alphamab slow disability progression?")["collection"] == MAIN


def test_one_collection_alone_is_not_offered(assistant, library):
    assert '<select name="collection">' not in shell_html(Library(assistant, others=False))
    assert '<option value="@main" selected>Main index</option><option value="papers">papers</option>' in shell_html(
        library
    )


def test_a_source_of_unknown_year_shows_none(library):
    source = library.get("papers").sources()[0]
    assert (source.year, source.dated, source.currency) == (0, "", "")
    *_, answer = answered(library, QUESTION, [], {"collection": "papers"})
    shown = answer["html"] + answer["summary"] + "".join(answer["exports"].values())
    assert "as of unknown" not in shown
    assert ", 0" not in shown
    assert ">0<" not in shown


def test_an_assistant_that_is_mounted_exposes_no_other_collection(papers, embedder):
    assistant = Assistant.open(papers, embedder=embedder)
    assert len(_offered(assistant).names()) == 1 < len(_offered(Library(assistant)).names())
