"""An answer as HTML: sentences with numbered marks, notices, the evidence that the marks open, what to do with it."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from ingest.document import Source
from qa.answer import Answer, Citation, Hit, Statement
from ui.escape import safe
from ui.evidence import Passage, card_html

Places = Mapping[Citation, int]
ABSTENTIONS = {
    "emergency": "Urgent",
    "off_topic": "Outside what the sources are about",
    "no_evidence": "No source holds this",
    "insufficient": "Not enough in the sources",
    "personal_advice": "About one person",
}


def answer_html(answer: Answer, evidence: Sequence[Passage], figures: str = "") -> str:
    """A finished answer; `evidence` holds a passage for each of `answer.citations`, `figures` a forest plot if any."""
    places = {citation: place for place, citation in enumerate(answer.citations)}
    parts = [_notice(answer), statements_html(answer.statements, places), _message(answer), _removed(answer), figures]
    if answer.citations:
        cards = "".join(card_html(passage, place) for place, passage in enumerate(evidence))
        parts += [_sources(answer.citations), f'<div class="cards" hidden>{cards}</div>']
    elif answer.related:
        parts.append(_related(answer.related))
    return "".join(parts)


def statements_html(statements: Sequence[Statement], places: Places) -> str:
    """The statements with their marks; each mark is a button that carries the place of its evidence."""
    parts: list[str] = []
    for group, members in groupby(statements, key=lambda statement: statement.group):
        parts += [f'<p class="group">{safe(group)}</p>'] if group else []
        parts += [_statement(statement, places) for statement in members]
    return "".join(parts)


def stage_html(text: str) -> str:
    """What is going on; the style sheet shows it only when it lasts longer than 300 ms."""
    return f'<p class="stage">{safe(text)}</p>'


def _statement(statement: Statement, places: Places) -> str:
    label = '<span class="editorial">Editors’ reading:</span> ' if statement.editorial else ""
    marks = "".join(_mark(citation, places[citation]) for citation in dict.fromkeys(statement.citations))
    return f'<p class="statement">{label}{safe(statement.text)} <span class="marks">{marks}</span></p>'


def _mark(citation: Citation, place: int) -> str:
    source = citation.source
    named = ", ".join(filter(None, [source.title, source.dated]))
    label = f"Source {citation.number}: {named}. Show the quote."
    return (
        f'<button type="button" class="mark" data-place="{place}" aria-label="{safe(label)}">{citation.number}</button>'
    )


def _notice(answer: Answer) -> str:
    if not answer.notice:
        return ""
    kind = "safety" if answer.abstention else "plain"
    return f'<p class="notice {kind}" role="note">{safe(answer.notice)}</p>'


def _message(answer: Answer) -> str:
    if not answer.message:
        return ""
    kind = str(answer.abstention or "")
    title = ABSTENTIONS.get(kind, "No answer")
    return f'<div class="message {safe(kind)}"><p class="title">{safe(title)}</p><p>{safe(answer.message)}</p></div>'


def _removed(answer: Answer) -> str:
    """What a language model wrote and the checks took out, counted and open to view."""
    removed = answer.removed
    if not removed:
        return ""
    items = "".join(f"<li>{safe(r.text)} <em>{safe(r.reason)}</em></li>" for r in removed)
    count = f"{len(removed)} sentence{'s' * (len(removed) > 1)} of the language model failed the check"
    return f'<details class="removed"><summary>{count} and {_was(removed)} left out</summary><ul>{items}</ul></details>'


def _was(things: Sequence[object]) -> str:
    return "was" if len(things) == 1 else "were"


def _sources(citations: Sequence[Citation]) -> str:
    """Each cited source once, as a button that opens its first quote."""
    first: dict[int, tuple[int, Citation]] = {}
    for place, citation in enumerate(citations):
        first.setdefault(citation.number, (place, citation))
    items = "".join(
        f'<li><button type="button" class="source" data-place="{place}"><span class="number">{c.number}</span>'
        f'<span class="title">{safe(c.source.title)}</span>'
        f'<span class="meta">{_facts(c.source.kind, c.source)}</span></button></li>'
        for place, c in first.values()
    )
    return f'<div class="sources"><p class="heading">Sources</p><ul>{items}</ul></div>'


def _facts(first: str, source: Source) -> str:
    return safe(", ".join(filter(None, [first, source.dated])))


def _related(hits: Sequence[Hit]) -> str:
    items = "".join(
        f'<li><button type="button" class="source" data-key="{safe(hit.source.key)}" data-start="{hit.start}" '
        f'data-end="{hit.end}"><span class="number">{hit.source.number}</span>'
        f'<span class="title">{safe(hit.source.title)}</span>'
        f'<span class="meta">{_facts(hit.section, hit.source)}</span></button></li>'
        for hit in hits
    )
    return (
        f'<div class="sources related"><p class="heading">The nearest that the sources hold</p><ul>{items}</ul></div>'
    )
