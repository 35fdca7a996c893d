"""What the page asks of a collection: an answer, the way into it, all its evidence."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.errors import IngestError
from qa.assistant import Assistant
from qa.outcomes import ratios
from ui.forest import forest_html
from ui.library import MAIN, Library
from ui.shell import held
from ui.table import choices, table_html
from ui.talk import Message, converse
from ui.timeline import timeline_html
from ui.view import stage_html


def answered(
    library: Library, question: str, history: Sequence[Sequence[str]], settings: Mapping[str, Any]
) -> Iterator[Message]:
    """The messages of one answer; each whole one names the collection that it comes from."""
    try:
        name = library.name_of(str(settings.get("collection") or ""))
        origin = "" if library.names() == [MAIN] else library.label(name)
        if not library.is_open(name):
            yield {"html": stage_html(loading(origin))}
        for message in converse(library.get(name), question, history, settings, origin):
            yield {**message, "collection": name} if message.get("done") else message
    except IngestError as error:
        yield {"error": str(error)}


def moved(library: Library, wanted: str) -> Iterator[Message]:
    """What the page shows on the way to another collection, at last what it can be filtered by."""
    try:
        name = library.name_of(wanted)
        if not library.is_open(name):
            yield {"stage": loading(library.label(name))}
        sources = library.get(name).sources()
        yield {"done": True, "collection": name, "choices": choices(sources), "held": held(sources)}
    except IngestError as error:
        yield {"error": str(error)}


def evidence(assistant: Assistant) -> dict[str, str]:
    """All sources in each of the ways to look at them, as HTML."""
    sources = assistant.sources()
    return {
        "table": table_html(sources),
        "forest": forest_html(ratios(sources), assistant.document),
        "timeline": timeline_html(sources),
    }


def loading(label: str) -> str:
    """The stage that lasts while a collection is being opened."""
    return f"Loading the collection “{label}” …"
