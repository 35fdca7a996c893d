"""The endpoints that programs call over HTTP and MCP. Signature and docstring of each are what callers see."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from qa.filters import SourceFilter
from ui.library import Library

MOST = 50  # hits of one search


def endpoints(library: Library) -> tuple[Callable[..., Any], ...]:
    """`ask`, `search` and `get_source` over the collections of an index; all plain JSON."""

    def ask(
        question: str,
        history: list[str] | None = None,
        phenotypes: list[str] | None = None,
        collection: str | None = None,
    ) -> dict[str, Any]:
        """Answer a question about treating progressive multiple sclerosis; every sentence carries checked quotes.

        Args:
            question: The question in plain words, at most 2,000 characters.
            history: Earlier questions of the conversation, oldest first.
            phenotypes: Only sources on these forms of MS, such as PPMS or SPMS.
            collection: Name of the collection to answer from; without it the one that the chat was started with.

        Returns:
            The answer: text, statements, citations (number, source, quote, start, end, section, page), abstention,
            message, notice, related, confidence, timings, collection.
        """
        assistant = library.get(collection)
        only = SourceFilter(phenotypes=tuple(phenotypes or ()))
        answer = assistant.ask(question, list(history or ()), settings=replace(assistant.settings, only=only))
        return {**answer.to_dict(), "collection": library.name_of(collection)}

    def search(query: str, k: int = 10, collection: str | None = None) -> list[dict[str, Any]]:
        """Find the passages of the sources nearest to a query, best first.

        Args:
            query: What to look for, in plain words.
            k: How many passages, 1 to 50.
            collection: Name of the collection to search; without it the one that the chat was started with.

        Returns:
            The passages: rank, score, section, start, end, text, page, and source with its reference data.
        """
        return [hit.to_dict() for hit in library.get(collection).retrieve(query, min(max(k, 1), MOST))]

    def get_source(key: str, collection: str | None = None) -> dict[str, Any]:
        """Get one source whole: its reference data and the text that citations point into.

        Args:
            key: The stable name of the source, such as oratorio-2017, or its citation number.
            collection: Name of the collection that holds it; without it the one that the chat was started with.

        Returns:
            source (reference data, outcomes, decisions) and text.
        """
        assistant = library.get(collection)
        names = {str(source.number): source.key for source in assistant.sources()}
        try:
            document = assistant.document(names.get(key, key))
        except KeyError:
            raise ValueError(f"There is no source called {key!r}; search gives the keys") from None
        return {"source": document.source.to_dict(), "text": document.text}

    return ask, search, get_source
