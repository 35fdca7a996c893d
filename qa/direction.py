"""Which way a finding points: more or less, better or worse, no difference."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from qa.denial import REACH, denied_tokens, negators, said
from qa.glossary import Kind
from qa.quantities import Quantity, quantities
from qa.wording import KEPT, Wording, stem_of, stems_of

MORE = """increase increment rise rose risen raise higher more greater grow grew grown elevate exceed longer faster
    accelerate enhance boost upregulate larger bigger stronger augment amplify prolong heighten hasten promote encourage
    induce stimulate potentiate overexpress exacerbate
    facilitate strengthen""".split()
LESS = """decrease reduce lower lowered fewer less fall fell fallen drop decline diminish cut slow
    delay prevent prevention inhibit inhibition suppress suppression shrink shorter shorten smaller weaker
    downregulate block blocker attenuate repress lessen minimise abolish abrogate halve impede hinder deplete restrict
    weaken dampen counteract silence arrest antagonise mitigate alleviate""".split()
BETTER = """improve improvement better benefit beneficial effective efficacy efficacious superior help helpful favour
    favourable success successful protective protect accurate""".split()
WORSE = """worse worsen deteriorate deterioration harm harmful detrimental inferior impair impairment damage disfavour
    inaccurate""".split()
SAME = """similar similarly same equal equally equivalent unchanged unaffected unaltered unrelated nonsignificant
    insignificant ns noninferior ineffective indistinguishable""".split()
# With a negator these say "no difference"; without one they say nothing.
EFFECT = "difference differ effect change affect impact influence association associate correlate correlation".split()
# An outcome that one wants less of: less of it is better.
BAD_OUTCOMES = """progression worsening relapse risk lesion atrophy loss death mortality disability pain
    fatigue infection spasticity symptom failure disease hazard event injury toxicity inflammation tremor depression
    anxiety stroke cancer incidence severity complication bleeding recurrence burden""".split()
# Words that can carry a direction of the statement, but contradict none: "brain volume loss" for "shrank".
HINTS = {
    ("amount", 1): "above over high many frequent common often gained up excess additional".split(),
    ("amount", -1): "below under low few rare loss lost missed stop down against".split(),
    ("value", 1): "good well work worked positive useful recommended advised gain advantage".split(),
    ("value", -1): "bad poor adverse negative toxic dangerous risk injury reaction disability problem".split(),
}
POINTLESS = ("effect", "effects", "enhancing", "enhancement", "effectiveness")  # forms of a stem that point nowhere
DEGREES = ("more", "greater", "higher", "larger", "stronger")
BODY = re.compile(r"(?:limb|leg|extremit|back|body|urinary|respirat|motor|gastro)", re.IGNORECASE)  # "lower limbs"
# Pairs that contradict each other where they stand at the same place of a sentence.
OPPOSITES = """more|less fewer; prevent avoid|cause; high|low; before prior|after following; early
    earlier|late later; start begin initiate|stop discontinue withdraw cease; allow permit|forbid prohibit;
    positive|negative; men male|women female; common frequent|rare rarely uncommon infrequent; younger|older;
    short|long; first|last; mild|severe serious; acute|chronic; majority most|minority few; strong|weak; maximum
    upper|minimum lower; above|below; present|absent; active|inactive; adult|child; sensitive susceptible|resistant
    resistance; gain|loss; agonist|antagonist; required essential necessary|dispensable unnecessary redundant;
    many|few; large|small; sufficient|insufficient"""
AMOUNT, VALUE, ANY = "amount", "value", "any"
NULL_P = 0.05  # p values from here on are no finding
NEAR_NEGATOR = 4  # words behind a negator within which it turns a direction into "no difference"
NEAR = 6  # words between a direction and what it acts on
FAR = 12  # words between an outcome and the direction of its clause: "worsening on the peg test was less likely"
FREQUENCY = re.compile(r" (?:likely|frequent|often|common)")
# "more difficult" is no amount, but "more frequent" is one.
ADJECTIVE = re.compile(r"(?!frequent|prevalent|abundant)\w+(?:ous|ive|al|ful|ic|able|ible|ent|ant|ult|less|ed|ex)\b")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that points somewhere: `pole` is 1 or -1 for the two poles of its axis, 0 for "the same".

    `sign` is the pole after what denies or turns it: "did not increase" has pole 1 and sign 0, "less worsening" pole
    -1 and sign 1; None where a negator stands near but need not deny it. `value` is the sign on the axis from worse
    (-1) to better (1), None where that is not known.
    """

    axis: str
    pole: int
    sign: int | None
    token: int
    value: int | None = None

    def agrees(self, other: "Cue", *, turned: bool = False) -> bool:
        """Whether two cues of one axis point the same way; `turned`: seen from the other arm of a comparison."""
        if self.sign is None or other.sign is None or self.sign == 0 == other.sign:
            return ANY in (self.axis, other.axis) or turned or self.pole == other.pole
        return other.sign == (-self.sign if turned else self.sign)


@lru_cache(KEPT)
def cues(wording: Wording) -> tuple[Cue, ...]:
    """The words of a text that say which way it points; bounds of numbers ("more than 20") are none."""
    numbers = quantities(wording.text)
    insignificant = _insignificant(wording, numbers)
    named = {p for m, _ in wording.named(Kind.TRIAL, Kind.DRUG, Kind.PHENOTYPE) for p in range(m.start, m.end)}
    found: list[Cue] = []
    for place, token in enumerate(wording.tokens):
        axis, pole = _pole(wording, place)
        bounding = any(q.start <= token.start < q.end for q in numbers)
        if axis and not bounding and place not in named:
            found.append(Cue(axis, pole, _sign(wording, place, pole) if insignificant is None else 0, place))
        elif token.stem in _effects() and place in denied_tokens(wording, REACH):
            found.append(Cue(ANY, 0, 0, place))
    found += [Cue(ANY, 0, 0, place) for place in _failures(wording)]
    if insignificant is not None:
        found.append(Cue(ANY, 0, 0, insignificant))
    found = [cue for cue in found if not _is_degree(wording, cue, found)]
    return tuple(_valued(wording, found, cue) for cue in found)


@lru_cache(KEPT)
def opposites(wording: Wording) -> tuple[Cue, ...]:
    """The words of a text that have an opposite; the axis is the pair, and "not large" is small."""
    denied = denied_tokens(wording, 2)
    return tuple(
        Cue(pair, pole, 1 - pole if place in denied else pole, place)
        for place, token in enumerate(wording.tokens)
        for pair, pole in _opposites().get(token.stem, [])
    )


def hinted(cue: Cue, wording: Wording) -> bool:
    """Whether a text holds a word that can carry a cue, though it is none itself."""
    return bool(cue.axis in (AMOUNT, VALUE) and cue.pole and wording.stems & _hints()[cue.axis, cue.pole])


def _pole(wording: Wording, place: int) -> tuple[str, int]:
    token = wording.tokens[place]
    behind = wording.text[token.end + 1 : token.end + 10]
    if token.stem in ("more", "less") and ADJECTIVE.match(wording.text[token.end + 1 :]):
        return "", 0
    if token.text.lower() in POINTLESS or BODY.match(behind) or re.match(r"than ?\d", behind):
        return "", 0
    return _poles().get(token.stem, ("", 0))


def _sign(wording: Wording, place: int, pole: int) -> int | None:
    """0 behind a near negator, undecided behind a farther one or before one, else the pole."""
    if place in denied_tokens(wording, NEAR_NEGATOR):
        definite = place and wording.tokens[place - 1].stem == "the"  # "did not repeat the benefit" leaves it a benefit
        return None if definite else 0
    clause = wording.tokens[place].clause
    behind = any(place < n <= place + REACH and wording.tokens[n].clause == clause for n in negators(wording))
    return None if behind or place in denied_tokens(wording, REACH) else pole


def _failures(wording: Wording) -> list[int]:
    """Places that say that a trial missed its aim."""
    missed = [word.place for word in said(wording) if word.denied and word.key == "meet"]
    return missed + [place for place, token in enumerate(wording.tokens) if token.stem == "fail"]


def _is_degree(wording: Wording, cue: Cue, found: Sequence[Cue]) -> bool:
    """Whether a word only says how much better or worse: "greater improvement"."""
    degree = wording.tokens[cue.token].text.lower() in DEGREES
    return degree and any(o.axis == VALUE and 0 < o.token - cue.token <= 2 for o in found)


def _valued(wording: Wording, found: Sequence[Cue], cue: Cue) -> Cue:
    """The cue with its value: less worsening is better, and less of a bad outcome too."""
    if cue.sign is None or cue.axis == ANY:
        return cue
    if cue.axis == VALUE:
        amount = next((o.sign for o in found if o.axis == AMOUNT and o.sign and _near(wording, cue, o)), 1)
        return replace(cue, sign=cue.sign * amount, value=cue.sign * amount)
    window = wording.tokens[max(0, cue.token - NEAR) : cue.token + NEAR + 1]
    bad = any(token.stem in _bad_outcomes() for token in window)
    return replace(cue, value=-cue.sign if bad else cue.sign)


def _near(wording: Wording, one: Cue, other: Cue) -> bool:
    same = wording.tokens[one.token].clause == wording.tokens[other.token].clause
    behind = other.token - one.token
    far = 0 < behind <= FAR and FREQUENCY.match(wording.text[wording.tokens[other.token].end :])
    return same and (abs(behind) <= NEAR or bool(far))


def _insignificant(wording: Wording, numbers: Sequence[Quantity]) -> int | None:
    """The place that says that a finding is not significant: the word, or a p value of 0.05 and more."""
    denied = denied_tokens(wording, 3)
    for place, token in enumerate(wording.tokens):
        if token.stem.startswith("signific") and place in denied:
            return place
    ps = [q for q in numbers if q.kind == "p"]
    return wording.token_at(ps[0].start) if ps and not significant(ps) else None


def significant(numbers: Sequence[Quantity]) -> bool:
    """Whether one of the p values among some numbers is below 0.05."""
    return any(q.kind == "p" and (q.value < NULL_P or (q.value == NULL_P and q.sign == "<")) for q in numbers)


@cache
def _poles() -> dict[str, tuple[str, int]]:
    poles = {stem_of(word): (AMOUNT, sign) for sign, words in ((1, MORE), (-1, LESS)) for word in words}
    poles |= {stem_of(word): (VALUE, sign) for sign, words in ((1, BETTER), (-1, WORSE)) for word in words}
    return poles | {stem_of(word): (ANY, 0) for word in SAME}


@cache
def _opposites() -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for pair in " ".join(OPPOSITES.split()).split("; "):
        for sign, words in enumerate(pair.split("|")):
            for word in words.split():
                found.setdefault(stem_of(word), []).append((pair, sign))
    return found


@cache
def _hints() -> dict[tuple[str, int], frozenset[str]]:
    return {pole: stems_of(words) for pole, words in HINTS.items()}


@cache
def _effects() -> frozenset[str]:
    return stems_of(EFFECT)


@cache
def _bad_outcomes() -> frozenset[str]:
    return stems_of(BAD_OUTCOMES)
