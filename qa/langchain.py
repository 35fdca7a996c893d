"""The assistant as LangChain sees it: a retriever and a runnable."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig

from qa.answer import Answer, Hit

if TYPE_CHECKING:
    from qa.assistant import Assistant, Event


class AssistantRetriever(BaseRetriever):
    """LangChain's retriever contract over `Assistant.retrieve`."""

    assistant: Any
    k: int = 10

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002  # LangChain's contract
    ) -> list[Document]:
        return [_document(hit) for hit in self.assistant.retrieve(query, self.k)]


def _document(hit: Hit) -> Document:
    source = hit.source
    metadata = {
        "number": source.number,
        "key": source.key,
        "title": source.title,
        "section": hit.section,
        "url": source.url,
        "start": hit.start,
        "end": hit.end,
        "score": hit.score,
    }
    return Document(id=hit.chunk_id, page_content=hit.text, metadata=metadata)


class AssistantRunnable(Runnable[str | Mapping[str, Any], Any]):
    """`invoke` gives an Answer; `stream` gives the assistant's events."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant

    def invoke(self, input: str | Mapping[str, Any], config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer a question, or {"question": ..., "history": [...]}."""
        answer: Answer = self._call_with_config(
            lambda asked: self._assistant.ask(*_asked(asked)), input, config, **kwargs
        )
        return answer

    def stream(
        self,
        input: str | Mapping[str, Any],
        config: RunnableConfig | None = None,  # noqa: ARG002
        **_kwargs: Any,
    ) -> Iterator["Event"]:
        """The events of the answer."""
        yield from self._assistant.stream(*_asked(input))


def _asked(value: str | Mapping[str, Any]) -> tuple[str, list[Any]]:
    if isinstance(value, str):
        return value, []
    if "question" not in value:
        raise ValueError(f"input has no 'question' but {sorted(value)}; give a string or a mapping with 'question'")
    return value["question"], list(value.get("history", ()))


def make_retriever(assistant: "Assistant", k: int) -> BaseRetriever:
    """See `Assistant.as_retriever`."""
    return AssistantRetriever(assistant=assistant, k=k)


def make_runnable(assistant: "Assistant") -> AssistantRunnable:
    """See `Assistant.as_runnable`."""
    return AssistantRunnable(assistant)
