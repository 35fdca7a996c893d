"""HTML to drafts: the main text in order, without navigation, scripts and other furniture."""

import re
from typing import Any

from ingest.formats.draft import Draft, UnreadableError, Writing
from ingest.formats.encoding import decode
from ingest.formats.inline import running_text
from ingest.formats.tables import grid_of, local

FURNITURE = {
    "script", "style", "noscript", "template", "nav", "footer", "aside", "form", "button", "select", "input", "iframe",
    "object", "embed", "svg", "canvas", "audio", "video", "map", "head", "dialog", "menu",
}  # fmt: skip
ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar", "dialog"}
NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navbox|navigation|menu|breadcrumbs?|sidebar|footer|cookies?|consent|share|social|advert|"
    r"ads|banner|skip|toc|reflist|references|noprint|mw-editsection|mw-jump-link|catlinks|printfooter|hatnote|popup)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
BLOCKS = {
    "p", "div", "section", "article", "main", "blockquote", "pre", "ul", "ol", "dl", "dd", "dt", "li", "table",
    "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "address", "details", "summary", "center",
    "header", "body", "tr", "td", "th", "thead", "tbody", "caption", "fieldset",
}  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LEAST_MAIN = 0.5  # share of the page's text that <main> or <article> must hold to be taken for all of it


def read_html(content: bytes) -> list[Draft]:
    """One draft of a page."""
    return [draft_of_html(decode(content, declared=True))]


def draft_of_html(text: str) -> Draft:
    """The draft of a page given as text. Raises UnreadableError when there is no element in it."""
    from lxml import etree, html

    cleaned = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""))
    try:
        root = html.document_fromstring(cleaned, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, ValueError) as error:
        raise UnreadableError(f"holds no HTML ({error})", "Save the page again.") from error
    meta = _metadata(root)
    writing = Writing()
    body = root.find("body") if root.find("body") is not None else root
    write_html(_main_part(body), writing)
    return Draft(writing.text, **meta)


def write_html(root: Any, writing: Writing) -> None:
    """Write an element's text block by block; loose text between blocks makes paragraphs of its own."""
    loose: list[str] = []

    def flush() -> None:
        text = "".join(loose)
        loose.clear()
        if text.strip():
            writing.paragraph(_spaced(text))

    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            loose.append(node)
            continue
        if node is None:
            flush()
            continue
        name = local(node)
        if not name or is_furniture(node):
            continue
        if name in BLOCKS:
            flush()
        if name in HEADINGS:
            writing.heading(flat(node), HEADINGS[name])
        elif name == "table" and not _is_layout(node):
            rows, headers = grid_of(node, flat)
            caption = next((flat(child) for child in node if local(child) == "caption"), "")
            writing.table(rows, headers, caption)
        elif name in ("li", "dt", "dd") and not _has_blocks(node):
            writing.item(flat(node))
        elif name == "br":
            loose.append("\n")
        elif name == "math":
            loose.append(flat(node))
        else:
            stack.append(None if name in BLOCKS else "")
            for child in reversed(node):
                stack += [child.tail or "", child]
            stack.append(node.text or "")
    flush()


def flat(node: Any) -> str:
    """All text of an element on one line, furniture left out; superscript digits stay superscript."""
    return " ".join(running_text(node, ("br", *BLOCKS), _instead).split())


def _instead(item: Any, name: str) -> str | None:
    if not name or is_furniture(item):
        return ""
    return raised(item.text) if name == "sup" and (item.text or "").strip() and not len(item) else None


SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def raised(text: str) -> str:
    """Digits of an exponent as superscript characters, so that 10 to the 9th does not read 109."""
    return text.translate(SUPERSCRIPTS) if re.fullmatch(r"\s*[-+−]?\d{1,3}\s*", text) else text


def is_furniture(node: Any) -> bool:
    """Whether an element is no part of the text: navigation, scripts, reference lists, what is hidden by name."""
    name = local(node)
    if name in FURNITURE or (node.get("role") or "").lower() in ROLES:
        return True
    if name in ("body", "html", "main", "article"):
        return False
    if name == "sup" and "reference" in (node.get("class") or ""):
        return True
    return bool(NAMES.search(f"{node.get('class') or ''} {node.get('id') or ''}"))


def _main_part(body: Any) -> Any:
    """The one <main> or <article> that holds most of the text, else the whole body."""
    total = len(flat(body)) or 1
    for name in ("main", "article"):
        found = [node for node in body.iter() if local(node) == name]
        if len(found) == 1 and len(flat(found[0])) / total >= LEAST_MAIN:
            return found[0]
    return body


def _is_layout(table: Any) -> bool:
    """Tables that only arrange a page: one cell a row, or blocks and tables in the cells."""
    if any(local(node) in ("table", "h1", "h2", "h3", "form") for node in table.iter() if node is not table):
        return True
    rows = [[cell for cell in tr if local(cell) in ("td", "th")] for tr in table.iter() if local(tr) == "tr"]
    return max(map(len, rows), default=0) < 2


def _has_blocks(node: Any) -> bool:
    return any(local(child) in BLOCKS for child in node.iter() if child is not node)


def _spaced(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def _metadata(root: Any) -> dict[str, Any]:
    """Title and, where the page says so in the form that journals use (citation_*), its reference data."""
    metas = [node for node in root.iter() if local(node) == "meta"]

    def values(*names: str) -> list[str]:
        wanted = set(names)
        found = [n.get("content") or "" for n in metas if (n.get("name") or n.get("property") or "").lower() in wanted]
        return [" ".join(value.split()) for value in found if value.strip()]

    heading = next((flat(node) for node in root.iter() if local(node) == "title"), "")
    title = next(iter([*values("citation_title", "dc.title"), heading, *values("og:title")]), "")
    dates = values("citation_publication_date", "citation_date", "dc.date", "article:published_time")
    year = re.search(r"\b(1[89]|20)\d\d\b", dates[0]) if dates else None
    return {
        "title": title,
        "authors": ", ".join(values("citation_author", "dc.creator", "author")[:6]),
        "container": next(iter(values("citation_journal_title", "og:site_name")), ""),
        "year": int(year[0]) if year else 0,
        "doi": next(iter(values("citation_doi")), "").removeprefix("doi:"),
        "pmid": next(iter(values("citation_pmid")), ""),
    }
