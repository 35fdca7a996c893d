"""True sentences made false in one place: what the checker must catch."""

import random
import re
from collections.abc import Callable, Sequence

from qa.glossary import Glossary, Kind, Word

WORD = re.compile(r"[A-Za-zÀ-ÿαβ]/[A-Za-z]\b|[A-Za-zÀ-ÿ0-9αβ]+")
NUMBER = re.compile(r"(?<![\w.,*/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w*]|[.,]\d|-[A-Z]|-hole|-foot|:\d)")
ARMS = re.compile(
    r"(\d+(?:\.\d+)?%?)([^.;()\d]*? (?:and|versus) (?:in )?)(\d+(?:\.\d+)?%?)(?= (?:on|with|of|for|in|under) )"
)
EVERYONE = "MS"  # the phenotype that all others are part of: exchanged for one of them it need not be false
SPELT = "two three four five six seven eight nine ten twelve".split()
UNITS = {
    "weeks": "months", "week": "month", "months": "weeks", "month": "week", "years": "months", "year": "month",
    "days": "weeks", "day": "week", "hours": "minutes", "hour": "minute", "minutes": "hours", "mg": "g", "g": "mg",
    "micrograms": "mg", "kg": "g", "mL": "L", "metres": "kilometres", "m": "km", "cm": "mm", "cm3": "mm3",
    "mg/kg": "g/kg", "mg/m2": "mg/kg", "mg/day": "g/day", "mg/dL": "mg/mL", "%": " mg", "IU": "mg",
}  # fmt: skip
UNIT = re.compile(rf"(?<=\d)([ -]?)({'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})(?![\w/])")
CONTRARY = {
    "reduced": "increased", "increased": "reduced", "reduce": "increase", "increase": "reduction",
    "reduces": "increases", "reduction": "increase", "lower": "higher", "higher": "lower", "lowered": "raised",
    "raised": "lowered", "slowed": "accelerated", "slow": "accelerate", "slows": "accelerates", "slower": "faster",
    "faster": "slower", "fewer": "more", "less": "more", "more": "less", "better": "worse", "worse": "better",
    "improved": "worsened", "improve": "worsen", "improves": "worsens", "rose": "fell", "fell": "rose",
    "delayed": "hastened", "larger": "smaller", "smaller": "larger", "greater": "smaller", "benefit": "harm",
    "prevents": "causes", "shorter": "longer", "longer": "shorter", "favoured": "disfavoured",
    "decreased": "increased", "harmed": "helped", "gained": "lost",
}  # fmt: skip
CERTAIN = [
    (r"\bmay be\b", "is"), (r"\bmight be\b", "is"), (r"\bcould be\b", "is"), (r"\bmay (?=[a-z])", "will "),
    (r"\bmight (?=[a-z])", "will "), (r"\bcould (?=[a-z])(?!not)", "will "), (r"\bsuggests?\b", "proves"),
    (r"\bsuggested\b", "proved"), (r"\bappears to be\b", "is"), (r"\bappeared to\b", "was proven to"),
    (r"\bpossibl[ey]\b", "certain"), (r"\bpossible\b", "proven"), (r"\bprobably\b", "certainly"),
    (r"\buncertain\b", "certain"), (r"\bIn an exploratory analysis of\b", "In"),
    (r"\bIn a post hoc analysis of\b", "In"), (r"\b(?:exploratory|post hoc|preliminary) ", ""),
    (r"\bunclear\b", "clear"), (r"\bwas not significant\b", "was proven"), (r"\bno significant\b", "a significant"),
    (r"\bdid not significantly\b", "did significantly"), (r"\bnot significantly\b", "significantly"),
    (r"\bunlikely\b", "certain"), (r"\blikely\b", "certain"), (r"\bindicates?\b", "proves"),
    (r"\bonly a trend\b", "a clear effect"), (r"\bunproven\b", "proven"),
]  # fmt: skip
NEGATE = [
    (r"\b(did|does|do|was|were|is|are|should|must|can|could|may|has|have|had|will) not\b", r"\1"),
    (r"\bcannot\b", "can"), (r"\bNo (?=[a-z])", "Some "), (r"\bno (?=[a-z])(?!longer)", "some "),
    (r"\bwithout\b", "with"), (r"\b(was|were|is|are|should|must|can|could|may|will) (?!not\b)", r"\1 not "),
    (r"\boccurred\b", "did not occur"), (r"\bslowed\b", "did not slow"), (r"\breduced\b", "did not reduce"),
    (r"\bimproved\b", "did not improve"), (r"\brecommends?\b", "does not recommend"),
    (r"\badvises?\b", "advises against"), (r"\bmissed its\b", "met its"), (r"\bhad (?=a|the|\d)", "did not have "),
    (r"\bincluded\b", "did not include"), (r"\bfailed to\b", "managed to"),
]  # fmt: skip


def alter(sentence: str, kind: str, glossary: Glossary, draw: random.Random) -> str | None:
    """The sentence with one thing of this kind changed, or None where it holds none; `draw` decides the change."""
    return KINDS[kind](sentence, glossary, draw)


def _number(sentence: str, _glossary: Glossary, draw: random.Random) -> str | None:
    swapped = ARMS.search(sentence)
    if swapped and swapped[1] != swapped[3] and draw.random() < 0.5:
        return sentence[: swapped.start()] + f"{swapped[3]}{swapped[2]}{swapped[1]}" + sentence[swapped.end() :]
    places = [*NUMBER.finditer(sentence), *re.finditer(rf"\b({'|'.join(SPELT)})\b", sentence)]
    if not places:
        return None
    match = draw.choice(places)
    return sentence[: match.start()] + _other_number(match.group(), draw) + sentence[match.end() :]


def _other_number(written: str, draw: random.Random) -> str:
    if written in SPELT:
        return draw.choice([word for word in SPELT if word != written])
    digits = [place for place, character in enumerate(written) if character.isdigit()]
    place = draw.choice(digits)
    allowed = "123456789" if place == 0 else "0123456789"
    return written[:place] + draw.choice([d for d in allowed if d != written[place]]) + written[place + 1 :]


def _unit(sentence: str, _glossary: Glossary, draw: random.Random) -> str | None:
    places = list(UNIT.finditer(sentence))
    if not places:
        return None
    match = draw.choice(places)
    return sentence[: match.start(2)] + UNITS[match[2]] + sentence[match.end() :]


def _named(kind: Kind) -> Callable[[str, Glossary, random.Random], str | None]:
    """All mentions of one name of this kind replaced by another name."""

    def change(sentence: str, glossary: Glossary, draw: random.Random) -> str | None:
        spans = [match.span() for match in WORD.finditer(sentence)]
        mentions = [
            (spans[m.start][0], spans[m.end - 1][1], n.canonical)
            for m in glossary.find([Word(sentence[a:b]) for a, b in spans])
            for n in m.names[:1]
            if n.kind is kind and n.canonical != EVERYONE and (kind is not Kind.TRIAL or m.surface[0].isupper())
        ]
        if not mentions:
            return None
        present = {canonical for *_, canonical in mentions}
        old = draw.choice(sorted(present))
        others = [n.canonical for n in glossary.names(kind) if n.canonical not in present | {EVERYONE}]
        new = draw.choice(others)
        for start, end, canonical in reversed(mentions):
            if canonical == old:
                sentence = sentence[:start] + new + sentence[end:]
        return sentence

    return change


def _direction(sentence: str, _glossary: Glossary, draw: random.Random) -> str | None:
    pattern = re.compile(rf"\b({'|'.join(CONTRARY)})\b(?! than \d| or | than once)")
    places = [m for m in pattern.finditer(sentence) if not re.search(r"(?:no| or|\d) $", sentence[: m.start()])]
    if not places:
        return None
    match = draw.choice(places)
    return sentence[: match.start()] + CONTRARY[match[1]] + sentence[match.end() :]


def _rewritten(rules: Sequence[tuple[str, str]]) -> Callable[[str, Glossary, random.Random], str | None]:
    def change(sentence: str, _glossary: Glossary, draw: random.Random) -> str | None:
        fitting = [rule for rule in rules if re.search(rule[0], sentence)]
        if not fitting:
            return None
        pattern, replacement = draw.choice(fitting)
        return re.sub(pattern, replacement, sentence, count=1)

    return change


KINDS: dict[str, Callable[[str, Glossary, random.Random], str | None]] = {
    "number": _number,
    "unit": _unit,
    "drug": _named(Kind.DRUG),
    "trial": _named(Kind.TRIAL),
    "phenotype": _named(Kind.PHENOTYPE),
    "direction": _direction,
    "negation": _rewritten(NEGATE),
    "hedge": _rewritten(CERTAIN),
}
