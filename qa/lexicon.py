"""What a question is about, and what is known of its words."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.sparse import tokenize
from qa.glossary import Kind, Name
from qa.repair import EverydayWords
from qa.spelling import MIN_REPAIRED, Spellings, bare_forms, other_spellings

COMPOUNDED = 4  # letters
EVERYDAY = 500  # ranks up to about here are special tokens, characters and function words
TWICE = 2
COMMON = 300  # times that the dictionary's texts have a word (see `english_words`)
CARRIED = 0.4  # how much a word of the turn before counts


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked about. It is there where all stems of one of its `alternatives` are.

    `carried` concepts come from the turn before and only say what the conversation is about.
    """

    surface: str
    alternatives: tuple[frozenset[str], ...]
    names: tuple[Name, ...] = ()
    carried: bool = False

    def __hash__(self) -> int:
        return hash((self.surface, self.alternatives))  # hashing every name of each as well costs milliseconds

    def within(self, stems: frozenset[str] | set[str]) -> bool:
        """Whether a text with these stems holds the concept."""
        return any(alternative <= stems for alternative in self.alternatives)


@dataclass(frozen=True)
class Lexicon:
    """What is known of words: how many passages hold a stem, all stems, and how common a word is in English.

    `rank` is the word's place in the embedding model's vocabulary, None for a word that is cut into pieces; `words`
    gives the whole words of that vocabulary, commonest first; `asked` those of the written questions, `dictionary`
    those that are spelt right, with how common they are.
    """

    passages: int
    frequency: Callable[[str], int]
    stems: Sequence[str]
    rank: Callable[[str], int | None]
    words: Callable[[], Sequence[str]] = tuple
    asked: Callable[[], Collection[str]] = tuple
    dictionary: Callable[[], Mapping[str, int]] = dict

    @cached_property
    def _everyday(self) -> EverydayWords:
        # people's questions are written with slips, some of them more than once
        known = (word for word in self.asked() if any(map(self.frequency, tokenize([word])[0])))
        here = {*known, *filter(self.is_spelt_right, self.asked())}
        return EverydayWords(self.dictionary(), here, self._share)

    @cached_property
    def _english(self) -> Spellings:
        return Spellings(self.words())

    @cached_property
    def _here(self) -> Spellings:
        return Spellings(self.stems)

    @cached_property
    def _told(self) -> dict[Name, str]:
        return {}

    def _share(self, word: str) -> float:
        stems = tokenize([word])[0]
        return min(map(self.frequency, stems), default=0) / max(1, self.passages)

    def is_english(self, word: str) -> bool:
        """Whether English knows the word or what it is inflected from, or the two parts that it is made of."""
        return any(self.rank(form) is not None for form in bare_forms(word)) or self._is_compound(word.lower())

    def is_word(self, word: str) -> bool:
        """Whether it is a whole word of English as it stands, however rare."""
        typed = word.lower()
        return self.rank(typed) is not None or self.is_spelt_right(typed)

    def is_common(self, word: str) -> bool:
        """Whether it is a word of English as it stands, and no rare one."""
        return self.rank(word) is not None or self.dictionary().get(word, 0) >= COMMON

    def is_spelt_right(self, word: str) -> bool:
        """Whether a dictionary holds the word, however rare it is, or another form of it."""
        return any(form in self.dictionary() for form in other_spellings(word))

    def _is_compound(self, word: str) -> bool:
        """ "mealtimes": two words of four letters or more."""
        cuts = range(COMPOUNDED, len(word) - COMPOUNDED + 1)
        return any(self.rank(word[:cut]) is not None and self.rank(word[cut:]) is not None for cut in cuts)

    def nearest(self, word: str, *, by_sound: bool = True) -> str | None:
        """The English word, else the corpus's, that a misspelt one most likely stands for; None without any near.

        `by_sound` also takes words for near that sound like it.
        """
        if not word.isalpha() or self._english.any_begins(word):
            return None  # a code, or cut short on purpose: "neuro"
        everyday = self._everyday.nearest(word, by_sound=by_sound)
        if everyday or len(word) < MIN_REPAIRED:
            return everyday
        near = self._here.within(tokenize([word])[0][0], 1)
        return max((other for _, other in near), key=self.frequency, default=None)

    def told(self, name: Name) -> str:
        """How the documents call what has this name: of a drug's names the commonest, if TWICE as common as its own.

        "vitamin D" for cholecalciferol.
        """
        if name.kind is not Kind.DRUG:
            return name.canonical
        if name not in self._told:
            commonest = max((name.canonical, *name.others), key=self._passages_with)
            enough = self._passages_with(commonest) >= TWICE * self._passages_with(name.canonical)
            self._told[name] = commonest if enough else name.canonical
        return self._told[name]

    def _passages_with(self, text: str) -> int:
        return min(map(self.frequency, tokenize([text])[0]), default=0)

    def holds(self, concept: Concept) -> int:
        """In how many passages the commonest alternative of a concept occurs (at most)."""
        return max(min(map(self.frequency, stems)) for stems in concept.alternatives)

    def is_strange(self, concept: Concept) -> bool:
        """Whether it occurs nowhere and is no common English word either: most likely a name."""
        return self.holds(concept) == 0 and not self.is_english(concept.surface)

    def rarity(self, concept: Concept) -> float:
        """What a concept says about the question: ln(1 + N / (1 + df)) over passages, less for everyday words.

        A word that all of English uses ("put", "next") says little however rare it is here: at most
        ln(rank / EVERYDAY), which Zipf's law makes its rarity in English.
        """
        here = math.log1p(max(1, self.passages) / (1 + self.holds(concept)))
        rank = None if concept.names else self.rank(concept.surface)
        rarity = here if rank is None else min(here, max(0.2, math.log(max(rank, 1) / EVERYDAY)))
        return rarity * CARRIED if concept.carried and not concept.names else rarity
