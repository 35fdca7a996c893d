"""Questions about treating progressive multiple sclerosis, answered with checked citations.

    from qa import Assistant
    answer = Assistant.open().ask("Does Ocrevus slow PPMS?")

Names are loaded when first used, so that importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.answer import Abstention, Answer, Citation, Hit, Source, Statement, Support, Turn
    from qa.assistant import Assistant, DoneEvent, Event, RetrievedEvent, StatementEvent
    from qa.errors import QuestionError
    from qa.settings import AskSettings

__all__ = [
    "Abstention",
    "Answer",
    "AskSettings",
    "Assistant",
    "Citation",
    "DoneEvent",
    "Event",
    "Hit",
    "QuestionError",
    "RetrievedEvent",
    "Source",
    "Statement",
    "StatementEvent",
    "Support",
    "Turn",
]

_HOME = {
    **dict.fromkeys(["Abstention", "Answer", "Citation", "Hit", "Source", "Statement", "Support", "Turn"], "qa.answer"),
    **dict.fromkeys(["Assistant", "DoneEvent", "Event", "RetrievedEvent", "StatementEvent"], "qa.assistant"),
    "AskSettings": "qa.settings",
    "QuestionError": "qa.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
