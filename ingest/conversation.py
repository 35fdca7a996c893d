"""Questions that lean on those before them: how a conversation is written down, and its vector."""

from collections.abc import Iterable, Sequence

import numpy as np

from ingest.embed import Embedder, Vectors

TURN = " >> "  # between the questions of one conversation, of which the last one is to be answered
LEANING = 0.5  # of the whole conversation's vector beside that of its last question


def conversation(question: str, earlier: Iterable[str] = ()) -> str:
    """A question with those before it as one text."""
    return TURN.join(" ".join(one.split()) for one in (*earlier, question))


def readings(text: str) -> tuple[str, str]:
    """The two texts whose vectors make that of a conversation: its last question, and all; equal for one question."""
    *_, last = turns = text.split(TURN)
    return last, " ".join(turns)


def encode_questions(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Unit vectors of questions or conversations, shape (len(texts), dimension).

    That of a conversation is its last question's plus LEANING times that of all its words: "and for walking?" lies near
    what was asked of walking, nearest where the subject is the same as well. By all its words alone it would lie near
    the question before, which has been answered.
    """
    both = [readings(text) for text in texts]
    single = list(dict.fromkeys(part for pair in both for part in pair))
    vectors = dict(zip(single, embedder.encode(single), strict=True))
    mixed = np.array([vectors[last] + (LEANING * vectors[whole] if whole != last else 0) for last, whole in both])
    return np.asarray(mixed / np.linalg.norm(mixed, axis=-1, keepdims=True), dtype=np.float32)
