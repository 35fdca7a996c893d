"""Questions to ask next, made from what was retrieved; only those that the sources answer are offered."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.document import Source
from qa.answer import Answer, Hit

if TYPE_CHECKING:
    from qa.assistant import Assistant

# What a section of a document answers, asked about its drug.
ABOUT_DRUG = {
    "Safety": "What are the side effects of {drug}?",
    "Monitoring": "Which checks are needed with {drug}?",
    "Status": "Where is {drug} approved, and for whom?",
    "Results": "What were the results of {drug} in {form}?",
    "Who and how": "How is {drug} given?",
    "Bottom line": "Does {drug} help in {form}?",
}
TRIED = 8  # candidates that are asked at most; each costs one answer


def follow_ups(assistant: "Assistant", answer: Answer, asked: Sequence[str] = (), *, count: int = 3) -> list[str]:
    """Up to `count` questions that lead on from an answer, or to what the sources do hold where there is none.

    Each has been asked, and is answered without abstaining. None repeats the question or one of `asked`.
    """
    hits = answer.related or tuple(assistant.retrieve(answer.question, 12))
    past = {_plain(question) for question in (answer.question, *asked)}
    shown = {citation.section for citation in answer.citations}
    candidates = dict.fromkeys(question for question in _candidates(hits, shown) if _plain(question) not in past)
    found: list[str] = []
    for question in list(candidates)[:TRIED]:
        if len(found) == count:
            break
        if assistant.ask(question).abstention is None:
            found.append(question)
    return found


def _candidates(hits: Sequence[Hit], shown: set[str]) -> Iterator[str]:
    """For each retrieved source in turn what its drug's sections hold that was not shown, then the rest of them."""
    left: dict[str, list[str]] = {}
    for source in dict.fromkeys(hit.source for hit in hits):
        if not source.drugs:
            yield _about(source)
            continue
        drug, form = source.drugs[0], next(iter(source.phenotypes), "MS")
        if drug not in left:
            left[drug] = [text.format(drug=drug, form=form) for name, text in ABOUT_DRUG.items() if name not in shown]
        if left[drug]:
            yield left[drug].pop(0)
    for questions in left.values():
        yield from questions


def _about(source: Source) -> str:
    topic = next((topic for topic in source.topics if topic not in source.phenotypes), source.title)
    return f"What is known about {topic} in {next(iter(source.phenotypes), 'MS')}?"


def _plain(question: str) -> str:
    return " ".join(question.lower().strip(" ?").split())
