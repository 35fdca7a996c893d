"""The chat served on a free port, and a browser in which every request and every error is watched."""

import gc
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url, alive=lambda: True):
    """Until the chat itself answers, not the page that says it is getting ready."""
    for _ in range(480):
        try:
            with urlopen(f"{url}/ready.json", timeout=5) as response:
                if b'"ready": true' in response.read():
                    return
        except OSError:
            pass
        assert alive(), "the server ended before it was ready"
        time.sleep(0.25)
    raise AssertionError("not ready after two minutes")


@contextmanager
def running(index, *options):
    """`python -m ui` on a free port, ended afterwards."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "ui", "--port", str(port), "--index", str(index), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until_ready(url, lambda: server.poll() is None)
            yield url
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def address(packaged_index):
    """The packaged corpus with the real model, with MCP."""
    with running(packaged_index, "--mcp", "--rate", "0") as url:
        yield url


@pytest.fixture
def serve():
    """A function that serves an assistant in this process behind the limits and headers; gives its address."""
    import uvicorn

    from ui.limits import Limits
    from ui.server import Server, guarded

    started, unlimited = [], Limits(calls=0)

    def start(assistant, limits=unlimited):
        def load(_report):
            from fastapi import FastAPI

            from ui.app import mount

            return mount(FastAPI(openapi_url=None), assistant)

        port = free_port()
        app = guarded(Server(load, lambda: None, lambda: None), limits)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        started.append((server, thread))
        wait_until_ready(f"http://127.0.0.1:{port}")
        return f"http://127.0.0.1:{port}"

    yield start
    for server, thread in started:
        server.should_exit = True
        thread.join(20)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sockets that the libraries leave to the garbage collector
        gc.collect()


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
def visit(browser):
    """A function that opens a page; a request off this machine, an error or a dialog on any page fails the test."""
    requests, errors, contexts = [], [], []

    def open_page(url, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 850}, **options})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(20_000)
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("dialog", lambda dialog: (errors.append(f"dialog {dialog.message}"), dialog.dismiss()))
        tab.goto(url)
        tab.wait_for_selector("#msqa[data-ready]")
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert {urlsplit(url).hostname for url in requests if not url.startswith(("data:", "blob:"))} <= {"127.0.0.1"}
    assert errors == []


@pytest.fixture
def page(visit, address):
    """The chat on the packaged corpus, on a desktop screen."""
    return visit(address)


@pytest.fixture
def ask():
    """A function that types a question and waits for its whole answer; gives the turn."""

    def asked(page, question):
        turn = page.locator(".turn").nth(page.locator(".turn").count())
        page.fill("#question", question)
        page.keyboard.press("Enter")
        turn.locator(".summary").first.wait_for()
        return turn

    return asked
