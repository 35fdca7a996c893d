"""Sentences as character ranges: what an answer may quote."""

import re
from collections.abc import Iterator

from ingest.document import Span

# A sentence may end where one of these stands before white space ...
END = re.compile(r"[.!?][\"'”’)\]]*(?=\s)")
# ... unless the word before the stop is an abbreviation,
ABBREVIATION = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|cf|vs|et al|approx|ca|Dr|Prof|Mr|Mrs|Ms|St|Jr|Inc|Ltd|Vol|[Ff]igs?|[Tt]ab|pp?)\.$"
)
# an initial of a name (not the letter of "hepatitis B." or "vitamin D."), or "No." before a number,
INITIAL = re.compile(r"(?:^|[A-Z][\w.]*\s+)[A-Z]\.$")
LETTERED = re.compile(r"\b(?:hepatitis|vitamin|part|group|arm|type|class|cohort|stage|phase)\s+[A-Z]\.$", re.IGNORECASE)
NUMBER_SIGN = re.compile(r"\b[Nn]os?\.$")
# ... or what follows does not begin a sentence.
BEGINNING = re.compile(r"[\"'“‘(\[]*[A-Z0-9À-ÞΑ-Ω]")
# Lines that stand for themselves: headings, list items, table rows, quotes, rules, HTML comments.
ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?=\S)")
WHITE = re.compile(r"\s*")
NEAR = 200  # characters around a stop that decide whether it ends the sentence
BLOCK = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Ranges of the sentences in `text[start:end]`, in order, without the white space around them.

    Paragraphs end at blank lines and list items at their line's end; elsewhere a line break is only white space.
    """
    stop = len(text) if end is None else end
    return [sentence for block in _blocks(text, start, stop) for sentence in _in_block(text, block)]


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    for paragraph in BLOCK.finditer(text, start, end):
        begin, position = paragraph.start(), paragraph.start()
        for line in paragraph.group().splitlines(keepends=True):
            item = ITEM.match(line)
            if item:
                if position > begin:
                    yield Span(begin, position)
                begin = position + item.end()
            position += len(line)
        yield Span(begin, position)


def _in_block(text: str, block: Span) -> Iterator[Span]:
    begin = block.start
    for stop in END.finditer(text, block.start, block.end):
        before = text[max(begin, stop.end() - NEAR) : stop.end()].lstrip()  # never the whole of an endless line
        gap = WHITE.match(text, stop.end(), block.end)
        following = gap.end() if gap else stop.end()
        if _goes_on(before, text[stop.end()], text[following : min(following + NEAR, block.end)]):
            continue
        yield _trimmed(text, begin, stop.end())
        begin = stop.end()
    if text[begin : block.end].strip():
        yield _trimmed(text, begin, block.end)


def _goes_on(before: str, gap: str, after: str) -> bool:
    """Whether the stop at the end of `before` does not end the sentence; `gap` is the character behind it."""
    if not BEGINNING.match(after) or ABBREVIATION.search(before):
        return True
    if NUMBER_SIGN.search(before):
        return after[:1].isdigit()
    return gap != "\n" and bool(INITIAL.search(before)) and not LETTERED.search(before)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip()))
