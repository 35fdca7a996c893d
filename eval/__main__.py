"""python -m eval [COMMAND]: is the assistant as good as it says?"""

import argparse
import sys
from importlib import import_module

# Each module has add_arguments(parser) and main(options) -> exit status.
COMMANDS = {
    "answers": ("eval.answers", "ask every question of the suite and print the figures (the default)"),
    "calibrate": ("eval.calibrate", "fit ranking, abstention and triage on the dev split and training questions"),
    "examples": (
        "eval.examples",
        "gather example questions, answered and not, for the index; ingest and calibrate afterwards",
    ),
    "tune": ("eval.tune", "fit the model for questions to the written ones; calibrate afterwards"),
    "beir": ("eval.beir", "the retriever on a folder in BEIR format, beside bare dense and bare BM25"),
    "feedback": ("eval.feedback", "what readers said about answers, where they agreed to its being kept"),
    "abstain": ("eval.refusing", "abstaining on questions that must be refused"),
    "judged": ("eval.judged", "questions as people ask them, sentence by sentence, against a reader's judgement"),
    "speed": ("eval.speed.command", "cost of starting, asking and ingesting, beside a plain LangChain pipeline"),
    "verify": ("eval.checking", "the statement checker on altered sentences, paraphrases and public claims"),
}


def parser_of(command: str) -> argparse.ArgumentParser:
    """The command line of one command."""
    module, purpose = COMMANDS[command]
    listed = "\n".join(f"  {name:<10} {text}" for name, (_, text) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog=f"python -m eval {command}",
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"Commands:\n{listed}\nEach has its own --help. Exit status: 0 done; 1 the gate failed; 2 an error.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    import_module(module).add_arguments(parser)
    return parser


def main() -> int:
    """Run the command; returns the exit status."""
    arguments = sys.argv[1:]
    command = arguments.pop(0) if arguments and arguments[0] in COMMANDS else "answers"
    options = parser_of(command).parse_args(arguments)
    from eval.suite import QuestionFileError
    from ingest.errors import IngestError
    from qa.errors import ModelConfigurationError

    try:
        return int(import_module(COMMANDS[command][0]).main(options))
    except (IngestError, ModelConfigurationError, QuestionFileError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
