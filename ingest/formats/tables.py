"""Tables of HTML and JATS (the same elements in both) to a grid of texts."""

from collections.abc import Callable
from typing import Any

ROWS, COLUMNS = 2000, 40  # beyond these a table is data, not text


def local(node: Any) -> str:
    """An element's name without its namespace, in lower case; empty for comments and instructions."""
    return str(node.tag).rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def grid_of(table: Any, text_of: Callable[[Any], str]) -> tuple[list[list[str]], int]:
    """Rows of texts with spans filled in, and how many of them are header rows."""
    rows: list[list[str]] = []
    headers = 0
    pending: dict[int, tuple[int, str]] = {}
    for tr in _rows(table):
        cells = [cell for cell in tr if local(cell) in ("td", "th")]
        row = _placed(cells, pending, text_of)
        if not any(row):
            continue
        rows.append(row)
        in_head = local(tr.getparent()) == "thead" or all(local(cell) == "th" for cell in cells)
        headers += in_head and headers == len(rows) - 1
    return rows, headers


def _rows(table: Any) -> list[Any]:
    found: list[Any] = []
    for node in table.iter():
        if local(node) != "tr" or len(found) >= ROWS:
            continue
        owner = next((up for up in node.iterancestors() if local(up) == "table"), None)
        if owner is table or local(table) != "table":
            found.append(node)
    return found


def _placed(cells: list[Any], pending: dict[int, tuple[int, str]], text_of: Callable[[Any], str]) -> list[str]:
    row: list[str] = []
    waiting = iter(cells)
    while len(row) < COLUMNS:
        place = len(row)
        if place in pending:
            left, text = pending.pop(place)
            row.append(text)
            if left > 1:
                pending[place] = (left - 1, text)
            continue
        cell = next(waiting, None)
        if cell is None:
            break
        text = text_of(cell)
        down = _span(cell.get("rowspan"))
        for _ in range(min(_span(cell.get("colspan")), COLUMNS - place)):
            if down > 1:
                pending[len(row)] = (down - 1, text)
            row.append(text)
    return row


def _span(value: str | None) -> int:
    return min(int(value), ROWS) if value and value.strip().isdecimal() and int(value) else 1
