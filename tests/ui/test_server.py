import asyncio
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from ui.__main__ import _problem_of, parse_arguments
from ui.server import Server

ROOT = Path(__file__).parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def served(server, path):
    """What a server answers a GET request with: status and text."""
    sent = []

    async def send(message):
        sent.append(message)

    await server({"type": "http", "path": path, "method": "GET", "headers": []}, None, send)
    return sent[0]["status"], sent[1]["body"].decode()


def test_it_answers_at_once_and_hands_over_when_the_chat_is_loaded():
    release = asyncio.Event()
    loaded = asyncio.Event()

    class App:
        class router:
            @staticmethod
            def lifespan_context(_app):
                from contextlib import nullcontext

                return nullcontext()

        async def __call__(self, _scope, _receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"the chat"})

    async def go():
        loop = asyncio.get_running_loop()

        def load(report):
            report("Half way.")
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result(10)
            return App()

        server = Server(load, lambda: None, loaded.set)
        messages = asyncio.Queue()
        await messages.put({"type": "lifespan.startup"})
        live = asyncio.create_task(server({"type": "lifespan"}, messages.get, lambda _message: asyncio.sleep(0)))
        while "Half way." not in (await served(server, "/ready.json"))[1]:
            await asyncio.sleep(0.01)
        before = await served(server, "/")
        refused = await served(server, "/gradio_api/call/ask")
        release.set()
        await loaded.wait()
        after = await served(server, "/")
        await messages.put({"type": "lifespan.shutdown"})
        await live
        return before, refused, after

    before, refused, after = asyncio.run(asyncio.wait_for(go(), 20))
    assert before[0] == 200
    assert "Getting ready" in before[1]
    assert refused[0] == 503
    assert after == (200, "the chat")


@pytest.mark.parametrize(
    ("arguments", "may"),
    [([], True), (["--host", "0.0.0.0"], False), (["--host", "0.0.0.0", "--anyone"], True), (["--auth", "me"], False)],
)
def test_others_are_let_in_only_on_demand(arguments, may, monkeypatch):
    monkeypatch.delenv("UI_PASSWORD", raising=False)
    assert (_problem_of(parse_arguments(arguments)) is None) == may


def test_an_index_that_is_not_there_ends_the_command_with_the_remedy(tmp_path):
    command = [sys.executable, "-m", "ui", "--port", "0", "--index", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    assert done.returncode == 2
    assert "There is no index in" in done.stderr


@pytest.mark.browser
def test_something_is_shown_within_three_seconds_of_the_command(packaged_index):
    started, port = time.monotonic(), free_port()
    command = [sys.executable, "-m", "ui", "--port", str(port), "--index", str(packaged_index)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as server:
        shown = ""
        while "Getting ready" not in shown and time.monotonic() - started < 10:
            try:
                with urlopen(f"http://127.0.0.1:{port}", timeout=5) as response:
                    shown = response.read().decode()
            except OSError:
                time.sleep(0.02)
        took = time.monotonic() - started
        server.terminate()
    assert "Getting ready" in shown
    assert took < 3


@pytest.mark.browser
def test_a_port_in_use_is_a_clear_error(address):
    command = [sys.executable, "-m", "ui", "--port", address.rsplit(":")[-1]]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    assert done.returncode == 2
    assert "Choose another one with --port" in done.stderr


@pytest.mark.browser
def test_no_file_of_the_machine_is_reachable_over_http(address):
    import http.client

    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    paths = ["/gradio_api/file=/etc/passwd", "/gradio_api/file=../README.md", "/static/%2e%2e/%2e%2e/etc/passwd"]
    paths += ["/assets/..%2f..%2f..%2fetc/passwd", "/static//etc/passwd", "/gradio_api/upload", "/svelte/..%5cx"]
    for path in paths:
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status in (403, 404), path
        assert b"root:" not in response.read()
    connection.close()
