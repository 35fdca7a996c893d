"""Which way a finding points: more or less, better or worse, no difference; what is denied; what is hedged."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from qa.quantities import quantities
from qa.wording import Wording, stem_of, stems_of

MORE = """increase increment rise rose risen raise higher more greater grow grew grown elevate gain exceed longer faster
    accelerate enhance boost upregulate larger bigger stronger augment amplify prolong heighten hasten promote encourage induce stimulate
    potentiate overexpress exacerbate double triple""".split()
LESS = """decrease reduce reduction lower lowered fewer less fall fell fallen drop decline diminish cut slow slower delay
    prevent prevention inhibit inhibition suppress suppression shrink shrank shrunk shorter shorten smaller weaker
    downregulate block blocker attenuate repress lessen minimise abolish abrogate halve impede hinder deplete""".split()
BETTER = """improve improvement better benefit beneficial effective efficacy efficacious effectiveness superior help helpful
    favour favourable success successful protective protect accurate""".split()
WORSE = """worse worsen deteriorate deterioration harm harmful detrimental inferior impair impairment damage disfavour
    inaccurate""".split()
SAME = """similar similarly same equal equally equivalent unchanged unaffected unaltered unrelated nonsignificant
    insignificant ns noninferior ineffective indistinguishable""".split()
BAD_OUTCOMES = """progression worsening relapse risk lesion atrophy loss death mortality disability pain fatigue infection
    spasticity symptom failure disease hazard event injury toxicity inflammation tremor depression anxiety stroke cancer
    incidence severity complication bleeding recurrence burden""".split()
# Pairs that contradict each other where they stand at the same place of a sentence.
OPPOSITES = """high|low; before prior|after following; early earlier|late later; start begin began initiate|stop discontinue
    withdraw cease; include|exclude; allow permit|forbid prohibit; positive|negative; men male|women female; with|without;
    common frequent|rare rarely uncommon infrequent; young younger|old older; short|long; first|last; mild|severe serious;
    acute|chronic; majority most|minority few; strong|weak; maximum upper|minimum lower; above|below; present|absent;
    active|inactive; adult|child"""
NEGATORS = """not no never neither nor none nothing nobody cannot can't didn't doesn't don't wasn't weren't isn't aren't
    without lack lacks lacked lacking absence fail fails failed failure unable hardly non""".split()
# Words that deny another one: "contraindicated" says that something is not recommended and not used.
DENIALS = {
    "contraindicated": ("recommended", "used"),
    "rejected": ("approved",),
    "refused": ("approved",),
    "unapproved": ("approved",),
    "unlicensed": ("licensed",),
    "missed": ("met",),
    "ineffective": ("effective",),
    "unsafe": ("safe",),
    "unlikely": ("likely",),
    "impossible": ("possible",),
    "unrelated": ("related",),
    "unaffected": ("affected",),
    "unchanged": ("changed",),
}
NOT_DENYING = re.compile(
    r"\bnot only\b|\bno longer\b|\bwhether or not\b|\bno more than\b|\bno less than\b", re.IGNORECASE
)
NEAR_NEGATOR = 4  # words behind a negator within which it turns a direction into "no difference"
REACH = 7  # words behind or before a negator within which it may
NULL_P = 0.05


AMOUNT, VALUE, ANY = "amount", "value", "any"
EFFECT = "difference differ effect change affect impact influence association associate correlate correlation relation".split()
NEAR = 6  # words between a direction and what it acts on
PREFIX = re.compile(r"^(?:un|in|im|dis|de|non|anti)(?=[a-z]{5})")
AGAINST = stems_of("advise advised recommend recommended decide warn argue caution vote speak".split())


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that points somewhere: `pole` is 1 or -1 for the two poles of its axis, 0 for "the same".

    `sign` is the pole after what denies or turns it: "did not increase" has pole 1 and sign 0, "less worsening" pole -1
    and sign 1; None where a negator stands near but need not deny it. `value` is the sign on the axis from worse (-1) to
    better (1), None where that is not known.
    """

    axis: str
    pole: int
    sign: int | None
    token: int
    value: int | None = None

    def agrees(self, other: "Cue", *, turned: bool = False) -> bool:
        """Whether two cues of one axis point the same way; `turned`: seen from the other arm of a comparison."""
        if self.sign is None or other.sign is None:
            return True
        if self.sign == 0 == other.sign:
            return ANY in (self.axis, other.axis) or turned or self.pole == other.pole
        return other.sign == (-self.sign if turned else self.sign)


def cues(wording: Wording) -> list[Cue]:
    """The words of a text that say which way it points; bounds of numbers ("more than 20") are none."""
    numbers = quantities(wording.text)
    ps = [q.value for q in numbers if q.kind == "p"]
    nothing = (bool(ps) and min(ps) >= NULL_P) or _insignificant(wording)
    found: list[Cue] = []
    for place, token in enumerate(wording.tokens):
        axis, pole = ("", 0) if token.text.lower() in ("effect", "effects") else _poles().get(token.stem, ("", 0))
        after = wording.text[token.end : token.end + 9]
        bounding = any(q.start <= token.start < q.end for q in numbers) or re.match(r" than ?\d", after)
        if axis and not bounding:
            found.append(Cue(axis, pole, 0 if nothing else _denied_sign(wording, place, pole), place))
        elif token.stem in _effects() and place in denied_tokens(wording, REACH):
            found.append(Cue(ANY, 0, 0, place))
    return [_valued(wording, found, cue) for cue in found]


def _denied_sign(wording: Wording, place: int, pole: int) -> int | None:
    """0 behind a near negator, undecided (None) behind a farther one or before one, else the pole."""
    if place in denied_tokens(wording, NEAR_NEGATOR):
        return 0
    clause = wording.tokens[place].clause
    behind = any(place < n <= place + REACH and wording.tokens[n].clause == clause for n in negators(wording))
    return None if behind or place in denied_tokens(wording, REACH) else pole


def _valued(wording: Wording, found: Sequence[Cue], cue: Cue) -> Cue:
    if cue.sign is None or cue.axis == ANY:
        return cue
    near = [
        other
        for other in found
        if other is not cue and abs(other.token - cue.token) <= NEAR and _same_clause(wording, cue, other)
    ]
    if cue.axis == VALUE:
        amount = next((other.sign for other in near if other.axis == AMOUNT and other.sign), None)
        sign = cue.sign * amount if amount else cue.sign
        return replace(cue, sign=sign, value=sign)
    window = range(max(0, cue.token - NEAR), min(len(wording.tokens), cue.token + NEAR + 1))
    bad = any(wording.tokens[place].stem in _bad_outcomes() for place in window)
    return replace(cue, value=-cue.sign if bad else cue.sign)


def _same_clause(wording: Wording, one: Cue, other: Cue) -> bool:
    return wording.tokens[one.token].clause == wording.tokens[other.token].clause


def opposites(wording: Wording) -> list[Cue]:
    """The words of a text that have an opposite; the axis is the pair."""
    return [
        Cue(pair, sign, sign, place)
        for place, token in enumerate(wording.tokens)
        for pair, sign in _opposites().get(token.stem, [])
    ]


def negators(wording: Wording) -> list[int]:
    """Places of the words that deny what follows."""
    harmless = [match.span() for match in NOT_DENYING.finditer(wording.text)]
    return [
        place
        for place, token in enumerate(wording.tokens)
        if (token.text.lower() in NEGATORS or _advised_against(wording, place))
        and not any(start <= token.start < end for start, end in harmless)
    ]


def _advised_against(wording: Wording, place: int) -> bool:
    return bool(place) and wording.tokens[place].stem == "against" and wording.tokens[place - 1].stem in AGAINST


def denied_tokens(wording: Wording, reach: int) -> frozenset[int]:
    """Places of the words up to `reach` behind a negator in its clause; "non" denies one word."""
    denied = set()
    for place in negators(wording):
        clause = wording.tokens[place].clause
        far = 1 if wording.tokens[place].text.lower() == "non" else reach
        for behind in range(place + 1, min(len(wording.tokens), place + 1 + far)):
            if wording.tokens[behind].clause != clause:
                break
            denied.add(behind)
    return frozenset(denied)


@dataclass(frozen=True, slots=True)
class Said:
    """One content word with what is done to it: asserted, denied, or behind a denied word (None: undecided).

    `implied` words are not written: the "approved" that "rejected" denies.
    """

    key: str
    place: int
    denied: bool | None
    implied: bool = False


def said(wording: Wording) -> list[Said]:
    """The content words of a text; "contraindicated" denies "recommended", and "disfavour" denies "favour"."""
    denying = negators(wording)
    heads, undecided = set(), set()
    for place in denying:
        behind = [b for b in range(place + 1, len(wording.tokens)) if _denies(wording, place, b)]
        head = next((b for b in behind if not wording.tokens[b].text.endswith("ly")), None)
        heads.update(b for b in behind if b == head)
        undecided.update(b for b in behind if b != head)
    found = []
    for place, token in enumerate(wording.tokens):
        found += [Said(stem_of(word), place, True, True) for word in DENIALS.get(token.text.lower(), ())]
        if PREFIX.match(token.stem):
            found.append(Said(PREFIX.sub("", token.stem), place, True, True))
        if wording.content[place] and place not in denying:
            state = True if place in heads else None if place in undecided else False
            found.append(Said(wording.keys[place], place, state))
    return found


def _denies(wording: Wording, place: int, behind: int) -> bool:
    """Whether a negator reaches a word behind it: a content word of its clause."""
    token = wording.tokens[behind]
    if wording.tokens[place].text.lower() == "non":
        return behind == place + 1
    return wording.content[behind] and token.clause == wording.tokens[place].clause


@cache
def _poles() -> dict[str, tuple[str, int]]:
    poles = {stem_of(word): (AMOUNT, sign) for sign, words in ((1, MORE), (-1, LESS)) for word in words}
    poles |= {stem_of(word): (VALUE, sign) for sign, words in ((1, BETTER), (-1, WORSE)) for word in words}
    return poles | {stem_of(word): (ANY, 0) for word in SAME}


@cache
def _opposites() -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for pair in OPPOSITES.split(";"):
        for sign, words in enumerate(pair.split("|")):
            for word in words.split():
                found.setdefault(stem_of(word), []).append((" ".join(pair.split()), sign))
    return found


@cache
def _effects() -> frozenset[str]:
    return stems_of(EFFECT)


@cache
def _bad_outcomes() -> frozenset[str]:
    return stems_of(BAD_OUTCOMES)


def _insignificant(wording: Wording) -> bool:
    denied = denied_tokens(wording, 3)
    return any(token.stem.startswith("signific") and place in denied for place, token in enumerate(wording.tokens))
