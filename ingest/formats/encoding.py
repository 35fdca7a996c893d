"""Bytes to text: the byte order mark, then what the file declares, then UTF-8, then a guess."""

import codecs
import re

from ingest.formats.draft import UnreadableError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
SAMPLE = 256 << 10  # bytes that the guess is made on
REMEDY = "Save it as UTF-8, or give it the ending of its real format."


def decode(content: bytes, *, declared: bool = False) -> str:
    """The text. `declared`: look for an encoding that HTML or XML names at its head.

    Raises UnreadableError for bytes that are no text.
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    if wide := _without_mark(content):
        return content.decode(wide, "replace")
    named = DECLARED.search(content[:4096]) if declared else None
    for name in filter(None, (_known(named[1].decode("ascii")) if named else None, "utf-8")):
        try:
            return content.decode(name)
        except (UnicodeDecodeError, UnicodeError):
            continue
    return _guessed(content)


def _known(name: str) -> str | None:
    try:
        return codecs.lookup(name).name if codecs.lookup(name)._is_text_encoding else None
    except LookupError:
        return None


def _without_mark(content: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the zero bytes of Latin letters stand."""
    head = content[:4000]
    if len(head) < 8 or b"\0" not in head:
        return None
    zeros = [head[i::4].count(0) / len(head[i::4]) for i in range(4)]
    patterns = {
        "utf-32-le": (0, 1, 1, 1),
        "utf-32-be": (1, 1, 1, 0),
        "utf-16-le": (0, 1, 0, 1),
        "utf-16-be": (1, 0, 1, 0),
    }
    for name, pattern in patterns.items():
        if all((share > 0.7) if full else (share < 0.3) for share, full in zip(zeros, pattern, strict=True)):
            return name
    return None


def _guessed(content: bytes) -> str:
    """A byte encoding by its statistics; UTF-8 with a few broken bytes stays UTF-8."""
    from charset_normalizer import from_bytes

    lossy = content.decode("utf-8", "replace")
    if lossy.count("\ufffd") <= len(lossy) / 200 and any(ord(c) > 127 and c != "\ufffd" for c in lossy):
        return lossy
    if content[:4096].count(0) > len(content[:4096]) / 50:
        raise UnreadableError("is no text (zero bytes)", REMEDY)
    if len(content) < 64 or sum(byte > 127 for byte in content[:SAMPLE]) < 5:
        return content.decode("cp1252", "replace")  # too little to guess on
    best = from_bytes(content[:SAMPLE]).best()
    if best is None:
        raise UnreadableError("is no text in any encoding we know", REMEDY)
    return content.decode(best.encoding, "replace")
