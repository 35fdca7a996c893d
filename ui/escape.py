"""Text from questions, documents and models as HTML. No other module of ui may put such text into markup unescaped."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit


def safe(text: object) -> str:
    """The text with every character that HTML reads as markup made harmless; fit for content and attributes."""
    return escape(str(text), quote=True)


def link(url: str, label: str) -> str:
    """A link that opens beside the chat; only the text where the address is not one of the web."""
    if urlsplit(url).scheme not in ("http", "https"):
        return f"<span>{safe(label)}</span>"
    return f'<a class="outside" href="{safe(url)}" target="_blank" rel="noopener noreferrer">{safe(label)}</a>'


def badges(values: Iterable[str], kind: str) -> str:
    """Short facts as badges of one kind."""
    return "".join(f'<span class="badge {kind}">{safe(value)}</span>' for value in values)
