"""What is written beside the documents of a folder: questions for their sentences, and example questions."""

from collections.abc import Iterable
from pathlib import Path

from ingest.errors import DocumentError
from ingest.examples import FILE as EXAMPLES_FILE
from ingest.examples import Example, read_examples
from ingest.load import beside
from ingest.questions import FILES as QUESTIONS_FILES
from ingest.questions import Asked, read_questions


def questions_beside(
    roots: Iterable[str], failed: list[DocumentError]
) -> tuple[tuple[Asked, ...], tuple[Example, ...]]:
    """The questions and the examples of all roots; the errors of files that cannot be read go to `failed`."""
    asked: list[Asked] = []
    examples: list[Example] = []
    for folder in filter(Path.is_dir, map(beside, roots)):
        try:
            for name in QUESTIONS_FILES:
                asked += read_questions(folder / name)
            examples += read_examples(folder / EXAMPLES_FILE)
        except DocumentError as error:
            failed.append(error)
    return tuple(asked), tuple(examples)
