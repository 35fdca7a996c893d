"""Helpful or not: kept in a file on this machine, and only where the reader agreed to it."""

from collections.abc import Mapping
from typing import Any

from qa.feedback import Feedback, FeedbackError, keep
from ui.library import Library

THANKS = "Thank you. It was kept on the machine that runs this chat."
NOT_KEPT = "Nothing was kept: that needs your agreement."


class Comments:
    """Takes what a reader says about an answer."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def take(self, entry: Mapping[str, Any]) -> dict[str, str]:
        """Keep one entry beside its collection if `consent` is true; tells the reader what became of it."""
        if entry.get("consent") is not True:
            return {"told": NOT_KEPT}
        assistant = self._library.get(str(entry.get("collection") or ""))
        numbers = entry.get("cited")
        texts = {name: str(entry.get(name, "")) for name in ("reason", "remark", "question", "answer")}
        feedback = Feedback(
            helpful=entry.get("helpful") is True,
            cited=tuple(n for n in numbers if isinstance(n, int))[:50] if isinstance(numbers, list) else (),
            corpus_hash=assistant.corpus_hash,
            **texts,
        )
        try:
            keep(assistant.index_dir, feedback)
        except FeedbackError as error:
            return {"told": str(error)}
        return {"told": THANKS}
