"""One file to its drafts: sniffed, read by the reader of its format, and refused where nothing sensible came out."""

from collections.abc import Callable
from pathlib import Path

from ingest.formats.draft import Draft, UnreadableError

READERS_VERSION = 1  # raise it when readers give another text: files are then read again
LARGEST_FILE = 256 << 20  # bytes
LARGEST_TEXT = 20_000_000  # characters
LEAST_READABLE = 0.5  # share of characters that are letters, digits, marks of them, or white space
Reader = Callable[[bytes], list[Draft]]


def read_file(path: Path, *, ocr: bool = False) -> list[Draft]:
    """The drafts of a file, one or, for exports of articles, several. Raises UnreadableError."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise UnreadableError(
            f"is larger than {LARGEST_FILE >> 20} MB ({size >> 20} MB)", "Split it, or index a part of it."
        )
    drafts = _read(path, ocr=ocr)
    for draft in drafts:
        _demand_text(draft)
    return drafts


def _read(path: Path, *, ocr: bool) -> list[Draft]:
    from ingest.formats.pdf import read_pdf
    from ingest.formats.sniff import sniff

    with path.open("rb") as file:
        head = file.read(64 << 10)
        if b"%PDF-" in head[:1024]:
            return read_pdf(path, ocr=ocr)
        content = head + file.read()
    name = sniff(content, path)
    return read_pdf(path, ocr=ocr) if name == "pdf" else _reader(name)(content)


def _reader(name: str) -> Reader:
    from ingest.formats import books, html, jats, office, pubmed, text

    readers: dict[str, Reader] = {
        "docx": office.read_docx,
        "pptx": office.read_pptx,
        "odt": books.read_odt,
        "epub": books.read_epub,
        "html": html.read_html,
        "jats": jats.read_jats,
        "pubmed": pubmed.read_pubmed,
        "nbib": pubmed.read_nbib,
        "ris": pubmed.read_ris,
        "rtf": text.read_rtf,
        "csv": text.read_csv,
        "mail": text.read_mail,
        "markdown": text.read_markdown,
        "text": text.read_text,
        "xml": text.read_xml_text,
    }
    return readers[name]


def _demand_text(draft: Draft) -> None:
    text = draft.text
    if len(text) > LARGEST_TEXT:
        raise UnreadableError(f"holds {len(text):,} characters of text", f"Split it; {LARGEST_TEXT:,} are allowed.")
    shown = sum(not character.isspace() for character in text)
    readable = sum(map(str.isalnum, text)) + sum("\u0300" <= c <= "\u036f" or "\u0591" <= c <= "\u0e4e" for c in text)
    if not readable:
        raise UnreadableError("holds no text", "If it is a picture of text, it needs OCR; else remove it.")
    lost = text.count("\ufffd") + sum("\ue000" <= c <= "\uf8ff" for c in text)
    if readable < LEAST_READABLE * shown or lost > 0.2 * shown:
        raise UnreadableError(
            "holds characters that make no words", "Open it; copy its text to a new file if you can read it."
        )
