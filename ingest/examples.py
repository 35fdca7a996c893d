"""Questions that people ask of a folder's documents, those that these answer and those that none does, as examples.

What a collection does not hold is asked for again and again: prices, interactions, another dose. Where its authors
wrote such questions down (`examples.tsv`), a new question is compared with both kinds, as k nearest neighbours classify
(Cover and Hart 1967, "Nearest neighbor pattern classification").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest.embed import Embedder, Vectors
from ingest.errors import DocumentError
from ingest.odds import WordOdds
from ingest.progress import Progress, silent
from ingest.questions import COMPARED_WHOLE, DIRECTIONS, embedded, packed, question_model_of, unpacked
from ingest.rank import highest
from ingest.table import read_rows
from ingest.vector_copy import LIKELIEST, Leading

FILE = "examples.tsv"
COLUMNS = ("held", "question")
HELD = {"yes": True, "no": False}
NEAREST = 5  # of each kind that are looked at together


@dataclass(frozen=True, slots=True)
class Example:
    """One question, and whether the documents answer it."""

    held: bool
    question: str


def read_examples(file: Path) -> list[Example]:
    """The rows of an `examples.tsv`; none when it is not there. Raises DocumentError."""
    rows = read_rows(file, COLUMNS)
    for number, row in enumerate(rows, start=2):
        if len(row) != len(COLUMNS) or row[0] not in HELD or not row[1].strip():
            raise DocumentError(str(file), f"line {number}", "is no example", "Write yes or no, a tab, a question.")
    return [Example(HELD[held], question) for held, question in rows]


class ExampleIndex:
    """The examples of an index with their vectors, shape (examples, dimension), unit length; those held stand first.

    `model` names the question model that embedded them, if it was one.
    """

    def __init__(
        self,
        texts: Sequence[str],
        held: int,
        vectors: Vectors,
        model: str = "",
        leading: Leading | None = None,
        words: WordOdds | None = None,
    ) -> None:
        self.texts = texts
        self.held = held
        self.vectors = vectors
        self.model = model
        self._leading = leading
        self._words = words or WordOdds.of(texts, held)
        self._rows = {text: row for row, text in enumerate(texts)}

    @classmethod
    def build(
        cls,
        examples: Sequence[Example],
        embedder: Embedder,
        known: Mapping[str, Vectors],
        progress: Progress = silent,
    ) -> "ExampleIndex":
        """Embed the examples, each text once; `known` are vectors of texts that this embedder made."""
        held = {one.question: one.held for one in examples}
        texts = sorted(held, key=lambda text: not held[text])
        vectors = embedded(texts, embedder, known, progress)
        leading = Leading.of(vectors, DIRECTIONS) if len(vectors) > COMPARED_WHOLE else None
        return cls(texts, sum(held.values()), vectors, question_model_of(embedder), leading)

    @classmethod
    def empty(cls) -> "ExampleIndex":
        """An index without examples."""
        return cls([], 0, np.zeros((0, 0), dtype=np.float32))

    @classmethod
    def open(cls, file: Path) -> "ExampleIndex":
        """Read what `save` wrote; empty when there is no such file. Raises OSError, ValueError, KeyError."""
        if not file.exists():
            return cls.empty()
        with np.load(file, allow_pickle=False) as values:
            vectors, texts = values["vectors"].astype(np.float32), unpacked(values["texts"])
            many = "basis" in values
            leading = Leading(values["basis"], values["reduced"].astype(np.float32)) if many else None
            held = int(values["held"])
            words = WordOdds(values["words"], (held, len(texts) - held)) if "words" in values else None
            return cls(texts, held, vectors, str(values["model"]), leading, words)

    def save(self, file: Path) -> None:
        """Write one file; the vectors as 16-bit floats."""
        parts: dict[str, Any] = {"texts": packed(self.texts), "held": np.array(self.held)}
        parts["words"] = self._words.counts
        if self._leading:
            parts |= {"basis": self._leading.basis, "reduced": self._leading.reduced.astype(np.float16)}
        np.savez(file, **parts, vectors=self.vectors.astype(np.float16), model=np.array(self.model))

    def fits(self, embedder: Embedder) -> bool:
        """Whether there are enough of both kinds, with vectors that can be compared with this embedder's."""
        enough = min(self.held, len(self.texts) - self.held) > NEAREST
        return enough and self.model == question_model_of(embedder)

    def margins(self, vector: Vectors, question: str) -> tuple[float, float]:
        """How much nearer a question's vector lies to examples that are held than to those that are not.

        In cosines: of the nearest of each kind, and of the mean of the NEAREST. An example that is `question` itself
        is left out: what is known of it says nothing of a question not seen before.
        """
        likeness = self._leading.reduced @ (vector @ self._leading.basis) if self._leading else self.vectors @ vector
        if question in self._rows:
            likeness[self._rows[question]] = -1.0
        held, others = (
            self._nearest(vector, likeness[part], part.start)
            for part in (slice(0, self.held), slice(self.held, len(self.texts)))
        )
        return float(held[0] - others[0]), float(held.mean() - others.mean())

    def odds(self, question: str, asked: str) -> float:
        """How much the words of a question speak for its being held (see `WordOdds`); `asked` with what it leans on.

        An example that is `asked` itself is left out.
        """
        row = self._rows.get(asked)
        return self._words.odds(question, known=None if row is None else row < self.held)

    def _nearest(self, vector: Vectors, likeness: Vectors, first: int) -> Vectors:
        """The highest cosines of one kind, whose rows begin with `first`, of the likeliest."""
        rows = [first + row for row in highest(likeness, LIKELIEST * NEAREST if self._leading else NEAREST)]
        return np.sort(self.vectors[rows] @ vector)[: -NEAREST - 1 : -1]
