"""JATS (full texts of PubMed Central) to drafts: one for each article of the file."""

import re
from collections.abc import Iterator
from typing import Any

from ingest.formats.article import author_line, journal_line, kind_of, link, person, year_of
from ingest.formats.draft import Draft, UnreadableError, Writing
from ingest.formats.html import raised
from ingest.formats.inline import running_text
from ingest.formats.tables import grid_of, local
from ingest.formats.xml import parse_xml

# Reference marks and what stands in for pictures and links; their tails are text.
OUTSIDE = {
    "xref-bibr",
    "fn",
    "table-wrap",
    "fig",
    "object-id",
    "inline-supplementary-material",
    "tex-math",
    "alternatives",
}
MARK = "\x01"  # stands for a reference mark until the signs between several of them are gone too
MARKS = re.compile(rf"\s*[\[(]{MARK}(?:[\s,;–—‐-]*{MARK})*[\])]|{MARK}(?:[\s,;–—‐-]*{MARK})*")
SKIPPED_BACK = {"ref-list", "ack", "fn-group", "bio", "glossary", "notes"}


def read_jats(content: bytes) -> list[Draft]:
    """A draft of each article."""
    root = parse_xml(content, what="JATS XML")
    articles = [node for node in root.iter() if local(node) == "article" and _child(node, "front") is not None]
    if not articles:
        raise UnreadableError("is JATS without an article that has a front part", "Download it again.")
    drafts = [_draft(article) for article in articles]
    return drafts if len(drafts) > 1 else [_alone(draft) for draft in drafts]


def _alone(draft: Draft) -> Draft:
    from dataclasses import replace

    return replace(draft, member="")


def _draft(article: Any) -> Draft:
    meta = _find(article, "front", "article-meta")
    meta = meta if meta is not None else article
    ids = {node.get("pub-id-type"): flat(node) for node in meta if local(node) == "article-id"}
    doi, pmid = ids.get("doi", ""), ids.get("pmid", "")
    pmcid = ids.get("pmc") or ids.get("pmcid") or ""
    year = min(filter(None, (year_of(_value(node, "year")) for node in meta if local(node) == "pub-date")), default=0)
    return Draft(
        _text(article, meta),
        title=flat(_find(meta, "title-group", "article-title")),
        authors=author_line(list(_authors(meta))),
        container=journal_line(_journal(article), year, _value(meta, "volume"), _value(meta, "issue"), _pages(meta)),
        year=year,
        doi=doi,
        pmid=pmid,
        url=link(doi, pmid, pmcid),
        kind=kind_of([article.get("article-type") or "", *_subjects(meta)]),
        member=pmid or pmcid or doi,
    )


def _text(article: Any, meta: Any) -> str:
    writing = Writing()
    for abstract in (node for node in meta if local(node) == "abstract"):
        if abstract.get("abstract-type") not in ("graphical", "teaser", "toc"):
            writing.heading(_value(abstract, "title") or "Abstract", 1)
            _write(abstract, writing, 1)
    body = _child(article, "body")
    if body is not None:
        if next((local(node) for node in body if local(node)), "") != "sec":
            writing.heading("Text", 1)
        _write(body, writing, 0)
    for part in ("back", "floats-group"):
        whole = _child(article, part)
        if whole is not None and part == "floats-group":
            writing.heading("Figures and tables", 1)
        for node in whole if whole is not None else ():
            if local(node) == "app-group":
                for app in node:
                    _write_section(app, writing, 1)
            elif local(node) in ("app", "sec"):
                _write_section(node, writing, 1)
            elif local(node) not in SKIPPED_BACK:
                _write_node(node, writing, 1)
    return writing.text


def _write(parent: Any, writing: Writing, level: int) -> None:
    for node in parent:
        _write_node(node, writing, level)


def _write_section(node: Any, writing: Writing, level: int) -> None:
    title = _value(node, "title")
    if title:
        writing.heading(" ".join(filter(None, [_value(node, "label"), title])), level)
    _write(node, writing, level)


def _write_node(node: Any, writing: Writing, level: int) -> None:
    name = local(node)
    if name == "sec":
        _write_section(node, writing, level + 1)
    elif name == "p":
        writing.paragraph(flat(node))
        _write(_blocks_in(node), writing, level)
    elif name in ("list", "def-list"):
        for item in node:
            if local(item) in ("list-item", "def-item"):
                writing.item(flat(item))
    elif name == "table-wrap":
        _write_table(node, writing)
    elif name == "fig":
        writing.paragraph(" ".join(filter(None, [_value(node, "label"), flat(_child(node, "caption"))])))
    elif name in ("disp-quote", "boxed-text", "fig-group", "table-wrap-group", "statement", "verse-group", "sec-meta"):
        _write(node, writing, level)
    elif name in ("disp-formula", "preformat"):
        writing.paragraph(flat(node))


def _blocks_in(paragraph: Any) -> list[Any]:
    """Tables and figures that stand inside a paragraph."""
    return [node for node in paragraph if local(node) in ("table-wrap", "fig", "fig-group", "table-wrap-group")]


def _write_table(node: Any, writing: Writing) -> None:
    caption = " ".join(filter(None, [_value(node, "label"), flat(_child(node, "caption"))]))
    tables = [table for table in node.iter() if local(table) == "table"]
    if not tables and caption:
        writing.paragraph(caption)
    for place, table in enumerate(tables):
        rows, headers = grid_of(table, flat)
        writing.table(rows, headers, caption if place == 0 else "")
    foot = _child(node, "table-wrap-foot")
    for note in foot.iter() if foot is not None else ():
        if local(note) == "p":
            writing.paragraph(flat(note))


def flat(node: Any) -> str:
    """All text of an element on one line, without reference marks, footnotes and floats."""
    if node is None:
        return ""
    parts = running_text(node, ("p", "title", "break", "list-item", "td"), _instead)
    text = MARKS.sub("", parts)
    return re.sub(r"\s+([.,;:])(?=\s|$)", r"\1", " ".join(text.split()))


def _instead(item: Any, name: str) -> str | None:
    if _outside(item, name):
        return MARK if name in ("xref", "sup") else ""
    return raised(item.text or "") if name == "sup" and not len(item) else None


def _outside(item: Any, name: str) -> bool:
    if not name or name in OUTSIDE:
        return name != "alternatives"
    if name == "xref":
        return item.get("ref-type") in ("bibr", "fn", "table-fn", "aff", "corresp")
    return name == "sup" and any(local(child) == "xref" and child.get("ref-type") == "bibr" for child in item)


def _authors(meta: Any) -> Iterator[str]:
    for contrib in (node for node in meta.iter() if local(node) == "contrib"):
        if contrib.get("contrib-type") not in (None, "author"):
            continue
        name, group = _find(contrib, "name"), _find(contrib, "collab")
        if name is None and _find(contrib, "name-alternatives") is not None:
            name = _find(contrib, "name-alternatives", "name")
        if name is not None:
            yield person(_value(name, "surname"), _value(name, "given-names"))
        elif group is not None:
            yield flat(group)


def _journal(article: Any) -> str:
    front = _find(article, "front", "journal-meta")
    if front is None:
        return ""
    short = [
        flat(node) for node in front if local(node) == "journal-id" and node.get("journal-id-type") == "iso-abbrev"
    ]
    titles = [flat(node) for node in front.iter() if local(node) == "journal-title"]
    return next(iter([*short, *titles]), "")


def _pages(meta: Any) -> str:
    first, last = _value(meta, "fpage"), _value(meta, "lpage")
    return f"{first}-{last}" if first and last and first != last else first or _value(meta, "elocation-id")


def _subjects(meta: Any) -> list[str]:
    return [flat(node) for node in meta.iter() if local(node) == "subject"]


def _child(node: Any, name: str) -> Any | None:
    return next((child for child in node if local(child) == name), None)


def _find(node: Any, *path: str) -> Any | None:
    for name in path:
        node = _child(node, name) if node is not None else None
    return node


def _value(node: Any, name: str) -> str:
    return flat(_child(node, name))
