"""Other people's data, a JSON object a line, and the error that says which line is at fault."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.suite import QuestionFileError


class DataFileError(QuestionFileError):
    """A file of somebody's data that cannot be used; the message names file, line, problem and remedy."""

    def __init__(self, path: Path, line: int | None, problem: str, remedy: str) -> None:
        where = f"{path}, line {line}" if line else str(path)
        super().__init__(f"{where}: {problem}. {remedy}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file that knows where it stands; numbers start at 1."""

    path: Path
    number: int
    text: str

    def fault(self, problem: str, remedy: str) -> DataFileError:
        """The error that blames this line."""
        return DataFileError(self.path, self.number, problem, remedy)


@dataclass(frozen=True, slots=True)
class Record:
    """One line, parsed."""

    line: Line
    values: Mapping[str, Any]

    def text(self, field: str, default: str | None = None) -> str:
        """A field as text. Raises DataFileError when it is no text, or is missing and has no default."""
        value = self.values.get(field, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)  # some collections write their ids as numbers
        if not isinstance(value, str):
            problem = f"{field!r} is missing" if value is None else f"{field!r} is {str(value)[:40]!r}, no text"
            raise self.line.fault(problem, f'Every line needs it: {{"{field}": "...", ...}}.')
        return value


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a UTF-8 file that hold anything. Raises DataFileError, also when there is no such file."""
    try:
        with path.open("rb") as file:
            for number, content in enumerate(file, start=1):
                text = content.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                if text:
                    yield Line(path, number, text)
    except UnicodeDecodeError as error:
        raise DataFileError(path, number, f"is not UTF-8 (byte {error.start})", "Save the file as UTF-8.") from error
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise DataFileError(path, None, problem, "Check the name and the permissions.") from error


def read_records(path: Path) -> Iterator[Record]:
    """The lines of a JSON Lines file. Raises DataFileError."""
    for line in read_lines(path):
        try:
            values = json.loads(line.text)
        except ValueError as error:
            raise line.fault(f"is not JSON ({error})", "Write one JSON object a line.") from error
        if not isinstance(values, dict):
            raise line.fault("is no JSON object", 'Write one {"field": ...} a line.')
        yield Record(line, values)


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Write a run's results. Raises DataFileError where that cannot be."""
    try:
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise DataFileError(path, None, f"cannot be written ({error.strerror})", "Name another file.") from error
