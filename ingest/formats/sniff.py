"""Which format a file is in: by its content first, by its ending where content does not tell."""

import re
from pathlib import Path

from ingest.formats.draft import UnreadableError
from ingest.formats.package import Package

ARCHIVES = (
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
BINARIES = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "a database"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound"),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNPACK = "Unpack it and give the folder."
SUPPORTED = "Supported: PDF, DOCX, PPTX, ODT, RTF, EPUB, HTML, Markdown, text, CSV, mail, JATS, PubMed XML, NBIB, RIS."
MARKED = {"pubmedarticleset": "pubmed", "pubmedarticle": "pubmed", "article": "jats", "pmc-articleset": "jats"}
TEXTS = {".md": "markdown", ".markdown": "markdown", ".csv": "csv", ".tsv": "csv", ".eml": "mail"}
NBIB = re.compile(r"\A\s*PMID ?- ?\d+", re.MULTILINE)
RIS = re.compile(r"\A\s*TY {2}- ")
HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype html|<html[\s>])", re.IGNORECASE | re.DOTALL
)
ROOT = re.compile(r"<([A-Za-z][\w:.-]*)")


def sniff(content: bytes, path: Path) -> str:
    """The name of the format. Raises UnreadableError for what is no document, saying what it is."""
    ending = path.suffix.lower()
    if not content.strip(b" \t\r\n\0\x0b\x0c"):
        raise UnreadableError("is empty", "Remove it, or put its text there.")
    if b"%PDF-" in content[:1024] or (ending == ".pdf" and b"%PDF" in content[:4096]):
        return "pdf"
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _zipped(content, ending)
    if content.startswith(OLD_OFFICE):
        raise _old_office(ending)
    if content[:64].lstrip().startswith(b"{\\rtf"):
        return "rtf"
    for start, name in ARCHIVES:
        if content.startswith(start):
            raise UnreadableError(f"is an archive ({name})", UNPACK)
    if content[257:262] == b"ustar":
        raise UnreadableError("is an archive (tar)", UNPACK)
    for start, name in BINARIES:
        if content.startswith(start):
            raise UnreadableError(f"is {name}, no document", SUPPORTED)
    return _text_format(content, ending)


def _zipped(content: bytes, ending: str) -> str:
    package = Package(content)
    names = set(package.names)
    kind = package.read("mimetype").decode("latin-1").strip() if "mimetype" in names else ""
    if kind == "application/epub+zip" or "META-INF/container.xml" in names:
        return "epub"
    if kind.startswith("application/vnd.oasis.opendocument.text"):
        return "odt"
    for start, name in (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")):
        if any(part.startswith(start) for part in names):
            if name == "xlsx":
                raise UnreadableError(
                    "is a spreadsheet", "Export the sheet as CSV, or write its findings down as text."
                )
            return name
    if kind.startswith("application/vnd.oasis.opendocument"):
        raise UnreadableError("is an OpenDocument file that holds no running text", "Save it as .odt or PDF.")
    if ending in (".docx", ".pptx", ".odt", ".epub"):
        raise UnreadableError(f"is a zipped file, but no {ending[1:].upper()}", "Save it again, or check its ending.")
    raise UnreadableError("is an archive (ZIP)", UNPACK)


def _old_office(ending: str) -> UnreadableError:
    if ending in (".docx", ".xlsx", ".pptx"):
        return UnreadableError("is protected by a password", "Save a copy without the password.")
    return UnreadableError("is in an old Office format (.doc, .xls, .ppt)", "Save it as .docx, .pptx or PDF.")


def _text_format(content: bytes, ending: str) -> str:
    from ingest.formats.encoding import decode

    head = decode(content[: 16 << 10], declared=ending in (".html", ".htm", ".xhtml", ".xml", ".nxml"))
    if NBIB.match(head) or ending == ".nbib":
        return "nbib"
    if RIS.match(head) or ending == ".ris":
        return "ris"
    if HTML.match(head) or ending in (".html", ".htm", ".xhtml"):
        return "html"
    if head.lstrip().startswith("<") and ending not in (".md", ".markdown", ".txt"):
        root = ROOT.search(re.sub(r"<[?!][^>]*>", "", head))
        return MARKED.get(root[1].rpartition(":")[2].lower(), "xml") if root else "xml"
    if ending in (".xml", ".nxml"):
        raise UnreadableError("holds no XML", "Give it the ending of its real format.")
    if ending == ".pdf":
        raise UnreadableError("is no PDF", "Give it the ending of its real format, or download it again.")
    return TEXTS.get(ending, "text")
