"""The endpoints that programs call over HTTP and MCP. Signature and docstring of each are what callers see."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from qa.assistant import Assistant
from qa.filters import SourceFilter

MOST = 50  # hits of one search


def endpoints(assistant: Assistant) -> tuple[Callable[..., Any], ...]:
    """`ask`, `search` and `get_source` over one assistant; all plain JSON."""

    def ask(question: str, history: list[str] | None = None, phenotypes: list[str] | None = None) -> dict[str, Any]:
        """Answer a question about treating progressive multiple sclerosis; every sentence carries checked quotes.

        Args:
            question: The question in plain words, at most 2,000 characters.
            history: Earlier questions of the conversation, oldest first.
            phenotypes: Only sources on these forms of MS, such as PPMS or SPMS.

        Returns:
            The answer: text, statements, citations (number, source, quote, start, end, section), abstention, message,
            notice, related, confidence, timings.
        """
        only = SourceFilter(phenotypes=tuple(phenotypes or ()))
        return assistant.ask(question, list(history or ()), settings=replace(assistant.settings, only=only)).to_dict()

    def search(query: str, k: int = 10) -> list[dict[str, Any]]:
        """Find the passages of the sources nearest to a query, best first.

        Args:
            query: What to look for, in plain words.
            k: How many passages, 1 to 50.

        Returns:
            The passages: rank, score, section, start, end, text, and source with its reference data.
        """
        return [hit.to_dict() for hit in assistant.retrieve(query, min(max(k, 1), MOST))]

    def get_source(key: str) -> dict[str, Any]:
        """Get one source whole: its reference data and the text that citations point into.

        Args:
            key: The stable name of the source, such as oratorio-2017, or its citation number.

        Returns:
            source (reference data, outcomes, decisions) and text.
        """
        names = {str(source.number): source.key for source in assistant.sources()}
        try:
            document = assistant.document(names.get(key, key))
        except KeyError:
            raise ValueError(f"There is no source called {key!r}; search gives the keys") from None
        return {"source": document.source.to_dict(), "text": document.text}

    return ask, search, get_source
