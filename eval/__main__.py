"""python -m eval: ask every question of the suite and print the figures."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.questions import QUESTIONS_DIR, Question, QuestionFileError, load_questions

if TYPE_CHECKING:
    from qa.assistant import Assistant


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line of `python -m eval`."""
    parser = argparse.ArgumentParser(prog="python -m eval", description="Measure the assistant's answers.")
    parser.add_argument("command", nargs="?", choices=["answers", "calibrate"], default="answers", help="see README")
    parser.add_argument("--split", choices=["dev", "test", "all"], default="test", help="default: %(default)s")
    parser.add_argument("--questions", type=Path, default=QUESTIONS_DIR, metavar="PATH", help="folder or YAML file")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every question with its answer to FILE")
    parser.add_argument("--failed", action="store_true", help="also print every failed question")
    return parser.parse_args(arguments)


def main() -> int:
    """Run the command; returns the exit status."""
    options = parse_arguments()
    from ingest.errors import IngestError
    from ingest.progress import progress_bar
    from qa.assistant import Assistant

    try:
        with progress_bar() as progress:
            assistant = Assistant.open(options.index, progress=progress)
        if options.command == "calibrate":
            return _calibrate(assistant, load_questions(options.questions, "dev"))
        return _answers(assistant, load_questions(options.questions, options.split), options)
    except (IngestError, QuestionFileError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _calibrate(assistant: "Assistant", questions: Sequence[Question]) -> int:
    from eval.calibrate import fit
    from qa.abstain import CALIBRATION

    for name, value in fit(assistant, questions, CALIBRATION).items():
        print(f"{name}: {value:.3f}")
    return 0


def _answers(assistant: "Assistant", questions: Sequence[Question], options: argparse.Namespace) -> int:
    from eval.report import print_table, to_json
    from eval.run import run
    from ingest.progress import progress_bar

    judged = []
    with progress_bar() as progress:
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


if __name__ == "__main__":
    sys.exit(main())
