"""What every measurement of a run shares: texts, questions, folders, and the systems that are there."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from eval.speed.child import Built
from eval.speed.figures import OURS, PLAIN, SYSTEMS
from eval.speed.process import Child, MeasuringError, child
from eval.speed.texts import Text, text_hash, write_texts
from ingest.index import Layout
from ingest.progress import Progress


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is measured."""

    rounds: int
    questions: int
    """Of a round, for each system."""
    sizes: tuple[int, ...]
    embedded: int
    """Chunks of the largest sizes that are truly embedded; the others' vectors are composed of their sentences'."""
    folders: tuple[Path, ...] = ()
    """Folders in BEIR format that the larger sizes take their texts from."""
    quality: Path | None = None
    """A judged folder in BEIR format."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: nothing is written but under `cache`, which later runs use again, and `scratch`, which goes."""

    index_dir: Path
    cache: Path
    scratch: Path
    texts: Sequence[Text]
    questions: Iterator[str]
    scope: Scope
    progress: Progress
    skipped: dict[str, str] = field(default_factory=dict)
    """Systems that are not there, with the reason."""

    @property
    def models(self) -> Path:
        """Where the index keeps its exported embedding model."""
        return Layout(self.index_dir).models

    @property
    def systems(self) -> list[str]:
        """The systems that are there."""
        return [system for system in SYSTEMS if system not in self.skipped]

    def new_questions(self, count: int | None = None) -> list[str]:
        """Questions that no system was asked in this run. Raises MeasuringError when they are used up."""
        wanted = count or self.scope.questions
        found = list(islice(self.questions, wanted))
        if len(found) < wanted:
            raise MeasuringError("There are no further new questions. Ask for fewer with --questions or --rounds.")
        return found

    @contextmanager
    def child(self, system: str) -> Iterator[Child]:
        """A system in a new process."""
        with child(system, self.models, self.scratch) as started:
            started.missing()
            yield started

    def look_round(self) -> None:
        """Find out which systems are there."""
        for system in SYSTEMS:
            with child(system, self.models, self.scratch) as started:
                reason = started.missing()
            if reason:
                self.skipped[system] = reason

    def built(self, system: str) -> Path:
        """The folder where a system has ingested the texts of the index; kept for later runs."""
        if system == OURS:
            return self.index_dir
        folder = self.cache / "built" / f"{text_hash(self.texts)}-{system.replace(' ', '-')}"
        if not folder.exists():
            self.progress(f"building {system}'s index", 0, 1)
            scratch = self.scratch / "made"
            with self.child(system) as started:
                self.build(started, self.texts, scratch)
            scratch.mkdir(exist_ok=True)  # the embedder alone writes nothing
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(scratch, folder)
            self.progress(f"building {system}'s index", 1, 1)
        return folder

    def build(self, system: Child, texts: Sequence[Text], folder: Path) -> Built:
        """Have a system ingest texts into a folder, which is emptied first."""
        shutil.rmtree(folder, ignore_errors=True)
        file = write_texts(texts, self.scratch / "texts.jsonl")
        return Built(**system.call("build", documents=file, folder=folder))

    def opened(self, stack: ExitStack, systems: Sequence[str]) -> dict[str, Child]:
        """Systems with what they have built opened, each in a process of its own, until the stack is closed."""
        folders = {system: self.built(system) for system in systems}
        children = {system: stack.enter_context(self.child(system)) for system in systems}
        for system, started in children.items():
            started.call("open", folder=folders[system])
        return children

    def turn(self, number: int, systems: Sequence[str]) -> list[str]:
        """The order of a round: each begins with the next system, so that none is always first."""
        shift = number % len(systems)
        return [*systems[shift:], *systems[:shift]]


def answered(
    children: Mapping[str, Child], order: Sequence[str], questions: Sequence[str]
) -> dict[str, list[dict[str, float]]]:
    """The same questions put to every system, one system after the other: milliseconds by stage."""
    return {system: children[system].call("search", questions=questions) for system in order}


def size_of(folder: Path) -> float:
    """Megabytes of the files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def compared(bench: Bench) -> list[str]:
    """Ours and the plain pipeline, as far as they are there."""
    return [system for system in (OURS, PLAIN) if system in bench.systems]
