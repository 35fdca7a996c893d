"""Several questions in one message: each is answered in the light of those before it, under its own heading."""

import re
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
# Where one notice ends and the next begins, and what holds for a whole message.
NOTICE = re.compile(
    r" (?=The sources may not|These sources do not|What is quoted here on|Nothing quoted here|Decisions change|"
    r"“[^”]+” was read)"
)
OF_ALL = ("Decisions change", "“")
Ask = Callable[[str, Sequence[Turn | str], AskSettings], Iterator[Event]]  # the events of the answer to one question


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a message with its answer."""

    question: str
    heading: str
    answer: Answer


@dataclass(slots=True)
class Told:
    """What has been told of a message's questions."""

    as_it_comes: bool
    """Whether each statement is told at once, as a language model writes it; else when all questions are answered."""
    parts: list[Part] = field(default_factory=list)
    statements: dict[str, Statement] = field(default_factory=dict)
    """By their text, each once, under the heading of one question."""
    owners: dict[str, Part] = field(default_factory=dict)
    """By the text of a statement: the question under which it stands."""
    hits: list[Hit] = field(default_factory=list)

    def new(self, events: Iterator[Event], heading: str) -> Generator[Event, None, Answer]:
        """The events, of the statements only those that were not told before; returns the answer."""
        before = set(self.statements)
        for event in events:
            if isinstance(event, RetrievedEvent):
                self.hits += event.hits
                yield RetrievedEvent(tuple(self.hits))
            elif isinstance(event, StatementEvent) and self.as_it_comes and event.statement.text not in before:
                yield StatementEvent(_under(heading, event.statement))
            elif isinstance(event, DoneEvent):
                if self.as_it_comes:
                    for statement in event.answer.statements:
                        self.statements.setdefault(statement.text, _under(heading, statement))
                return event.answer
        raise AssertionError("a stream ends with DoneEvent")

    def close(self, part: Part) -> None:
        """Keep the answer to a question; a statement that is told goes to the first one that has it."""
        self.parts.append(part)
        for statement in part.answer.statements:
            self.owners.setdefault(statement.text, part)

    def rest(self) -> Iterator[Event]:
        """The statements that are not told yet, each under the question that it answers first of all."""
        if self.as_it_comes:
            return
        for part in self.parts:
            for statement in part.answer.statements[:1]:
                if self.owners[statement.text].answer.statements[0].text != statement.text:
                    self.owners[statement.text] = part
        for part in self.parts:
            own = [statement for statement in part.answer.statements if self.owners[statement.text] is part]
            self.statements |= {statement.text: _under(part.heading, statement) for statement in own}
        yield from map(StatementEvent, self.statements.values())

    @property
    def repeated(self) -> list[str]:
        """Questions whose answer is told in full under others."""
        answered = [part for part in self.parts if part.answer.statements]
        return [_shown(p.heading) for p in answered if all(self.owners[s.text] is not p for s in p.answer.statements)]


def answer_several(
    ask: Ask, whole: Answer, questions: Sequence[str], history: Sequence[Turn | str], settings: AskSettings
) -> Iterator[Event]:
    """The events of one answer to all questions; `whole` is the answer that they are filled into.

    A question of two halves whose first is not answered is asked whole, as the second would lean on nothing, and only
    an answer that is likely to be one is given.
    """
    shorter = replace(settings, max_statements=min(MOST_STATEMENTS, settings.max_statements))
    turns, told = list(history), Told(as_it_comes=settings.model is not None)
    for question in questions:
        first, *second = halves(question)
        heading = first
        answer = yield from told.new(ask(first, turns, shorter), first)
        if second and not answer.statements:
            alone = len(questions) == 1
            events = list(ask(question, turns, settings if alone else shorter))
            first, second, heading = question, [], "" if alone else question
            if _is_sure(events[-1]):
                answer = yield from told.new(iter(events), heading)
        for part in (first, *second):
            if part is not first:
                answer = yield from told.new(ask(part, turns, shorter), part)
            told.close(Part(part, heading if part is first else part, answer))
            turns.append(Turn(part, answer.text, same_message=True))
    yield from told.rest()
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
    answers = [part.answer for part in told.parts]
    above = [f"Nothing more than what stands above was found on “{question}”." for question in told.repeated]
    asked = [(part.question, part.answer) for part in told.parts]
    silent = [(question, answer.message) for question, answer in asked if not answer.statements]
    refused = [_unanswered(question, message, told=bool(told.statements)) for question, message in silent]
    if len(answers) == 1:
        refused = [message for _, message in silent]
    first = notice_of(whole.abstention, whole.question) or ""
    others = _of_each_part(told.parts, first)
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


def _of_each_part(parts: Sequence[Part], first: str) -> list[str]:
    """What stands above each answer besides `first`, with the question where it does not hold for all answered ones."""
    notices = [
        NOTICE.split((p.answer.notice or "").removeprefix(first).removeprefix(without_promise(first)).strip())
        for p in parts
    ]
    answered = [told for told, part in zip(notices, parts, strict=True) if part.answer.statements]
    found: list[str] = []
    for told, part in zip(notices, parts, strict=True):
        own = [
            one for one in told if one and not one.startswith(OF_ALL) and not all(one in other for other in answered)
        ]
        found += [one for one in told if one not in own]
        named = " ".join(own).replace("Nothing quoted here", "Nothing quoted under it")
        found += [f"On “{_shown(part.heading)}”: {named}"] if own and part.answer.statements else own
    return found


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
