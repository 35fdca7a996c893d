"""Questions that people ask of a folder's documents, those that these answer and those that none does, as examples.

What a collection does not hold is asked for again and again: prices, interactions, another dose. Where its authors
wrote such questions down (`examples.tsv`), a new question is compared with both kinds, as k nearest neighbours classify
(Cover and Hart 1967, "Nearest neighbor pattern classification").
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.embed import Embedder, Vectors
from ingest.errors import DocumentError
from ingest.questions import question_model_of

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
        if len(row) != len(COLUMNS) or row[0] not in HELD or not row[1].strip():
            raise DocumentError(str(file), f"line {number}", "is no example", "Write yes or no, a tab, a question.")
    return [Example(HELD[held], question) for held, question in rows[1:]]


class ExampleIndex:
    """The examples of an index with their vectors, shape (examples, dimension), unit length.

    `model` names the question model that embedded them, if it was one.
    """

    def __init__(self, texts: Sequence[str], held: NDArray[np.bool_], vectors: Vectors, model: str = "") -> None:
        self.texts = texts
        self.held = held
        self.vectors = vectors
        self.model = model
        self._rows = {text: row for row, text in enumerate(texts)}

    @classmethod
    def build(cls, examples: Sequence[Example], embedder: Embedder, earlier: "ExampleIndex") -> "ExampleIndex":
        """Embed the examples, each text once, those of an earlier index carried over."""
        model = question_model_of(embedder)
        known = dict(zip(earlier.texts, earlier.vectors, strict=True)) if earlier.model == model else {}
        held = {one.question: one.held for one in examples}
        new = [text for text in held if text not in known]
        known.update(zip(new, (embedder.for_questions or embedder).encode(new), strict=True) if new else ())
        vectors = np.array([known[text] for text in held], dtype=np.float32)
        return cls(list(held), np.array(list(held.values())), vectors, model)

    @classmethod
    def empty(cls) -> "ExampleIndex":
        """An index without examples."""
        return cls([], np.zeros(0, dtype=bool), np.zeros((0, 0), dtype=np.float32))

    @classmethod
    def open(cls, file: Path) -> "ExampleIndex":
        """Read what `save` wrote; empty when there is no such file. Raises OSError, ValueError, KeyError."""
        if not file.exists():
            return cls.empty()
        with np.load(file, allow_pickle=False) as values:
            vectors = values["vectors"].astype(np.float32)
            texts = values["texts"].tobytes().decode().split("\n")
            return cls(texts, values["held"], vectors, str(values["model"]))

    def save(self, file: Path) -> None:
        """Write one file; the vectors as 16-bit floats."""
        vectors = self.vectors.astype(np.float16)
        texts = np.frombuffer(
            "\n".join(self.texts).encode(), dtype=np.uint8
        )  # an array of texts is as wide as its longest
        np.savez(file, texts=texts, held=self.held, vectors=vectors, model=np.array(self.model))

    def fits(self, embedder: Embedder) -> bool:
        """Whether there are enough of both kinds, with vectors that can be compared with this embedder's."""
        enough = min(self.held.sum(), (~self.held).sum()) > NEAREST
        return bool(enough) and self.model == question_model_of(embedder)

    def margins(self, vector: Vectors, question: str) -> tuple[float, float]:
        """How much nearer a question's vector lies to examples that are held than to those that are not.

        In cosines: of the nearest of each kind, and of the mean of the NEAREST. An example that is `question` itself
        is left out: what is known of it says nothing of a question not seen before.
        """
        cosines = self.vectors @ vector
        if question in self._rows:
            cosines[self._rows[question]] = -1.0
        held, others = (np.sort(np.partition(part, -NEAREST)[-NEAREST:]) for part in self._apart(cosines))
        return float(held[-1] - others[-1]), float(held.mean() - others.mean())

    def _apart(self, cosines: Vectors) -> tuple[Vectors, Vectors]:
        return cosines[self.held], cosines[~self.held]
