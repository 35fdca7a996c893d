"""Questions that sentences answer, written beside the documents, and their vectors.

A sentence and the question it answers often share few words. Where the authors of a folder wrote down what people
would ask to get a sentence (`questions.tsv`), or which sentences answer what people did ask (`asked.tsv`), a user's
question is compared with those too. This is document expansion as in doc2query (Nogueira et al. 2019, "Document
expansion by query prediction"), written instead of predicted.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.catalog import StoredChunk
from ingest.conversation import encode_questions
from ingest.embed import Embedder, Vectors
from ingest.errors import DocumentError
from ingest.progress import Progress, silent
from ingest.rank import highest
from ingest.table import read_rows
from ingest.tuning import QUESTION_MODEL
from ingest.vector_copy import LIKELIEST, Leading

FILES = ("questions.tsv", "asked.tsv")
AT_ONCE = 500  # questions that are embedded together
COMPARED_WHOLE = 5000  # written questions; of more, the likeliest are found along their leading directions
DIRECTIONS = 64  # of these; recall@20 of the likeliest 640 is 0.994, with 96 directions 0.999
COLUMNS = ("key", "sentence", "question")
NOTHING_LIKE_IT = -1.0  # the lowest cosine
WORD = re.compile(r"[^\W\d_]+")
Place = tuple[str, int]  # id of a chunk, offset at which a sentence of it begins


@dataclass(frozen=True, slots=True)
class Asked:
    """One question or conversation with the sentence that answers it: its document's key and its opening words."""

    key: str
    opening: str
    question: str


def read_questions(file: Path) -> list[Asked]:
    """The rows of one of FILES; none when it is not there. Raises DocumentError."""
    rows = read_rows(file, COLUMNS)
    for number, row in enumerate(rows, start=2):
        if len(row) != len(COLUMNS) or not all(value.strip() for value in row):
            remedy = f"Write three values: {', '.join(COLUMNS)}."
            raise DocumentError(str(file), f"line {number}", f"has {len(row)} values, or an empty one", remedy)
    return [Asked(*row) for row in rows]


def questions_hash(rows: Iterable[Sequence[str]], model: str) -> str:
    """One hash over all rows and the name of the model that embeds them, empty for none."""
    lines = ["\t".join(row) for row in rows]
    return hashlib.sha256("\n".join([model, *lines]).encode()).hexdigest()[:16] if lines else ""


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
    """The highest cosine of each place's questions with a vector: most of the thousands of places are never asked for.

    `rows` gives the first row of each place and the one behind its last; those of `left_out` count for nothing.
    """

    def __init__(
        self, rows: Mapping[Place, tuple[int, int]], vectors: Vectors, vector: Vectors, left_out: Sequence[int] = ()
    ) -> None:
        self._rows = rows
        self._vectors = vectors
        self._vector = vector
        self._left_out = left_out

    def __getitem__(self, place: Place) -> float:
        first, end = self._rows[place]
        cosines = self._vectors[first:end] @ self._vector
        cosines[[row - first for row in self._left_out if first <= row < end]] = NOTHING_LIKE_IT
        return float(cosines.max())

    def __iter__(self) -> Iterator[Place]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def question_model_of(embedder: Embedder) -> str:
    """The name of the model that it has for questions; empty where it embeds them as it embeds documents."""
    return QUESTION_MODEL if embedder.for_questions else ""


class Kept(Protocol):
    """Texts with the vectors that a model made of them; `model` names the question model, if it was one."""

    texts: Sequence[str]
    vectors: Vectors
    model: str


def known_vectors(kept: Kept, embedder: Embedder) -> dict[str, Vectors]:
    """The vector of each text of an earlier index, where this embedder made them."""
    same = kept.model == question_model_of(embedder)
    return dict(zip(kept.texts, kept.vectors, strict=True)) if same else {}


def packed(lines: Iterable[str]) -> NDArray[np.uint8]:
    """Texts without line breaks as one array of bytes: one of texts would be as wide as the longest."""
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def unpacked(values: NDArray[np.uint8]) -> list[str]:
    """The texts of `packed`; it cannot tell none from one that is empty."""
    return values.tobytes().decode().split("\n")


def embedded(
    texts: Sequence[str], embedder: Embedder, known: Mapping[str, Vectors], progress: Progress = silent
) -> Vectors:
    """The vectors of questions, shape (len(texts), dimension); those that are `known` are not embedded again."""
    new = [text for text in dict.fromkeys(texts) if text not in known]
    made: dict[str, Vectors] = {}
    for start in range(0, len(new), AT_ONCE):
        progress("embedding questions", start, len(new))
        part = new[start : start + AT_ONCE]
        made.update(zip(part, encode_questions(embedder.for_questions or embedder, part), strict=True))
    if new:
        progress("embedding questions", len(new), len(new))
    return np.array([known[text] if text in known else made[text] for text in texts], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Once:
    """Which rows hold the same text: `order` has those of a text together, of the n-th from `bounds[n]` on."""

    order: NDArray[np.int64]
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Once":
        """The texts in the order in which each comes first."""
        numbers: dict[str, int] = {}
        numbered = np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)
        return cls(np.argsort(numbered, kind="stable"), np.append(0, np.cumsum(np.bincount(numbered))))

    @property
    def first(self) -> NDArray[np.int64]:
        """The first row of each text."""
        return self.order[self.bounds[:-1]]

    def rows(self, numbers: Sequence[int]) -> list[int]:
        """All rows of some texts, in order."""
        return sorted(np.concatenate([self.order[self.bounds[n] : self.bounds[n + 1]] for n in numbers]).tolist())


class QuestionIndex:
    """The questions of an index: texts, places and vectors, shape (questions, dimension), unit length.

    Questions of one place stand together; one that stands at several places has a row for each. `model` names the
    question model that embedded them, if it was one. `leading` is of each text once, in the order in which they come.
    """

    def __init__(
        self,
        texts: Sequence[str],
        places: Sequence[Place],
        vectors: Vectors,
        model: str = "",
        leading: Leading | None = None,
    ) -> None:
        self.texts = texts
        self.places = places
        self.vectors = vectors
        self.model = model
        self._leading = leading
        # an index of before has a leading vector for each row
        self._texts = _Once.of(texts) if leading and len(leading.reduced) < len(texts) else None
        first = [n for n, place in enumerate(places) if n == 0 or places[n - 1] != place]
        self._rows = {places[n]: (n, end) for n, end in pairwise([*first, len(places)])}

    @classmethod
    def build(
        cls,
        placed: Mapping[Place, Sequence[str]],
        embedder: Embedder,
        earlier: "QuestionIndex",
        progress: Progress = silent,
    ) -> "QuestionIndex":
        """Embed the questions by place, those of an earlier index carried over."""
        pairs = [(text, place) for place, texts in placed.items() for text in texts]
        texts = [text for text, _ in pairs]
        vectors = embedded(texts, embedder, known_vectors(earlier, embedder), progress)
        leading = Leading.of(vectors[_Once.of(texts).first], DIRECTIONS) if len(vectors) > COMPARED_WHOLE else None
        return cls(texts, [place for _, place in pairs], vectors, question_model_of(embedder), leading)

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
            places = list(zip(unpacked(values["chunks"]), values["starts"].tolist(), strict=True))
            model = str(values["model"]) if "model" in values else ""
            many = "basis" in values
            leading = Leading(values["basis"], values["reduced"].astype(np.float32)) if many else None
            return cls(unpacked(values["texts"]), places, values["vectors"].astype(np.float32), model, leading)

    def save(self, file: Path) -> None:
        """Write one file; the vectors as 16-bit floats."""
        chunks, starts = [chunk for chunk, _ in self.places], [start for _, start in self.places]
        vectors = self.vectors.astype(np.float16)
        parts: dict[str, Any] = {}
        if self._leading:
            parts = {"basis": self._leading.basis, "reduced": self._leading.reduced.astype(np.float16)}
        parts |= {"chunks": packed(chunks), "starts": np.array(starts), "texts": packed(self.texts)}
        np.savez(file, **parts, model=np.array(self.model), vectors=vectors)

    def words(self) -> set[str]:
        """The words of the questions in lower case, without those that stand in one question alone: slips, mostly."""
        counted = Counter(word for text in set(self.texts) for word in set(WORD.findall(text.lower())))
        return {word for word, count in counted.items() if count > 1}

    def fits(self, embedder: Embedder) -> bool:
        """Whether there are any, and this embedder's vectors of questions can be compared with them."""
        return bool(self.texts) and self.model == question_model_of(embedder)

    def compare(self, vector: Vectors, count: int, besides: str = "") -> tuple[Mapping[Place, float], list[Written]]:
        """The highest cosine of each place's questions with a question's vector, and the `count` nearest questions.

        Questions that read as `besides` does are left out.
        """
        if not self.places:
            return {}, []
        left_out = self._by_text.get(besides, ()) if besides else ()
        likely: Sequence[int] = range(len(self.texts))
        if self._leading:
            likely = self._leading.likeliest(vector[None], LIKELIEST * count)[0]
            likely = self._texts.rows(likely) if self._texts else likely
        cosines = (self.vectors[likely] if self._leading else self.vectors) @ vector
        nearest = ((likely[place], float(cosines[place])) for place in highest(cosines, count + len(left_out)))
        found = [(row, cosine) for row, cosine in nearest if row not in left_out][:count]
        written = [Written(self.texts[row], self.places[row], cosine) for row, cosine in found]
        return Cosines(self._rows, self.vectors, vector, left_out), written

    @cached_property
    def _by_text(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, text in enumerate(self.texts):
            rows.setdefault(text, []).append(row)
        return rows
