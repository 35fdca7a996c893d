"""Does a statement point the way its quotes point? Directions, opposites and denials are compared place by place."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.arms import comparison
from qa.claim import Check, Evidence, Problem
from qa.denial import Said, denial_places, denied_later, said
from qa.direction import AMOUNT, ANY, Cue, cues, hinted, opposites
from qa.estimates import estimated_comparison, estimated_cue
from qa.quantities import Bound, quantities
from qa.wording import Wording, likeness, same_neighbours

MARGIN = 1.0  # how much better an opposing word must fit its place than an agreeing one; chosen on the dev halves
SAME_WORD_MARGIN = 2.5  # ... when the agreeing one is the same word
AROUND = 12  # words on either side of a denied word among which its quote must deny something ...
CLOSE = 0.8  # likeness from which on two words stand at the same place of nearly the same sentence
SHARED = 2  # ... that shares this many content words


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a word of the statement fits the places of agreeing and of opposing words of the quotes."""

    agreeing: float | None
    opposing: float | None
    same_word: bool = False  # an agreeing word is the very word of the statement
    exact: bool = False  # an opposing word, and no agreeing one, stands between the same two words

    @property
    def contradicts(self) -> bool:
        """Whether an opposing word fits clearly better."""
        if self.opposing is None:
            return False
        margin = SAME_WORD_MARGIN if self.same_word else MARGIN
        return self.exact or self.agreeing is None or self.opposing > margin * self.agreeing


def check_contradiction(statement: Wording, evidence: Evidence) -> Problem | None:
    """The first way in which the statement says the contrary of its quotes, or a direction that they do not say."""
    return _direction(statement, evidence) or _opposite(statement, evidence) or _denial(statement, evidence)


def _direction(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = [(wording, cue) for wording in evidence.sentences for cue in _quoted_cues(wording)]
    turned = _turned(statement, evidence)
    for cue in cues(statement):
        word = statement.tokens[cue.token].text
        alike = [(w, c) for w, c in quoted if ANY in (c.axis, cue.axis) or c.axis == cue.axis]
        if not alike:
            if not _held(statement, cue, quoted, evidence):
                return Problem(Check.DIRECTION, f"the quotes do not say {word!r}")
            continue
        fit = _fit(statement, cue.token, [(w, c.token, cue.agrees(c, turned=turned)) for w, c in alike])
        if fit.contradicts:
            kind = Check.COMPARATOR if turned else Check.DIRECTION
            return Problem(kind, f"the statement says {word!r}, the quotes point another way")
    return None


def _quoted_cues(wording: Wording) -> Sequence[Cue]:
    """The directions of a quoted sentence; those of its numbers only where its words give none."""
    written = cues(wording)
    estimated = None if any(cue.axis in (AMOUNT, ANY) for cue in written) else estimated_cue(wording)
    return [*written, estimated] if estimated else written


def _held(statement: Wording, cue: Cue, quoted: Sequence[tuple[Wording, Cue]], evidence: Evidence) -> bool:
    """Whether the quotes say on another axis, by a bound or by a hint what no cue of theirs says on this axis."""
    valued = [(w, other.token, other.value == cue.value) for w, other in quoted if other.value is not None]
    if cue.value is not None and any(agrees for *_, agrees in valued):
        return not _fit(statement, cue.token, valued).contradicts  # "X helps" where Y helped and X did not
    bound = {1: Bound.LOWER, -1: Bound.UPPER}.get(cue.pole)
    bounded = any(q.bound is bound for wording in evidence.sentences for q in quantities(wording.text))
    return (cue.axis == AMOUNT and bounded) or any(hinted(cue, wording) for wording in evidence.sentences)


def _turned(statement: Wording, evidence: Evidence) -> bool:
    """Whether the statement compares the two arms of its quotes the other way round."""
    mine = comparison(statement)
    theirs = [found for w in evidence.sentences if (found := comparison(w) or estimated_comparison(w))]
    return bool(mine and theirs and all(mine.swapped(other) for other in theirs))


def _opposite(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = [(wording, cue) for wording in evidence.sentences for cue in opposites(wording)]
    pointing = {cue.token for cue in cues(statement)}
    mine = opposites(statement)
    for cue in mine:
        alike = [(w, c) for w, c in quoted if c.axis == cue.axis]
        both = {c.sign for c in mine if c.axis == cue.axis} > {c.sign for _, c in alike}  # contrasts the two itself
        fit = _fit(statement, cue.token, [(w, c.token, c.sign == cue.sign) for w, c in alike])
        if cue.token in pointing or both or not (fit.exact or (fit.agreeing is None and (fit.opposing or 0) > CLOSE)):
            continue
        if not _denied_there(statement, cue.token, evidence):
            word = statement.tokens[cue.token].text
            return Problem(Check.DIRECTION, f"the statement says {word!r}, the quotes the opposite")
    return None


def _denial(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = [(wording, word) for wording in evidence.sentences for word in said(wording)]
    directed = {place for cue in cues(statement) for place in (cue.token - 1, cue.token)}
    pairs = {cue.axis for wording in evidence.sentences for cue in opposites(wording)}
    directed |= {cue.token for cue in opposites(statement) if cue.axis in pairs}
    mine = said(statement)
    for word in mine:
        alike = [(w, other) for w, other in quoted if other.key == word.key]
        written = statement.tokens[word.place].text
        explained = word.implied or word.place in directed or not word.denied or (alike and not word.loose)
        if not explained and not _denied_there(statement, word.place, evidence):
            return Problem(Check.NEGATION, f"the statement denies {written!r}, the quotes do not")
        contrasted = any(w.denied and not w.implied and w.key == word.key for w in mine)  # "covers X, does not cover Y"
        if word.denied is None or word.loose or not alike or (not word.denied and contrasted):
            continue
        fit = _fit(statement, word.place, [(w, other.place, _same_said(word, w, other)) for w, other in alike])
        if fit.contradicts:
            does = "denies" if word.denied else "asserts"
            return Problem(Check.NEGATION, f"the statement {does} {written!r}, the quotes do not")
    return None


def _denied_there(statement: Wording, place: int, evidence: Evidence) -> bool:
    """Whether a quote denies something, or finds no difference, among the words that surround a denied word."""
    mine = _around(statement, place)
    for wording in evidence.sentences:
        nothing = [cue.token for cue in _quoted_cues(wording) if cue.sign == 0]
        for other in (*denial_places(wording), *nothing):
            if len(mine & _around(wording, other)) >= SHARED:
                return True
    return False


def _around(wording: Wording, place: int) -> set[str]:
    window = range(max(0, place - AROUND), min(len(wording.tokens), place + AROUND + 1))
    return {wording.keys[p] for p in window if wording.content[p]}


def _same_said(word: Said, quoted: Wording, other: Said) -> bool:
    """Whether both assert or both deny."""
    return other.denied in (word.denied, None) or (bool(word.denied) and denied_later(quoted, other.place))


def _fit(statement: Wording, place: int, candidates: Sequence[tuple[Wording, int, bool]]) -> Fit:
    """The best likeness of the surroundings among agreeing and among opposing candidates."""
    scored = [(agrees, likeness(statement, place, wording, other)) for wording, other, agrees in candidates]
    agreeing = max((score for agrees, score in scored if agrees), default=None)
    opposing = max((score for agrees, score in scored if not agrees), default=None)
    exact = {agrees for w, other, agrees in candidates if same_neighbours(statement, place, w, other)}
    word = statement.tokens[place].stem
    same_word = any(agrees and w.tokens[other].stem == word for w, other, agrees in candidates)
    return Fit(agreeing, opposing, same_word, exact == {False})
