"""Helpful or not: kept in a file on this machine, and only where the reader agreed to it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa.assistant import Assistant
from qa.feedback import Feedback, FeedbackError, keep

THANKS = "Thank you. It was kept on the machine that runs this chat."
NOT_KEPT = "Nothing was kept: that needs your agreement."


class Comments:
    """Takes what a reader says about an answer."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @property
    def folder(self) -> Path:
        """Where the file lies: beside the index."""
        return self._assistant.index_dir

    def take(self, entry: Mapping[str, Any]) -> dict[str, str]:
        """Keep one entry if `consent` is true; tells the reader what became of it."""
        if entry.get("consent") is not True:
            return {"told": NOT_KEPT}
        numbers = entry.get("cited")
        texts = {name: str(entry.get(name, "")) for name in ("reason", "remark", "question", "answer")}
        feedback = Feedback(
            helpful=entry.get("helpful") is True,
            cited=tuple(n for n in numbers if isinstance(n, int))[:50] if isinstance(numbers, list) else (),
            corpus_hash=self._assistant.corpus_hash,
            **texts,
        )
        try:
            keep(self.folder, feedback)
        except FeedbackError as error:
            return {"told": str(error)}
        return {"told": THANKS}
