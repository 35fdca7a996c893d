"""Hedges that a statement drops, and certainty that it adds."""

import re

from qa.claim import Check, Evidence, Problem
from qa.wording import Wording, stems_of

HEDGES = """might could suggest appear seem possible possibly probably perhaps likely potential potentially uncertain unclear
    unknown unproven exploratory preliminary trend hypothesis hypothesise indicate nominal expected plausible tentative
    believe thought unlikely doubtful signal""".split()
MAY = re.compile(
    r"\bmay\b|\bMay (?!\d)|\bpost[- ]hoc\b|\bnot (?:statistically )?significant|\bnot powered|\bnot (?:been )?(?:shown|proven)"
)
WEAK = "can associated linked tied about roughly would consider subgroup secondary chance risk whether claim question".split()
CERTAIN = """prove proof definitive definitively conclusive conclusively guarantee cure best always safest undoubtedly
    completely eliminate never certainly unquestionably strongest ideal perfect miracle""".split()
MOST = re.compile(r"\bmost (?:effective|powerful|successful|potent|promising|important|reliable)\b", re.I)
LINKED = "associated association linked tied correlated correlation related went".split()
CAUSED = "cause caused causes leads led causing due result".split()
HEAD = 4  # content words behind a hedge that it may soften


def check_certainty(statement: Wording, evidence: Evidence) -> Problem | None:
    """The first certainty that the quotes do not have."""
    return _added(statement, evidence) or _dropped(statement, evidence)


def _added(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = {stem for wording in evidence.all for stem in wording.stems}
    for token in statement.tokens:
        if token.stem in stems_of(CERTAIN) and token.stem not in quoted:
            return Problem(Check.CERTAINTY, f"the quotes do not say {token.text!r}")
    most = MOST.search(statement.text)
    if most and not any(most.group().lower() in wording.text.lower() for wording in evidence.sentences):
        return Problem(Check.CERTAINTY, f"the quotes do not say {most.group()!r}")
    caused, linked = stems_of(CAUSED), stems_of(LINKED)
    if statement.stems & caused and not quoted & caused and quoted & linked:
        return Problem(Check.HEDGE, "the quotes report a link, the statement a cause")
    return None


def _dropped(statement: Wording, evidence: Evidence) -> Problem | None:
    if hedged(statement) or statement.stems & stems_of(WEAK):
        return None
    closest = max(evidence.sentences, key=lambda wording: len(wording.stems & statement.stems), default=None)
    if closest is None:
        return None
    for hedge in hedged(closest):
        return Problem(Check.HEDGE, f"the quotes say {hedge!r}, the statement leaves it out")
    return None


def hedged(wording: Wording) -> list[str]:
    """The hedges of a text."""
    found = [match.group().strip() for match in MAY.finditer(wording.text)]
    return found + [token.text for token in wording.tokens if token.stem in stems_of(HEDGES)]
