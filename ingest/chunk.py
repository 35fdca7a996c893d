"""Documents to chunks: whole sentences under one heading, never more than the embedder reads."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from ingest.document import Chunk, Document, Span
from ingest.sentences import split_sentences

CHUNKER_VERSION = 2
HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SPECIAL = 2  # tokens that the model puts around a text


class Tokenizer(Protocol):
    """What the chunker needs to know of an embedder."""

    max_tokens: int

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` as the model will see them, its two special tokens included."""
        ...


@dataclass(frozen=True, slots=True)
class Section:
    """The text under one heading; `heading` is empty before the first."""

    heading: str
    span: Span


def sections(text: str) -> Iterator[Section]:
    """The sections of a Markdown text in order, headings excluded."""
    heading, begin = "", 0
    for match in HEADING.finditer(text):
        yield Section(heading, Span(begin, match.start()))
        heading, begin = match[1], match.end()
    yield Section(heading, Span(begin, len(text)))


def chunk_document(document: Document, tokenizer: Tokenizer, *, chunk_tokens: int) -> list[Chunk]:
    """Cut a document into chunks of at most `chunk_tokens` tokens, nor more than are read, each within one section."""
    chunks: list[Chunk] = []
    room = min(chunk_tokens, tokenizer.max_tokens)
    visible = COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), document.text)
    for section in sections(visible):
        sentences = _sentences(document.text, visible, section.span, (tokenizer, room))
        for group in _packed(document.text, sentences, room):
            span = Span(group[0].start, group[-1].end)
            chunk_id = f"{document.source.key}/{len(chunks)}"
            chunk = Chunk(chunk_id, document.source.key, section.heading, span, span.of(document.text), tuple(group))
            chunks.append(chunk)
    return chunks


def _sentences(text: str, visible: str, span: Span, limit: tuple[Tokenizer, int]) -> Iterator[tuple[Span, int]]:
    """Sentences of a section with their tokens; `visible` is the text with comments blanked out: offsets stay."""
    tokenizer, room = limit
    for sentence in split_sentences(visible, span.start, span.end):
        if sentence.of(visible) != sentence.of(text):
            continue  # a comment in its midst: no quote of it would be whole
        tokens = tokenizer.count_tokens(sentence.of(text))
        pieces = [sentence] if tokens <= room else _pieces(text, sentence, tokenizer, room)
        for piece in pieces:
            yield piece, tokens if piece is sentence else tokenizer.count_tokens(piece.of(text))


def _pieces(text: str, sentence: Span, tokenizer: Tokenizer, room: int) -> Iterator[Span]:
    """A sentence longer than the embedder reads, cut at white space (or inside a word that is too long itself)."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=room,
        chunk_overlap=0,
        length_function=tokenizer.count_tokens,
        separators=["\n", "; ", ", ", " ", ""],
        keep_separator="end",
        strip_whitespace=True,
    )
    position = sentence.start
    for piece in splitter.split_text(sentence.of(text)):
        start = text.index(piece, position, sentence.end)
        position = start + len(piece)
        yield Span(start, position)


def _packed(text: str, sentences: Iterable[tuple[Span, int]], room: int) -> Iterator[list[Span]]:
    """Neighbouring sentences that fit together; no comment lies between them.

    Tokens are added up instead of counted anew for each group that might be, which took longer than all else here;
    what stands between two sentences, as the mark of a list, counts by its characters.
    """
    group: list[Span] = []
    filled = SPECIAL
    for sentence, tokens in sentences:
        between = text[group[-1].end : sentence.start].strip() if group else ""
        added = len(between) + tokens - SPECIAL
        if group and (COMMENT.search(between) or filled + added > room):
            yield group
            group, filled, added = [], SPECIAL, tokens - SPECIAL
        group.append(sentence)
        filled += added
    if group:
        yield group
