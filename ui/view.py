"""Answers as HTML: numbered marks in the sentences, and under them the evidence that each mark opens.

Everything that comes from a question, a document or a model is escaped here; nothing else may write HTML.
"""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from qa.answer import Answer, Citation, Hit, Statement

PARAGRAPH_LIMIT = 1500  # characters of context shown on each side of a quote


def question_html(question: str) -> str:
    """A question as typed: no markup of it takes effect."""
    return f'<div class="question">{_inline(question)}</div>'


def answer_html(answer: Answer, paragraphs: Sequence[tuple[str, str]], turn: int) -> str:
    """A finished answer. `paragraphs` gives the text before and after each of `answer.citations`."""
    parts = [statements_html(answer.statements, turn, answer.citations)]
    if answer.notice:
        parts.insert(0, f'<p class="notice" role="note">{_inline(answer.notice)}</p>')
    if answer.message:
        parts.append(f'<p class="message">{_inline(answer.message)}</p>')
    if answer.citations:
        parts.append(_evidence(answer.citations, paragraphs, turn))
    elif answer.related:
        items = "".join(_related(hit) for hit in answer.related)
        parts.append(f"<p>What the sources do hold:</p><ul>{items}</ul>")
    return f'<div class="answer">{"".join(parts)}</div>'


def statements_html(statements: Sequence[Statement], turn: int, citations: Sequence[Citation]) -> str:
    """The statements with their marks; each mark is a link to its evidence (see `_evidence`)."""
    places = {citation: place for place, citation in enumerate(citations)}
    parts: list[str] = []
    for group, members in groupby(statements, key=lambda statement: statement.group):
        parts += [f'<p class="group">{_inline(group)}</p>'] if group else []
        parts += [f"<p>{_statement(statement, turn, places)}</p>" for statement in members]
    return "".join(parts)


def _statement(statement: Statement, turn: int, places: dict[Citation, int]) -> str:
    label = '<span class="editorial">Editors’ reading:</span> ' if statement.editorial else ""
    marks = "".join(_mark(citation, turn, places[citation]) for citation in statement.citations)
    return f"{label}{_inline(statement.text)} {marks}"


def _mark(citation: Citation, turn: int, place: int) -> str:
    title = escape(f"{citation.source.title} ({citation.source.year}): “{_one_line(citation.quote)}”", quote=True)
    return f'<a class="mark" href="#{_anchor(turn, place)}" title="{title}">[{citation.number}]</a>'


def _anchor(turn: int, place: int) -> str:
    return f"evidence-{turn}-{place}"


def _evidence(citations: Sequence[Citation], paragraphs: Sequence[tuple[str, str]], turn: int) -> str:
    items = [
        _source(citation, before, after, _anchor(turn, place))
        for place, (citation, (before, after)) in enumerate(zip(citations, paragraphs, strict=True))
    ]
    return f'<div class="evidence"><p class="heading">Sources</p>{"".join(items)}</div>'


def _source(citation: Citation, before: str, after: str, anchor: str) -> str:
    source = citation.source
    facts = " · ".join(filter(None, [source.kind, ", ".join(source.phenotypes), f"as of {source.as_of}"]))
    section = f" · {_inline(citation.section)}" if citation.section else ""
    return (
        f'<details class="source" id="{anchor}">'
        f"<summary>[{citation.number}] {_inline(source.title)} ({source.year}){section}</summary>"
        f'<p class="passage">{_inline(before)}<mark>{_inline(citation.quote)}</mark>{_inline(after)}</p>'
        f'<p class="reference">{_inline(source.reference)} {_link(source.url)}</p>'
        f'<p class="facts">{_inline(facts)}</p></details>'
    )


def _related(hit: Hit) -> str:
    return f"<li>[{hit.source.number}] {_inline(hit.source.title)} ({hit.source.year}) {_link(hit.source.url)}</li>"


def _link(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        return _inline(url)
    shown = escape(url, quote=True)
    return f'<a class="outside" href="{shown}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def _inline(text: str) -> str:
    """Escaped text on one line: a blank line inside HTML would start Markdown again."""
    return escape(_one_line(text), quote=True).replace("$", "&#36;")


def _one_line(text: str) -> str:
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() and text.strip() else ""
    return f"{lead}{' '.join(text.split())}{tail}" if text else ""


def paragraph_around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after `text[start:end]` in its paragraph, cut at PARAGRAPH_LIMIT characters each."""
    begin = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
    finish = text.find("\n\n", end)
    before, after = text[begin:start], text[end : finish if finish >= 0 else len(text)]
    if len(before) > PARAGRAPH_LIMIT:
        before = "… " + before[-PARAGRAPH_LIMIT:]
    return before, after if len(after) <= PARAGRAPH_LIMIT else after[:PARAGRAPH_LIMIT] + " …"
