"""EPUB and ODT to drafts."""

import posixpath
import re
from typing import Any
from urllib.parse import unquote

from ingest.formats.draft import DAMAGED_BOOK, Draft, UnreadableError, Writing
from ingest.formats.encoding import decode
from ingest.formats.html import write_html
from ingest.formats.inline import running_text
from ingest.formats.package import Package
from ingest.formats.tables import local


def read_epub(content: bytes) -> list[Draft]:
    """One draft of a book, its parts in the order of the spine. Raises UnreadableError for a protected one."""
    package = Package(content)
    locked = package.optional("META-INF/encryption.xml")
    opf_name = _opf_name(package)
    opf = package.xml(opf_name)
    items = {node.get("id"): node for node in opf.iter() if local(node) == "item"}
    spine = [items[node.get("idref")] for node in opf.iter() if local(node) == "itemref" and node.get("idref") in items]
    writing = Writing()
    missing = 0
    for item in spine:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(opf_name), unquote(item.get("href") or "")))
        if "nav" in (item.get("properties") or "").split() or "html" not in (item.get("media-type") or "html"):
            continue
        if name not in package.names:
            missing += 1
            continue
        _write_part(package.read(name), writing)
    if not writing.text.strip() and locked is not None:
        raise UnreadableError("is protected by a publisher's key (DRM)", "Ask for a copy without protection.")
    notes = (f"{missing} parts that its table names are missing",) if missing else ()
    return [Draft(writing.text, **_book_metadata(opf), notes=notes)]


def _write_part(content: bytes, writing: Writing) -> None:
    from lxml import etree, html

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(content, declared=True).replace("\0", ""))
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, ValueError):
        return  # an empty part of the spine: a cover picture
    body = root.find("body")
    write_html(body if body is not None else root, writing)


def _opf_name(package: Package) -> str:
    container = package.optional("META-INF/container.xml")
    for node in container.iter() if container is not None else ():
        if local(node) == "rootfile" and node.get("full-path"):
            return str(node.get("full-path"))
    found = [name for name in package.names if name.endswith(".opf")]
    if not found:
        raise UnreadableError("is an EPUB without a table of its parts", DAMAGED_BOOK)
    return found[0]


def _book_metadata(opf: Any) -> dict[str, Any]:
    def values(name: str) -> list[str]:
        return [" ".join((node.text or "").split()) for node in opf.iter() if local(node) == name and node.text]

    found = re.search(r"\d{4}", " ".join(values("date")[:1]))
    return {
        "title": next(iter(values("title")), ""),
        "authors": ", ".join(values("creator")),
        "container": next(iter(values("publisher")), ""),
        "year": int(found[0]) if found else 0,
    }


def read_odt(content: bytes) -> list[Draft]:
    """One draft of an OpenDocument text."""
    package = Package(content)
    manifest = package.optional("META-INF/manifest.xml")
    if manifest is not None and any(local(node) == "encryption-data" for node in manifest.iter()):
        raise UnreadableError("is protected by a password", "Save a copy without the password.")
    root = package.xml("content.xml")
    writing = Writing()
    body = next((node for node in root.iter() if local(node) == "text" and local(node.getparent()) == "body"), root)
    _write_odt(body, writing)
    meta = package.optional("meta.xml")
    values = {local(node): (node.text or "").strip() for node in (meta.iter() if meta is not None else ())}
    authors = values.get("initial-creator") or values.get("creator", "")
    return [
        Draft(writing.text, title=values.get("title", ""), authors=authors, year=_year(values.get("creation-date", "")))
    ]


def _year(date: str) -> int:
    return int(date[:4]) if date[:4].isdecimal() else 0


def _write_odt(parent: Any, writing: Writing) -> None:
    stack = list(reversed(parent))
    while stack:
        node = stack.pop()
        name = local(node)
        if name == "h":
            level = next((value for key, value in node.attrib.items() if key.endswith("}outline-level")), "1")
            writing.heading(_flat_odt(node), int(level) if level.isdecimal() else 1)
        elif name == "p":
            writing.paragraph(_flat_odt(node))
        elif name == "list-item":
            writing.item(_flat_odt(node))
        elif name == "table":
            rows = [
                [_flat_odt(cell) for cell in row if local(cell) == "table-cell"]
                for row in node.iter()
                if local(row) == "table-row"
            ]
            writing.table(rows, headers=1 if len(rows) > 1 else 0)
        elif name not in ("tracked-changes", "annotation", "sequence-decls", "forms"):
            stack += reversed(list(node))


def _flat_odt(node: Any) -> str:
    return " ".join(running_text(node, ("tab", "s", "line-break", "p", "h"), _instead).split())


def _instead(_: Any, name: str) -> str | None:
    return "" if not name or name in ("annotation", "tracked-changes", "note-citation") else None
