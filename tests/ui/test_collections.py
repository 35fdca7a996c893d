"""Choosing a collection in Chromium; pages and unknown years of its documents. Switch on with: pytest -m browser."""

import threading

import pytest

from ingest.build import index_documents
from ingest.document import Document, Source
from ingest.index import collection_dir
from ingest.settings import IndexSettings
from qa.assistant import Assistant
from tests.ui.test_accessibility import findings
from ui.library import Library

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]  # of the libraries that serve in this process
QUESTION = "Did gammacept reduce fatigue?"
OTHER = "Did alphamab slow disability progression?"
TEXT = (
    "## Outcomes\n\nGammacept was given to people with progressive MS for a year.\f"
    "Gammacept reduced fatigue in people with progressive MS.\n"
)


class Waiting(Library):
    """A library whose other collections are opened when `go` is set."""

    def __init__(self, first):
        super().__init__(first)
        self.go = threading.Event()

    def _open(self, name):
        self.go.wait(20)
        return super()._open(name)


@pytest.fixture
def library(index_dir, embedder):
    """The small corpus with the collection papers: one document of two pages and unknown year."""
    source = Source(
        "leaflet", 1, "A leaflet", "Doe J", "leaflet.pdf", 0, "leaflet", "", "unknown", drugs=("gammacept",)
    )
    papers = collection_dir(index_dir, "papers")
    index_documents(papers, [Document(source, TEXT, "", "", "x")], IndexSettings(), embedder=embedder)
    made = Waiting(Assistant.open(index_dir, embedder=embedder))
    made.go.set()
    yield made
    made.go.set()


@pytest.fixture
def choose():
    def chosen(page, name):
        page.click("[data-dialog=settings]")
        page.select_option("#settings [name=collection]", name)
        page.get_by_role("button", name="Done").click()

    return chosen


def arrived(page):
    page.locator("#held", has_text="1 source can be asked").wait_for(state="attached")


def test_with_one_collection_there_is_no_chooser(serve, visit, assistant):
    page = visit(serve(assistant))
    page.click("[data-dialog=settings]")
    assert page.locator("#settings select").count() == 3
    assert page.locator("[name=collection]").count() == 0


def test_the_chosen_collection_answers_says_so_and_is_remembered(serve, visit, ask, choose, library):
    page = visit(serve(library))
    choose(page, "papers")
    arrived(page)
    assert page.locator("[data-list=kinds] input").evaluate_all("all => all.map(b => b.value)") == ["leaflet"]
    turn = ask(page, QUESTION)
    assert "of the collection “papers”" in turn.locator(".summary").first.inner_text()
    page.reload()
    page.wait_for_selector("#msqa[data-ready]")
    assert page.locator("#settings [name=collection]").input_value() == "papers"
    arrived(page)


def test_loading_is_seen_and_the_answer_under_way_is_not_broken(serve, visit, ask, choose, library):
    page = visit(serve(library))
    turn = ask(page, OTHER)
    library.go.clear()
    choose(page, "papers")
    page.locator("#ask-form .loading", has_text="Loading the collection “papers”").wait_for()
    turn.locator(".mark").first.click()
    page.locator("#panel").get_by_role("button", name="Whole document").first.click()
    page.locator("#panel .document", has_text="Infusion reactions").wait_for()
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.locator(".turn").nth(1).get_by_text("Loading the collection").wait_for()
    library.go.set()
    page.locator(".turn").nth(1).locator(".sources").wait_for()
    page.locator("#ask-form .loading").wait_for(state="hidden")
    assert turn.locator(".sources").is_visible()


def test_documents_open_from_the_collection_that_the_answer_came_from(serve, visit, ask, choose, library):
    page = visit(serve(library))
    turn = ask(page, OTHER)
    choose(page, "papers")
    arrived(page)
    turn.locator(".mark").first.click()
    page.locator("#panel").get_by_role("button", name="Whole document").first.click()
    page.locator("#panel .document", has_text="Infusion reactions").wait_for()


def test_a_collection_that_cannot_be_opened_leaves_the_one_before(serve, visit, ask, choose, library):
    page = visit(serve(library))
    (collection_dir(library.first.index_dir, "papers") / "CURRENT").write_text("none")
    choose(page, "papers")
    page.locator("#ask-form .loading.error", has_text="damaged").wait_for()
    assert page.locator("#settings [name=collection]").input_value() == "@main"
    ask(page, OTHER).locator(".sources").wait_for()


def test_a_link_names_the_collection(serve, visit, ask, choose, library):
    address = serve(library)
    page = visit(address)
    choose(page, "papers")
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Copy link").click()
    turn.get_by_role("button", name="Copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    fresh = visit(link)
    assert "of the collection “papers”" in fresh.locator(".turn .summary").first.inner_text()
    lost = visit(f"{address}/?collection=gone")
    assert "which is not here" in lost.locator("#ask-form .loading").inner_text()


def test_the_evidence_view_follows_the_collection(serve, visit, choose, library):
    page = visit(serve(library))
    page.click("[data-view=evidence]")
    page.locator(".sources-table", has_text="alphamab").wait_for()
    choose(page, "papers")
    page.locator(".sources-table", has_text="leaflet").wait_for()
    assert page.locator("#evidence-filters [name=drugs] option").all_inner_texts() == ["All", "gammacept"]
    page.locator(".sources-table .open").click()
    page.locator("#panel .document .page", has_text="p. 2").wait_for()


def test_the_page_is_shown_and_an_unknown_year_is_not(serve, visit, ask, choose, library):
    page = visit(serve(library))
    choose(page, "papers")
    arrived(page)
    turn = ask(page, QUESTION)
    assert turn.locator(".sources .meta").inner_text() == "leaflet"
    turn.locator(".mark").first.click()
    card = page.locator("#panel .card.chosen")
    assert card.locator(".where").inner_text() == "Section “Outcomes”, p. 2"
    assert card.locator(".reference").inner_text() == "Doe J. A leaflet. leaflet.pdf. p. 2."
    assert card.locator(".badge.date").count() == 0
    turn.locator(".mark").first.hover()
    assert "p. 2" in page.locator("#tip").inner_text()
    page.keyboard.press("Escape")
    page.click("[data-view=evidence]")
    assert page.locator(".sources-table td:nth-child(6)").inner_text() == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(serve, visit, ask, library, scheme):
    page = visit(serve(library), color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    library.go.clear()
    page.click("[data-dialog=settings]")
    page.select_option("#settings [name=collection]", "papers")
    page.locator("#settings .loading").wait_for()
    assert findings(page) == []
    page.get_by_role("button", name="Done").click()
    assert findings(page) == []
    library.go.set()
    arrived(page)
    ask(page, QUESTION).locator(".mark").first.click()
    assert findings(page) == []
