"""`python -m eval examples`: write corpus/examples.tsv, which ingestion embeds, from what fitting may see.

Those are `eval/examples.tsv`, written for this beside each document, the training questions, and the dev halves of
suite, practice and judged questions. None of a test half is among them.
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import corpus
from eval.judged import read_judged
from eval.suite import PRACTICE_DIR, Question, load_questions
from eval.training import read_training, read_unanswered
from ingest.examples import COLUMNS, FILE, HELD, Example, read_examples

WRITTEN = Path(__file__).with_name(FILE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval examples`."""
    parser.add_argument("--to", type=Path, default=corpus.ROOT / FILE, metavar="FILE", help="default: %(default)s")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    held = {one.question: one.held for one in gathered()}
    shown = {is_held: word for word, is_held in HELD.items()}
    lines = ["\t".join(COLUMNS), *(f"{shown[is_held]}\t{question}" for question, is_held in sorted(held.items()))]
    options.to.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(
        f"{len(held)} examples, {sum(held.values())} of them held, in {options.to.name}. Now run python -m ingest and"
    )
    print("python -m eval calibrate.")
    return 0


def gathered() -> Iterator[Example]:
    """All examples; of one question that stands in several sets, the last counts."""
    yield from read_examples(WRITTEN)
    for one in (*read_training(), *read_unanswered()):
        yield Example(one.answerable, one.question)
    for judged in read_judged(split="dev"):
        if judged.verdict != "partly":
            yield Example(judged.verdict == "answered", judged.question)
    yield from _of(load_questions(split="dev"))
    yield from _of(load_questions(PRACTICE_DIR, "dev"))


def _of(questions: Iterable[Question]) -> Iterator[Example]:
    """Those that stand by themselves and are answered or not; how an emergency is met says nothing of the documents."""
    for one in questions:
        if one.expect != "safe" and not one.history:
            yield Example(one.expect == "answer", " ".join(one.question.split()))
