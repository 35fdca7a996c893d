"""The names of the field: brands, codes, abbreviations and lay words, found in a text and mapped to what they mean."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

import corpus
from qa.repair import OTHER, slip
from qa.sounds import Sounds
from qa.spelling import MIN_REPAIRED, Spellings

TOKEN = re.compile(r"[A-Za-zÀ-ÿαβ]/[A-Za-z]\b|[A-Za-zÀ-ÿ0-9αβ]+")
CAPITALS = 4  # letters of an abbreviation of which a slip can be told
WEEKS = re.compile(r"\b(\d{1,3})/52\b")
# "12wk", "wk120", "6mo": a number glued to a unit of time
UNIT = r"wks?|weeks?|mos?|months?|yrs?|years?|y|days?|d"
GLUED = re.compile(rf"\b(?:(\d+)({UNIT}|w)|({UNIT}|w)(\d+))\b", re.IGNORECASE)
EVERYDAY = frozenset({"TOUCH"})  # names that are everyday words as well: upper case only
NO_WORDS = frozenset({"MS", "PPMS", "SPMS", "RRMS", "PML", "EDSS", "EU", "UK"})  # names in any case
LONG = 7  # letters
SOUNDS = 4  # the fewest of a name that is read by its sound
SHORT_NAME = 4  # upper-case names up to this length ("US", "MS", "ONE") must match with their case


class Kind(StrEnum):
    """What a name is the name of."""

    DRUG = "drug"
    CLASS = "class"
    TRIAL = "trial"
    PHENOTYPE = "phenotype"
    REGION = "region"
    PHRASE = "phrase"
    SHORTHAND = "shorthand"


@dataclass(frozen=True, slots=True)
class Name:
    """A canonical name with the other ways of writing it; `source` is the key of a trial's own document."""

    kind: Kind
    canonical: str
    others: tuple[str, ...] = ()
    source: str | None = None
    drugs: tuple[str, ...] = ()
    phenotypes: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.canonical)  # names of different kinds seldom share it, and all fields are dear to hash


@dataclass(frozen=True, slots=True)
class Mention:
    """Names found at words `start` to `end` (half-open) of a text."""

    names: tuple[Name, ...]
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, as typed."""

    text: str

    @property
    def key(self) -> str:
        """The word as it is compared."""
        return self.text.lower()


def words_of(text: str) -> list[Word]:
    """The words of a text; hyphens, dots and apostrophes separate, "12wk" is two words and "3/52" three weeks."""
    told = WEEKS.sub(r"\1 weeks", text)
    apart = GLUED.sub(lambda m: f"{m[1]} {_unit(m[2])}" if m[1] else f"{_unit(m[3])} {m[4]}", told)
    return [Word(match.group()) for match in TOKEN.finditer(apart)]


def _unit(text: str) -> str:
    return "weeks" if text.lower() == "w" else text


class Glossary:
    """All names, found longest first."""

    def __init__(self, names: Iterable[tuple[Name, Iterable[str]]]) -> None:
        self._by_words: dict[tuple[str, ...], list[tuple[str, Name]]] = {}
        self._names: dict[tuple[Kind, str], Name] = {}
        for name, surfaces in names:
            self._names[name.kind, name.canonical] = name
            for surface in dict.fromkeys(surfaces):
                key = tuple(word.key for word in words_of(surface))
                if key:
                    self._by_words.setdefault(key, []).append((surface, name))
        lengths: dict[str, set[int]] = {}
        for key in self._by_words:
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}
        single = {key[0]: pairs for key, pairs in self._by_words.items() if len(key) == 1}
        self._repairable = {
            word: {name for _, name in pairs if name.kind in (Kind.DRUG, Kind.TRIAL)}
            for word, pairs in single.items()
            if len(word) >= MIN_REPAIRED
        }
        self._spellings = Spellings(word for word, names_of in self._repairable.items() if names_of)
        drugs_of = {word: {n for n in names_of if n.kind is Kind.DRUG} for word, names_of in self._repairable.items()}
        self._sounds = Sounds((word for word, found in drugs_of.items() if found and word.isalpha()), SOUNDS)
        self._places = Spellings(
            word for word, pairs in single.items() if all(name.kind is Kind.REGION for _, name in pairs)
        )
        self._capitals = {
            surface
            for pairs in single.values()
            for surface, name in pairs
            if surface.isupper() and len(surface) >= CAPITALS and name.kind not in (Kind.DRUG, Kind.TRIAL, Kind.REGION)
        }
        drugs = (words_of(canonical) for kind, canonical in self._names if kind is Kind.DRUG)
        self._parts = Spellings({word.key for words in drugs if len(words) > 1 for word in words})

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The glossary that comes with the corpus, or another file of the same form."""
        import yaml

        file = path or corpus.ROOT / "glossary.yaml"
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return cls(_names(yaml.load(file.read_text(encoding="utf-8"), Loader=loader)))

    def name(self, kind: Kind, canonical: str) -> Name:
        """A name by its canonical form. Raises KeyError."""
        return self._names[kind, canonical]

    def names(self, kind: Kind) -> list[Name]:
        """All names of one kind."""
        return [name for (k, _), name in self._names.items() if k is kind]

    def knows(self, word: str) -> bool:
        """Whether one word by itself is a name."""
        return (word.lower(),) in self._by_words

    def find(self, words: list[Word]) -> list[Mention]:
        """Names in a text, longest first, not overlapping, in order of appearance."""
        keys = [word.key for word in words]
        found: list[Mention] = []
        position = 0
        while position < len(words):
            mention = self._at(words, keys, position)
            if mention:
                found.append(mention)
            position = mention.end if mention else position + 1
        return found

    def _at(self, words: list[Word], keys: list[str], start: int) -> Mention | None:
        for length in self._lengths.get(keys[start], ()):
            if length > len(words) - start:
                continue
            typed = words[start : start + length]
            pairs = self._by_words.get(tuple(keys[start : start + length]), [])
            names = tuple(dict.fromkeys(name for surface, name in pairs if _case_fits(surface, typed)))
            if names:
                return Mention(names, start, start + length, " ".join(word.text for word in typed))
        return None

    def repair(self, word: str, *, errors: int = 2) -> str | None:
        """How the one drug or trial that a misspelt word can only mean is written, or None.

        At most one typing error (two from eight letters on), the first letter right, and no second name as near:
        look-alikes such as siponimod and ponesimod are never taken for each other.
        """
        near = [(distance, known) for distance, known in self._spellings.nearest(word) if distance <= errors]
        if near and len(word) < LONG and slip(word.lower(), near[0][1]) >= OTHER:
            return None  # in a short word another letter makes another word
        meant = {name for _, known in near[:1] for name in self._repairable[known]}
        rivals = {name for distance, known in near if distance == near[0][0] for name in self._repairable[known]}
        if meant:
            return next(iter(meant)).canonical if len(meant) == 1 and rivals == meant else None
        parts = [part for distance, part in self._parts.nearest(word)[:2]]
        return parts[0] if len(parts) == 1 else None  # of a name of several words, such as dimethyl fumarate

    def repair_sound(self, word: str) -> str | None:
        """How the one drug that sounds like a word is written, or None: "flooexetine", "okralizumab"."""
        alike = [] if word.isupper() else self._sounds.alike(word.lower())
        meant = {name for known in alike for name in self._repairable[known]}
        return meant.pop().canonical if len(meant) == 1 else None

    def joined(self, first: str, second: str) -> str | None:
        """The drug or trial that two words are, or can only mean, together: "lem trada", "okra lizumab"; or None.

        None where one of them is a name, or can only mean one, by itself.
        """
        whole = f"{first}{second}"
        if self._repairable.get(whole.lower()):
            return whole
        if any(
            self._repairable.get(one.lower()) or self.repair(one) or self.repair_sound(one) for one in (first, second)
        ):
            return None
        return self.repair(whole, errors=1) or self.repair_sound(whole)

    def repair_capitals(self, word: str) -> str | None:
        """What "SMPS" and "PPMMS" can only mean: the one abbreviation with two letters swapped or one doubled, or None.

        Not of trials: an invented one is unknown.
        """
        if not word.isupper() or len(word) < CAPITALS:
            return None
        swaps = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(1, len(word) - 1)}
        singles = {word[:n] + word[n + 1 :] for n in range(len(word) - 1) if word[n] == word[n + 1]}
        meant = self._capitals & (swaps | singles)
        return meant.pop() if len(meant) == 1 else None

    def repair_place(self, word: str) -> str | None:
        """How the one country, city or nation that a misspelt word with a capital can only mean is written, or None."""
        near = [known for _, known in self._places.nearest(word)] if word[:1].isupper() else []
        return near[0].capitalize() if len(near) == 1 else None


@cache
def packaged_glossary() -> Glossary:
    """The glossary of the packaged corpus, read once."""
    return Glossary.load()


def _case_fits(surface: str, typed: list[Word]) -> bool:
    """Short upper-case names match upper case only, so that "us" is not the US and "ms" in "ms per query" not MS."""
    cased = surface.isupper() and (len(surface) <= SHORT_NAME or surface in EVERYDAY)
    if not cased or surface in NO_WORDS:
        return True
    return "".join(word.text for word in typed).isupper()


def _names(data: Mapping[str, Any]) -> Iterator[tuple[Name, list[str]]]:
    classes: dict[str, list[str]] = {}
    for generic, entry in data["drugs"].items():
        brands = [brand for names in entry["brands"].values() for brand in names]
        right = [generic, *brands, *entry["codes"], *entry["variants"]]
        shown = tuple(dict.fromkeys(right[1:]))
        yield Name(Kind.DRUG, generic, shown), [*right, *entry["misspellings"]]
        for word in (*entry["class"], *entry["class_words"]):
            classes.setdefault(word, []).append(generic)
    for word, generics in classes.items():
        yield Name(Kind.CLASS, word, (), drugs=tuple(dict.fromkeys(generics))), [word, f"{word}s"]
    for acronym, entry in data["trials"].items():
        others = tuple(entry.get("variants") or ())
        drugs, phenotypes = tuple(entry.get("drugs") or ()), tuple(entry.get("phenotypes") or ())
        yield Name(Kind.TRIAL, acronym, others, entry.get("source"), drugs, phenotypes), [acronym, *others]
    for phenotype, surfaces in data["phenotypes"].items():
        yield Name(Kind.PHENOTYPE, phenotype, tuple(surfaces)), [phenotype, *surfaces]
    for region, surfaces in data["regions"].items():
        yield Name(Kind.REGION, region, tuple(surfaces)), [region, *surfaces]
    yield from _phrases(data)


def _phrases(data: Mapping[str, Any]) -> Iterator[tuple[Name, list[str]]]:
    for short, entry in data["abbreviations"].items():
        spelt = [short, entry["long"], *entry["synonyms"]]
        yield Name(Kind.PHRASE, short, tuple(spelt[1:])), spelt
    for short, meant in data.get("shorthand", {}).items():
        yield Name(Kind.SHORTHAND, meant), [short]
    for entry in data["synonyms"]:
        words, means = [str(word) for word in entry["words"]], [str(word) for word in entry["means"]]
        yield Name(Kind.PHRASE, "/".join(means), tuple(means)), words
