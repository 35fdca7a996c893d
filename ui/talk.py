"""One turn of a conversation, and what the page asks for beside it. Nothing of it is kept on the server."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ingest.document import Source, Span
from qa.answer import Answer, Mode, Statement, Turn
from qa.assistant import Assistant
from qa.errors import QuestionError
from qa.events import ComposedEvent, DoneEvent, Event, RetrievedEvent, StatementEvent
from qa.filters import SourceFilter
from qa.references import cited_sources
from qa.render import to_terminal
from qa.settings import AskSettings
from qa.suggest import follow_ups
from qa.wants import Want, wants
from ui.escape import safe
from ui.evidence import document_html, passages
from ui.forest import compared, forest_html, headlines
from ui.view import answer_html, stage_html, statements_html

LENGTHS = {"short": 2, "medium": 4, "long": 7}
PAUSE = 0.1  # seconds between two statements shown on their own: each costs a message
EARLIER = 6  # turns of the conversation that a question is read in the light of
Message = dict[str, Any]


class Progress:
    """An answer under way: what can be read already, and what is being done."""

    def __init__(self) -> None:
        self._statements: list[Statement] = []
        self._quoted: Sequence[Statement] = ()
        self._stage = ""
        self._shown = 0.0

    def take(self, event: Event) -> None:
        """Note what an event brings."""
        if isinstance(event, RetrievedEvent):
            count = len({hit.source.key for hit in event.hits})
            self._stage = f"Found passages in {count} sources. Choosing sentences and checking each against its quote …"
        elif isinstance(event, ComposedEvent):
            self._quoted = event.statements
            self._stage = "Meanwhile the language model writes; each of its sentences is checked …"
        elif isinstance(event, StatementEvent):
            self._statements.append(event.statement)

    def due(self, event: Event) -> bool:
        """Whether to show it now: statements that come in one breath are shown together."""
        if not isinstance(event, StatementEvent):
            return True
        now = time.monotonic()
        if now - self._shown < PAUSE:
            return False
        self._shown = now
        return True

    def html(self) -> str:
        """The answer as far as it stands."""
        shown = self._statements or self._quoted
        cited = Answer("", tuple(shown)).citations
        return statements_html(shown, {citation: place for place, citation in enumerate(cited)}) + stage_html(
            self._stage
        )


def ask_settings(base: AskSettings, values: Mapping[str, Any]) -> AskSettings:
    """The reader's settings over the assistant's own; what is not understood is left out."""
    only = SourceFilter(
        _words(values.get("phenotypes")),
        _words(values.get("kinds")),
        values["since"] if isinstance(values.get("since"), int) else None,
        _words(values.get("regions")),
    )
    length = LENGTHS.get(str(values.get("length")), base.max_statements)
    model = base.model if values.get("model", True) else None
    return replace(base, only=only, max_statements=length, model=model)


def converse(
    assistant: Assistant, question: str, history: Sequence[Sequence[str]], settings: Mapping[str, Any], origin: str = ""
) -> Iterator[Message]:
    """What the page shows, as it comes about: stages, statements, at last the answer with its ways out.

    `origin` names the collection to the reader where there are several.
    """
    turns = [Turn(str(q)[:2000], str(a)[:4000]) for q, a in list(history)[-EARLIER:]]
    chosen = ask_settings(assistant.settings, settings)
    where = f"the collection “{origin}”" if origin else "the sources"
    yield {"html": stage_html(f"Reading the question and searching {where} …")}
    progress = Progress()
    try:
        for event in assistant.stream(question, turns, settings=chosen):
            if isinstance(event, DoneEvent):
                yield _finished(assistant, event.answer, origin, filtered=bool(chosen.only))
            else:
                progress.take(event)
                if progress.due(event):
                    yield {"html": progress.html()}
    except QuestionError as error:
        yield {"error": str(error)}


def next_questions(assistant: Assistant, question: str, history: Sequence[Sequence[str]]) -> list[str]:
    """Questions that lead on, made from what was retrieved; each is one that the sources answer."""
    turns = [Turn(str(q)[:2000], str(a)[:4000]) for q, a in list(history)[-EARLIER:]]
    answer = assistant.ask(question, turns, settings=replace(assistant.settings, model=None))
    return [] if answer.abstention == "emergency" else follow_ups(assistant, answer, [t.question for t in turns])


def document(assistant: Assistant, key: str, start: int, end: int) -> Message:
    """A document as HTML with a highlighted part; says so where there is none of that name."""
    try:
        found = assistant.document(key)
    except KeyError:
        return {"title": "Not found", "html": f"<p>There is no document called {safe(key)}.</p>"}
    return {"title": found.source.title, "html": document_html(found, Span(start, end) if end > start else None)}


def _finished(assistant: Assistant, answer: Answer, origin: str, *, filtered: bool) -> Message:
    sources = cited_sources(answer.citations)
    figures = _figures(assistant, answer, sources)
    told = "" if not filtered else '<p class="filtered">Answered only from the sources that your filters admit.</p>'
    return {
        "done": True,
        "html": told + answer_html(answer, passages(answer, assistant.document), figures),
        "text": answer.text,
        "cited": [source.number for source in sources],
        "summary": _summary(answer, sources, origin),
        "exports": {
            "markdown": answer.to_markdown(),
            "text": to_terminal(answer),
            "bibtex": answer.to_bibtex(),
            "ris": answer.to_ris(),
        },
    }


def _figures(assistant: Assistant, answer: Answer, sources: Sequence[Source]) -> str:
    """The main results of the cited trials under answers that compare treatments."""
    results = headlines(sources)
    if Want.SEVERAL not in wants(answer.question) or not compared(results):
        return ""
    return (
        '<details class="figures" open><summary>Results of these trials side by side</summary>'
        f"{forest_html(results, assistant.document)}</details>"
    )


def _summary(answer: Answer, sources: Sequence[Source], origin: str) -> str:
    place = f" of the collection “{origin}”" if origin else ""
    if not answer.statements:
        return f"No answer from the sources{place}."
    sentences, cited = len(answer.statements), len(sources)
    newest = max(source.currency for source in sources)
    told = f" Newest source as of {newest}." if newest else ""
    written = f" Written by {answer.usage.model}." if answer.mode is Mode.GENERATE and answer.usage else ""
    return (
        f"{sentences} sentence{'s' * (sentences > 1)} from {cited} source{'s' * (cited > 1)}{place}, each checked "
        f"against its quote.{written}{told}"
    )


def _words(values: Any) -> tuple[str, ...]:
    return tuple(str(value)[:80] for value in values[:40]) if isinstance(values, list) else ()
