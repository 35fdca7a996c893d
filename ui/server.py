"""The server of `python -m ui`: answers at once, and hands over to the chat when that has been loaded."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from ui.limits import App, Guard, Limits, Receive, Scope, Send, refuse
from ui.policy import Policy

READY = Path(__file__).parent / "ready.html"
Load = Callable[[Callable[[str], None]], App]


class Server:
    """An ASGI app that shows a waiting page until `load` has made the real one in a thread of its own.

    `load` gets a function to report its stage with. If it raises, `failure` holds the error and `stop` is called.
    """

    def __init__(self, load: Load, stop: Callable[[], None], announce: Callable[[], None]) -> None:
        self._load = load
        self._stop = stop
        self._announce = announce
        self._stage = "Loading the sources and the search model. This takes a few seconds."
        self._inner: App | None = None
        self.failure: BaseException | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/ready.json":
            await _answer(send, "application/json", json.dumps({"ready": bool(self._inner), "stage": self._stage}))
        elif self._inner is not None:
            await self._inner(scope, receive, send)
        elif scope["type"] == "http":
            await self._wait(scope, send)

    async def _wait(self, scope: Scope, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD") and scope["path"] == "/":
            await _answer(send, "text/html; charset=utf-8", READY.read_text(encoding="utf-8"))
        else:
            await refuse(send, 503, "The chat is getting ready. Try again in a few seconds.")

    async def _live(self, receive: Receive, send: Send) -> None:
        """Load while the server is up; the loaded app is started and ended with it."""
        async with AsyncExitStack() as stack:
            await receive()
            loading = asyncio.create_task(self._prepare(stack))
            loading.add_done_callback(self._loaded)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            loading.cancel()
            self._inner = None
        await send({"type": "lifespan.shutdown.complete"})

    async def _prepare(self, stack: AsyncExitStack) -> None:
        app: Any = await asyncio.to_thread(self._load, self._report)
        await stack.enter_async_context(app.router.lifespan_context(app))
        self._inner = app
        self._announce()

    def _loaded(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception():
            self.failure = task.exception()
            self._stop()

    def _report(self, stage: str) -> None:
        self._stage = stage


def guarded(app: App, limits: Limits) -> App:
    """The app behind the limits and the security headers."""
    return Policy(Guard(app, limits))


async def _answer(send: Send, kind: str, text: str) -> None:
    body = text.encode()
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": [*headers, (b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": body})
