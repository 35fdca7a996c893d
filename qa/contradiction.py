"""Does a statement point the way its quotes point? Directions, opposites and denials are compared place by place."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.arms import comparison
from qa.claim import Check, Evidence, Problem
from qa.direction import ANY, Cue, cues, negators, opposites, said
from qa.wording import Wording, likeness

MARGIN = 1.4  # how much better an opposite must fit its place than a word of the same direction


@dataclass(frozen=True, slots=True)
class Fit:
    """How well the best place of a quote fits a word of the statement, for agreeing and for opposing words."""

    agreeing: float | None
    opposing: float | None

    @property
    def contradicts(self) -> bool:
        """Whether an opposing word fits clearly better."""
        if self.opposing is None:
            return False
        return self.agreeing is None or self.opposing > MARGIN * self.agreeing


def check_contradiction(statement: Wording, evidence: Evidence) -> Problem | None:
    """The first way in which the statement says the contrary of its quotes."""
    return _direction(statement, evidence) or _opposites(statement, evidence) or _denial(statement, evidence)


def _direction(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = [(wording, cue) for wording in evidence.sentences for cue in cues(wording)]
    turned = _turned(statement, evidence)
    for cue in cues(statement):
        word = statement.tokens[cue.token].text
        alike = [(w, c) for w, c in quoted if ANY in (c.axis, cue.axis) or c.axis == cue.axis]
        if not alike:
            if not _same_value(cue, quoted):
                return Problem(Check.DIRECTION, f"the quotes do not say {word!r}")
            continue
        fit = _fit(statement, cue.token, [(w, c.token, cue.agrees(c, turned=turned)) for w, c in alike])
        if fit.contradicts:
            kind = Check.COMPARATOR if turned else Check.DIRECTION
            return Problem(kind, f"the statement says {word!r}, the quotes point another way")
    return None


def _same_value(cue: Cue, quoted: Sequence[tuple[Wording, Cue]]) -> bool:
    return cue.value is not None and any(other.value == cue.value for _, other in quoted)


def _turned(statement: Wording, evidence: Evidence) -> bool:
    """Whether the statement compares the two arms of its quotes the other way round."""
    mine = comparison(statement)
    theirs = [found for wording in evidence.sentences if (found := comparison(wording))]
    return bool(mine and theirs and all(mine.swapped(other) for other in theirs))


def _opposites(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = [(wording, cue) for wording in evidence.sentences for cue in opposites(wording)]
    for cue in opposites(statement):
        if any(cue.token == other.token for other in cues(statement)):
            continue
        alike = [(w, c) for w, c in quoted if c.axis == cue.axis]
        fit = _fit(statement, cue.token, [(w, c.token, c.sign == cue.sign) for w, c in alike])
        if fit.contradicts:
            word = statement.tokens[cue.token].text
            return Problem(Check.DIRECTION, f"the statement says {word!r}, the quotes the opposite")
    return None


def _denial(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = [(wording, word) for wording in evidence.sentences for word in said(wording)]
    denying = any(negators(wording) or any(c.sign == 0 for c in cues(wording)) for wording in evidence.sentences)
    for word in said(statement):
        alike = [(w, other) for w, other in quoted if other.key == word.key]
        if word.denied and not denying and not word.implied:
            return Problem(Check.NEGATION, f"the statement denies {word.key!r}, the quotes deny nothing")
        if word.denied is None or not alike:
            continue
        fit = _fit(statement, word.place, [(w, other.place, other.denied in (word.denied, None)) for w, other in alike])
        if fit.contradicts:
            does = "denies" if word.denied else "asserts"
            return Problem(Check.NEGATION, f"the statement {does} {word.key!r}, the quotes do not")
    return None


def _fit(statement: Wording, place: int, candidates: Sequence[tuple[Wording, int, bool]]) -> Fit:
    """The best likeness of the surroundings among agreeing and among opposing candidates."""
    scored = [(agrees, likeness(statement, place, wording, other)) for wording, other, agrees in candidates]
    agreeing = max((score for agrees, score in scored if agrees), default=None)
    opposing = max((score for agrees, score in scored if not agrees), default=None)
    return Fit(agreeing, opposing)
