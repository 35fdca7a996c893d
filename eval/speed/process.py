"""The processes that are measured, as their parent sees them. Whatever ends the parent ends them too."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from eval.speed.child import memory_of
from ingest.errors import IngestError

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds for a start before it counts as failed
POLL = 0.02  # seconds
# No request leaves the machine, and no library asks whether it may.
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "TQDM_DISABLE": "1"}


class MeasuringError(IngestError):
    """A process that is measured failed; the message holds what it said."""


class Child:
    """A system in a process of its own (see `eval.speed.child`)."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._process = process
        self._log = log

    def call(self, do: str, **given: Any) -> Any:
        """Have the system do something. Raises MeasuringError with its words when it fails."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps({"do": do, **given}, default=str).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self._died() from error
        answer = self._read()
        if "error" in answer:
            raise MeasuringError(f"{self._name} could not {do}: {answer['error']}\n{self._said()}")
        return answer["value"]

    def missing(self) -> str | None:
        """Why the system cannot be measured here; None when it can. To be asked first, once."""
        told: str | None = self._read().get("missing")
        return told

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise self._died()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _died(self) -> MeasuringError:
        return MeasuringError(f"{self._name} ended before it answered (status {self._process.wait()}).\n{self._said()}")

    def _said(self) -> str:
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])

    @property
    def _name(self) -> str:
        return str(self._process.args[-1]) if isinstance(self._process.args, list) else "A system"


@contextmanager
def child(system: str, models: Path, scratch: Path) -> Iterator[Child]:
    """A system's process, ended afterwards whatever happens. `models` keeps the exported embedding model."""
    log = scratch / f"{system.replace(' ', '-')}.log"
    command = [sys.executable, "-m", "eval.speed.child", system]
    with log.open("wb") as errors, running(command, {"EVAL_SPEED_MODELS": str(models)}, errors) as process:
        yield Child(process, log)


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], errors: Any = subprocess.DEVNULL
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that is ended with everything that it started."""
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        cwd=ROOT,
        env={**os.environ, **OFFLINE, **environment},
        start_new_session=True,  # so that Ctrl-C reaches the parent alone, which then ends it
    )
    with process:
        try:
            yield process
        finally:
            end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and those that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()


def seconds_to_answer(command: Sequence[str]) -> float:
    """Seconds from the start of a command to the last thing that it prints. Raises MeasuringError when it fails."""
    begun = time.perf_counter()
    last, printed = begun, bytearray()
    with running(command, {}, subprocess.STDOUT) as process:
        assert process.stdout
        while part := os.read(process.stdout.fileno(), 65536):
            last = time.perf_counter()
            printed += part
        status = process.wait()
    if status or not printed:
        raise MeasuringError(f"{' '.join(command)} ended with status {status}: {printed.decode(errors='replace')}")
    return last - begun


@contextmanager
def chat(index_dir: Path) -> Iterator["Chat"]:
    """`python -m ui` over an index, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "ui", "--index", str(index_dir), "--port", str(port), "--rate", "0"]
    begun = time.perf_counter()
    with running(command, {}) as process:
        yield Chat(process, port, begun)


class Chat:
    """A chat that has just been started; times are seconds since then."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, begun: float) -> None:
        self._process = process
        self._port = port
        self._begun = begun

    def page(self) -> float:
        """Wait for the first page."""
        return self._waited("/", lambda body: bool(body))

    def ready(self) -> float:
        """Wait until the chat can be used."""
        return self._waited("/ready.json", lambda body: bool(json.loads(body)["ready"]))

    def ask(self, question: str) -> None:
        """Ask as a program would; returns when the answer is there."""
        made = self._fetched("/gradio_api/call/v2/ask", json.dumps({"question": question}))
        self._fetched(f"/gradio_api/call/ask/{json.loads(made)['event_id']}")

    def memory(self) -> dict[str, float] | None:
        """Megabytes of the process; None where the system does not tell."""
        return memory_of(self._process.pid)

    def _waited(self, path: str, there: Any) -> float:
        while time.perf_counter() - self._begun < PATIENCE:
            try:
                if there(self._fetched(path)):
                    return time.perf_counter() - self._begun
            except (OSError, HTTPException):
                if self._process.poll() is not None:
                    raise MeasuringError(f"python -m ui ended with status {self._process.returncode}.") from None
            time.sleep(POLL)
        raise MeasuringError(f"python -m ui did not answer within {PATIENCE:g} s.")

    def _fetched(self, path: str, body: str | None = None) -> bytes:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request("POST" if body else "GET", path, body, {"content-type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise HTTPException(f"{path}: {answer.status}")
            return content
        finally:
            connection.close()
