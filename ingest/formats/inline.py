"""The running text of an element: what HTML, JATS and OpenDocument have in common."""

from collections.abc import Callable, Container
from typing import Any

from ingest.formats.tables import local


def running_text(node: Any, spaced: Container[str], instead: Callable[[Any, str], str | None]) -> str:
    """All text of an element and what is in it, in order; a space where an element of `spaced` begins.

    `instead` is asked for each element inside with its name: a text that stands for it, or None to go into it. No
    recursion, so that no depth of nesting is too deep.
    """
    parts: list[str] = []
    stack: list[Any] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        name = local(item)
        other = None if item is node else instead(item, name)
        if other is not None:
            parts.append(other)
            continue
        if name in spaced:
            parts.append(" ")
        inner: list[Any] = [item.text or ""]
        for child in item:
            inner += [child, child.tail or ""]
        stack += reversed(inner)
    return "".join(parts)
