"""Who is compared with whom, and which number belongs to which of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.glossary import Kind
from qa.quantities import quantities
from qa.wording import KEPT, Wording

CONTROLS = {"placebo": "placebo", "sham": "placebo", "dummy": "placebo", "control": "control", "controls": "control"}
THAN = re.compile(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|relative to|against|over|in comparison (?:with|to)|"
    r"rather than)(?=\s)",
    re.I,
)
LEADING = re.compile(r"^\W*(?:compared (?:with|to)|relative to|versus|in comparison (?:with|to))\s+([^,]+),", re.I)
UNASSIGNED = ("p", "interval", "level", "hazard ratio", "risk ratio", "rate ratio", "odds ratio")
# Orders of arms (A) and numbers (N) that leave no doubt -> places of number, arm, number, arm.
ORDERS = {
    "NANAN*": (0, 1, 2, 3),
    "ANANA": (1, 2, 3, 4),
    "ANAN": (1, 0, 3, 2),
    "AANN": (2, 0, 3, 1),
    "NNAA": (0, 2, 1, 3),
}
PHRASE = 8  # words behind "than" that can name the comparator


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared (`first`) with what (`second`), each as the words that name it."""

    first: frozenset[str]
    second: frozenset[str]

    def swapped(self, other: "Comparison") -> bool:
        """Whether the other comparison names the same two the other way round."""
        if self.second & other.second or not self.second & other.first:
            return False
        return bool(self.first & other.second) or not other.second & (self.first | self.second)


@lru_cache(KEPT)
def comparison(wording: Wording) -> Comparison | None:
    """The first comparison of a sentence, or None. Words that stand on both sides name neither."""
    text = wording.text
    leading = LEADING.match(text)
    if leading:
        second = _keys(wording, leading.start(1), leading.end(1))
        first = _keys(wording, leading.end(), len(text))
    else:
        than = THAN.search(text)
        if not than:
            return None
        behind = [place for place, token in enumerate(wording.tokens) if token.start >= than.end()][:PHRASE]
        if not behind:
            return None
        clause = wording.tokens[behind[0]].clause
        behind = [place for place in behind if wording.tokens[place].clause == clause]
        second = _keys(wording, than.end(), wording.tokens[behind[-1]].end)
        first = _keys(wording, 0, than.start())
    return Comparison(first - second, second - first) if first - second and second - first else None


def _keys(wording: Wording, start: int, end: int) -> frozenset[str]:
    return frozenset(
        wording.keys[place]
        for place, token in enumerate(wording.tokens)
        if start <= token.start < end and wording.content[place] and not token.text[0].isdigit()
    )


@lru_cache(KEPT)
def assigned_numbers(wording: Wording) -> tuple[tuple[tuple[float, str], str], ...]:
    """Pairs of ((number, unit), arm) where the order of a sentence leaves no doubt."""
    arms = list(_arms(wording))
    found: list[tuple[tuple[float, str], str]] = []
    numbers = [q for q in quantities(wording.text) if q.kind not in UNASSIGNED]
    for unit in dict.fromkeys(q.unit for q in numbers):
        marks = [(q.start, (q.value, q.unit)) for q in numbers if q.unit == unit]
        found += _paired(sorted([*marks, *arms], key=lambda mark: mark[0]))
    return tuple(dict.fromkeys(found))


def _arms(wording: Wording) -> Iterator[tuple[int, str]]:
    for mention, names in wording.named(Kind.DRUG):
        yield wording.tokens[mention.start].start, names[0].canonical
    for token in wording.tokens:
        if token.text.lower() in CONTROLS:
            yield token.start, CONTROLS[token.text.lower()]


def _paired(marks: list[tuple[int, "str | tuple[float, str]"]]) -> Iterator[tuple[tuple[float, str], str]]:
    """Pairs for the orders number arm number arm, arm number arm number, and arm arm number number."""
    items = [mark for (_, mark), (_, behind) in pairwise([*marks, (0, "")]) if mark != behind]
    shape = "".join("A" if isinstance(item, str) else "N" for item in items)
    order = next((places for order, places in ORDERS.items() if re.fullmatch(order, shape)), None)
    if not order:
        return
    for number, arm in (order[:2], order[2:]):
        value, name = items[number], items[arm]
        if isinstance(value, tuple) and isinstance(name, str):
            yield value, name
