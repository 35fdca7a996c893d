"""Words that sound like a misspelt one: who has only heard "ocrelizumab" writes "okra lizumab".

Sounds are those of Philips (1990, "Hanging on the Metaphone").
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

SHORTEST = 7  # letters of what is read by its sound: many short words sound alike
VOWELS = "AEIOU"


def sound(word: str) -> str:
    """The consonants of a word as they are spoken, without glides, and whether a vowel comes first."""
    from jellyfish import metaphone

    key = metaphone(word)
    first = "A" if key[:1] in VOWELS else key[:1]
    return first + key[1:].replace("W", "").replace("Y", "")


class Sounds:
    """Words in lower case, found by their sound; it is made of all of them when one is first looked for.

    What has less than `fewest` sounds is not looked for.
    """

    def __init__(self, words: Iterable[str], fewest: int) -> None:
        self._words = words
        self._fewest = fewest

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        alike: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._words:
            alike[sound(word)].append(word)
        return dict(alike)

    def alike(self, typed: str) -> list[str]:
        """The words that sound like one, if it is long enough to tell."""
        if len(typed) < SHORTEST or not typed.isascii() or not typed.isalpha():
            return []
        key = sound(typed)
        return self._alike.get(key, []) if len(key) >= self._fewest else []
