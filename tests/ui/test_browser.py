"""The chat in Chromium, on the packaged corpus with the real model. Switch on with: pytest -m browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from qa.assistant import Assistant

pytestmark = pytest.mark.browser
QUESTION = "Does ocrelizumab slow primary progressive MS?"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def address(packaged_index):
    """`python -m ui` on a free port, ended afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "ui", "--port", str(port), "--index", str(packaged_index)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as server:
        url = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urlopen(url, timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, server.stderr.read().decode()
                time.sleep(0.25)
        yield url
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("Chromium is missing: install it (Debian: apt-get install chromium) or name it in $CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, address):
    """The chat, watched: any request off this machine or error in the log fails the test."""
    tab = browser.new_page(viewport={"width": 1200, "height": 850})
    requests, errors = [], []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(address)
    tab.wait_for_selector("#question textarea")
    yield tab
    tab.close()
    assert {urlsplit(url).hostname for url in requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert errors == []


def ask(page, question):
    seen = page.locator(".answer").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.answer').length > n", arg=seen)
    page.wait_for_selector(".answer:last-of-type .evidence, .answer:last-of-type .message")


def test_each_mark_opens_its_quote_in_its_paragraph(page, packaged_index):
    ask(page, QUESTION)
    citations = Assistant.open(packaged_index).ask(QUESTION).citations
    marks = page.locator(".answer a.mark")
    assert marks.count() >= len(citations) >= 2
    for place, citation in enumerate(citations):
        marks.nth(place).click()
        source = page.locator(f"#evidence-0-{place}")
        assert source.get_attribute("open") is not None
        assert source.locator("mark").inner_text() == " ".join(citation.quote.split())
        assert source.locator("a.outside").get_attribute("href") == citation.source.url
        assert source.is_visible()


def test_an_example_question_is_answered(page):
    page.locator("#chat button.example, #chat .example").first.click()
    page.wait_for_selector(".answer .evidence")
    assert page.locator(".answer a.mark").count() >= 1


def test_a_follow_up_and_a_refusal_in_one_conversation(page):
    ask(page, "What are the side effects of siponimod?")
    ask(page, "and before starting it, which tests?")
    assert "siponimod" in page.locator(".answer").nth(1).inner_text().lower()
    ask(page, "Who won the 1998 football world cup?")
    assert "do not answer" in page.locator(".answer").nth(2).inner_text()


def test_markup_in_a_question_does_nothing(page):
    ask(page, '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> ![x](http://192.0.2.1/x.png)')
    assert page.evaluate("window.hacked") is None
    assert page.locator(".question img").count() == 0


def test_the_page_works_at_phone_width(page):
    page.set_viewport_size({"width": 360, "height": 740})
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".answer a.mark").first.click()
    assert page.locator("#evidence-0-0 mark").is_visible()


def test_a_new_chat_is_empty(page):
    ask(page, QUESTION)
    page.get_by_role("button", name="New chat").click()
    page.wait_for_function("() => document.querySelectorAll('.answer').length === 0")


def test_what_this_is_and_is_not_stands_on_the_page(page):
    assert "no medical advice" in page.locator("#about").inner_text()


def test_a_port_in_use_is_a_clear_error(address, packaged_index):
    command = [sys.executable, "-m", "ui", "--port", address.rsplit(":")[-1], "--index", str(packaged_index)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 2
    assert "Choose another one with --port" in done.stderr
