"""Questions that sentences answer, written beside the documents, and their vectors.

A sentence and the question it answers often share few words. Where the authors of a folder wrote down what people
would ask to get a sentence (`questions.tsv`), a user's question is compared with those too. This is document expansion
as in doc2query (Nogueira et al. 2019, "Document expansion by query prediction"), written instead of predicted.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.catalog import StoredChunk
from ingest.embed import Embedder, Vectors
from ingest.errors import DocumentError
from ingest.rank import highest

FILE = "questions.tsv"
COLUMNS = ("key", "sentence", "question")
Place = tuple[str, int]  # id of a chunk, offset at which a sentence of it begins


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the sentence that answers it: the document's key and the sentence's opening words."""

    key: str
    opening: str
    question: str


def read_questions(file: Path) -> list[Asked]:
    """The rows of a `questions.tsv`; none when it is not there. Raises DocumentError."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(str(file), "file", f"cannot be read ({error})", "Save it as UTF-8 text.") from error
    rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DocumentError(str(file), "header", "is not what it should be", f"Begin with: {' <tab> '.join(COLUMNS)}")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(COLUMNS) or not all(value.strip() for value in row):
            remedy = f"Write three values: {', '.join(COLUMNS)}."
            raise DocumentError(str(file), f"line {number}", f"has {len(row)} values, or an empty one", remedy)
    return [Asked(*row) for row in rows[1:]]


def questions_hash(asked: Sequence[Asked]) -> str:
    """One hash over all rows, empty for none."""
    lines = "\n".join("\t".join((one.key, one.opening, one.question)) for one in asked)
    return hashlib.sha256(lines.encode()).hexdigest()[:16] if asked else ""


def place_of(asked: Asked, chunks: Iterable[StoredChunk]) -> Place | None:
    """Where the sentence begins that opens with the given words; None when no sentence of the document does."""
    opening = " ".join(asked.opening.split())
    for stored in chunks:
        chunk = stored.chunk
        for span in chunk.sentences:
            sentence = chunk.text[span.start - chunk.span.start : span.end - chunk.span.start]
            if " ".join(sentence.split()).startswith(opening):
                return chunk.chunk_id, span.start
    return None


@dataclass(frozen=True, slots=True)
class Written:
    """One written question, where the sentence stands that answers it, and its cosine with a user's question."""

    text: str
    place: Place
    similarity: float


class Cosines(Mapping[Place, float]):
    """A number for each place, looked up in one array: most of the thousands of places are never asked for."""

    def __init__(self, rows: Mapping[Place, int], values: Vectors) -> None:
        self._rows = rows
        self._values = values

    def __getitem__(self, place: Place) -> float:
        return float(self._values[self._rows[place]])

    def __iter__(self) -> Iterator[Place]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class QuestionIndex:
    """The questions of an index: texts, places and vectors, shape (questions, dimension), unit length.

    Questions of one place stand together.
    """

    def __init__(self, texts: Sequence[str], places: Sequence[Place], vectors: Vectors) -> None:
        self.texts = texts
        self.places = places
        self.vectors = vectors
        self._first = [n for n, place in enumerate(places) if n == 0 or places[n - 1] != place]
        self._rows = {places[n]: row for row, n in enumerate(self._first)}

    @classmethod
    def build(
        cls, placed: Mapping[Place, Sequence[str]], embedder: Embedder, earlier: "QuestionIndex"
    ) -> "QuestionIndex":
        """Embed the questions by place, those of an earlier index carried over."""
        known = dict(zip(earlier.texts, earlier.vectors, strict=True))
        pairs = [(text, place) for place, texts in placed.items() for text in texts]
        new = list(dict.fromkeys(text for text, _ in pairs if text not in known))
        known.update(zip(new, embedder.encode(new), strict=True) if new else ())
        vectors = np.array([known[text] for text, _ in pairs], dtype=np.float32)
        return cls([text for text, _ in pairs], [place for _, place in pairs], vectors)

    @classmethod
    def empty(cls) -> "QuestionIndex":
        """An index without questions."""
        return cls([], [], np.zeros((0, 0), dtype=np.float32))

    @classmethod
    def open(cls, file: Path) -> "QuestionIndex":
        """Read what `save` wrote; empty when there is no such file. Raises OSError, ValueError, KeyError."""
        if not file.exists():
            return cls.empty()
        with np.load(file, allow_pickle=False) as values:
            places = list(zip(values["chunks"].tolist(), values["starts"].tolist(), strict=True))
            return cls(values["texts"].tolist(), places, values["vectors"].astype(np.float32))

    def save(self, file: Path) -> None:
        """Write one file; the vectors as 16-bit floats."""
        chunks, starts = [chunk for chunk, _ in self.places], [start for _, start in self.places]
        vectors = self.vectors.astype(np.float16)
        np.savez(file, texts=np.array(self.texts), chunks=np.array(chunks), starts=np.array(starts), vectors=vectors)

    def compare(self, vector: Vectors, count: int) -> tuple[Mapping[Place, float], list[Written]]:
        """The highest cosine of each place's questions with a question's vector, and the `count` nearest questions."""
        if not self.places:
            return {}, []
        cosines = self.vectors @ vector
        nearest = [Written(self.texts[n], self.places[n], float(cosines[n])) for n in highest(cosines, count)]
        return Cosines(self._rows, np.maximum.reduceat(cosines, self._first)), nearest
