"""The stage where a language model writes the answer: from the evidence to the events of its sentences."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from qa import prompts
from qa.answer import Statement, Turn
from qa.checker import Verdict
from qa.events import ComposedEvent, Event, StatementEvent, Stopwatch
from qa.evidence import Evidence
from qa.generate import Draft, Task, fitting, generate
from qa.generation import Opened
from qa.models import open_model
from qa.quoting import Quoting, offered
from qa.settings import ModelSettings
from qa.verify import verdict


@dataclass(frozen=True, slots=True)
class Conversation:
    """A question with what was found for it, the turns before, and the answer that was composed."""

    found: Evidence
    earlier: Sequence[Turn]
    composed: Sequence[Statement]
    most: int
    """Statements that an answer may have."""


def write(
    conversation: Conversation, opened: Opened, settings: ModelSettings, watch: Stopwatch
) -> Generator[Event, None, Draft]:
    """The composed answer at once, then each sentence of the model as it passes its check; returns the draft."""
    yield ComposedEvent(tuple(conversation.composed))
    with watch.stage("write"):
        draft = yield from _statements(conversation, opened, settings, watch)
    return draft


def _statements(
    conversation: Conversation, opened: Opened, settings: ModelSettings, watch: Stopwatch
) -> Generator[Event, None, Draft]:
    task = _task(conversation, opened, settings)
    writing = generate(open_model(settings), task, settings)
    while True:
        try:
            statement = next(writing)
        except StopIteration as end:
            draft: Draft = end.value
            return draft
        watch.mark("first_written")
        yield StatementEvent(statement)


def _task(conversation: Conversation, opened: Opened, settings: ModelSettings) -> Task:
    found = conversation.found
    sentences = {chunk_id: stored.chunk.sentences for chunk_id, stored in found.retrieved.chunks.items()}
    passages = fitting(offered(found.ranked, sentences, settings.passages), settings)
    judge = Judging(opened)
    quoting = Quoting(found.asked, passages, judge, opened.similarity)
    earlier = [turn.question for turn in conversation.earlier]
    messages = prompts.messages(found.asked.question, passages, earlier, found.asked.query)
    corpus_hash = opened.corpus_hash
    return Task(quoting, messages, found.ranked, conversation.composed, corpus_hash, conversation.most)


@dataclass(frozen=True)
class Judging:
    """The check of a statement against the documents of an opened index."""

    opened: Opened

    def __call__(self, statement: Statement) -> Verdict:
        """Whether it may be shown, and why not."""
        return verdict(statement, self.opened.text_of, similarity=self.opened.similarity)
