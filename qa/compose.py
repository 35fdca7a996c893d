"""An answer without a language model: the sentences that together answer the question, best first, word for word."""

from collections.abc import Sequence

from qa.answer import Citation, Statement, Support
from qa.evidence import Candidate, similarity

# Chosen on the dev split of the questions.
SHARE_OF_BEST = 0.78  # a further sentence must score at least this share of the first one's score
SAME_IDEA = 0.90  # cosine above which two sentences say the same
REPETITION = 0.25  # how much being like a chosen sentence costs


def compose(ranked: Sequence[Candidate], max_statements: int) -> list[Statement]:
    """Up to `max_statements` statements: the best sentence, then those that add most (maximal marginal relevance).

    Carbonell and Goldstein (1998), "The use of MMR, diversity-based reranking". Empty when nothing is ranked.
    """
    if not ranked:
        return []
    chosen = [ranked[0]]
    rest = [c for c in ranked[1:] if c.score >= SHARE_OF_BEST * ranked[0].score]
    while rest and len(chosen) < max_statements:
        rest = [c for c in rest if similarity(c, chosen) < SAME_IDEA]
        if not rest:
            break
        best = max(rest, key=lambda c: c.score - REPETITION * similarity(c, chosen))
        chosen.append(best)
        rest.remove(best)
    return [_statement(candidate) for candidate in chosen]


def _statement(candidate: Candidate) -> Statement:
    hit, span = candidate.hit, candidate.span
    citation = Citation(hit.source.number, hit.source, candidate.text, span.start, span.end, hit.section)
    text = " ".join(candidate.text.split())
    return Statement(text, (citation,), Support.UNSUPPORTED, candidate.editorial)
