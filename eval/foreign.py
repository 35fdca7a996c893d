"""Other people's questions, in whichever of four formats they come; the file itself tells which.

plain lines     one question a line
JSON Lines      an object a line with "question" (K-QA writes "Question"); what else it holds is left alone
with passages   the same, each with "passage", "passage_id" and "answerable": SQuAD 2 laid flat
SQuAD 2         its official .json: data, paragraphs, context, qas with is_impossible
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.collection import make_document
from eval.records import DataFileError, Record, read_lines, read_records
from ingest.document import Document
from qa.errors import QuestionError
from qa.understand import check_question

FORMATS = 'Give questions as plain lines, as JSON Lines with "question", or as SQuAD 2 has them.'


@dataclass(frozen=True, slots=True)
class Case:
    """One question, and whether what it is asked of holds the answer."""

    question: str
    answerable: bool


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one file. With `documents` they are asked of those, else of the index that is there."""

    path: Path
    format: str
    cases: tuple[Case, ...]
    documents: tuple[Document, ...] = ()


def question_files(path: Path) -> list[Path]:
    """The file itself; of a folder its .jsonl and .json files, else its .txt files. Raises DataFileError."""
    if not path.is_dir():
        return [path]
    for endings in ({".jsonl", ".json"}, {".txt"}):
        found = sorted(file for file in path.iterdir() if file.suffix in endings)
        if found:
            return found
    raise DataFileError(path, None, "holds no .jsonl, .json or .txt file", FORMATS)


def read_questions(path: Path) -> QuestionSet:
    """The questions of one file. Those without a passage count as unanswerable. Raises DataFileError."""
    if path.suffix == ".json":
        return _with_passages(path, "SQuAD 2", _squad(path))
    first = next(read_lines(path), None)
    if first is None:
        raise DataFileError(path, None, "is empty", FORMATS)
    if not first.text.startswith("{"):
        lines = tuple(Case(_asked(line.text, path, line.number), answerable=False) for line in read_lines(path))
        return QuestionSet(path, "plain lines", lines)
    records = list(read_records(path))
    if "passage" in records[0].values:
        return _with_passages(path, "with passages", [_flat(record) for record in records])
    field = "Question" if "Question" in records[0].values else "question"
    cases = [Case(_asked(record.text(field), path, record.line.number), answerable=False) for record in records]
    return QuestionSet(path, "JSON Lines", tuple(cases))


def _asked(question: str, path: Path, line: int | None) -> str:
    try:
        return check_question(question)
    except QuestionError as error:
        raise DataFileError(path, line, "cannot be asked", str(error)) from error


@dataclass(frozen=True, slots=True)
class _Posed:
    """A question about a passage, as the file gives them."""

    question: str
    answerable: bool
    key: str
    title: str
    passage: str
    line: int | None = None


def _with_passages(path: Path, layout: str, posed: Sequence[_Posed]) -> QuestionSet:
    cases = [Case(_asked(one.question, path, one.line), one.answerable) for one in posed]
    documents: dict[str, Document] = {}
    for one in posed:
        known = documents.setdefault(one.key, make_document(one.key, len(documents) + 1, one.title, one.passage))
        if known.text != one.passage:
            problem = f"passage {one.key!r} reads differently than before"
            raise DataFileError(path, one.line, problem, "Give every passage an id of its own.")
    if not documents:
        raise DataFileError(path, None, "holds no question", FORMATS)
    return QuestionSet(path, layout, tuple(cases), tuple(documents.values()))


def _flat(record: Record) -> _Posed:
    answerable, passage = record.values.get("answerable"), record.text("passage")
    if not isinstance(answerable, bool):
        raise record.line.fault(f"'answerable' is {answerable!r}", "Write true or false.")
    if not passage.strip():
        raise record.line.fault("the passage is empty", "Write its text.")
    key, title = record.text("passage_id"), record.text("title", "")
    return _Posed(record.text("question"), answerable, key, title, passage, record.line.number)


def _squad(path: Path) -> list[_Posed]:
    content = "\n".join(line.text for line in read_lines(path))
    try:
        return [
            _Posed(
                asked["question"],
                not asked.get("is_impossible", False),
                key=f"{a}-{p}",
                title=article["title"].replace("_", " "),
                passage=paragraph["context"],
            )
            for a, article in enumerate(json.loads(content)["data"], start=1)
            for p, paragraph in enumerate(article["paragraphs"], start=1)
            for asked in paragraph["qas"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"is not as SQuAD 2 has it ({error!r})"
        remedy = (
            "It holds data: a list of articles with title and paragraphs; those hold context, and qas with question."
        )
        raise DataFileError(path, None, problem, remedy) from error
