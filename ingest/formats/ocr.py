"""Text from pictures of pages, with the program tesseract where it is installed (`--ocr`)."""

import io
import os
import shutil
import subprocess
from typing import Any

from ingest.formats.draft import UnreadableError
from ingest.formats.layout import Line

SURE = 30  # per cent; below this tesseract guesses
SECONDS = 60


def recognise(picture: Any) -> list[Line]:
    """Lines of a page's picture (at 300 dpi), in points. Raises UnreadableError where tesseract is not installed."""
    program = shutil.which("tesseract")
    if not program:
        raise UnreadableError(
            "needs OCR, and tesseract is not installed", "Install it (apt-get install tesseract-ocr)."
        )
    encoded = io.BytesIO()
    picture.save(encoded, "PNG")
    try:
        run = subprocess.run(
            [program, "stdin", "stdout", "--psm", "1", "tsv"],
            input=encoded.getvalue(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={
                **os.environ,
                "OMP_THREAD_LIMIT": "1",
            },  # its threads gain nothing on one page, and crowd a busy machine
        )
    except subprocess.TimeoutExpired:
        return []
    return _lines(run.stdout.decode("utf-8", "replace"), picture.height)


def _lines(table: str, height: int) -> list[Line]:
    """Lines from tesseract's table of words (level, page, block, paragraph, line, word, box, confidence, text)."""
    words: dict[tuple[str, ...], list[tuple[list[int], str]]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and float(cells[10]) >= SURE and cells[11].strip():
            words.setdefault(tuple(cells[1:5]), []).append(([int(cell) for cell in cells[6:10]], cells[11]))
    scale = 72 / 300
    found = []
    for line in words.values():
        left, top = min(box[0] for box, _ in line), min(box[1] for box, _ in line)
        right, bottom = max(box[0] + box[2] for box, _ in line), max(box[1] + box[3] for box, _ in line)
        text = " ".join(word for _, word in line)
        size = (bottom - top) * scale
        found.append(Line(text, left * scale, (height - bottom) * scale, right * scale, (height - top) * scale, size))
    return found
