"""Do the citations carry the statements? Citation recall and precision with a judge that can be exchanged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from qa.answer import Citation, Statement, Support
from qa.checker import Similarity
from qa.verify import ReadDocument, verify


class Supports(Protocol):
    """A judge of entailment."""

    def __call__(self, statement: Statement, citations: Sequence[Citation]) -> bool:
        """Whether these citations, read together, carry the statement."""
        ...


@dataclass(frozen=True, slots=True)
class DeterministicJudge:
    """The assistant's own check (`qa.verify`) as the judge, on the documents that `read` gives by their key.

    A statement that is no quote word for word is judged by `qa.checker` with the packaged glossary and `similarity`.
    It is run anew on what is shown and trusts no recorded verdict. But the assistant removes what fails this very
    check: a recall of 1.0 under this judge says that nothing went past the check, not that a person would agree.
    """

    read: ReadDocument
    similarity: Similarity | None = None

    def __call__(self, statement: Statement, citations: Sequence[Citation]) -> bool:
        """Whether the check passes with these citations alone."""
        cited = replace(statement, citations=tuple(citations))
        return verify(cited, self.read, similarity=self.similarity).support is Support.SUPPORTED


def citation_recall(statements: Sequence[Statement], supports: Supports) -> float | None:
    """Share of an answer's statements that their citations, read together, carry; None without statements.

    Gao et al. (2023), "Enabling large language models to generate text with citations" (ALCE), section 3:
    recall(s) = 1 if s has a citation and entails(all citations of s, s), else 0; the mean over the statements.
    """
    if not statements:
        return None
    return sum(_carried(statement, supports) for statement in statements) / len(statements)


def citation_precision(statements: Sequence[Statement], supports: Supports) -> float | None:
    """Share of an answer's citations that do something for their statement; None without statements.

    0 where no statement has a citation. The same source: a citation c of s counts when recall(s) = 1 and c is not
    irrelevant. It is irrelevant when it does not carry s alone and the other citations of s carry it without c.
    """
    if not statements:
        return None
    total = sum(len(statement.citations) for statement in statements)
    useful = sum(
        _is_relevant(statement, place, supports)
        for statement in statements
        if _carried(statement, supports)
        for place in range(len(statement.citations))
    )
    return useful / total if total else 0.0


def _carried(statement: Statement, supports: Supports) -> bool:
    return bool(statement.citations) and supports(statement, statement.citations)


def _is_relevant(statement: Statement, place: int, supports: Supports) -> bool:
    alone, others = statement.citations[place], [c for at, c in enumerate(statement.citations) if at != place]
    return supports(statement, [alone]) or not (others and supports(statement, others))
