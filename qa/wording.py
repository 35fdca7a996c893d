"""A text as the checker compares it: spelling folded, words stemmed, clauses marked, names of the field found."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from qa.glossary import Glossary, Kind, Mention, Name, Word

# Decimal numbers stay whole; otherwise a word is what the glossary takes for one.
TOKEN = re.compile(r"\d+\.\d+|[^\W\d_]/[^\W\d_]\b|[^\W_]+")
DASHES = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "·": "."})
GROUPED = re.compile(r"(?<![\d.,-])(\d{1,3})((?:,\d{3})+|(?: \d{3})+)(?![\d,]|\.\d)")
GLUED = re.compile(r"(?<![^\W_])(\d+(?:\.\d+)?)(wks?|weeks?|mos?|months?|yrs?|years?|days?|d|mg|g|kg|ml|mcg|ug|h)\b")
BOTH = re.compile(r"\b(?:the|these) 2(?= (?:combined|together|drugs|groups|arms|trials|of)\b|[,.;])", re.IGNORECASE)
# "primary or secondary progressive" names both
TWO_COURSES = re.compile(r"\b(primary)(?:[- ]progressive)? (and|or|and/or) (secondary)[- ]progressive", re.IGNORECASE)
PER = re.compile(r"\b(mg|g|μg|ng|pg|IU) per (kg|m2|dL|mL|L|day)\b")
# A clause ends here: what is negated before does not reach behind, nor the other way round.
BREAK = re.compile(
    r"[;:!?]|\.(?=\s|$)|\b(?:but|although|though|whereas|while|however|yet|because|unless|despite|except)\b|"
    r",\s*(?:and|so|as|which|who|with|when|where|if|an?|the|it|they|this|these|those|there|people|in|according)\b|\s-\s",
    re.IGNORECASE,
)
NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: 10 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
TENS = re.compile(
    r"\b((?:twen|thir|for|fif|six|seven|eigh|nine)ty)[- ](one|two|three|four|five|six|seven|eight|nine)\b", re.I
)
SPELT = re.compile(rf"\b({'|'.join(word for word in NUMBER_WORDS if word not in ('zero', 'one'))})\b", re.IGNORECASE)
SPELT_FOLD = re.compile(r"\b(two|three|four|five|six|seven|eight|nine|ten)fold\b", re.IGNORECASE)
ROMAN = re.compile(r"\b(phase|type|part|stage)\s+(i{1,3}|iv)\b", re.IGNORECASE)
IRREGULAR = {
    form: word
    for word, forms in {
        "reduce": "reduction", "fall": "fell fallen", "rise": "rose risen", "grow": "grew grown", "meet": "met",
        "shrink": "shrank shrunk", "lose": "lost loss", "begin": "began begun", "choose": "chose chosen choice",
        "take": "took taken", "rescind": "rescinded", "lead": "led", "run": "ran", "keep": "kept",
        "prove": "proof proven", "die": "death died dying", "live": "life lived", "woman": "women",
        "child": "children", "show": "shown", "similar": "comparable comparably", "know": "known",
        "give": "given gave", "see": "seen saw", "find": "found", "make": "made", "hold": "held",
        "write": "written wrote", "speak": "spoken spoke", "lie": "lay lain", "slow": "slower slowing",
        "approve": "approval", "analyse": "analysis analyses analytic", "absorb": "absorption",
    }.items()
    for form in forms.split()
}  # fmt: skip
KEPT = 4096  # texts of which what was read is kept: the same quotes and titles carry many statements
CONTEXT = 12  # words before and behind that make up the surroundings of a word
EMPTY_WEIGHT = 0.3  # what a word without a claim of its own counts there
# British and American spelling fall together; applied to both sides, so that a false merger does no harm.
SPELLING = (
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"(?<=[a-z]{2})ys(?=e$|e[ds]$|ing$|er)"), "yz"),
    (re.compile(r"(?<=[a-z]{3})is(?=e$|e[ds]$|ing$|ation)"), "iz"),
    (re.compile(r"our(?=$|s$|e[ds]|ing|able|ab)"), "or"),
    (re.compile(r"(?<=[a-z]{2})tre(?=s?$)"), "ter"),
    (re.compile(r"mme(?=s?$)"), "m"),
    (re.compile(r"ll(?=ed$|ing$|er$|ment)"), "l"),
    (re.compile(r"^ageing$"), "aging"),
)


# Words that carry no claim of their own.
EMPTY = frozenset(
    """a about above according across after again against all already also although always among amongst an and
    another any are as at be because been before being below between both but by can could did do does doing
    due during each either else even ever every few for from further had has have having he her here him his
    how however i if in into is it its itself just many may might more most much must neither no non nor not
    now of off on once one only onto or other our out over own per rather same shall she should since so some
    such than that the their them themselves then there therefore these they this those through thus to too
    toward towards under until up upon us very via vs versus was we well were what when where whereas whether
    which while who whom whose why will with within without would yet you your e g i s t""".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text with its place; `clause` numbers the clauses of the text."""

    text: str
    stem: str
    start: int
    end: int
    clause: int


@dataclass(frozen=True, eq=False)
class Wording:
    """One text, read. `text` is folded; the places of tokens and mentions refer to it.

    Compared by identity, so that what is found in it can be kept without hashing every token.
    """

    text: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]

    def token_at(self, start: int) -> int:
        """The place of the last token that begins at or before a character."""
        return max(place for place, token in enumerate(self.tokens) if token.start <= start)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """For each token what it stands for: the generic name of a drug, the acronym of a trial, else the stem."""
        keys = [token.stem for token in self.tokens]
        for mention, names in self.named(Kind.DRUG, Kind.TRIAL, Kind.PHENOTYPE):
            keys[mention.start : mention.end] = [names[0].canonical.lower()] * (mention.end - mention.start)
        return tuple(keys)

    @cached_property
    def content(self) -> tuple[bool, ...]:
        """For each token whether it carries a claim."""
        return tuple(not (token.stem in _empty() or token.text.lower() in EMPTY) for token in self.tokens)

    @cached_property
    def stems(self) -> frozenset[str]:
        """All stems of the text."""
        return frozenset(token.stem for token in self.tokens)

    def named(self, *kinds: Kind) -> list[tuple[Mention, tuple[Name, ...]]]:
        """Mentions of names of these kinds, each with those of its names that are of these kinds."""
        found = ((mention, tuple(n for n in mention.names if n.kind in kinds)) for mention in self.mentions)
        return [(mention, names) for mention, names in found if names]


@lru_cache(KEPT)
def read(text: str, glossary: Glossary) -> Wording:
    """Read one text; the same text gives the same object while it is kept."""
    folded = fold(text)
    clauses = _clauses(folded)
    tokens = tuple(
        Token(match.group(), stem_of(match.group()), match.start(), match.end(), clauses[match.start()])
        for match in TOKEN.finditer(folded)
    )
    return Wording(folded, tokens, tuple(glossary.find([Word(token.text) for token in tokens])))


def fold(text: str) -> str:
    """One form for dashes, spaces, digits and number words ("one" stays: it is mostly a pronoun)."""
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(DASHES).split())
    plain = re.sub(r"\bcan't\b", "cannot", re.sub(r"n't\b", " not", re.sub(r"'s?(?![^\W_])", "", plain)))
    plain = re.sub(r"\bmultiple sclerosis\b(?: \(MS\))?", "MS", plain, flags=re.IGNORECASE)
    plain = GROUPED.sub(lambda m: m[1] + re.sub("[ ,]", "", m[2]), plain)
    plain = TENS.sub(lambda m: str(NUMBER_WORDS[m[1].lower()] + NUMBER_WORDS[m[2].lower()]), plain)
    plain = SPELT_FOLD.sub(lambda m: f"{NUMBER_WORDS[m[1].lower()]}-fold", plain)
    plain = SPELT.sub(lambda m: str(NUMBER_WORDS[m[1].lower()]), plain)
    plain = ROMAN.sub(lambda m: f"{m[1]} {['i', 'ii', 'iii', 'iv'].index(m[2].lower()) + 1}", plain)
    plain = TWO_COURSES.sub(r"\1 progressive \2 \3 progressive", BOTH.sub("both", plain))
    return PER.sub(r"\1/\2", GLUED.sub(r"\1 \2", plain))


@cache
def stem_of(word: str) -> str:
    """The stem of a word, the same for British and American spelling."""
    folded = word.lower()
    folded = IRREGULAR.get(folded, folded)
    for pattern, replacement in SPELLING:
        folded = pattern.sub(replacement, folded)
    return str(_stemmer().stemWord(folded))


def stems_of(words: Iterable[str]) -> frozenset[str]:
    """The stems of words."""
    return frozenset(stem_of(word) for word in words)


@cache
def _empty() -> frozenset[str]:
    return stems_of(EMPTY)


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


def likeness(here: Wording, place: int, there: Wording, other: int) -> float:
    """How alike the surroundings of two tokens are: shared words, each weighted by 1 / distance on both sides."""
    mine, theirs = _surroundings(here, place), _surroundings(there, other)
    return sum(weight * theirs[key] for key, weight in mine.items() if key in theirs)


def same_neighbours(here: Wording, place: int, there: Wording, other: int) -> bool:
    """Whether two tokens stand between the same two words."""
    return all(_key_at(here, place + step) == _key_at(there, other + step) for step in (-1, 1))


def _key_at(wording: Wording, place: int) -> str:
    return wording.keys[place] if 0 <= place < len(wording.keys) else ""


def _surroundings(wording: Wording, place: int) -> dict[str, float]:
    around: dict[str, float] = {}
    for other in range(max(0, place - CONTEXT), min(len(wording.tokens), place + CONTEXT + 1)):
        if other != place:
            weight = (1.0 if wording.content[other] else EMPTY_WEIGHT) / abs(other - place)
            key = wording.keys[other]
            around[key] = max(around.get(key, 0.0), weight)
    return around


def _clauses(text: str) -> list[int]:
    """For each character the number of its clause; what stands in brackets is a clause of its own."""
    breaks = {match.start() for match in BREAK.finditer(text)}
    numbers: list[int] = []
    stack, current, latest = [], 0, 0
    for place, character in enumerate(text):
        if character in "([":
            stack.append(current)
            current = latest = latest + 1
        elif place in breaks:
            current = latest = latest + 1
        numbers.append(current)
        if character in ")]" and stack:
            current = stack.pop()
    return numbers
