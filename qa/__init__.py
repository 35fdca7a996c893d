"""Questions about treating progressive multiple sclerosis, answered with checked citations.

    from qa import Assistant
    answer = Assistant.open().ask("Does Ocrevus slow PPMS?")

Names are loaded when first used, so that importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.answer import Abstention, Answer, Citation, Hit, Mode, Removed, Source, Statement, Support, Turn, Usage
    from qa.assistant import Assistant, ComposedEvent, DoneEvent, Event, RetrievedEvent, StatementEvent
    from qa.errors import ModelConfigurationError, QuestionError
    from qa.settings import AskSettings, ModelSettings

__all__ = [
    "Abstention",
    "Answer",
    "AskSettings",
    "Assistant",
    "Citation",
    "ComposedEvent",
    "DoneEvent",
    "Event",
    "Hit",
    "Mode",
    "ModelConfigurationError",
    "ModelSettings",
    "QuestionError",
    "Removed",
    "RetrievedEvent",
    "Source",
    "Statement",
    "StatementEvent",
    "Support",
    "Turn",
    "Usage",
]

_HOME = {
    **dict.fromkeys(
        "Abstention Answer Citation Hit Mode Removed Source Statement Support Turn Usage".split(), "qa.answer"
    ),
    **dict.fromkeys("Assistant ComposedEvent DoneEvent Event RetrievedEvent StatementEvent".split(), "qa.assistant"),
    **dict.fromkeys(["AskSettings", "ModelSettings"], "qa.settings"),
    **dict.fromkeys(["ModelConfigurationError", "QuestionError"], "qa.errors"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
