"""What the server lets through: known paths only, small requests, not too many from one address, its own host name."""

import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Gradio also serves files of the machine, takes uploads and fetches from other servers; the chat needs none of it.
PAGES = ("/assets/", "/static/", "/svelte/", "/gradio_api/assets/")
SINGLE = {
    "/",
    "/ready.json",
    "/config",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    "/login",
    "/logout",
}
CALLS = ("/call/", "/queue/", "/run/", "/mcp", "/heartbeat/")
ASIDE = {
    "/info",
    "/startup-events",
    "/app_id",
    "/cancel",
    "/reset",
    "/theme.css",
    "/user",
    "/login_check",
    "/openapi.json",
}
API = "/gradio_api"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one address may do. `hosts` are the names that the server answers to; empty: any."""

    body: int = 64_000
    """Bytes of one request."""
    calls: int = 240
    """Calls a minute; a question is two of them, as the next questions are fetched on their own. 0: no limit."""
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Paths of an app that the chat is mounted in: each is let through, and the chat's own paths beneath it."""


class Guard:
    """ASGI middleware that answers what is not let through itself, with a message that says what to do."""

    def __init__(self, app: App, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._rate = Rate(limits.calls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal:
            await refuse(send, *refusal)
            return
        await self._app(scope, self._counted(receive), send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = dict(scope["headers"])
        path, posted = scope["path"], scope["method"] == "POST"
        if self._limits.hosts and host_of(headers.get(b"host", b"").decode("latin-1")) not in self._limits.hosts:
            return 421, "This address is not served here. Open the chat under the address that it was started with."
        if not allowed(path, self._limits.paths):
            return 404, "There is nothing here. Uploads and files are switched off."
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._limits.body:
            return 413, f"The request is longer than {self._limits.body} bytes. Ask in fewer words or start a new chat."
        if posted and not self._rate.admits(str((scope.get("client") or ("",))[0])):
            return (
                429,
                f"More than {self._limits.calls} calls a minute from one address. Wait a few seconds and try again.",
            )
        return None

    def _counted(self, receive: Receive) -> Receive:
        """A body that comes in pieces without a length is cut off at the limit as well."""
        seen = 0

        async def counted() -> MutableMapping[str, Any]:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return message if seen <= self._limits.body else {"type": "http.disconnect"}

        return counted


class Rate:
    """A bucket for each address: `calls` tokens, filled again evenly over a minute."""

    def __init__(self, calls: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def admits(self, address: str) -> bool:
        """Take one token of the address; False when none is left."""
        if not self._calls:
            return True
        now = self._clock()
        tokens, before = self._buckets.pop(address, (float(self._calls), now))
        tokens = min(float(self._calls), tokens + (now - before) * self._calls / 60)
        self._buckets[address] = (max(0.0, tokens - 1), now)
        while len(self._buckets) > 10_000:  # the longest unseen go first; they are full again by then
            self._buckets.pop(next(iter(self._buckets)))
        return tokens >= 1


def allowed(path: str, others: tuple[str, ...] = ()) -> bool:
    """Whether the chat, alone or mounted under one of `others`, needs the path. Climbing dots are refused anywhere."""
    if ".." in path or "\\" in path or "\0" in path:
        return False
    beneath = [path.removeprefix(other) or "/" for other in others if path.startswith(f"{other}/") or path == other]
    return path in others or any(_needed(inner) for inner in [path, *beneath])


def _needed(path: str) -> bool:
    if path in SINGLE or path.startswith(PAGES):
        return True
    inner = path.removeprefix(API)
    return inner != path and (inner.rstrip("/") in ASIDE or inner.startswith(CALLS))


def host_of(header: str) -> str:
    """The name in a Host header without its port; brackets of IPv6 taken off."""
    name = header.rsplit(":", 1)[0] if not header.endswith("]") and ":" in header else header
    return name.strip("[]").lower()


async def refuse(send: Send, status: int, told: str) -> None:
    """Answer with a status and a message as JSON."""
    body = json.dumps({"error": told}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
