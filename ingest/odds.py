"""What the words of a question tell of whether the documents answer it, by how often examples of each kind have them.

"price", "my clinic" and "how many of the" stand in questions of one kind more than in those of the other. The score is
that of naive Bayes over words and pairs of neighbouring words (McCallum and Nigam 1998, "A comparison of event models
for naive Bayes text classification": of several variables, each there or not), over the square root of how many
they are, so that long messages count no more than short ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ingest.conversation import TURN

SLOTS = 1 << 18  # words and pairs are counted by their hash
WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")


@dataclass(frozen=True, slots=True)
class WordOdds:
    """In how many examples of each kind a word or pair stands, shape (2, SLOTS): held by the documents, and not.

    `examples` counts those of each kind.
    """

    counts: NDArray[np.uint16]
    examples: tuple[int, int]

    @classmethod
    def of(cls, texts: Sequence[str], held: int) -> "WordOdds":
        """Counted over examples, of which the first `held` are held."""
        counts = np.zeros((2, SLOTS), dtype=np.uint16)
        for place, text in enumerate(texts):
            counts[int(place >= held), _slots(text)] += 1
        return cls(counts, (held, len(texts) - held))

    def odds(self, question: str, *, known: bool | None = None) -> float:
        """The score of a question; above 0 where its words speak for its being held.

        `known` is the kind of an example that it is itself (True for held): what is known of it is left out.
        """
        slots = _slots(question)
        if not len(slots):
            return 0.0
        counts = self.counts[:, slots].astype(np.float64)
        if known is not None:
            own = counts[int(not known)]
            own -= own > 0
        counts = counts[:, counts.any(axis=0)]  # of words that no example has there is nothing to tell
        if not counts.size:
            return 0.0
        shares = (counts + 1) / (np.array(self.examples)[:, None] + 2)
        logarithms = np.log(shares[0] / shares[1])
        return float(logarithms.sum() / np.sqrt(len(logarithms)))


def _slots(question: str) -> NDArray[np.int64]:
    """The slots of the words and pairs of a question, of a conversation of its last one, each once."""
    words = WORD.findall(question.rpartition(TURN)[2].lower())
    told = {*words, *map(" ".join, pairwise(words))}
    return np.unique(np.array([crc32(one.encode()) % SLOTS for one in told], dtype=np.int64))
