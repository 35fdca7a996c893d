"""The rows of a tab-separated file that lies beside documents."""

import csv
from pathlib import Path

from ingest.errors import DocumentError


def read_rows(file: Path, columns: tuple[str, ...]) -> list[list[str]]:
    """The rows below the header, which names `columns`; none when the file is not there. Raises DocumentError."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(str(file), "file", f"cannot be read ({error})", "Save it as UTF-8 text.") from error
    rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or tuple(rows[0]) != columns:
        raise DocumentError(str(file), "header", "is not what it should be", f"Begin with: {' <tab> '.join(columns)}")
    return rows[1:]
