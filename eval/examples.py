"""`python -m eval examples`: gather corpus/examples.tsv and asked.tsv, which ingestion embeds.

They hold what fitting may see: `eval/examples.tsv` and `more-parts.tsv`, written for this beside each document, the
training questions, and the dev halves of suite, practice and judged questions. None of a test half is among them.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import corpus
from eval.asked import asked
from eval.judged import to_learn
from eval.suite import PRACTICE_DIR, Question, load_questions
from eval.training import read_training, read_unanswered
from ingest.conversation import conversation
from ingest.examples import COLUMNS, FILE, HELD, Example, read_examples
from ingest.questions import COLUMNS as ASKED_COLUMNS
from ingest.questions import FILES

ASKED = FILES[1]
WRITTEN = Path(__file__).with_name(FILE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval examples`."""
    parser.add_argument("--to", type=Path, default=corpus.ROOT, metavar="DIR", help="folder (default: %(default)s)")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    held = {one.question: one.held for one in gathered()}
    shown = {is_held: word for word, is_held in HELD.items()}
    rows = [(one.key, one.opening, one.question) for one in asked()]
    _write(options.to / FILE, [COLUMNS, *((shown[is_held], question) for question, is_held in sorted(held.items()))])
    _write(options.to / ASKED, [ASKED_COLUMNS, *rows])
    print(f"{len(held)} examples, {sum(held.values())} of them held, in {FILE}; {len(rows)} answers in {ASKED}.")
    print("Now run python -m ingest and python -m eval calibrate.")
    return 0


def _write(file: Path, rows: Iterable[Sequence[str]]) -> None:
    file.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def gathered() -> Iterator[Example]:
    """All examples; of one question that stands in several sets, the last counts."""
    yield from read_examples(WRITTEN)
    for one in (*read_training(), *read_unanswered()):
        yield Example(one.answerable, one.question)
    for judged in to_learn():
        if judged.verdict != "partly":
            yield Example(judged.verdict == "answered", judged.asked)
    yield from _of(load_questions(split="dev"))
    yield from _of(load_questions(PRACTICE_DIR, "dev"))


def _of(questions: Iterable[Question]) -> Iterator[Example]:
    """Those that are answered or not; how an emergency is met says nothing of the documents."""
    for one in questions:
        if one.expect != "safe":
            yield Example(one.expect == "answer", conversation(one.question, one.history))
