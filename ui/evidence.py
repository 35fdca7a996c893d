"""What stands behind a mark: the quote in its paragraph, and the source with all that tells how far to trust it."""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.document import Document, Source, Span
from qa.answer import Answer, Citation
from ui.escape import badges, link, safe

PARAGRAPH_LIMIT = 1500  # characters of context shown on each side of a quote
PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
REGISTRY = "https://clinicaltrials.gov/study/"


@dataclass(frozen=True, slots=True)
class Passage:
    """A citation with what stands before and after its quote in the same paragraph."""

    citation: Citation
    before: str
    after: str


def passages(answer: Answer, document: Callable[[str], Document]) -> list[Passage]:
    """One passage for each of `answer.citations`, in their order."""
    return [Passage(c, *paragraph_around(document(c.source.key).text, Span(c.start, c.end))) for c in answer.citations]


def paragraph_around(text: str, span: Span) -> tuple[str, str]:
    """What stands before and after a span in its paragraph, cut at PARAGRAPH_LIMIT characters each."""
    begin = text.rfind("\n\n", 0, span.start) + 2 if "\n\n" in text[: span.start] else 0
    finish = text.find("\n\n", span.end)
    before, after = text[begin : span.start], text[span.end : finish if finish >= 0 else len(text)]
    if len(before) > PARAGRAPH_LIMIT:
        before = "… " + before[-PARAGRAPH_LIMIT:]
    return before, after if len(after) <= PARAGRAPH_LIMIT else after[:PARAGRAPH_LIMIT] + " …"


def card_html(passage: Passage, place: int) -> str:
    """The evidence of one citation; `place` is its position among the answer's citations."""
    citation, source = passage.citation, passage.citation.source
    page = f" p. {citation.page}." if citation.page else ""
    where = f"Section “{safe(citation.section)}”" if citation.section else "Quoted passage"
    return (
        f'<section class="card" data-place="{place}" aria-label="Source {citation.number}">'
        f'<h3><span class="number">{citation.number}</span> {safe(source.title)}</h3>'
        f"{facts_html(source)}"
        f'<p class="where">{where}{_page(citation)}</p>'
        f'<blockquote class="passage">{safe(passage.before)}<mark>{safe(citation.quote)}</mark>{safe(passage.after)}'
        f"</blockquote>{reference_html(source, page)}"
        f'<p class="tools"><button type="button" data-copy="{safe(source.reference)}{page} {safe(source.url)}">'
        f'Copy reference</button><button type="button" data-key="{safe(source.key)}" data-start="{citation.start}" '
        f'data-end="{citation.end}">Whole document</button></p></section>'
    )


def facts_html(source: Source) -> str:
    """Design, forms of MS, year and currency of a source; a warning where a newer document replaces it."""
    shown = (
        badges([source.kind], "kind")
        + badges(source.phenotypes, "form")
        + badges(filter(None, [source.dated, source.currency and f"as of {source.currency}"]), "date")
    )
    if source.superseded_by:
        newer = safe(source.superseded_by)
        shown += f'<button type="button" class="badge old" data-key="{newer}">replaced by {newer}</button>'
    return f'<p class="facts">{shown}</p>'


def reference_html(source: Source, page: str = "") -> str:
    """The full reference, with the page where one is cited, and links to the publication, PubMed and the registry."""
    places = [link(source.url, "Publication" if source.doi else "Source")]
    if source.doi and "doi.org" not in source.url:
        places.append(link(f"https://doi.org/{source.doi}", "DOI"))
    if source.pmid:
        places.append(link(f"{PUBMED}{source.pmid}/", "PubMed"))
    if source.nct:
        places.append(link(f"{REGISTRY}{source.nct}", f"Registry {source.nct}"))
    return f'<p class="reference">{safe(source.reference)}{page}</p><p class="links">{" ".join(places)}</p>'


def document_html(document: Document, span: Span | None = None) -> str:
    """A whole document, section by section; `span` is highlighted."""
    source = document.source
    return (
        f'<article class="document" data-key="{safe(source.key)}"><h3><span class="number">{source.number}</span> '
        f"{safe(source.title)}</h3>{facts_html(source)}{reference_html(source)}"
        f'<div class="text">{"".join(_blocks(document.text, span))}</div></article>'
    )


def _blocks(text: str, span: Span | None) -> list[str]:
    """Headings and lines of a document's text, with the part of each line that lies in `span` marked."""
    paged = "\f" in text
    parts, at, page = [_page_mark(1)] if paged else [], 0, 1
    for line in text.splitlines(keepends=True):
        shown = line.rstrip("\n\f")
        if shown.startswith("## "):
            parts.append(f"<h4>{safe(shown[3:])}</h4>")
        elif shown.strip() and not shown.lstrip().startswith("<!--"):
            parts.append(f"<p>{_marked(shown, at, span)}</p>")
        at += len(line)
        if line.endswith("\f"):
            page += 1
            parts.append(_page_mark(page))
    return parts


def _page_mark(page: int) -> str:
    return f'<p class="page">p. {page}</p>'


def _marked(line: str, at: int, span: Span | None) -> str:
    start = max(0, span.start - at) if span else 0
    end = min(len(line), span.end - at) if span else 0
    if start >= end:
        return safe(line)
    return f"{safe(line[:start])}<mark>{safe(line[start:end])}</mark>{safe(line[end:])}"


def _page(citation: Citation) -> str:
    return f", p. {citation.page}" if citation.page else ""
