"""What a run did, for people (a table of what failed) and for programs (`--report report.json`)."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.plan import Summary

SHOWN = 50  # failures in the table; the report file names all


def summary_lines(summary: Summary) -> Iterator[str]:
    """Counts, then what was left out and what to know of files that were read."""
    for name in ("added", "changed", "removed", "kept", "failed"):
        yield f"{name:>8} {len(getattr(summary, name)):>6}"
    if summary.skipped:
        kinds = Counter(path.suffix.lower() or "no ending" for path, _ in summary.skipped)
        shown = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common(6))
        yield f" skipped {len(summary.skipped):>6}  ({shown}; --report tells why)"
    for path, note in summary.notes[:SHOWN]:
        yield f"note: {printable(path)}: {note}"


def failure_lines(summary: Summary) -> Iterator[str]:
    """A line for each file that failed: path, reason, remedy."""
    for error in summary.failed[:SHOWN]:
        yield f"error: {printable(error.path)}: {error.field}: {error.problem}. {error.remedy}"
    if len(summary.failed) > SHOWN:
        yield f"error: and {len(summary.failed) - SHOWN} more; --report FILE names all"


def failure_table(summary: Summary) -> Any:
    """The failures as a table for a terminal: path, reason, remedy."""
    from rich.markup import escape
    from rich.table import Table

    table = Table("file", "reason", "what to do", title="Not indexed", show_lines=True)
    for error in summary.failed[:SHOWN]:
        reason = error.problem if error.field == "file" else f"{error.field}: {error.problem}"
        table.add_row(*(escape(cell) for cell in (printable(error.path), reason, error.remedy)))
    return table


def printable(path: Path) -> str:
    """A path on one line, whatever its name holds."""
    name = os.fsencode(path).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in name)


def write_report(summary: Summary, file: Path, index_dir: Path, seconds: float) -> None:
    """Write everything that a run did as JSON. Raises OSError."""
    values = {
        "index": str(index_dir),
        "generation": summary.generation,
        "seconds": round(seconds, 3),
        "passages_embedded": summary.embedded,
        **{name: getattr(summary, name) for name in ("added", "changed", "removed", "kept")},
        "failed": [
            {"path": printable(e.path), "field": e.field, "reason": e.problem, "remedy": e.remedy}
            for e in summary.failed
        ],
        "skipped": [{"path": printable(path), "reason": reason} for path, reason in summary.skipped],
        "notes": [{"path": printable(path), "note": note} for path, note in summary.notes],
    }
    file.write_text(json.dumps(values, indent=1, ensure_ascii=False), encoding="utf-8")
