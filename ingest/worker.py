"""The process that reads files: one request a line on standard input, one answer a line on standard output.

Whatever a file does to it (crash, endless loop, all memory) happens here, where `ingest.reading` can end it.
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

AFTER = 10  # seconds


def main() -> None:
    """Answer requests until standard input closes. Arguments: bytes of memory and seconds allowed for a file."""
    _limit_memory(int(sys.argv[1]))
    seconds = int(float(sys.argv[2])) + AFTER
    sys.setrecursionlimit(3000)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not mix with the answers
    os.dup2(1, 2)
    for line in sys.stdin.buffer:
        if hasattr(signal, "alarm"):
            signal.alarm(seconds)  # ends this process when the one that watches its time was killed
        _send(answers, _answer(json.loads(line)))


def _limit_memory(allowed: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    except (ImportError, ValueError, OSError):  # no such limit on this system: the time limit remains
        return


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    from ingest.formats.draft import UnreadableError
    from ingest.formats.read import read_file

    try:
        drafts = read_file(Path(request["path"]), ocr=request["ocr"])
        return {"drafts": [asdict(draft) for draft in drafts]}
    except UnreadableError as error:
        return {"problem": error.problem, "remedy": error.remedy}
    except OSError as error:
        return {
            "problem": f"cannot be read ({error.strerror or error})",
            "remedy": "Check that it is there and its permissions.",
        }
    except MemoryError:
        return {"memory": True}
    except RecursionError:
        return {"problem": "is nested too deeply", "remedy": "That is no ordinary document; if it is one, simplify it."}
    except Exception as error:  # a library's way to fail on a broken file: reported, with its kind
        return {
            "problem": f"cannot be read ({type(error).__name__}: {str(error)[:200]})",
            "remedy": "Open it in the program that made it, and save or export it again.",
        }


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode("ascii") + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
