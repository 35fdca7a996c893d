"""`python -m eval`: every question of the suite, its answer judged, the figures printed and written."""

import argparse
import json
from pathlib import Path

from eval.report import print_table, to_json
from eval.run import run
from eval.suite import QUESTIONS_DIR, load_questions
from ingest.progress import progress_bar
from qa.assistant import Assistant


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval`."""
    parser.add_argument("--split", choices=["dev", "test", "all"], default="test", help="default: %(default)s")
    parser.add_argument("--questions", type=Path, default=QUESTIONS_DIR, metavar="PATH", help="folder or YAML file")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every question with its answer to FILE")
    parser.add_argument("--failed", action="store_true", help="also print every failed question")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    questions = load_questions(options.questions, options.split)
    judged = []
    with progress_bar() as progress:
        assistant = Assistant.open(options.index, progress=progress)
        for done, result in enumerate(run(assistant, questions), start=1):
            judged.append(result)
            progress("asking", done, len(questions))
    about = {"questions": len(questions), "split": options.split, "corpus": assistant.corpus_hash}
    print_table(judged, about)
    if options.failed:
        for result in (j for j in judged if j.failed):
            print(f"\n{result.id}: {result.question}\n  -> {result.abstention or ''} {result.text}")
            print(f"  cited {', '.join(result.cited)}; retrieved {', '.join(result.retrieved[:5])}")
    if options.json:
        options.json.write_text(json.dumps(to_json(judged, about), ensure_ascii=False, indent=1), encoding="utf-8")
    return 0
