"""Do the quotes hold the words and the sense of a statement?"""

from functools import cache, lru_cache

import numpy as np

from ingest.embed import Embedder, Vectors
from qa.claim import Check, Evidence, Problem, Similarity
from qa.wording import KEPT, Wording, stems_of

# Words that every report of a study holds; they support nothing.
LIGHT = """use give take say show find found report include compare comparison case level respectively overall
    participant patient person people individual subject man trial study group result""".split()
TITLE_SHARE = 0.5  # a word that only the title holds counts half
# Chosen on the first half of the SciFact claims and the dev paraphrases: see docs/quality.md.
COVERAGE_WEIGHT = 0.7
THRESHOLD = 0.5
THRESHOLD_ALONE = 0.46


def check_support(statement: Wording, evidence: Evidence, similarity: Similarity | None) -> Problem | None:
    """Too few words of the statement in its quotes, or too unlike them."""
    held = coverage(statement, evidence)
    enough = _alike_enough(statement, evidence, held, similarity) if similarity else held > THRESHOLD_ALONE
    return None if enough else Problem(Check.WORDING, f"the quotes hold {held:.0%} of the statement's words")


def coverage(statement: Wording, evidence: Evidence) -> float:
    """Share of the content words of the statement that the quotes hold, in any spelling that the glossary knows."""
    quoted = {key for wording in evidence.sentences for key in (*wording.stems, *wording.keys)}
    titled = {key for wording in evidence.titles for key in (*wording.stems, *wording.keys)}
    names = {name for wording in evidence.sentences for mention in wording.mentions for name in mention.names}
    inside = {p for m in statement.mentions if set(m.names) & names for p in range(m.start, m.end)}
    shares = []
    for place, token in enumerate(statement.tokens):
        if not statement.content[place] or token.text[0].isdigit() or token.stem in _light():
            continue
        keys = {statement.keys[place], token.stem}
        shares.append(1.0 if place in inside or keys & quoted else TITLE_SHARE if keys & titled else 0.0)
    return sum(shares) / len(shares) if shares else 1.0


def _alike_enough(statement: Wording, evidence: Evidence, held: float, similarity: Similarity) -> bool:
    """Whether the words held and the likeness to some quoted sentence, or to all together, are enough.

    Likeness is dear: it is asked for only where it can decide, of the sentence with most words in common first. It is
    taken to lie between 0 and 1, since texts that share most of their words never point away from each other.
    """

    def enough(alike: float) -> bool:
        return COVERAGE_WEIGHT * held + (1 - COVERAGE_WEIGHT) * alike > THRESHOLD

    texts = [wording.text for wording in evidence.sentences]
    nearest = sorted(evidence.sentences, key=lambda wording: -len(wording.stems & statement.stems))
    compared = dict.fromkeys([*(wording.text for wording in nearest), " ".join(texts)])
    return enough(0.0) or (enough(1.0) and any(enough(similarity(statement.text, text)) for text in compared))


def cosine_similarity(embedder: Embedder) -> Similarity:
    """The cosine of two texts as an embedder sees them; vectors of the last few thousand texts are kept."""

    @lru_cache(KEPT)
    def vector(text: str) -> Vectors:
        return np.asarray(embedder.encode([text])[0])

    return lambda one, other: float(vector(one) @ vector(other))


@cache
def _light() -> frozenset[str]:
    return stems_of(LIGHT)
