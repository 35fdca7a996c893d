"""The direction that the numbers of a sentence say when no word does: a ratio below 1, two rates side by side."""

from collections.abc import Sequence

from qa.arms import Comparison, assigned_numbers
from qa.direction import AMOUNT, Cue, significant
from qa.quantities import Quantity, quantities
from qa.wording import Wording


def estimated_cue(wording: Wording) -> Cue | None:
    """More (1), less (-1) or no difference (0) for the first arm, or None where the numbers leave it open.

    A ratio counts as no difference when its 95 % interval holds 1, or its p value is 0.05 or more.
    """
    numbers = quantities(wording.text)
    ratio = next((q for q in numbers if q.kind.endswith("ratio")), None)
    minus = next((q for q in numbers if q.sign == "-" and not q.kind), None) if "difference" in wording.text else None
    rates = _rates(wording)
    if ratio:
        first, sign = ratio, (ratio.value > 1) - (ratio.value < 1)
    elif minus:
        first, sign = minus, -1
    elif rates:
        first, sign = rates[0], (rates[0].value > rates[1].value) - (rates[0].value < rates[1].value)
    else:
        return None
    return Cue(AMOUNT, sign, 0 if _open(numbers) else sign, wording.token_at(first.start))


def estimated_comparison(wording: Wording) -> Comparison | None:
    """The two arms whose numbers stand side by side, in their order."""
    arms = [arm for _, arm in _in_order(wording)]
    return Comparison(frozenset(arms[:1]), frozenset(arms[1:])) if len(arms) == 2 else None


def _rates(wording: Wording) -> list[Quantity]:
    """The two numbers of two arms, or none."""
    values = [number for number, _ in _in_order(wording)]
    numbers = [next(q for q in quantities(wording.text) if (q.value, q.unit) == value) for value in values]
    return numbers if len(numbers) == 2 else []


def _in_order(wording: Wording) -> list[tuple[tuple[float, str], str]]:
    places = {(q.value, q.unit): q.start for q in reversed(quantities(wording.text))}
    return sorted(assigned_numbers(wording), key=lambda pair: places[pair[0]])


def _open(numbers: Sequence[Quantity]) -> bool:
    """Whether the interval of a ratio holds 1 or that of a difference 0, or the p value leaves it open."""
    limits = [-q.value if q.sign == "-" else q.value for q in numbers if q.kind == "interval"][:2]
    nothing = 1 if any(q.kind.endswith("ratio") for q in numbers) else 0
    within = len(limits) == 2 and limits[0] <= nothing <= limits[1]
    return within or (any(q.kind == "p" for q in numbers) and not significant(numbers))
