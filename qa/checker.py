"""Is a statement carried by the quotes that it cites? Plain rules over words, numbers and names; no language model.

A sentence of a quote, word for word, is always supported. Anything else must pass every check: it says no number, date,
name or certainty that the quotes do not say, points nowhere else, and most of its words stand in them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answer import Support
from qa.certainty import check_certainty
from qa.claim import Check, Evidence, Problem, Quote, Similarity
from qa.contradiction import check_contradiction
from qa.glossary import Glossary
from qa.names import check_names
from qa.numbers import check_numbers
from qa.support import check_support
from qa.wording import read

__all__ = ["Check", "Problem", "Quote", "Similarity", "Verdict", "check", "problems"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement is supported and why; `kind` names the check that failed, None when none did."""

    support: Support
    reason: str
    kind: Check | None = None


def check(
    statement: str, quotes: Sequence[Quote], *, glossary: Glossary, similarity: Similarity | None = None
) -> Verdict:
    """The verdict on one statement. The same input gives the same verdict on every machine.

    `similarity` gives the cosine of two texts; without it the words alone decide whether a statement is near its
    quotes.
    """
    problem = next(_problems(statement, quotes, glossary, similarity), None)
    if problem:
        return Verdict(Support.UNSUPPORTED, problem.reason, problem.kind)
    return Verdict(Support.SUPPORTED, "the quotes hold what it says")


def problems(
    statement: str, quotes: Sequence[Quote], *, glossary: Glossary, similarity: Similarity | None = None
) -> list[Problem]:
    """What each check finds wrong, at most one problem for each check, in the order of the checks."""
    return list(_problems(statement, quotes, glossary, similarity))


def _problems(
    statement: str, quotes: Sequence[Quote], glossary: Glossary, similarity: Similarity | None
) -> Iterator[Problem]:
    """One after the other, so that the first verdict does not wait for the rest."""
    quoted = {_plain(sentence) for quote in quotes for sentence in quote.sentences()}
    if not quoted or not statement.strip():
        yield Problem(Check.QUOTE, "there is no statement" if quoted else "there is no quote")
        return
    if _plain(statement) in quoted:
        return
    wording, evidence = read(statement, glossary), Evidence.read(quotes, glossary)
    near = evidence.near(wording)
    for check_one in (check_numbers, check_names, check_contradiction, check_certainty):
        problem = check_one(wording, near)
        if problem:
            yield problem
    problem = check_support(wording, evidence, similarity)
    if problem:
        yield problem


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
