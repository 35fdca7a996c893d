"""Files read in a worker process of their own, each within a budget of time and memory."""

import json
import os
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingest.errors import DocumentError
from ingest.formats.draft import Draft

TRUNK = Path(__file__).parents[1]
PIECE = 1 << 20
LARGEST_ANSWER = 256 << 20  # bytes
SMALLER = "Split it, or save it in a simpler form."


@dataclass(frozen=True, slots=True)
class Budget:
    """What one file may cost, and whether pictures of text are recognised."""

    seconds: float = 60.0
    memory: int = 1 << 30
    """Bytes of address space of the worker."""
    ocr: bool = False


class Reading:
    """Reads files to drafts. The worker starts with the first file and is replaced when a file has cost its budget."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._worker: subprocess.Popen[bytes] | None = None
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, path: Path) -> list[Draft]:
        """The drafts of a file. Raises DocumentError: unreadable, or over its budget.

        A worker that has read other files before may have died of those; then the file gets a fresh one.
        """
        again = self._served > 0
        answer = self._asked(path)
        if again and (answer is None or answer.get("memory")):
            self._stop()
            answer = self._asked(path)
        if answer is None:
            raise DocumentError(path, "file", "made its reader crash", "Open it and save it again, or remove it.")
        if answer.get("memory"):
            self._stop()
            problem = f"needs more than {self._budget.memory >> 20} MB of memory"
            raise DocumentError(path, "file", problem, SMALLER)
        if "problem" in answer:
            raise DocumentError(path, "file", answer["problem"], answer["remedy"])
        return [_draft(values) for values in answer["drafts"]]

    def _asked(self, path: Path) -> dict[str, Any] | None:
        worker = self._worker or self._start()
        assert worker.stdin is not None
        try:
            worker.stdin.write(json.dumps({"path": str(path), "ocr": self._budget.ocr}).encode("ascii") + b"\n")
            worker.stdin.flush()
            self._served += 1
            line = self._line(path)
        except BrokenPipeError:
            line = b""
        if not line:
            self._stop()
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _line(self, path: Path) -> bytes:
        """The worker's answer; empty when it died. Raises DocumentError when the time is over."""
        assert self._worker is not None
        assert self._worker.stdout is not None
        deadline = time.monotonic() + self._budget.seconds
        source = self._worker.stdout.fileno()
        parts: list[bytes] = []
        size = 0
        with selectors.DefaultSelector() as waiting:  # select() knows only the first 1024 files of a process
            waiting.register(source, selectors.EVENT_READ)
            while True:
                ready = waiting.select(max(0.0, deadline - time.monotonic()))
                if not ready or size > LARGEST_ANSWER:
                    self._stop()
                    slow = f"took longer than {self._budget.seconds:g} s to read"
                    problem = "holds too much text" if ready else slow
                    raise DocumentError(path, "file", problem, f"{SMALLER} --timeout allows more time.")
                part = os.read(source, PIECE)
                parts.append(part)
                size += len(part)
                if not part or part.endswith(b"\n"):
                    return b"".join(parts) if part else b""

    def _start(self) -> subprocess.Popen[bytes]:
        paths = os.pathsep.join([str(TRUNK), *filter(None, sys.path)])
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "ingest.worker", str(self._budget.memory), str(self._budget.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,  # an interrupt is the parent's to handle
        )
        self._served = 0
        return self._worker

    def _stop(self) -> None:
        if self._worker:
            self._worker.kill()
            self._worker.communicate()
            self._worker = None


def _draft(values: dict[str, Any]) -> Draft:
    return Draft(**{**values, "notes": tuple(values["notes"])})
