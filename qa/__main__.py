"""python -m qa "question": a cited answer on the terminal."""

import argparse
import json
import os
import sys
from pathlib import Path

from qa.options import add_model_arguments, model_settings

EPILOG = """
Examples:  python -m qa "Does ocrelizumab slow primary progressive MS?"
           python -m qa --json "What was the hazard ratio in EXPAND?"
Exit status: 0 answered, or the sources do not answer; 2 an error (the message says what to do); 130 interrupted.
"""


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line of `python -m qa`."""
    parser = argparse.ArgumentParser(
        prog="python -m qa",
        description="Ask about treating progressive MS; every sentence of the answer carries a checked citation.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("question", help="the question, in quotes")
    parser.add_argument("--history", action="append", default=[], metavar="QUESTION", help="an earlier question")
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    parser.add_argument("--explain", action="store_true", help="follow the question through the stages")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--collection", metavar="NAME", help="ask this collection (python -m ingest --collections)")
    add_model_arguments(parser)
    return parser.parse_args(arguments)


def main() -> int:
    """Run the command; returns the exit status."""
    options = parse_arguments()
    from ingest.errors import IngestError
    from ingest.progress import progress_bar
    from qa.assistant import Assistant
    from qa.errors import QuestionError
    from qa.render import to_terminal
    from qa.settings import AskSettings
    from qa.understand import check_question

    try:
        check_question(options.question)
        settings = AskSettings(model=model_settings(options, os.environ))
        with progress_bar() as progress:
            assistant = Assistant.open(
                options.index, settings=settings, collection=options.collection, progress=progress
            )
        if options.explain:
            print("\n".join(assistant.explain(options.question, options.history).lines()))
            return 0
        answer = assistant.ask(options.question, options.history)
    except (IngestError, QuestionError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2) if options.json else to_terminal(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
