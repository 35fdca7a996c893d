"""What a stream of an answer is made of, and the watch that times its stages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from qa.answer import Answer, Hit, Statement


@dataclass(frozen=True, slots=True)
class RetrievedEvent:
    """First event of a stream: what was found."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class ComposedEvent:
    """Only where a language model writes: the composed answer, to be read while it does."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class StatementEvent:
    """A statement that has passed its check.

    Where a language model writes, its answer may still be replaced by the composed one: the last event tells.
    """

    statement: Statement


@dataclass(frozen=True, slots=True)
class DoneEvent:
    """Last event of a stream: the whole answer."""

    answer: Answer


Event = RetrievedEvent | ComposedEvent | StatementEvent | DoneEvent


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds by stage."""

    timings: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to that of `name`."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = self.timings.get(name, 0.0) + _milliseconds(started)

    def restart(self) -> None:
        """Count from now on."""
        self.started = time.perf_counter()

    def mark(self, name: str) -> None:
        """Note under `name` the time since the watch was started; the first one counts."""
        self.timings.setdefault(name, _milliseconds(self.started))


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
