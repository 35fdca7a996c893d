"""The texts and questions that are measured with: the index's own, other people's, and recombinations of those."""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from eval.records import DataFileError, read_records
from eval.suite import load_questions
from ingest.chunk import sections
from ingest.index import Index
from ingest.load import PACKAGED, beside
from ingest.questions import FILES, read_questions
from ingest.sentences import split_sentences

CHARACTERS = 520  # of text that make a chunk, as measured on abstracts: only steers how much is made
SEED = 9
EXCHANGED = 3  # one sentence in so many is kept, the others come from documents near by
NEAR = 40  # documents


@dataclass(frozen=True, slots=True)
class Text:
    """A document to be ingested by any system."""

    key: str
    title: str
    text: str
    composed: bool = False
    """Whether it is a recombination of sentences of others."""


def index_texts(index_dir: Path) -> list[Text]:
    """The documents of an index. Raises IngestError when there is none."""
    with closing(Index.open(index_dir)) as index:
        return [Text(one.source.key, one.source.title, one.text) for one in index.catalog.documents()]


def folder_texts(folders: Sequence[Path]) -> Iterator[Text]:
    """The documents of folders that hold a corpus.jsonl (_id, title, text). Raises DataFileError."""
    for folder in folders:
        file = folder / "corpus.jsonl"
        if not file.is_file():
            raise DataFileError(file, None, "is missing", "Name folders with --texts that hold a corpus.jsonl.")
        for record in read_records(file):
            if record.text("text", "").strip():
                yield Text(f"{folder.name}-{record.text('_id')}", record.text("title", ""), record.text("text"))


def sized_texts(real: Sequence[Text], chunks: int, *, embedded: int) -> list[Text]:
    """About so many chunks: real documents up to `embedded` chunks, then recombinations of their sentences.

    The same for the same documents on every machine; a smaller size is the beginning of a larger one.
    """
    kept = list(_up_to(real, min(chunks, embedded)))
    missing = chunks * CHARACTERS - _length(kept)
    return kept + (list(_up_to(recombined(kept), missing // CHARACTERS)) if missing > 0 and kept else [])


def recombined(texts: Sequence[Text], *, seed: int = SEED) -> Iterator[Text]:
    """Endless documents without a title, each of whole sentences of a document and of others near it."""
    draw = random.Random(seed)
    sentences = [_sentences(one.text) for one in texts]
    usable = [n for n, found in enumerate(sentences) if found]
    for number in count():
        place = usable[number % len(usable)]
        others = [sentences[usable[(number + draw.randint(1, NEAR)) % len(usable)]] for _ in range(2)]
        made = [own if draw.randrange(EXCHANGED) == 0 else draw.choice(draw.choice(others)) for own in sentences[place]]
        yield Text(f"made-{number}", "", "\n\n".join(dict.fromkeys(made)), composed=True)


def write_texts(texts: Sequence[Text], file: Path) -> Path:
    """Write documents as JSON Lines for the systems to read."""
    with file.open("w", encoding="utf-8") as out:
        for one in texts:
            out.write(json.dumps({"key": one.key, "title": one.title, "text": one.text}, ensure_ascii=False) + "\n")
    return file


def text_hash(texts: Sequence[Text]) -> str:
    """One hash over documents in their order."""
    digest = hashlib.sha256()
    for one in texts:
        digest.update(f"{one.key}\0{one.title}\0{one.text}\0".encode())
    return digest.hexdigest()[:16]


def question_stream() -> Iterator[str]:
    """Questions of which none comes twice: the dev split's first, then the written ones in a mixed order."""
    dev = [one.question for one in load_questions(split="dev") if not one.history]
    written = [one.question for one in read_questions(beside(PACKAGED) / FILES[0])]
    random.Random(SEED).shuffle(written)
    yield from dict.fromkeys([*_alternating(dev, written)])


def _alternating(first: Sequence[str], second: Sequence[str]) -> Iterator[str]:
    """One of each in turn, so that every round of questions is of the same mixture as long as both last."""
    rest = iter(second)
    for one in first:
        yield one
        yield from islice(rest, 1)
    yield from rest


def _sentences(text: str) -> list[str]:
    """Sentences of a document as they are embedded: without headings and comments."""
    spans = (section.span for section in sections(text))
    found = (one.of(text) for span in spans for one in split_sentences(text, span.start, span.end))
    return [sentence for sentence in found if "<!--" not in sentence and "-->" not in sentence]


def _up_to(texts: Sequence[Text] | Iterator[Text], chunks: int) -> Iterator[Text]:
    length = 0
    for one in texts:
        if length >= chunks * CHARACTERS:
            return
        yield one
        length += len(one.text)


def _length(texts: Sequence[Text]) -> int:
    return sum(len(one.text) for one in texts)
