"""Hedges that a statement drops, and certainty that it adds."""

import re
from collections.abc import Sequence

from qa.claim import Check, Evidence, Problem
from qa.direction import cues
from qa.wording import Wording, likeness, stems_of

# A hedge in front of a word softens that word ...
SOFT = stems_of(
    """might could suggest appear seem possible possibly probably perhaps likely potential potentially uncertain unclear
    unknown unproven plausible tentative tentatively believe thought think unlikely doubtful hypothesis hypothesise
    expected presumably apparently""".split()
)
MAY = re.compile(r"\bmay\b|\bMay (?=[a-z])")
# ... these hold for the whole sentence.
STATUS = re.compile(
    r"\bpost[- ]hoc\b(?! (?:test|comparison))|\bexploratory\b|\bpreliminary\b|\bnominal(?:ly)?\b|\bnot powered\b|"
    r"\btrend\b|\b(?:not|no|non|without)(?: \w+)?[ -](?:statistically )?significan\w+",
    re.IGNORECASE,
)
# What a statement may say instead.
OTHER_HEDGES = stems_of(
    "can would risk chance associated linked tied consider signal subgroup secondary whether claim".split()
)
# Certainty that must stand in a quote: any word of a group carries any other.
CERTAIN = [
    re.compile(rf"\b(?:{group})\b", re.IGNORECASE)
    for group in (
        "prov(?:e|es|ed|en|ing)|proof|definitive(?:ly)?|conclusive(?:ly)?|undoubtedly|unquestionabl[ey]|certainly",
        "guarantee[sd]?|always|invariably",
        "cur(?:e|es|ed|ing|ative)",
        "best|ideal|perfect(?:ly)?|safest|strongest|"
        "most (?:effective|powerful|successful|potent|promising|important|reliable)",
        "completely|eliminat(?:e|es|ed|ing)|miracle",
    )
]
LINKED = re.compile(r"\b(?:associat\w+|linked|tied|correlat\w+|went with|goes with|go with)\b", re.IGNORECASE)
CAUSED = re.compile(
    r"\b(?:caus(?:e|es|ed|ing)|leads? to|led to|leading to|result(?:s|ed)? in|due to|because of)\b", re.I
)
BEFORE = 8  # words before a softened word in which its hedge may stand
HEADS = 3  # content words behind a hedge that it softens


def check_certainty(statement: Wording, evidence: Evidence) -> Problem | None:
    """The first certainty that the quotes do not have."""
    return _added(statement, evidence) or _dropped_status(statement, evidence) or _dropped_hedge(statement, evidence)


def _added(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = " ".join(wording.text for wording in evidence.all)
    for group in CERTAIN:
        said = group.search(statement.text)
        if said and not group.search(quoted):
            return Problem(Check.CERTAINTY, f"the quotes do not say {said.group()!r}")
    if re.search(r"\bwill\b", statement.text) and MAY.search(quoted) and not re.search(r"\bwill\b", quoted):
        return Problem(Check.HEDGE, "the quotes say 'may', the statement 'will'")
    if CAUSED.search(statement.text) and LINKED.search(quoted) and not CAUSED.search(quoted):
        return Problem(Check.HEDGE, "the quotes report a link, the statement a cause")
    return None


def _dropped_status(statement: Wording, evidence: Evidence) -> Problem | None:
    """An exploratory or insignificant finding told as if it were neither."""
    closest = max(evidence.sentences, key=lambda wording: len(wording.stems & statement.stems))
    status = STATUS.search(closest.text)
    if not status or STATUS.search(statement.text) or _hedges(statement) or _added_hedge(statement, closest):
        return None
    if "significan" in status.group() and any(not cue.sign for cue in cues(statement)):
        return None
    return Problem(Check.HEDGE, f"the quotes say {status.group()!r}, the statement leaves it out")


def _dropped_hedge(statement: Wording, evidence: Evidence) -> Problem | None:
    soft = [(w, place) for w in evidence.sentences for hedge in _hedges(w) for place in _softened(w, hedge)]
    for wording, place in soft:
        alike = [p for p, key in enumerate(statement.keys) if key == wording.keys[place]]
        if not alike or _added_hedge(statement, wording):
            continue
        best = max(alike, key=lambda p: likeness(statement, p, wording, place))
        if not _is_soft(statement, best) and not _said_plainly(statement, best, evidence, (wording, place)):
            return Problem(Check.HEDGE, f"the quotes hedge {wording.tokens[place].text!r}, the statement does not")
    return None


def _is_soft(statement: Wording, place: int) -> bool:
    """Whether a hedge stands in the clause of a word or closely before it."""
    clause = statement.tokens[place].clause
    return any(statement.tokens[h].clause == clause or 0 < place - h <= BEFORE for h in _hedges(statement))


def _said_plainly(statement: Wording, place: int, evidence: Evidence, hedged: tuple[Wording, int]) -> bool:
    """Whether a quote says the word elsewhere without a hedge, at a place that fits as well."""
    fit = likeness(statement, place, *hedged)
    for wording in evidence.sentences:
        softened = {p for hedge in _hedges(wording) for p in _softened(wording, hedge)}
        for other, key in enumerate(wording.keys):
            if (
                key == statement.keys[place]
                and other not in softened
                and likeness(statement, place, wording, other) >= fit
            ):
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
    content = [p for p, token in enumerate(wording.tokens) if wording.content[p] and token.clause == clause]
    behind = [p for p in content if p > hedge]
    return behind[:HEADS] if behind else [p for p in content if p < hedge][-HEADS:]  # "confounding is possible"
