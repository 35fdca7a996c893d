"""Known words that a misspelt one may stand for."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

import corpus

MIN_REPAIRED = 5  # shorter words are never repaired: too many lie one letter apart
TWO_ERRORS_FROM = 8  # from this length on two typing errors are forgiven, one below
ENDINGS = tuple(
    "s es ed d ing er ers ly n't nt ant ance ent ence al ally ive able ment ness ful less ity ation ations ic "
    "en ens ened ening".split()
)


PREFIXES = ("re", "un", "non", "pre", "post", "mis", "dis")
INFLECTED = ("s", "es", "ed", "d", "ing", "al", "ic", "ly")
# Words as they are typed on a phone, which stand for one other alone.
TYPED_SHORT = dict(
    pair.split("/")
    for pair in """ppl/people peeps/people hav/have hv/have wot/what wat/what wich/which wen/when thn/than wiv/with
    wif/with yr/year yrs/years mth/month mths/months wk/week wks/weeks hrs/hours b4/before cos/because coz/because
    cuz/because thru/through tho/though dnt/don't doesnt/doesn't 2day/today 2nite/tonight 2moro/tomorrow
    2ndary/secondary nite/night tabs/tablets sumthing/something sumone/someone sum1/someone some1/someone
    any1/anyone every1/everyone shud/should wud/would cud/could jus/just gud/good diff/different""".split()
)
# British spellings that the dictionary has in the American way.
AMERICAN = [pair.split("/") for pair in "is/iz ys/yz ae/e oe/e our/or tre/ter lled/led lling/ling".split()]
SHORTEST_BARE = 5  # letters that are left of a word without its prefix or ending: "inject" of "reinject"


@cache
def english_words() -> Mapping[str, int]:
    """The words of an English dictionary in lower case, "cranberry" among them, with how often each was counted in 1.6
    billion words of text, at least 50; read once, in a tenth of a second.
    """
    from spellchecker import SpellChecker

    return dict(SpellChecker(language="en").word_frequency.dictionary)


@cache
def other_medicines() -> frozenset[str]:
    """Names of medicines in lower case, most of which the corpus does not know; read once."""
    _, *names = (corpus.ROOT / "medicines.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(filter(None, names))


def bare_forms(word: str) -> list[str]:
    """The word in lower case, and what it may be made of by an ending or a prefix."""
    typed = word.lower()
    bare = [typed[: -len(end)] for end in ENDINGS if typed.endswith(end) and len(typed) - len(end) >= 3]
    bare += [f"{base}e" for base in bare] + [base[:-1] for base in bare if base[-1] == base[-2]]
    return [form for base in [typed, *bare] for form in unprefixed(base)]


def unprefixed(word: str) -> list[str]:
    """The word in lower case, and what is left of it without a prefix."""
    typed = word.lower()
    rest = [typed.removeprefix(prefix) for prefix in PREFIXES if typed.startswith(prefix)]
    return [typed, *(form for form in rest if len(form) >= SHORTEST_BARE)]


def other_spellings(word: str) -> list[str]:
    """Forms of a word that a dictionary may have in its place: American ones, and those without prefix or ending."""
    forms = unprefixed(word)
    bare = [form[: -len(end)] for form in forms for end in INFLECTED if form.endswith(end)]
    forms += [base for base in bare if len(base) >= SHORTEST_BARE]
    return forms + [form.replace(british, american) for form in forms for british, american in AMERICAN]


class Spellings:
    """Words in lower case, found by their beginning or by a misspelling of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._sorted = sorted(words)
        self._alike: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._sorted:
            self._alike[word[:1], len(word)].append(word)

    def any_begins(self, beginning: str) -> bool:
        """Whether any word begins so."""
        place = bisect_left(self._sorted, beginning)
        return place < len(self._sorted) and self._sorted[place].startswith(beginning)

    def nearest(self, word: str) -> list[tuple[int, str]]:
        """Words within the forgiven distance of `word` as `within` finds them; none of short ones."""
        return self.within(word) if len(word) >= MIN_REPAIRED else []

    def within(self, word: str, limit: int | None = None) -> list[tuple[int, str]]:
        """Words with the same first letter within a distance of `word`, by default the forgiven one, nearest first.

        The distance is Damerau and Levenshtein's, restricted (optimal string alignment).
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        typed = word.lower()
        limit = limit or (2 if len(typed) >= TWO_ERRORS_FROM else 1)
        lengths = range(len(typed) - limit, len(typed) + limit + 1)
        likely = [other for length in lengths for other in self._alike.get((typed[0], length), ())]
        near = extract(typed, likely, scorer=OSA.distance, score_cutoff=limit, limit=None)
        return sorted((int(distance), other) for other, distance, _ in near)
