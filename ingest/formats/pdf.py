"""PDF to drafts, with PDFium: the lines of each page in reading order, a form feed where a page ends."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.formats.article import bare_doi, link
from ingest.formats.draft import Draft, UnreadableError, Writing
from ingest.formats.flow import write_pages
from ingest.formats.layout import Line, Page, page_lines, reading_order

PASSWORD = 4  # FPDF_ERR_PASSWORD
NO_TEXT = "no text layer"
NO_TITLE = re.compile(r"\.(?:docx?|indd|pdf|qxd|tex|pptx?)\b|^untitled|^microsoft", re.IGNORECASE)
PUBLISHED = re.compile(r"(?:published|accepted|©|\(c\)|copyright)[^\n]{0,60}?\b((?:19|20)\d\d)\b", re.IGNORECASE)
LEAST_LETTERS = 20  # a page with fewer letters and a picture is a scan


def read_pdf(path: Path, *, ocr: bool = False) -> list[Draft]:
    """One draft of a document. Raises UnreadableError for one that needs a password, is broken or holds no text."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise _refusal(error) from error
    count = len(document)
    if not count:
        raise UnreadableError("holds no page", "Print or export it again.")
    pages, silent, broken = [], [], []
    for number in range(1, count + 1):
        try:
            page = document[number - 1]
            lines = page_lines(page)
            has_picture, height = not lines and _has_picture(page), page.get_height()
            if ocr and (has_picture or letters(lines) < LEAST_LETTERS):
                lines = _recognised(page) or lines
            page.close()
        except pypdfium2.PdfiumError:
            lines, has_picture, height = [], False, 0.0
            broken.append(number)
        if letters(lines) < LEAST_LETTERS and has_picture:
            silent.append(number)
        pages.append(Page(reading_order(lines), height))
    if not any(letters(page.lines) for page in pages):
        raise _empty(count, broken, ocr=ocr)
    writing = Writing(nested=False)
    title = write_pages(pages, writing)
    first = "\n".join(line.text for line in pages[0].lines)
    told = [(silent, NO_TEXT), (broken, "damaged")]
    notes = tuple(f"{_numbered(numbers)}: {what}" for numbers, what in told if numbers)
    return [Draft(writing.text, **_metadata(document, title, first), notes=notes)]


def letters(lines: Sequence[Line]) -> int:
    """Letters and digits of the lines."""
    return sum(sum(map(str.isalnum, line.text)) for line in lines)


def _refusal(error: Any) -> UnreadableError:
    if getattr(error, "err_code", None) == PASSWORD or "password" in str(error).lower():
        return UnreadableError("needs a password", "Save a copy without the password and index that.")
    return UnreadableError(f"is no readable PDF ({error})", "Open it in a viewer; print or download it again.")


def _empty(count: int, broken: Sequence[int], *, ocr: bool) -> UnreadableError:
    if len(broken) == count:
        return UnreadableError("has no page that can be read", "Open it in a viewer; print or download it again.")
    remedy = "Nothing was recognised on them." if ocr else "It is a scan: run again with --ocr (needs tesseract)."
    pages = "its one page" if count == 1 else f"its {count} pages"
    return UnreadableError(f"{NO_TEXT}: there are only pictures on {pages}, or nothing", remedy)


def _numbered(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10])) + (", ..." if len(numbers) > 10 else "")
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}"


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))


def _recognised(page: Any) -> list[Line]:
    from ingest.formats.ocr import recognise

    return recognise(page.render(scale=300 / 72, grayscale=True).to_pil())


def _metadata(document: Any, heading: str, first_page: str) -> dict[str, Any]:
    """Title, authors, DOI and year: from the first page where it tells, else from the file's properties."""
    import pypdfium2

    try:
        values = document.get_metadata_dict(skip_empty=True)
    except (pypdfium2.PdfiumError, UnicodeDecodeError, ValueError):
        values = {}
    given = " ".join(values.get("Title", "").replace("\0", "").split())
    junk = len(given) < 8 or " " not in given or bool(NO_TITLE.search(given))
    made = re.match(r"D:(\d{4})", values.get("CreationDate", ""))
    author = " ".join(values.get("Author", "").replace("\0", "").split())
    doi = bare_doi(first_page) if re.search(r"\bdoi\b", first_page, re.IGNORECASE) else ""
    told = PUBLISHED.search(first_page)
    year = int(told[1]) if told else int(made[1]) if made else 0
    return {
        "title": heading if junk and heading else "" if junk else given,
        "authors": author if " " in author else "",
        "year": year if 1980 <= year <= 2100 else 0,
        "doi": doi,
        "url": link(doi),
    }
