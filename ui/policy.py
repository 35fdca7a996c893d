"""Security headers. Scripts run only from this server or with the nonce of the page they stand on."""

import secrets
from collections.abc import MutableMapping
from typing import Any

from ui.assets import script_hash
from ui.limits import App, Receive, Scope, Send

# Gradio styles its components inline, so styles cannot carry nonces; scripts can, and nothing may be evaluated.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' '{script}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class Policy:
    """ASGI middleware that adds the headers, and the nonce to the scripts that the server itself wrote into a page.

    The pages hold no text of questions, documents or models as markup, so no foreign script can get the nonce.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Dressed(send).send)


class _Dressed:
    """One response. Pages are held back until they are whole, everything else streams."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._page: MutableMapping[str, Any] | None = None
        self._parts: list[bytes] = []

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], *ALWAYS]
            kind = dict(message["headers"]).get(b"content-type", b"")
            if kind.startswith(b"text/html"):
                self._page = {**message, "headers": headers}
                return
            headers.append((b"content-security-policy", policy(secrets.token_urlsafe(16))))
            await self._send({**message, "headers": headers})
        elif self._page is None:
            await self._send(message)
        else:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._finish(self._page)

    async def _finish(self, start: MutableMapping[str, Any]) -> None:
        nonce = secrets.token_urlsafe(16)
        body = b"".join(self._parts).replace(b"<script", f'<script nonce="{nonce}"'.encode())
        kept = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
        told = [(b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
        told.append((b"content-security-policy", policy(nonce)))
        await self._send({**start, "headers": [*kept, *told]})
        await self._send({"type": "http.response.body", "body": body})


def policy(nonce: str) -> bytes:
    """The content security policy of one response."""
    return POLICY.format(nonce=nonce, script=script_hash()).encode()
