"""The answers to the latest questions."""

import threading
from collections.abc import Hashable

from qa.answer import Answer

KEPT = 200  # answers


class RecentAnswers:
    """Answers by what they follow from: the generation of the index, question, history, settings. Thread-safe."""

    def __init__(self, kept: int = KEPT) -> None:
        self._most = kept
        self._answers: dict[Hashable, Answer] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Answer | None:
        """The answer that was kept, None for another question."""
        with self._lock:
            answer = self._answers.pop(key, None)
            if answer:
                self._answers[key] = answer  # now the latest
            return answer

    def keep(self, key: Hashable, answer: Answer) -> Answer:
        """Keep an answer, and forget the one that was not asked for longest; returns the answer."""
        with self._lock:
            self._answers[key] = answer
            if len(self._answers) > self._most:
                del self._answers[next(iter(self._answers))]
        return answer
