"""Is a statement carried by the quotes that it cites? Plain rules, no language model."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import Support
from qa.certainty import check_certainty
from qa.claim import Check, Evidence, Quote, Similarity
from qa.contradiction import check_contradiction
from qa.glossary import Glossary
from qa.names import check_names
from qa.numbers import check_numbers
from qa.wording import read

__all__ = ["Check", "Quote", "Verdict", "check"]
CHECKS = (check_numbers, check_names, check_contradiction, check_certainty)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement is supported; `kind` names the check that failed, None when none did."""

    support: Support
    reason: str
    kind: Check | None = None


def check(
    statement: str, quotes: Sequence[Quote], *, glossary: Glossary, similarity: Similarity | None = None
) -> Verdict:
    if not any(q.text.strip() for q in quotes):
        return Verdict(Support.UNSUPPORTED, "no quote", Check.QUOTE)
    evidence = Evidence.read(quotes, glossary)
    wording = read(statement, glossary)
    if any(wording.text.rstrip(".") == w.text.rstrip(".") for w in evidence.sentences):
        return Verdict(Support.SUPPORTED, "verbatim")
    for c in CHECKS:
        p = c(wording, evidence)
        if p:
            return Verdict(Support.UNSUPPORTED, p.reason, p.kind)
    return Verdict(Support.SUPPORTED, "")
