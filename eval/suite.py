"""The questions: what is asked, and what a right answer holds."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

QUESTIONS_DIR = Path(__file__).with_name("questions")
Split = Literal["dev", "test", "all"]
EXPECTATIONS = ("answer", "abstain", "safe")


class QuestionFileError(ValueError):
    """A file of questions that cannot be used; the message names file, question and field."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the suite. `any_of` and `all_of` are keys of documents; `facts` are alternatives of patterns."""

    id: str
    category: str
    question: str
    history: tuple[str, ...]
    expect: str
    any_of: tuple[str, ...]
    all_of: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]
    forbid: tuple[str, ...]
    note: str = ""

    @property
    def split(self) -> str:
        """ "dev" or "test", fixed by the id: half of the questions each."""
        return "dev" if hashlib.sha256(self.id.encode()).digest()[0] % 2 == 0 else "test"

    @property
    def right_sources(self) -> frozenset[str]:
        """Keys of all documents that a right answer may cite."""
        return frozenset((*self.any_of, *self.all_of))


def load_questions(folder: Path = QUESTIONS_DIR, split: Split = "all") -> list[Question]:
    """All questions of a folder (or of one YAML file), by id. Raises QuestionFileError."""
    import yaml

    files = [folder] if folder.is_file() else sorted(folder.glob("*.yaml"))
    if not files:
        raise QuestionFileError(f"{folder}: holds no .yaml file with questions")
    found: dict[str, Question] = {}
    for file in files:
        try:
            entries = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except (OSError, yaml.YAMLError) as error:
            raise QuestionFileError(f"{file}: cannot be read: {error}") from error
        for entry in entries or []:
            question = _parsed(entry, file)
            if question.id in found:
                raise QuestionFileError(f"{file}: id {question.id!r} is used twice; give it another one")
            found[question.id] = question
    return [found[key] for key in sorted(found) if split in ("all", found[key].split)]


def _parsed(entry: object, file: Path) -> Question:
    if not isinstance(entry, dict) or not entry.get("id"):
        raise QuestionFileError(f"{file}: an entry has no id")
    where = f"{file}: {entry['id']}"
    for name in ("category", "question", "expect"):
        if not entry.get(name):
            raise QuestionFileError(f"{where}: {name} is missing")
    if entry["expect"] not in EXPECTATIONS:
        raise QuestionFileError(f"{where}: expect is {entry['expect']!r}; use one of {', '.join(EXPECTATIONS)}")
    sources = entry.get("sources") or {}
    question = Question(
        id=entry["id"],
        category=entry["category"],
        question=entry["question"],
        history=tuple(entry.get("history") or ()),
        expect=entry["expect"],
        any_of=tuple(sources.get("any") or ()),
        all_of=tuple(sources.get("all") or ()),
        facts=tuple(tuple(alternatives) for alternatives in entry.get("facts") or ()),
        forbid=tuple(entry.get("forbid") or ()),
        note=entry.get("note") or "",
    )
    for pattern in (*(p for fact in question.facts for p in fact), *question.forbid):
        try:
            re.compile(pattern)
        except re.error as error:
            raise QuestionFileError(f"{where}: {pattern!r} is no regular expression ({error})") from error
    return question
