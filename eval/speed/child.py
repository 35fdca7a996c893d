"""One system in a process of its own: a request a line on standard input, an answer a line on standard output.

So that neither memory nor imports of one system weigh on another. `python -m eval.speed.child SYSTEM`.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from eval.speed.figures import BARE, OURS, PLAIN, TXTAI

MODULES = {OURS: "eval.speed.ours", PLAIN: "eval.speed.plain", TXTAI: "eval.speed.with_txtai", BARE: "eval.speed.bare"}
EXTRA = (
    "python -m pip install -c constraints.txt -e '.[speed]' && "
    "python -m pip install --no-deps langchain-huggingface==1.2.3"
)


@dataclass(frozen=True, slots=True)
class Built:
    """What ingesting some texts cost: seconds from the texts in memory to a finished index, models loaded before."""

    documents: int
    chunks: int
    texts: int
    """Texts that were embedded: chunks, and for ours the sentences as well."""
    characters: int
    seconds: float
    embedding: float
    """Seconds of them in which the embedder was at work."""
    embedded: int = 0
    """Characters of the texts that were embedded, where that was counted."""


class System(Protocol):
    """What is measured of every system. Each method may rely on those before it having been called."""

    def build(self, documents: Path, folder: Path) -> Built:
        """Ingest a JSON Lines file of documents (key, title, text) into a new folder."""
        ...

    def open(self, folder: Path) -> None:
        """Get ready to search what `build` made."""
        ...

    def search(self, question: str) -> Mapping[str, float]:
        """Search for one question; milliseconds by stage, "total" among them."""
        ...


def missing_packages(*packages: str) -> str | None:
    """What to install where one of the packages is not there; None when all are."""
    from importlib.util import find_spec

    absent = [name for name in packages if find_spec(name) is None]
    return (
        f"skipped, as {' and '.join(absent)} cannot be imported; the extra `speed` has it: {EXTRA}" if absent else None
    )


def read_documents(path: Path) -> list[dict[str, str]]:
    """The documents of a file that `eval.speed.texts` wrote."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def memory() -> dict[str, float] | None:
    """Megabytes of this process."""
    return memory_of("self")


def memory_of(process: int | str) -> dict[str, float] | None:
    """Resident (RSS) and proportional (PSS: shared pages split among those who share them) megabytes of a process.

    None where the system does not tell (it is Linux that does).
    """
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return None
    found = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", told, re.MULTILINE))
    return {name.upper(): int(kilobytes) / 1000 for name, kilobytes in found.items()}


def main() -> None:
    """Answer requests until standard input closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    module = import_module(MODULES[sys.argv[1]])
    problem = missing_packages(*module.PACKAGES)
    _send(answers, {"missing": problem} if problem else {"ready": True})
    if problem:
        return
    system: System = module.make()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _send(answers, _answer(system, request))


def _answer(system: System, request: dict[str, Any]) -> dict[str, Any]:
    operations: dict[str, Callable[[dict[str, Any]], Any]] = {
        "build": lambda given: asdict(system.build(Path(given["documents"]), Path(given["folder"]))),
        "open": lambda given: system.open(Path(given["folder"])),
        "search": lambda given: [dict(system.search(question)) for question in given["questions"]],
        "memory": lambda _: memory(),
    }
    extra = getattr(system, "operations", {})
    try:
        return {"value": {**operations, **extra}[request["do"]](request)}
    except Exception as error:  # told to the parent with its kind, which raises it there
        return {"error": f"{type(error).__name__}: {error}"}


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # the parent tells
        sys.exit(130)
