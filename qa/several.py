"""Several questions in one message: each is answered in the light of those before it, under its own heading."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from qa.answer import Abstention, Answer, Hit, Mode, Statement, Turn, Usage
from qa.events import DoneEvent, Event, RetrievedEvent, StatementEvent
from qa.safety import notice_of
from qa.settings import AskSettings

MOST_STATEMENTS = 3  # for each question


class Asking(Protocol):
    """What answers one question."""

    def stream(self, question: str, history: Sequence[Turn | str], *, settings: AskSettings) -> Iterator[Event]:
        """The events of one answer."""
        ...


def answer_several(
    assistant: Asking, whole: Answer, questions: Sequence[str], history: Sequence[Turn | str], settings: AskSettings
) -> Iterator[Event]:
    """The events of one answer to all questions; `whole` is the answer that they are filled into."""
    shorter = replace(settings, max_statements=min(MOST_STATEMENTS, settings.max_statements))
    turns, answers, hits, told = list(history), list[Answer](), list[Hit](), set[str]()
    for question in questions:
        for event in assistant.stream(question, turns, settings=shorter):
            if isinstance(event, RetrievedEvent):
                hits += event.hits
                yield RetrievedEvent(tuple(hits))
            elif isinstance(event, StatementEvent) and event.statement.text not in told:
                yield StatementEvent(_under(question, event.statement))
            elif isinstance(event, DoneEvent):
                answers.append(event.answer)
                turns.append(Turn(question, event.answer.text))
        told |= {statement.text for statement in answers[-1].statements}
    yield DoneEvent(_joined(whole, questions, answers))


def _under(question: str, statement: Statement) -> Statement:
    heading = question.removeprefix("And ").removeprefix("But ")
    return replace(statement, group=statement.group or f"{heading[0].upper()}{heading[1:]}")


def _joined(whole: Answer, questions: Sequence[str], answers: Sequence[Answer]) -> Answer:
    """One answer of all; refused questions are named in the notice, or the first refusal is told if all are."""
    pairs = list(zip(questions, answers, strict=True))
    told: dict[str, Statement] = {}  # a statement that answers two of them stands under the first
    for question, answer in pairs:
        for statement in answer.statements:
            told.setdefault(statement.text, _under(question, statement))
    refused = [f"“{question}” is not answered: {answer.message}" for question, answer in pairs if not answer.statements]
    first = notice_of(whole.abstention, whole.question) or ""
    others = [(answer.notice or "").removeprefix(first).strip() for answer in answers]
    notices = [notice for notice in (first, *others) if notice]
    reasons = [answer.abstention for answer in answers if answer.abstention]
    personal = [reason for reason in reasons if reason is Abstention.PERSONAL_ADVICE]
    stages = dict.fromkeys(stage for answer in answers for stage in answer.timings)
    return replace(
        whole,
        statements=tuple(told.values()),
        abstention=whole.abstention or (personal or ([] if told else reasons) or [None])[0],
        message="" if told else " ".join(refused),
        notice=" ".join(dict.fromkeys([*notices, *(refused if told else [])])) or None,
        related=() if told else answers[0].related,
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
