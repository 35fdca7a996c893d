"""DOCX and PPTX to drafts. Deleted text, comments, headers and footers stay out; notes and text boxes come in."""

import re
from collections.abc import Iterator
from typing import Any

from ingest.formats.draft import Draft, Writing
from ingest.formats.package import Package
from ingest.formats.tables import local

VALUE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}val"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Alternatives repeat what stands in the first choice; deleted text and instructions of fields are no text.
LEFT_OUT = {"del", "movefrom", "fallback", "instrtext", "delinstrtext", "commentreference", "rpr", "ppr", "txbxcontent"}
ROOMS = {"tbl", "sdtpr"}


def read_docx(content: bytes) -> list[Draft]:
    """One draft of a text document."""
    package = Package(content)
    name = _main_part(package)
    root = package.xml(name)
    levels = _heading_levels(package)
    writing = Writing()
    body = next((node for node in root if local(node) == "body"), root)
    _write_blocks(body, writing, levels)
    for part in ("footnotes", "endnotes"):
        notes = package.optional(f"word/{part}.xml")
        for note in notes if notes is not None else ():
            if not any(key.endswith("}type") for key in note.keys()):  # noqa: SIM118  # an element, no dict
                _write_blocks(note, writing, {})
    return [Draft(writing.text, **core_properties(package))]


def _main_part(package: Package) -> str:
    if "word/document.xml" in package.names:
        return "word/document.xml"
    found = [name for name in package.names if re.fullmatch(r"word/document\d*\.xml", name)]
    return found[0] if found else "word/document.xml"


def _heading_levels(package: Package) -> dict[str, int]:
    """Heading level by style id: from the outline level, else from the name ("heading 2", "Title")."""
    styles = package.optional("word/styles.xml")
    levels: dict[str, int] = {}
    for style in styles if styles is not None else ():
        key = next((value for name, value in style.attrib.items() if name.endswith("}styleId")), "")
        named = next((str(node.get(VALUE)) for node in style if local(node) == "name"), "").lower()
        outline = next((node.get(VALUE) for node in style.iter() if local(node) == "outlinelvl"), None)
        found = re.fullmatch(r"heading (\d)", named)
        if found:
            levels[key] = int(found[1])
        elif named == "title":
            levels[key] = 1
        elif outline is not None and outline.isdecimal() and int(outline) < 9:
            levels[key] = int(outline) + 1
    return levels


def _write_blocks(parent: Any, writing: Writing, levels: dict[str, int]) -> None:
    stack = [parent]
    while stack:
        node = stack.pop()
        name = local(node)
        if name == "p":
            _write_paragraph(node, writing, levels)
            stack += reversed(list(_boxes(node)))
        elif name == "tbl":
            _write_table(node, writing)
            stack += reversed(list(_boxes(node)))
        elif name not in ("sectpr", "del", "movefrom", "fallback"):
            stack += reversed(list(node))


def _boxes(node: Any) -> Iterator[Any]:
    """Text boxes anchored in a paragraph; not those inside others, and none twice."""
    for box in node.iter():
        if local(box) == "txbxcontent":
            above = [local(up) for up in box.iterancestors()]
            inside = above.index("p") if "p" in above else len(above)
            if "fallback" not in above and "txbxcontent" not in above[:inside]:
                yield box


def _write_paragraph(node: Any, writing: Writing, levels: dict[str, int]) -> None:
    text = _flat(node)
    if not text.strip():
        return
    style = next((str(n.get(VALUE)) for n in node.iter() if local(n) == "pstyle"), "")
    outline = next((n.get(VALUE) for n in _properties(node) if local(n) == "outlinelvl"), None)
    level = levels.get(style) or (int(outline) + 1 if outline and outline.isdecimal() and int(outline) < 9 else 0)
    if level and len(text) <= 200:
        writing.heading(text, level)
    elif any(local(n) == "numpr" for n in _properties(node)):
        writing.item(text)
    else:
        writing.paragraph(text)


def _properties(node: Any) -> Iterator[Any]:
    for child in node:
        if local(child) == "ppr":
            yield from child.iter()


def _flat(node: Any) -> str:
    """The text of a paragraph: runs, tabs, breaks and formulas."""
    parts: list[str] = []
    stack = [node]
    while stack:
        item = stack.pop()
        name = local(item)
        if name in LEFT_OUT:
            continue
        if name == "t":
            parts.append(item.text or "")
        elif name in ("br", "cr"):
            parts.append("\n")
        elif name == "tab":
            parts.append(" ")
        elif name == "nobreakhyphen":
            parts.append("-")
        stack += reversed(list(item))
    return "".join(parts)


def _write_table(table: Any, writing: Writing) -> None:
    rows = []
    for tr in (node for node in table if local(node) == "tr"):
        row: list[str] = []
        for tc in (node for node in tr.iter() if local(node) == "tc" and _row_of(node) is tr):
            text = " ".join(" ".join(_flat(p) for p in tc.iter() if local(p) == "p").split())
            span = next((n.get(VALUE) for n in tc.iter() if local(n) == "gridspan"), None)
            row += [text] * (min(int(span), 40) if span and span.isdecimal() else 1)
        rows.append(row)
    writing.table(rows, headers=1 if len(rows) > 1 else 0)


def _row_of(cell: Any) -> Any:
    return next((up for up in cell.iterancestors() if local(up) == "tr"), None)


def core_properties(package: Package) -> dict[str, Any]:
    """Title and authors as the file's properties give them."""
    core = package.optional("docProps/core.xml")
    values = {local(node): (node.text or "").strip() for node in (core if core is not None else ())}
    found = re.match(r"\d{4}", values.get("created", ""))
    return {
        "title": values.get("title", ""),
        "authors": values.get("creator", "").replace(";", ", "),
        "year": int(found[0]) if found else 0,
    }


def read_pptx(content: bytes) -> list[Draft]:
    """One draft of a presentation; a slide is a page, its notes stand behind it."""
    package = Package(content)
    writing = Writing()
    for number, name in enumerate(_slides(package), start=1):
        root = package.xml(name)
        _write_slide(root, writing, number)
        _write_notes(package, name, writing)
        writing.page_end()
    return [Draft(writing.text, **core_properties(package))]


def _slides(package: Package) -> list[str]:
    """The slides' parts in the order of the presentation."""
    links = package.optional("ppt/_rels/presentation.xml.rels")
    targets = {node.get("Id"): str(node.get("Target")) for node in (links if links is not None else ())}
    show = package.optional("ppt/presentation.xml")
    order = [n.get(RELATION) for n in (show.iter() if show is not None else ()) if local(n) == "sldid"]
    parts = [f"ppt/{targets[key].removeprefix('/ppt/')}" for key in order if key in targets]
    numbered = sorted(
        (name for name in package.names if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)),
        key=lambda name: int(re.sub(r"\D", "", name)),
    )
    return [name for name in parts if name in package.names] or numbered


def _write_slide(root: Any, writing: Writing, number: int) -> None:
    shapes = [node for node in root.iter() if local(node) in ("sp", "graphicframe")]
    titles = [shape for shape in shapes if _placeholder(shape) in ("title", "ctrtitle")]
    told = " ".join(" ".join(_lines(shape)) for shape in titles)
    writing.heading(told or f"Slide {number}", 1)
    for shape in shapes:
        if shape in titles or _placeholder(shape) in ("dt", "ftr", "sldnum"):
            continue
        table = next((node for node in shape.iter() if local(node) == "tbl"), None)
        if table is not None:
            rows = [[" ".join(_lines(tc)) for tc in tr if local(tc) == "tc"] for tr in table if local(tr) == "tr"]
            writing.table(rows)
        else:
            for line in _lines(shape):
                writing.paragraph(line)


def _placeholder(shape: Any) -> str:
    return next((str(node.get("type") or "").lower() for node in shape.iter() if local(node) == "ph"), "")


def _lines(shape: Any) -> list[str]:
    lines = []
    for paragraph in (node for node in shape.iter() if local(node) == "p"):
        runs = ["\n" if local(n) == "br" else n.text or "" for n in paragraph.iter() if local(n) in ("t", "br")]
        lines.append(" ".join("".join(runs).split()))
    return [line for line in lines if line]


def _write_notes(package: Package, slide: str, writing: Writing) -> None:
    folder, _, name = slide.rpartition("/")
    links = package.optional(f"{folder}/_rels/{name}.rels")
    for node in links if links is not None else ():
        target = str(node.get("Target"))
        if "notesSlide" in target:
            notes = package.optional("ppt/" + target.removeprefix("../").removeprefix("/ppt/"))
            for shape in notes.iter() if notes is not None else ():
                if local(shape) == "sp" and _placeholder(shape) == "body":
                    for line in _lines(shape):
                        writing.paragraph(line)
