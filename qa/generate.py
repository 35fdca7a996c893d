"""An answer in a language model's words: each sentence only after its check, the composed answer when that fails."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa import prompts
from qa.answer import Removed, Statement, Usage
from qa.evidence import Candidate
from qa.faults import Fault, ModelFault, notice_of
from qa.glossary import Kind, packaged_glossary, words_of
from qa.models import ChatModel, Messages, Reply
from qa.quoting import Passage, Quoting
from qa.replies import KeptReply, Replies, key_of
from qa.settings import ModelSettings
from qa.understand import Understanding
from qa.wants import GIVEN, gives
from qa.writing import is_english, written_sentences

CUT = {"length", "max_tokens", "MAX_TOKENS", "model_length"}
BLOCKED = {"content_filter", "refusal", "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "RECITATION"}
# How far below the best sentence a quote may score and still answer the question; on the dev questions sentences
# hold a key fact in 0.53 of cases at the top, in 0.28 half a unit below, in 0.21 from one and a half on.
NEAR_BEST = 1.0
CHARACTERS = 3.5  # of a token of English, on the careful side


@dataclass(frozen=True, slots=True)
class Draft:
    """What came of a reply: the statements that passed, what was removed, why it is not used (None: it is)."""

    statements: tuple[Statement, ...]
    removed: tuple[Removed, ...]
    usage: Usage
    fault: Fault | None

    @property
    def notice(self) -> str | None:
        """One line for the reader, None where nothing is to be said."""
        if self.fault:
            return notice_of(self.fault)
        count = len(self.removed)
        if not count:
            return None
        left_out = "sentence of the language model was" if count == 1 else "sentences of the language model were"
        return f"{count} {left_out} left out: the sources do not carry {'it' if count == 1 else 'them'}."


@dataclass(frozen=True, slots=True)
class Task:
    """What a model is asked, and what its answer has to match."""

    quoting: Quoting
    messages: Messages
    ranked: Sequence[Candidate]
    composed: Sequence[Statement]
    corpus_hash: str
    most: int


@dataclass(slots=True)
class Incoming:
    """A reply while it comes."""

    text: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    marked: bool = False
    english: bool = False
    ended: bool = True


def fitting(passages: Sequence[Passage], settings: ModelSettings) -> list[Passage]:
    """The first passages that fit the token budget of the prompt, one at least."""
    room = settings.prompt_tokens * CHARACTERS - len(prompts.SYSTEM)
    kept: list[Passage] = []
    for passage in passages[: settings.passages]:
        room -= len(prompts.passage_text(passage))
        if kept and room < 0:
            break
        kept.append(passage)
    return kept


def generate(model: ChatModel, task: Task, settings: ModelSettings) -> Generator[Statement, None, Draft]:
    """The statements as they pass their check; returns the draft. Raises nothing that a model or its server causes."""
    replies = (
        Replies(Path(settings.cache), key_of(task.messages, task.corpus_hash, settings)) if settings.cache else None
    )
    kept = replies.find() if replies else None
    reply, incoming = Reply(), Incoming()
    if kept:
        reply = Reply(kept.finish, kept.input_tokens, kept.output_tokens)
    pieces = iter([kept.text]) if kept else model.stream(task.messages, reply)
    fault: Fault | None = None
    try:
        yield from _checked(_noted(pieces, incoming), task, incoming)
    except ModelFault as error:
        fault = error.fault
    finally:
        if isinstance(pieces, Generator):
            pieces.close()  # ends the request where the reply was not read to its end
    fault = fault or _ending(reply, incoming)
    if replies and not kept and fault is None:
        replies.keep(KeptReply("".join(incoming.text), reply.finish, reply.input_tokens, reply.output_tokens))
    fault = fault or _shortcoming(task, incoming)
    usage = Usage(settings.name, reply.input_tokens, reply.output_tokens, fault, kept is not None)
    return Draft(tuple(incoming.statements), tuple(incoming.removed), usage, fault)


def _noted(pieces: Iterator[str], incoming: Incoming) -> Iterator[str]:
    for piece in pieces:
        incoming.text.append(piece)
        yield piece


def _checked(pieces: Iterator[str], task: Task, incoming: Incoming) -> Iterator[Statement]:
    before: Statement | None = None
    for written in written_sentences(pieces):
        incoming.marked |= bool(written.marks)
        incoming.english |= is_english(written.text)
        found = task.quoting.statement(written, before)
        before = found if isinstance(found, Statement) else None
        if isinstance(found, Removed):
            incoming.removed.append(found)
        elif found.text not in {statement.text for statement in incoming.statements}:
            incoming.statements.append(found)
            yield found
        if len(incoming.statements) == task.most:
            incoming.ended = False
            return


def _ending(reply: Reply, incoming: Incoming) -> Fault | None:
    """What is wrong with a reply that came without an error."""
    text = "".join(incoming.text).strip()
    if reply.finish in BLOCKED:
        return Fault.REFUSED
    if not text:
        return Fault.NOT_PROSE if reply.tool_called else Fault.EMPTY
    unfinished = reply.finish is None and incoming.ended and text[-1] not in ".!?])\"'”’"
    return Fault.CUT_OFF if reply.finish in CUT or unfinished else None


def _shortcoming(task: Task, incoming: Incoming) -> Fault | None:
    """What a whole reply lacks."""
    if not incoming.statements and not incoming.english:
        return Fault.LANGUAGE
    if not incoming.marked:
        return Fault.NO_MARKS
    return None if answers(task, incoming.statements) else Fault.UNSUPPORTED


def answers(task: Task, statements: Sequence[Statement]) -> bool:
    """Whether statements do what the composed answer does.

    One of their quotes is the sentence nearest to the question, or about as near and what was asked for, such as a
    number, is given where the composed answer gives it; each drug or trial of the question that it names is named.
    """
    if not statements:
        return False
    asked = task.quoting.asked
    scores = {(c.hit.source.key, c.span.start): c.score for c in task.ranked}
    cited = [scores.get((c.source.key, c.start), float("-inf")) for s in statements for c in s.citations]
    best = task.ranked[0].score
    wanted = [want for want in GIVEN if want in asked.wants and any(gives(s.text, want) for s in task.composed)]
    given = max(cited) == best or all(any(gives(s.text, want) for s in statements) for want in wanted)
    return max(cited) >= best - NEAR_BEST and given and _names(asked, task.composed) <= _names(asked, statements)


def _names(asked: Understanding, statements: Sequence[Statement]) -> set[str]:
    """Those of the drugs and trials of the question that statements name."""
    mentions = (m for s in statements for m in packaged_glossary().find(words_of(s.text)))
    said = {name.canonical for mention in mentions for name in mention.names}
    return said & {name.canonical for kind in (Kind.DRUG, Kind.TRIAL) for name in asked.named(kind)}
