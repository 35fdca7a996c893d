"""The questions: what is asked, and what a right answer holds."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

QUESTIONS_DIR = Path(__file__).with_name("questions")
PRACTICE_DIR = Path(__file__).with_name("practice")
Split = Literal["dev", "test", "all"]
EXPECTATIONS = ("answer", "abstain", "safe")
FIELDS = ("id", "category", "question", "history", "expect", "sources", "facts", "forbid", "note")


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
    files = [folder] if folder.is_file() else sorted(folder.glob("*.yaml"))
    if not files:
        raise QuestionFileError(f"{folder}: holds no .yaml file with questions")
    found: dict[str, Question] = {}
    for file in files:
        for entry in _entries(file):
            question = _parsed(entry, file)
            if question.id in found:
                raise QuestionFileError(f"{file}: id {question.id!r} is used twice; give it another one")
            found[question.id] = question
    return [found[key] for key in sorted(found) if split in ("all", found[key].split)]


def sample(questions: Sequence[Question], count: int | None) -> list[Question]:
    """At most `count` of the questions, always the same ones: those whose hashed ids come first."""
    chosen = sorted(questions, key=lambda question: hashlib.sha256(question.id.encode()).digest())[:count]
    return sorted(chosen, key=lambda question: question.id)


def _entries(file: Path) -> list[object]:
    import yaml

    try:
        entries = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise QuestionFileError(f"{file}: cannot be read: {error}") from error
    if entries is not None and not isinstance(entries, list):
        raise QuestionFileError(f"{file}: an entry has no id: write a list of questions, each beginning with '- id:'")
    return entries or []


def _parsed(entry: object, file: Path) -> Question:
    if not isinstance(entry, dict) or not entry.get("id"):
        raise QuestionFileError(f"{file}: an entry has no id")
    where = f"{file}: {entry['id']}"
    _check_fields(entry, FIELDS, where)
    for name in ("category", "question", "expect"):
        if not entry.get(name):
            raise QuestionFileError(f"{where}: {name} is missing")
    for name in ("id", "category", "question"):
        if not isinstance(entry[name], str):
            raise QuestionFileError(f"{where}: {name} is not text; put it in quotes")
    if entry["expect"] not in EXPECTATIONS:
        raise QuestionFileError(f"{where}: expect is {entry['expect']!r}; use one of {', '.join(EXPECTATIONS)}")
    sources = entry.get("sources") or {}
    if not isinstance(sources, dict):
        raise QuestionFileError(f"{where}: sources is not a mapping; write {{any: [...], all: [...]}}")
    _check_fields(sources, ("any", "all"), f"{where}: sources")
    facts = entry.get("facts") or []
    if not isinstance(facts, list):
        raise QuestionFileError(f"{where}: facts is not a list of lists of patterns")
    question = Question(
        id=entry["id"],
        category=entry["category"],
        question=entry["question"],
        history=_texts(entry.get("history"), f"{where}: history"),
        expect=entry["expect"],
        any_of=_texts(sources.get("any"), f"{where}: sources"),
        all_of=_texts(sources.get("all"), f"{where}: sources"),
        facts=tuple(_texts(alternatives, f"{where}: facts") for alternatives in facts),
        forbid=_texts(entry.get("forbid"), f"{where}: forbid"),
        note=entry.get("note") or "",
    )
    _check_patterns(question, where)
    return question


def _check_fields(names: Iterable[object], known: tuple[str, ...], where: str) -> None:
    for name in names:
        if name not in known:
            (nearest,) = get_close_matches(str(name), known, n=1, cutoff=0)
            raise QuestionFileError(f"{where}: unknown field {name!r}; the nearest known one is {nearest!r}")


def _texts(values: object, where: str) -> tuple[str, ...]:
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise QuestionFileError(f'{where}: {values!r} is not a list of texts; write ["..."]')
    return tuple(values)


def _check_patterns(question: Question, where: str) -> None:
    for pattern in (*(p for fact in question.facts for p in fact), *question.forbid):
        try:
            re.compile(pattern)
        except re.error as error:
            raise QuestionFileError(f"{where}: {pattern!r} is no regular expression ({error})") from error
