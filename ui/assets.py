"""The page's scripts and style sheets, each as one text."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = (
    "store.js",
    "wire.js",
    "panel.js",
    "chat.js",
    "turn.js",
    "table.js",
    "collections.js",
    "settings.js",
    "start.js",
)
STYLES = ("page.css", "chat.css", "evidence.css")


@cache
def script() -> str:
    """All scripts of the page as one, in a scope of their own."""
    return f"(() => {{\n'use strict';\n{_joined(SCRIPTS)}\n}})();"


@cache
def style() -> str:
    """The style sheets of the page as one."""
    return _joined(STYLES)


def script_hash() -> str:
    """The script's hash as a content security policy names it: Gradio puts the script in itself, without a nonce."""
    return f"sha256-{b64encode(sha256(script().encode()).digest()).decode()}"


def _joined(names: tuple[str, ...]) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
