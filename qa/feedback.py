"""What readers said about answers: one file beside the index, written only where the reader agreed."""

import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.errors import IngestError

FILE = "feedback.jsonl"
LONGEST = 4000  # characters kept of each text
LARGEST = 20_000_000  # bytes of the whole file, so that nobody fills the disk
_writing = threading.Lock()


class FeedbackError(IngestError):
    """The file of feedback cannot be written or read."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's word on one answer."""

    helpful: bool
    reason: str
    remark: str
    question: str
    answer: str
    cited: tuple[int, ...] = ()
    corpus_hash: str = ""
    at: str = ""


def keep(folder: Path, feedback: Feedback) -> None:
    """Append one entry to the file in `folder`. Raises FeedbackError when it is full or cannot be written."""
    path = folder / FILE
    entry = {k: v[:LONGEST] if isinstance(v, str) else v for k, v in asdict(feedback).items()}
    entry["at"] = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    with _writing:
        try:
            if path.exists() and path.stat().st_size + len(line) > LARGEST:
                raise FeedbackError(f"{path} has reached {LARGEST} bytes. Move it away to collect more.")
            with path.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError as error:
            raise FeedbackError(f"{path} cannot be written ({error}). Check the folder's permissions.") from error


def read(folder: Path) -> list[Feedback]:
    """All entries, oldest first; none where there is no file. Raises FeedbackError naming a line that is not one."""
    path = folder / FILE
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(_entry(json.loads(line)))
        except (ValueError, TypeError) as error:
            raise FeedbackError(f"{path}, line {number} is no entry ({error}). Remove the line.") from error
    return found


def _entry(values: dict[str, object]) -> Feedback:
    cited = values.pop("cited", ())
    numbers = tuple(cited) if isinstance(cited, Sequence) else ()
    return Feedback(**values, cited=numbers)  # type: ignore[arg-type]  # checked by the constructor's names
