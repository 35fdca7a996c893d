"""Several questions in one message: each is answered in the light of those before it, under its own heading."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.abstain import MESSAGES
from qa.answer import Abstention, Answer, Hit, Mode, Statement, Turn, Usage
from qa.events import DoneEvent, Event, RetrievedEvent, StatementEvent
from qa.message import halves
from qa.safety import notice_of, said_once, without_promise
from qa.settings import AskSettings

MOST_STATEMENTS = 3  # for each question
LIKELY = 0.5  # confidence, from 0 to 1
Ask = Callable[[str, Sequence[Turn | str], AskSettings], Iterator[Event]]  # the events of the answer to one question


@dataclass(slots=True)
class Told:
    """What has been told of a message's questions."""

    answers: list[tuple[str, Answer]] = field(default_factory=list)
    statements: dict[str, Statement] = field(default_factory=dict)
    """By their text: one that answers two questions stands under the first."""
    hits: list[Hit] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    """Questions whose answer has been told in full under those before."""

    def new(self, events: Iterator[Event], heading: str) -> Generator[Event, None, Answer]:
        """The events, of the statements only those that were not told before; returns the answer."""
        before = set(self.statements)
        for event in events:
            if isinstance(event, RetrievedEvent):
                self.hits += event.hits
                yield RetrievedEvent(tuple(self.hits))
            elif isinstance(event, StatementEvent) and event.statement.text not in before:
                yield StatementEvent(_under(heading, event.statement))
            elif isinstance(event, DoneEvent):
                if event.answer.statements and before.issuperset(s.text for s in event.answer.statements):
                    self.repeated.append(_shown(heading))
                for statement in event.answer.statements:
                    self.statements.setdefault(statement.text, _under(heading, statement))
                return event.answer
        raise AssertionError("a stream ends with DoneEvent")


def answer_several(
    ask: Ask, whole: Answer, questions: Sequence[str], history: Sequence[Turn | str], settings: AskSettings
) -> Iterator[Event]:
    """The events of one answer to all questions; `whole` is the answer that they are filled into.

    A question of two halves whose first is not answered is asked whole, as the second would lean on nothing, and only
    an answer that is likely to be one is given.
    """
    shorter = replace(settings, max_statements=min(MOST_STATEMENTS, settings.max_statements))
    turns, told = list(history), Told()
    for question in questions:
        first, *second = halves(question)
        answer = yield from told.new(ask(first, turns, shorter), first)
        if second and not answer.statements:
            alone = len(questions) == 1
            events = list(ask(question, turns, settings if alone else shorter))
            first, second = question, []
            if _is_sure(events[-1]):
                answer = yield from told.new(iter(events), "" if alone else question)
        for part in (first, *second):
            if part is not first:
                answer = yield from told.new(ask(part, turns, shorter), part)
            told.answers.append((part, answer))
            turns.append(Turn(part, answer.text, same_message=True))
    yield DoneEvent(_joined(whole, told))


def _unanswered(question: str, message: str, *, told: bool) -> str:
    """That a question is not answered; beside what is told for others, which may answer it, no more than was found."""
    if told and message == MESSAGES[Abstention.INSUFFICIENT]:
        return f"Nothing more than what stands here was found on “{question}”."
    return f"“{question}” is not answered: {message}"


def _is_sure(last: Event) -> bool:
    return isinstance(last, DoneEvent) and (last.answer.confidence or 0.0) >= LIKELY


def _under(heading: str, statement: Statement) -> Statement:
    return replace(statement, group=statement.group or _shown(heading))


def _shown(heading: str) -> str:
    bare = heading.removeprefix("And ").removeprefix("But ")
    return f"{bare[:1].upper()}{bare[1:]}"


def _joined(whole: Answer, told: Told) -> Answer:
    """One answer of all; refused questions are named in the notice, or the first refusal is told if all are."""
    answers = [answer for _, answer in told.answers]
    above = [f"Nothing more than what stands above was found on “{question}”." for question in told.repeated]
    silent = [(question, answer.message) for question, answer in told.answers if not answer.statements]
    refused = [_unanswered(question, message, told=bool(told.statements)) for question, message in silent]
    if len(told.answers) == 1:
        refused = [message for _, message in silent]
    first = notice_of(whole.abstention, whole.question) or ""
    others = [
        (answer.notice or "").removeprefix(first).removeprefix(without_promise(first)).strip() for answer in answers
    ]
    first = first if told.statements else without_promise(first)
    notices = [notice for notice in (first, *others) if notice]
    reasons = [answer.abstention for answer in answers if answer.abstention]
    personal = [reason for reason in reasons if reason is Abstention.PERSONAL_ADVICE]
    stages = dict.fromkeys(stage for answer in answers for stage in answer.timings)
    return replace(
        whole,
        statements=tuple(told.statements.values()),
        abstention=whole.abstention or (personal or ([] if told.statements else reasons) or [None])[0],
        message="" if told.statements else " ".join(refused),
        notice=said_once(dict.fromkeys([*notices, *above, *(refused if told.statements else [])])) or None,
        related=() if told.statements else answers[0].related,
        confidence=min((a.confidence for a in answers if a.confidence is not None), default=None),
        mode=Mode.GENERATE if any(answer.mode is Mode.GENERATE for answer in answers) else Mode.COMPOSE,
        usage=_together([answer.usage for answer in answers if answer.usage]),
        removed=tuple(removed for answer in answers for removed in answer.removed),
        timings={stage: sum(answer.timings.get(stage, 0.0) for answer in answers) for stage in stages},
    )


def _together(usages: Sequence[Usage]) -> Usage | None:
    """One account of all calls of the model; tokens are None where a server told none."""

    def total(tokens: Sequence[int | None]) -> int | None:
        told = [count for count in tokens if count is not None]
        return sum(told) if len(told) == len(tokens) else None

    if not usages:
        return None
    spent = (total([one.input_tokens for one in usages]), total([one.output_tokens for one in usages]))
    fault = next((one.fault for one in usages if one.fault), None)
    return Usage(usages[0].model, *spent, fault, all(one.kept for one in usages))
