"""What a reader sees of an answer that takes its time, breaks off or is refused. Switch on with: pytest -m browser."""

import threading

import pytest

from ingest.errors import IngestError
from qa.assistant import Assistant
from ui.limits import Limits

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]  # of the libraries that serve in this process
QUESTION = "Did alphamab slow disability progression?"


class Held:
    """An assistant whose answers wait until `go` is set, or fail while `broken` is."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.go = threading.Event()
        self.broken = False

    def __getattr__(self, name):
        return getattr(self._assistant, name)

    def stream(self, *asked, **how):
        if self.broken:
            raise IngestError("The index is damaged. Build it again.")
        events = self._assistant.stream(*asked, **how)
        yield next(events)
        while not self.go.wait(0.05):
            pass
        yield from events


@pytest.fixture
def held(assistant):
    held = Held(assistant)
    yield held
    held.go.set()


def test_a_stage_is_seen_the_answer_can_be_stopped_and_asked_for_again(serve, visit, held):
    page = visit(serve(held))
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.locator("#turns").get_by_text("Found passages in").wait_for()
    stage = page.locator(".turn .stage").element_handle()
    page.wait_for_timeout(350)  # the very thing tested: a stage is hidden for 300 ms and then shows
    assert stage.evaluate("stage => getComputedStyle(stage).opacity") == "1"
    page.get_by_role("button", name="Stop").click()
    page.locator("#turns").get_by_text("Stopped.").wait_for()
    held.go.set()
    page.get_by_role("button", name="Try again").click()
    page.locator(".turn .sources").wait_for()
    assert page.locator(".turn").count() == 1


def test_an_error_is_told_with_its_remedy(serve, visit, held):
    page = visit(serve(held))
    held.broken = True
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.locator("#turns").get_by_text("The index is damaged. Build it again.").wait_for()
    held.broken = False
    held.go.set()
    page.get_by_role("button", name="Try again").click()
    page.locator(".turn .sources").wait_for()


def test_who_asks_too_often_is_told_to_wait(serve, browser, assistant):
    tab = browser.new_page()  # not `visit`: the refusal is an error in the browser's log, as it should be
    tab.goto(serve(assistant, Limits(calls=2)))
    for _ in range(2):
        tab.fill("#question", QUESTION)
        tab.keyboard.press("Enter")
        tab.locator(".turn").last.locator(".after :is(.summary, .actions)").first.wait_for()
    tab.locator("#turns").get_by_text("Wait a few seconds and try again").wait_for()
    tab.close()
