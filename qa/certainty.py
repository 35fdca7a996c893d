"""Hedges that a statement drops, and certainty that it adds."""

import re
from collections.abc import Sequence

from qa.claim import Check, Evidence, Problem
from qa.wording import Wording, likeness, stems_of

# A hedge in front of a word softens that word ...
SOFT = stems_of(
    """might could suggest appear seem possible possibly probably perhaps likely potential potentially uncertain unclear
    unknown unproven plausible tentative tentatively believe thought think unlikely doubtful hypothesis hypothesise indicate
    expected presumably apparently""".split()
)
MAY = re.compile(r"\bmay\b|\bMay (?=[a-z])")
# ... these hold for the whole sentence.
STATUS = re.compile(
    r"\bpost[- ]hoc\b|\bexploratory\b|\bpreliminary\b|\bnominal(?:ly)?\b|\bnot powered\b|\btrend\b|"
    r"\b(?:not|no|non|without)(?: \w+)?[ -](?:statistically )?significan\w+",
    re.IGNORECASE,
)
# What a statement may say instead.
OTHER_HEDGES = stems_of("can would risk chance associated linked tied consider signal subgroup secondary whether claim".split())
CERTAIN = stems_of(
    """prove proof definitive definitively conclusive conclusively guarantee cure best always safest undoubtedly completely
    eliminate never certain certainly unquestionably strongest ideal perfect miracle""".split()
)
MOST = re.compile(r"\bmost (?:effective|powerful|successful|potent|promising|important|reliable)\b", re.IGNORECASE)
LINKED = stems_of("associated association linked tied correlated correlation related went".split())
CAUSED = stems_of("cause leads led result due".split())
HEADS = 3  # content words behind a hedge that it softens


def check_certainty(statement: Wording, evidence: Evidence) -> Problem | None:
    """The first certainty that the quotes do not have."""
    return _added(statement, evidence) or _dropped_status(statement, evidence) or _dropped_hedge(statement, evidence)


def _added(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = {stem for wording in evidence.all for stem in wording.stems}
    for token in statement.tokens:
        if token.stem in CERTAIN and token.stem not in quoted:
            return Problem(Check.CERTAINTY, f"the quotes do not say {token.text!r}")
    most = MOST.search(statement.text)
    if most and not any(most.group().lower() in wording.text.lower() for wording in evidence.sentences):
        return Problem(Check.CERTAINTY, f"the quotes do not say {most.group()!r}")
    if statement.stems & CAUSED and not quoted & CAUSED and quoted & LINKED:
        return Problem(Check.HEDGE, "the quotes report a link, the statement a cause")
    return None


def _dropped_status(statement: Wording, evidence: Evidence) -> Problem | None:
    """An exploratory or insignificant finding told as if it were neither."""
    closest = max(evidence.sentences, key=lambda wording: len(wording.stems & statement.stems))
    status = STATUS.search(closest.text)
    if not status or STATUS.search(statement.text) or _hedges(statement) or _added_hedge(statement, closest):
        return None
    return Problem(Check.HEDGE, f"the quotes say {status.group()!r}, the statement leaves it out")


def _dropped_hedge(statement: Wording, evidence: Evidence) -> Problem | None:
    soft = [(w, place) for w in evidence.sentences for hedge in _hedges(w) for place in _softened(w, hedge)]
    mine = {statement.tokens[place].clause for place in _hedges(statement)}
    for wording, place in soft:
        alike = [p for p, key in enumerate(statement.keys) if key == wording.keys[place]]
        if not alike or _added_hedge(statement, wording):
            continue
        best = max(alike, key=lambda p: likeness(statement, p, wording, place))
        if statement.tokens[best].clause not in mine and not _said_plainly(statement, best, evidence, (wording, place)):
            return Problem(Check.HEDGE, f"the quotes hedge {wording.tokens[place].text!r}, the statement does not")
    return None


def _said_plainly(statement: Wording, place: int, evidence: Evidence, hedged: tuple[Wording, int]) -> bool:
    """Whether a quote says the word elsewhere without a hedge, at a place that fits as well."""
    fit = likeness(statement, place, *hedged)
    for wording in evidence.sentences:
        softened = {p for hedge in _hedges(wording) for p in _softened(wording, hedge)}
        for other, key in enumerate(wording.keys):
            if key == statement.keys[place] and other not in softened and likeness(statement, place, wording, other) >= fit:
                return True
    return False


def _hedges(wording: Wording) -> list[int]:
    """Places of the words that soften what follows."""
    may = {match.start() for match in MAY.finditer(wording.text)}
    return [p for p, token in enumerate(wording.tokens) if token.start in may or token.stem in SOFT]


def _added_hedge(statement: Wording, quoted: Wording) -> bool:
    return bool((statement.stems - quoted.stems) & OTHER_HEDGES)


def _softened(wording: Wording, hedge: int) -> Sequence[int]:
    clause = wording.tokens[hedge].clause
    behind = range(hedge + 1, len(wording.tokens))
    return [p for p in behind if wording.content[p] and wording.tokens[p].clause == clause][:HEADS]
