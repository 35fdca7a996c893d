"""Every number of a statement must stand in a quote, with the same unit and for the same thing."""

from qa.arms import assigned_numbers
from qa.claim import Check, Evidence, Problem
from qa.glossary import Kind
from qa.quantities import Bound, Quantity, dates, quantities
from qa.wording import Wording, stem_of

OPTIONAL = {"", "times", "point", "year"}  # units that may be left out: "aged 18 to 55"


def check_numbers(statement: Wording, evidence: Evidence) -> Problem | None:
    """The first date or number that the quotes do not hold."""
    return _dates(statement, evidence) or _quantities(statement, evidence) or _assignment(statement, evidence)


def _dates(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = [date for wording in evidence.sentences for date in dates(wording.text)]
    titled = [date for wording in evidence.titles for date in dates(wording.text)]
    years = {quote.year for quote in evidence.quotes} | {date.year for date in titled}
    if any(date.year for date in quoted):
        years = set()
    for date in dates(statement.text):
        alone = date.month is None and date.year in years
        if not alone and not any(date.within(other) for other in quoted):
            return Problem(Check.DATE, f"the quotes do not hold the date {date}")
    return None


def _quantities(statement: Wording, evidence: Evidence) -> Problem | None:
    quoted = [q for wording in evidence.sentences for q in quantities(wording.text)]
    phrases = {name for wording in evidence.all for _, names in wording.named(Kind.PHRASE) for name in names}
    named = [
        (statement.tokens[m.start].start, statement.tokens[m.end - 1].end)
        for m, names in statement.named(Kind.DRUG, Kind.TRIAL, Kind.PHENOTYPE, Kind.PHRASE)
        if any(name.kind is not Kind.PHRASE or name in phrases for name in names)  # "every 6 weeks" names a regimen
    ]
    for q in quantities(statement.text):
        if any(start <= q.start < end for start, end in named):
            continue
        same = [other for other in quoted if other.value == q.value]
        if not same:
            return Problem(Check.NUMBER, f"the quotes do not hold {q}")
        united = [other for other in same if _units_agree(q, other)]
        if not united:
            return Problem(Check.UNIT, f"the statement says {q}, the quotes {same[0]}")
        if not any(_agree(q, other, quoted) for other in united):
            return Problem(Check.NUMBER, f"{q} stands for something else in the quotes: {united[0]}")
    return None


def _units_agree(q: Quantity, other: Quantity) -> bool:
    return q.unit == other.unit or not q.unit or (not other.unit and q.unit in OPTIONAL)


def _agree(q: Quantity, other: Quantity, quoted: list[Quantity]) -> bool:
    """Whether two equal numbers say the same: no other kind, sign, bound or counted thing where both name one."""
    if q.kind and other.kind and q.kind != other.kind:
        return False
    if q.kind in ("p", "interval") and other.kind != q.kind:
        return False
    if {q.sign, other.sign} in ({"<", ">"}, {"<", "="}, {">", "="}, {"-", "+"}):
        return False
    if Bound.EXACT not in (q.bound, other.bound) and q.bound is not other.bound:
        return False
    mine, theirs = _things(q), _things(other)
    if mine and theirs and not mine & theirs:
        return not any(mine & _things(third) for third in quoted if third.value != q.value)
    return True


PEOPLE = {
    stem_of(word) for word in "people patients participants individuals persons subjects adults men women".split()
}
FUNCTION = set("of with in on or and to per at for from was were had a the by is are versus vs than more".split())


def _things(q: Quantity) -> set[str]:
    things: set[str] = set()
    for word in q.counted:
        if word in FUNCTION:
            break
        stem = stem_of(word)
        things.add("people" if stem in PEOPLE else stem)
    return things


def _assignment(statement: Wording, evidence: Evidence) -> Problem | None:
    """Two numbers that were given to each other's arms."""
    quoted = {pair for wording in evidence.sentences for pair in assigned_numbers(wording)}
    arms = {arm for _, arm in quoted}
    for number, arm in assigned_numbers(statement):
        theirs = {other for value, other in quoted if value == number}
        if theirs and arm in arms and arm not in theirs:
            return Problem(
                Check.NUMBER, f"{number[0]:g}{number[1]} belongs to {' and '.join(sorted(theirs))}, not to {arm}"
            )
    return None
