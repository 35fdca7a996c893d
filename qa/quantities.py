"""Numbers with what they say: unit, kind of estimate, bound; and dates. Texts are folded (see `qa.wording.fold`)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from qa.wording import KEPT

# How a unit is written, the unit itself first.
WRITTEN = """%, percent, per cent
percentage point, percentage points
day, days, daily, d
week, weeks, weekly, wk, wks
month, months, monthly, mo, mos
year, years, yearly, yr, yrs
hour, hours, hourly, h, hr, hrs
minute, minutes, min, mins
second, seconds, s
millisecond, milliseconds, ms
mg, milligram, milligrams
g, gram, grams
kg, kilogram, kilograms
μg, ug, mcg, microgram, micrograms
ng, nanogram, nanograms
pg, picogram, picograms
mL, ml, millilitre, millilitres, milliliter, milliliters
L, litre, litres, liter, liters
dL, dl, decilitre, deciliter
IU, units, international units
m, metre, metres, meter, meters
cm, centimetre, centimetres, centimeter, centimeters
cm3, cc
m2
mm, millimetre, millimetres, millimeter, millimeters
μm, um, micrometre, micrometres, micrometer, micrometers
km, kilometre, kilometres, kilometer, kilometers
foot, feet, ft
times, fold
point, points
patient-year, patient-years, patient years, person-years, person years
million
pound, pounds
Hz
dB
mmHg, mm Hg"""
UNITS = {form.strip(): line.split(",")[0] for line in WRITTEN.splitlines() for form in line.split(",")}
UNIT = "|".join(re.escape(form) for form in sorted(UNITS, key=len, reverse=True))
NUMBER = r"\d+(?:\.\d+)?|\.\d+"
QUANTITY = re.compile(
    rf"(?<![\w.*])(?<![A-Za-z][-/])(?P<sign>[-+](?=[\d.]))?(?P<number>{NUMBER})"
    rf"(?:\s?-?\s?(?P<unit>(?:{UNIT})(?:/(?:{UNIT}))*)(?![\w]))?(?![A-Za-z\d]|\.\d)"
)
# Units that stand before their number: "week 12", "weeks 24 and 120", "phase 3".
ORDINAL = re.compile(
    rf"\b(?P<unit>days?|weeks?|months?|years?|phase|type|part|stage|grade|level|class|number|table|figure)\s+"
    rf"(?P<numbers>(?:{NUMBER})(?:(?:,|\s*/|\s*-|\s+(?:and|to|or))\s*(?:{NUMBER}))*)",
    re.IGNORECASE,
)
JOINS = re.compile(r"^-?\s*(?:to|and|or|-|/|versus|vs\.?|(?P<comma>,))\s*$")
P_VALUE = re.compile(
    rf"\bp(?:[ -]?values?)?\s*(?:of|was|is)?\s*(?P<sign>[<>=≤≥]+|less than)?\s*(?P<number>{NUMBER})", re.I
)
INTERVAL = re.compile(
    rf"(?P<level>\d+(?:\.\d+)?)\s?%\s?(?:CI|confidence (?:interval|limits?))\b[^\d.+-]{{0,20}}"
    rf"(?P<low>[-+]?(?:{NUMBER}))\s*%?\s*(?:to|-|,|and)\s*(?P<high>[-+]?(?:{NUMBER}))",
    re.IGNORECASE,
)
RATIO = re.compile(
    r"\b(?P<name>hazard|risk|rate|odds)[- ]ratios?\b|\b(?P<risk>relative risk)\b|"
    r"\b(?P<short>a?HR|RR|OR|IRR)\b(?=\W{0,3}\d| of)"
)
SHORT_RATIOS = {"HR": "hazard", "aHR": "hazard", "RR": "risk", "OR": "odds", "IRR": "rate"}
RATIO_REACH = 70  # characters between "hazard ratio" and its value, "for disease progression with the drug was"
LOWER_BOUND = re.compile(
    r"(?:at least|more than|over|above|greater than|higher than|longer than|older than|exceed(?:ed|ing|s)?|"
    r"minimum(?: of)?|beyond|not less than|>=?|≥)\s*(?:the age of |age |the |an? )?$",
    re.IGNORECASE,
)
UPPER_BOUND = re.compile(
    r"(?:at most|less than|fewer than|under|below|up to|lower than|shorter than|younger than|no more than|"
    r"not more than|maximum(?: of)?|as (?:long|many|much) as|<=?|≤)\s*(?:the age of |age |the |an? )?$",
    re.IGNORECASE,
)
LOWER_AFTER = re.compile(r"^ (?:[a-z]+ ){0,2}(?:or|and) (?:more|higher|older|above|longer|greater|over|later)\b", re.I)
UPPER_AFTER = re.compile(
    r"^ (?:[a-z]+ ){0,2}(?:or|and) (?:less|lower|fewer|younger|below|under|shorter|earlier)\b", re.I
)
TIMES = {"day", "week", "month", "year", "hour", "minute", "second"}
COUNTED = re.compile(r"^\s*(?:-\s*)?((?:[A-Za-z]+[ -]){0,2}[A-Za-z]+)")
MONTHS = "January February March April May June July August September October November December".split()
MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
YEAR = r"(?P<year>(?:19|20)\d\d)"
DATES = [
    re.compile(rf"\b{DAY}\s+(?:of\s+)?{MONTH}(?:,?\s+{YEAR})?\b"),
    re.compile(rf"\b{MONTH}\s+{DAY}(?:,?\s+{YEAR})?\b(?!\d)"),
    re.compile(rf"\b{MONTH},?\s+(?:of\s+)?{YEAR}\b"),
    re.compile(rf"(?<![\w.,-]){YEAR}(?![\w%]|\.\d|-(?:week|month|year|day))"),
]


class Bound(StrEnum):
    """Whether a number is meant exactly or as a limit."""

    EXACT = ""
    LOWER = "at least"
    UPPER = "at most"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number. `kind` names an estimate ("hazard ratio", "p", "interval"); `counted` are the words behind it."""

    value: float
    unit: str
    start: int
    end: int
    kind: str = ""
    sign: str = ""
    bound: Bound = Bound.EXACT
    counted: tuple[str, ...] = ()

    def __str__(self) -> str:
        written = f"{self.value:g}{'' if self.unit == '%' else ' ' if self.unit else ''}{self.unit}"
        return f"{self.kind} {self.sign if self.kind else ''}{written}".strip()


@dataclass(frozen=True, slots=True)
class Date:
    """A day, month or year; None for what is not said."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    def within(self, other: "Date") -> bool:
        """Whether the other date says all that this one says."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine is None or mine == theirs for mine, theirs in pairs)

    def __str__(self) -> str:
        parts = (self.day, MONTHS[self.month - 1] if self.month else None, self.year)
        return " ".join(str(part) for part in parts if part is not None)


@lru_cache(KEPT)
def dates(text: str) -> tuple[Date, ...]:
    """The dates of a text in order; a year alone is one."""
    found: list[Date] = []
    for pattern in DATES:
        for match in pattern.finditer(text):
            if any(match.start() < date.end and date.start < match.end() for date in found):
                continue
            parts = match.groupdict()
            month = MONTHS.index(parts["month"]) + 1 if parts.get("month") else None
            year, day = (int(parts[name]) if parts.get(name) else None for name in ("year", "day"))
            found.append(Date(year, month, day, match.start(), match.end()))
    return tuple(sorted(found, key=lambda date: date.start))


@lru_cache(KEPT)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text in order, dates left out."""
    taken = [(date.start, date.end) for date in dates(text)]
    found = [q for q in _bare(text) if not any(start <= q.start < end for start, end in taken)]
    found = _with_shared_units(text, _with_leading_units(text, found))
    return tuple(_with_bound(text, q) for q in _with_kinds(text, found))


def _bare(text: str) -> Iterator[Quantity]:
    for match in QUANTITY.finditer(text):
        unit = "/".join(UNITS[part] for part in (match["unit"] or "").split("/") if part).removesuffix("/day")
        sign = match["sign"] or ""
        if sign == "-" and match.start() and text[match.start() - 1] not in " (=<>":
            sign = ""  # a range or a hyphen
        counted = COUNTED.match(text[match.end() :]) if not unit else None
        words = tuple(re.split(r"[ -]", counted[1].lower())) if counted else ()
        yield Quantity(float(match["number"]), unit, match.start(), match.end(), sign=sign, counted=words)


def _with_leading_units(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    spans = [
        (m.start("numbers"), m.end("numbers"), m["unit"].lower().removesuffix("s")) for m in ORDINAL.finditer(text)
    ]

    def leading(q: Quantity) -> Quantity:
        unit = next((unit for start, end, unit in spans if start <= q.start < end), "")
        return replace(q, unit=unit, counted=()) if unit and not q.unit else q

    return [leading(q) for q in found]


def _with_shared_units(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """ "18 to 55 years", "12- and 24-week": the unit that is written once counts for all."""
    shared = list(found)
    for place in range(len(shared) - 2, -1, -1):
        here, behind = shared[place], shared[place + 1]
        join = JOINS.match(text[here.end : behind.start])
        listed = join and (not join["comma"] or (behind.unit in TIMES and here.value.is_integer()))
        if listed and not here.unit and behind.unit:
            shared[place] = replace(here, unit=behind.unit, counted=())
    return shared


def _with_kinds(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    kinds: dict[int, tuple[str, str]] = {}  # where a number stands -> its kind and sign
    for match in P_VALUE.finditer(text):
        if match["sign"] or "value" in match.group():
            kinds[match.start("number")] = ("p", "<" if match["sign"] == "less than" else match["sign"] or "=")
    for match in INTERVAL.finditer(text):
        kinds[match.start("level")] = ("level", "")
        kinds |= {match.start(part): ("interval", "") for part in ("low", "high")}
    for match in RATIO.finditer(text):
        name = match["name"] or ("risk" if match["risk"] else SHORT_RATIOS[match["short"]])
        value = next((q for q in found if q.start >= match.end() and not q.unit and q.start not in kinds), None)
        if value and value.start - match.end() <= RATIO_REACH:
            kinds[value.start] = (f"{name} ratio", "")
    named = []
    for q in found:
        kind, sign = kinds.get(q.start) or kinds.get(q.start + len(q.sign)) or ("", q.sign)
        named.append(replace(q, kind=kind, sign=sign or q.sign, counted=() if kind else q.counted))
    return named


def _with_bound(text: str, q: Quantity) -> Quantity:
    before, after = text[max(0, q.start - 30) : q.start], text[q.end : q.end + 40]
    if q.kind == "p":
        return q
    lower, upper = LOWER_BOUND.search(before), UPPER_BOUND.search(before)
    if lower and lower.group().lower().startswith("over") and q.unit in TIMES:
        lower = None  # "over 2 years" mostly means during
    bound = (
        Bound.LOWER if lower or LOWER_AFTER.match(after) else Bound.UPPER if upper or UPPER_AFTER.match(after) else None
    )
    start = q.start - len(lower.group()) if lower else q.start - len(upper.group()) if upper else q.start
    return replace(q, bound=bound, start=start) if bound else q
