"""What ranking and abstaining are fitted on: questions of `training.tsv` and the dev split, with what answers them."""

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from eval.suite import Question, QuestionFileError
from ingest.conversation import conversation

TRAINING = Path(__file__).with_name("training.tsv")
UNANSWERED = Path(__file__).with_name("unanswered.tsv")
COLUMNS = ["expect", "question", "key", "sentence"]


@dataclass(frozen=True, slots=True)
class Example:
    """One question; `is_right` says of a document's key and a sentence of it whether that answers.

    Where `answerable` is false, none does.
    `asked_in` names the set of a question as people ask them; training questions, harder on purpose, are in none.
    """

    question: str
    history: tuple[str, ...]
    answerable: bool
    is_right: Callable[[str, str], bool]
    asked_in: str = ""

    @property
    def asked(self) -> str:
        """The question behind those before it."""
        return conversation(self.question, self.history)


def from_suite(questions: Iterable[Question], asked_in: str = "suite") -> list[Example]:
    """Questions of the suite, or in its form: right is a sentence of a right source that holds a key fact."""
    return [
        Example(one.question, one.history, one.expect == "answer", _states_a_fact(one), asked_in)
        for one in questions
        if one.expect == "abstain" or (one.expect == "answer" and one.facts)
    ]


def read_training(file: Path = TRAINING) -> list[Example]:
    """The questions of a training file: right are the sentences that it names by key and opening words.

    A row for each answering sentence, one without key and sentence for a question to be refused. Raises
    QuestionFileError.
    """
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or rows[0] != COLUMNS:
        raise QuestionFileError(f"{file}: begin with the line {' <tab> '.join(COLUMNS)}")
    openings: dict[str, list[tuple[str, str]]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(COLUMNS) or row[0] not in ("answer", "abstain") or (row[0] == "answer") != all(row[2:]):
            raise QuestionFileError(f"{file}: line {number}: write {', '.join(COLUMNS)}; no key for a refusal")
        openings.setdefault(row[1], []).extend([(row[2], row[3])] if row[0] == "answer" else [])
    return [Example(question, (), bool(named), _is_named(tuple(named))) for question, named in openings.items()]


def read_unanswered(file: Path = UNANSWERED) -> list[Example]:
    """Questions, a line each below a heading, that the corpus does not answer: near misses and other illnesses.

    Only where sentences have written questions can these near misses be told from what is answered.
    """
    _, *lines = file.read_text(encoding="utf-8").splitlines()
    return [Example(line, (), answerable=False, is_right=lambda *_: False) for line in lines]


def _states_a_fact(question: Question) -> Callable[[str, str], bool]:
    patterns = [re.compile(pattern, re.IGNORECASE) for fact in question.facts for pattern in fact]
    sources = question.right_sources
    return lambda key, text: key in sources and any(pattern.search(text) for pattern in patterns)


def _is_named(named: tuple[tuple[str, str], ...]) -> Callable[[str, str], bool]:
    return lambda key, text: any(key == one and " ".join(text.split()).startswith(own) for one, own in named)
