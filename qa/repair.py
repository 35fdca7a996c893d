"""Everyday words that misspelt ones stand for: the likeliest by how they are misspelt and how common they are.

A noisy channel (Kernighan, Church and Gale 1990, "A spelling correction program based on a noisy channel model").
"""

import math
from collections.abc import Callable, Collection, Mapping

from qa.sounds import Sounds
from qa.spelling import MIN_REPAIRED, Spellings

SHORTEST = 3  # letters
COUNTED = 1.6e9  # words, from which the dictionary's counts are
FIELD = 0.01  # of a question's words: a word that each passage holds
COMMON = {3: 2_000_000}  # times: what a word of three letters may stand for
HERE = 1.0  # powers of ten by which a word of the field's questions is likelier
# What a word's count has to outweigh its slips by, in powers of ten: by letters of the word as typed, or more letters.
LIKELY = {3: 3.7, 5: 2.2, 7: 1.5}
SOUNDS = 5  # the fewest of what is read by its sound
HEARD = 5_000  # times: what a word may stand for that is spelt by its sound, unless the field's questions have it
# Costs of slips, in powers of ten.
BY_SOUND = 0.6  # share of it, where two words sound alike
SWAPPED, DOUBLED, LEFT_OUT, VOWEL, NEIGHBOUR, OTHER, FIRST = 1.0, 1.0, 1.5, 1.5, 2.0, 3.0, 2.0
VOWELS = frozenset("aeiouy")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class EverydayWords:
    """English words with how often each occurs, and the words of the field's questions (`here`).

    `share` is the share of passages that hold a word.
    """

    def __init__(self, counts: Mapping[str, int], here: Collection[str], share: Callable[[str], float]) -> None:
        self._counts = counts
        self._here = here
        self._share = share
        self._spellings = Spellings({*(word for word in counts if word.isalpha()), *here})
        self._sounds = Sounds(
            {*(word for word, count in counts.items() if count >= HEARD and word.isalpha()), *here}, SOUNDS
        )

    def nearest(self, typed: str, *, by_sound: bool = True) -> str | None:
        """The word that a misspelt one, in small letters, most likely stands for; None without any near."""
        if len(typed) < SHORTEST:
            return None
        near = [word for _, word in self._spellings.within(typed)]
        swapped = f"{typed[1]}{typed[0]}{typed[2:]}"  # the only slip in a first letter that is mended
        if swapped in self._counts:
            near.append(swapped)
        near = [word for word in near if self._counts.get(word, 0) >= COMMON.get(len(typed), 0)]
        alike = set(self._sounds.alike(typed)) if by_sound else set()
        likelihoods = {word: self._likelihood(typed, word, alike) for word in (*near, *alike)}
        found = max(likelihoods, key=lambda word: likelihoods[word], default=None)
        least = min(least for letters, least in LIKELY.items() if len(typed) >= letters)
        return found if found and likelihoods[found] >= least else None

    def _likelihood(self, typed: str, word: str, alike: Collection[str]) -> float:
        count = self._counts.get(word, 0) + COUNTED * FIELD * self._share(word)
        here = HERE * (word in self._here and len(typed) >= MIN_REPAIRED)
        return math.log10(count + 1) + here - (BY_SOUND if word in alike else 1.0) * slip(typed, word)


def slip(typed: str, word: str) -> float:
    """What misspelling `word` as `typed` costs, in powers of ten."""
    from rapidfuzz.distance import Levenshtein

    if sorted(typed) == sorted(word):
        return SWAPPED if typed[0] == word[0] else FIRST
    cost = 0.0
    for edit in Levenshtein.editops(word, typed):
        if edit.tag == "replace":
            cost += _exchanged(word[edit.src_pos], typed[edit.dest_pos])
        else:
            longer, place = (word, edit.src_pos) if edit.tag == "delete" else (typed, edit.dest_pos)
            cost += DOUBLED if longer[place] in (longer[place - 1 : place], longer[place + 1 : place + 2]) else LEFT_OUT
    return cost


def _exchanged(right: str, wrong: str) -> float:
    if VOWELS.issuperset((right, wrong)):
        return VOWEL
    places = [(row, keys.find(key)) for key in (right, wrong) for row, keys in enumerate(ROWS) if key in keys]
    near = len(places) == 2 and all(abs(one - other) <= 1 for one, other in zip(*places, strict=True))
    return NEIGHBOUR if near else OTHER
