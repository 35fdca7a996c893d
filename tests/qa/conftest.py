"""A chat model's server on loopback that says and does what a test tells it, and settings that name it."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa.models import open_model
from qa.settings import AskSettings, ModelSettings


class Request:
    """One request of a client, to be answered."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict, gone: threading.Event) -> None:
        self._handler = handler
        self._gone = gone
        self.messages = body["messages"]

    @property
    def prompt(self) -> str:
        """The last message, which holds passages and question."""
        return self.messages[-1]["content"]

    def fail(self, status: int, headers: dict[str, str] | None = None) -> None:
        """Answer with an error, as providers word it."""
        self._begin(status, "application/json", headers)
        self._handler.wfile.write(json.dumps({"error": {"message": "sk-secret is wrong", "code": None}}).encode())

    def begin(self, **headers: str) -> None:
        """Begin a stream."""
        self._begin(200, "text/event-stream", headers)

    def say(self, text: str, finish: str | None = None, **delta: object) -> None:
        """One piece of a stream."""
        choice = {"index": 0, "delta": {"role": "assistant", "content": text, **delta}, "finish_reason": finish}
        piece = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "test", "choices": [choice]}
        self._handler.wfile.write(f"data: {json.dumps(piece)}\n\n".encode())
        self._handler.wfile.flush()

    def end(self, finish: str = "stop") -> None:
        """End a stream as it should, with the tokens spent."""
        self.say("", finish)
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        last = {"id": "1", "object": "chat.completion.chunk", "created": 1, "choices": [], "usage": usage}
        self._handler.wfile.write(f"data: {json.dumps(last)}\n\ndata: [DONE]\n\n".encode())

    def write(self, pieces: Iterable[str], finish: str = "stop") -> None:
        """A whole stream."""
        self.begin()
        for piece in pieces:
            self.say(piece)
        self.end(finish)

    def wait(self, seconds: float) -> None:
        """Say nothing for a while; ends early when the server is stopped."""
        self._gone.wait(seconds)

    def _begin(self, status: int, kind: str, headers: dict[str, str] | None = None) -> None:
        self._handler.send_response(status)
        for name, value in {"Content-Type": kind, "Connection": "close", **(headers or {})}.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()


class ModelServer:
    """A running server; `behave` is called for each request."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        self.behave: Callable[[Request], None] = lambda request: request.write(["Nothing."])

    def writes(self, *pieces: str, finish: str = "stop") -> None:
        """Answer each request with this stream."""
        self.behave = lambda request: request.write(pieces, finish)


@contextmanager
def serving() -> Iterator[ModelServer]:
    """A server on a free port of 127.0.0.1."""
    gone = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            request = Request(self, body, gone)
            served.requests.append(request)
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has had enough, as it should
                served.behave(request)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = ModelServer(f"http://127.0.0.1:{server.server_address[1]}/v1")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield served
        finally:
            gone.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A server that speaks OpenAI's protocol and does what the test tells it."""
    with serving() as server:
        yield server


@pytest.fixture
def with_model(model_server: ModelServer) -> Callable[..., AskSettings]:
    """Settings that name the server; fields of the model's settings override."""
    model = ModelSettings("openai:test", base_url=model_server.url, seconds=3, stall_seconds=0.5, retries=0)

    def named(**fields: object) -> AskSettings:
        chosen = replace(model, **fields)
        open_model(chosen)  # as Assistant.open does; importing the client takes seconds
        return AskSettings(model=chosen)

    return named
