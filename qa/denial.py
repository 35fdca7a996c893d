"""What a text denies: negators, how far they reach, and which words stand asserted or denied."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from qa.glossary import Kind
from qa.wording import KEPT, Wording, stem_of, stems_of

NEGATORS = frozenset(
    """not no never neither nor none nothing nobody cannot without lack lacks lacked lacking absence fail fails failed
    unable hardly non exclude excludes excluded excluding""".split()
)
# Negators of a noun: which word they deny is a matter of wording ("no known trial", "no trial is known").
LOOSE = frozenset("no neither nor none nothing nobody without lack lacks lacked lacking absence".split())
HARMLESS = re.compile(
    r"\b(?:not only|no longer|whether or not|no more than|no less than|fail(?:s|ed)?\b(?! to\b))", re.IGNORECASE
)
AGAINST = stems_of("advise recommend decide warn argue caution vote speak".split())  # "advises against"
# Words that deny another one: "contraindicated" says that something is not recommended and not used.
DENIALS = {
    "contraindicated": ("recommended", "used"),
    "rejected": ("approved",),
    "refused": ("approved",),
    "unapproved": ("approved",),
    "unlicensed": ("licensed",),
    "missed": ("met",),
    "missing": ("met",),
    "ineffective": ("effective",),
    "unsafe": ("safe",),
    "unlikely": ("likely",),
    "impossible": ("possible",),
    "unrelated": ("related",),
    "unaffected": ("affected",),
    "unchanged": ("changed",),
}
PREFIX = re.compile(r"^(?:un|in|im|dis|de|non|anti)(?=[a-z]{5})")  # "disfavour" denies "favour"
# Words that say that something is not there without denying a word of the sentence.
ABSENT = stems_of(
    "deficient deficiency deplete depletion loss free naive negative null devoid knockout untreated".split()
)
NAMES = (Kind.DRUG, Kind.TRIAL)  # what is not denied itself but something about it; phenotypes can be
REACH = 7  # words behind or before a negator that it may concern


@dataclass(frozen=True, slots=True)
class Said:
    """One content word with what is done to it: asserted, denied, or behind a denied word (None: undecided).

    `implied` words are not written: the "approved" that "rejected" denies. `loose`: denied by a negator of a noun.
    """

    key: str
    place: int
    denied: bool | None
    implied: bool = False
    loose: bool = False


@lru_cache(KEPT)
def negators(wording: Wording) -> tuple[int, ...]:
    """Places of the words that deny what follows; those inside a name ("non-active SPMS") are none."""
    harmless = [match.span() for match in HARMLESS.finditer(wording.text)]
    named = {p for mention, _ in wording.named(Kind.PHENOTYPE, Kind.DRUG) for p in range(mention.start, mention.end)}
    return tuple(
        place
        for place, token in enumerate(wording.tokens)
        if (token.text.lower() in NEGATORS or _advised_against(wording, place))
        and place not in named
        and not any(start <= token.start < end for start, end in harmless)
    )


@lru_cache(KEPT)
def denied_tokens(wording: Wording, reach: int) -> frozenset[int]:
    """Places of the words up to `reach` behind a negator in its clause; "non" denies one word."""
    denied = set()
    for place in negators(wording):
        far = 1 if wording.tokens[place].text.lower() == "non" else reach
        for behind in range(place + 1, min(len(wording.tokens), place + 1 + far)):
            if wording.tokens[behind].clause != wording.tokens[place].clause:
                break
            denied.add(behind)
    return frozenset(denied)


@lru_cache(KEPT)
def said(wording: Wording) -> tuple[Said, ...]:
    """The content words of a text in order, with those that its words imply."""
    denying = negators(wording)
    heads, undecided = _scopes(wording, denying)
    found: list[Said] = []
    for place, token in enumerate(wording.tokens):
        found += [Said(stem_of(word), place, True, True) for word in DENIALS.get(token.text.lower(), ())]
        if PREFIX.match(token.stem):
            found.append(Said(PREFIX.sub("", token.stem), place, True, True))
        if wording.content[place] and place not in denying:
            state = True if place in heads else None if place in undecided else False
            found.append(Said(wording.keys[place], place, state, loose=heads.get(place) in LOOSE))
    return tuple(found)


def denial_places(wording: Wording) -> list[int]:
    """Places of the words that deny something or say that something is absent."""
    absent = [
        place
        for place, token in enumerate(wording.tokens)
        if token.stem in ABSENT or token.text in ("0", "fail", "fails", "failed") or token.text.lower() in DENIALS
    ]
    return sorted({*negators(wording), *absent})


def denied_later(wording: Wording, place: int) -> bool:
    """Whether a "not" behind a word in its clause may deny it: "hand function did not differ"."""
    clause = wording.tokens[place].clause
    return any(
        n > place and wording.tokens[n].clause == clause and wording.tokens[n].stem == "not" for n in negators(wording)
    )


def _scopes(wording: Wording, denying: Sequence[int]) -> tuple[dict[int, str], set[int]]:
    """The words that are denied for sure, the first behind each negator, with it; and those that may be."""
    heads: dict[int, str] = {}
    undecided: set[int] = set()
    named = {p for mention, _ in wording.named(*NAMES) for p in range(mention.start, mention.end)}
    for place in denying:
        negator = wording.tokens[place].text.lower()
        if _advised_against(wording, place):
            heads[place - 1] = negator
        behind = [b for b in range(place + 1, len(wording.tokens)) if _reaches(wording, place, b)]
        numbers = negator not in LOOSE  # "not 24%", but "none of the 44"
        head = next((b for b in behind if b not in named and _deniable(wording.tokens[b].text, numbers)), None)
        if head is not None:
            heads[head] = negator
        undecided.update(b for b in behind if b != head)
    return heads, undecided


def _deniable(word: str, numbers: bool) -> bool:
    return not word.endswith("ly") and (numbers or not word[0].isdigit())


def _reaches(wording: Wording, place: int, behind: int) -> bool:
    """Whether a negator may reach a word behind it: a content word of its clause, not far away."""
    if wording.tokens[place].text.lower() == "non":
        return behind == place + 1
    same = wording.tokens[behind].clause == wording.tokens[place].clause
    return wording.content[behind] and wording.tokens[behind].stem not in _whom() and same and behind - place <= REACH


@cache
def _whom() -> frozenset[str]:
    return stems_of("people person patient participant adult ms".split())


def _advised_against(wording: Wording, place: int) -> bool:
    return bool(place) and wording.tokens[place].stem == "against" and wording.tokens[place - 1].stem in AGAINST
