"""Groups of people that a question singles out: an answer about everybody must say that it tells nothing of them."""

import re
from collections.abc import Sequence

YEARS = (
    r"(?:1[6-9]|[2-9]\d)(?! ?(?:%|per ?cent|mg|mcg|kg|ml|m\b|mm\b|minutes|hours|days|weeks|months|metres|units|sites))"
)
OLDER = rf"(?:aged|over|above|under|below|older than|younger than|past) (?:the age of )?{YEARS}"
IN = r"\b(?:in|for|among|between) (?:\w+ ){0,2}"
SEXES = r"(?:wom[ae]n|m[ae]n|males?|females?)"
YOUNG = r"teen\w*|adolescents?|p(?:a?e)diatric|under[- ]18s?"
# What a group is called, the words of a question that single it out, the words of a passage that concern it.
GROUPS = (
    (
        "children",
        rf"\b(?:{YOUNG}|(?:in|for|to) (?:(?:a|young|small|older) )?child(?:ren)?|in kids|"
        r"(?:child(?:ren)?|kids?) (?:who (?:has|have) |with )(?:PP|SP|RR)?MS|"
        r"(?:[2-9]|1[0-7])[- ]years?[- ]olds?)\b",
        rf"\b(?:child\w*|kids?|young|years of age|{YOUNG})\b",
    ),
    (
        "women or men",
        rf"{IN}{SEXES}\b(?! (?:with|who|on|over|under|of|aged?)\b)|"
        rf"\b{SEXES} (?:and|or|vs\.?|versus|than) (?:in )?{SEXES}\b",
        rf"\b(?:{SEXES}|sex(?:es)?|pregnan\w*|breast\w*|vagina\w*|erect\w*)\b",
    ),
    (
        "people with or without enhancing lesions",
        r"\b(?:with|without) (?:\w+[- ]){0,3}(?:gadolinium|gad|gd|enhanc\w+)\b|"
        r"\b(?:gadolinium|gad|gd)[- ]?(?:positive|negative)\b|\bgd[+-]",
        r"\benhanc|\bgadolinium|\bGd\b|\bMRI[- ]activ|\bactive (?:lesion|SPMS|PPMS|disease)|\bnon-?active",
    ),
    (
        "people of that age",
        rf"{IN}{OLDER}\b|{IN}(?:over|under)[- ]?{YEARS}s\b|"
        rf"\b(?:those|people|patients|anyone|somebody|someone) (?:who (?:are|is) )?{OLDER}\b|"
        r"\b(?:older|elderly|younger) (?:people|patients|adults)\b|\b(?:people|someone) (?:of )?my age\b",
        rf"\b(?:age|aged|ages|older|elderly|younger|years? old|year-olds?|over {YEARS})\b",
    ),
    (
        "an ethnic group",
        r"\b(?:african|hispanic|latin[oax]s?|ethnic\w*|racial|"
        r"(?:black|asian|white) (?:people|patients|wom[ae]n|m[ae]n))\b",
        r"\b(?:african|hispanic|latin[oax]|ethnic\w*|rac(?:e|es|ial)|black (?:people|patients|wom[ae]n|m[ae]n))\b",
    ),
    (
        "people of that weight",
        r"\b(?:obes\w+|overweight|underweight|bmi)\b",
        r"\b(?:obes\w+|overweight|weight|BMI|body mass)\b",
    ),
)
READ = tuple(
    (group, re.compile(asks, re.IGNORECASE), re.compile(states, re.IGNORECASE)) for group, asks, states in GROUPS
)


def untold_groups(question: str, quoted: Sequence[str]) -> list[str]:
    """The groups that a question singles out and no quoted passage concerns."""
    found = [(group, states) for group, asks, states in READ if asks.search(question)]
    return [group for group, states in found if not any(map(states.search, quoted))]
