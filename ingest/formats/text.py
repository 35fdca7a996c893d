"""Plain text, Markdown without our front matter, CSV, mail and RTF to drafts."""

import csv
import email
import email.policy
import io
import re
from email.message import EmailMessage
from typing import Any

from ingest.formats.draft import Draft, UnreadableError, Writing
from ingest.formats.encoding import decode
from ingest.formats.html import draft_of_html

FRONT = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$")
UNDERLINE = re.compile(r"^(=+|-+)[ \t]*$")
ROW = re.compile(r"^\s*\|?.*\|.*$")
RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
LINKED = re.compile(r"!?\[([^\]\n]{0,500})\]\((?:[^()\s]|\([^()\s]*\)){0,2000}(?:\s+\"[^\"\n]*\")?\)")
TAGS = re.compile(r"</?[a-zA-Z][^<>\n]{0,500}>")
CSV_ROWS = 20_000
FRONT_FIELDS = ("title", "authors", "author", "container", "journal", "year", "date", "doi", "pmid", "url")


def read_text(content: bytes) -> list[Draft]:
    """Paragraphs at blank lines, nothing else read into them."""
    writing = Writing()
    writing.paragraph(decode(content))
    return [Draft(writing.text)]


def read_markdown(content: bytes) -> list[Draft]:
    """Headings, paragraphs, lists and tables; title and so on from YAML at the head, where there is any."""
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n")
    front = FRONT.match(text)
    fields = _front_fields(front[1]) if front else {}
    body = re.sub(r"<!--.*?-->", "", text[front.end() :] if front else text, flags=re.DOTALL)
    writing = Writing()
    first = _write_markdown(body, writing)
    return [Draft(writing.text, **{"title": first, **fields})]


def _front_fields(block: str) -> dict[str, Any]:
    """The simple `field: value` lines; other people's front matter is no reason to refuse a file."""
    lines = (line.partition(":") for line in block.split("\n"))
    values = {key.strip().lower(): value.strip().strip("\"'") for key, _, value in lines if value.strip()}
    given = {name: values[name] for name in FRONT_FIELDS if name in values}
    year = re.search(r"\d{4}", given.get("year") or given.get("date") or "")
    fields = {
        "title": given.get("title", ""),
        "authors": (given.get("authors") or given.get("author", "")).strip("[]"),
        "container": given.get("container") or given.get("journal", ""),
        "doi": given.get("doi", ""),
        "pmid": given.get("pmid", ""),
        "url": given.get("url", ""),
    }
    return {**{name: value for name, value in fields.items() if value}, **({"year": int(year[0])} if year else {})}


def _write_markdown(text: str, writing: Writing) -> str:
    """Write the text; returns the first heading of the first level, which serves as a title."""
    title = ""
    block: list[str] = []
    lines = [*text.split("\n"), ""]
    for place, line in enumerate(lines):
        found = HEADING.match(line)
        under = UNDERLINE.match(line) if len(block) == 1 and not ROW.match(block[0]) else None
        if found or under:
            level, told = (len(found[1]), found[2]) if found else (1 if line.startswith("=") else 2, block.pop())
            _write_block(block, writing)
            writing.heading(_unmarked(told), level)
            title = title or (_unmarked(told) if level == 1 else "")
        elif line.strip():
            block.append(line)
            continue
        elif place + 1 < len(lines) or block:
            _write_block(block, writing)
        block.clear()
    return title


def _write_block(block: list[str], writing: Writing) -> None:
    if len(block) >= 2 and RULE.match(block[1]) and "|" in block[0]:
        rows = [_cells(line) for line in block if not RULE.match(line)]
        writing.table(rows)
    elif block:
        writing.paragraph("\n".join(_unmarked(line) for line in block))


def _cells(line: str) -> list[str]:
    return [_unmarked(cell.strip()) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _unmarked(line: str) -> str:
    """A line without links' addresses, tags and emphasis marks."""
    line = TAGS.sub("", LINKED.sub(r"\1", line))
    return re.sub(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1", r"\2", line)


def read_csv(content: bytes) -> list[Draft]:
    """A line for each row, each cell with its column's name."""
    text = decode(content)
    lines = text.splitlines()
    separator = max(",;\t|", key=lambda mark: lines[0].count(mark)) if lines else ","
    try:
        reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=separator)
        rows = [row for _, row in zip(range(CSV_ROWS + 1), reader, strict=False)]
    except csv.Error as error:
        raise UnreadableError(f"is no valid CSV ({error})", "Export it again.") from error
    if len(rows) > CSV_ROWS:
        raise UnreadableError(f"holds more than {CSV_ROWS} rows", "That is data, not text; write its findings down.")
    writing = Writing()
    writing.table(rows)
    return [Draft(writing.text)]


def read_mail(content: bytes) -> list[Draft]:
    """The text of a message, its HTML where there is no plain text; attachments stay out."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    try:
        part = message.get_body(("plain", "html"))
        body = str(part.get_content()) if part is not None else ""
        subject, sender = str(message["subject"] or ""), str(message["from"] or "")
        html = part is not None and part.get_content_type() == "text/html"
    except (LookupError, ValueError, AttributeError, IndexError, TypeError) as error:  # the parser's ways to give up
        raise UnreadableError(f"is a damaged message ({error})", "Save its text as a file.") from error
    found = re.search(r"\b(?:19|20)\d\d\b", str(message["date"] or ""))
    draft = draft_of_html(body) if html and body.strip() else None
    writing = Writing()
    writing.paragraph(body)
    text = draft.text if draft else writing.text
    return [Draft(text, title=subject, authors=sender.split("<")[0].strip(' "'), year=int(found[0]) if found else 0)]


def read_rtf(content: bytes) -> list[Draft]:
    """The text of an RTF document; a table's row becomes a line."""
    from striprtf.striprtf import rtf_to_text

    try:
        text = rtf_to_text(content.decode("latin-1"), errors="replace")  # type: ignore[no-untyped-call]  # no types
    except (ValueError, LookupError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise UnreadableError(f"is damaged RTF ({error})", "Save it as .docx.") from error
    writing = Writing()
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 2:
            writing.item("; ".join(filter(None, cells)))
        else:
            writing.paragraph(line)
    title = re.search(rb"\{\\title ([^{}\\]{1,300})\}", content)
    return [Draft(writing.text, title=title[1].decode("latin-1") if title else "")]


def read_xml_text(content: bytes) -> list[Draft]:
    """Any other XML: the text of its elements, a paragraph for each that holds text of its own."""
    from ingest.formats.tables import local
    from ingest.formats.xml import parse_xml

    root = parse_xml(content)
    writing = Writing()
    for node in root.iter():
        inside = " ".join("".join(node.itertext()).split()) if local(node) and (node.text or "").strip() else ""
        parent = node.getparent()
        if inside and not (parent is not None and (parent.text or "").strip()):
            writing.paragraph(inside)
    return [Draft(writing.text)]
