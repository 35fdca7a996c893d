"""Last guards for sentences that a language model wrote: stricter than the checker, coarser, and independent of it."""

import re
from collections.abc import Iterator

from qa.glossary import Kind, packaged_glossary
from qa.support import LIGHT
from qa.wording import Wording, fold, read, stems_of

NUMBER = re.compile(r"\d+(?:\.\d+)?")
WORD = re.compile(r"[^\W\d_]+")
PREFIXED = re.compile(r"\b(?:(non|not)[- ])?([^\W\d_]{3,})")
DENIAL = re.compile(
    r"\b(?:not?|nor|never|none|nobody|nothing|neither|without|cannot|advis\w+ against|fail\w*|miss\w*|lack\w*|absen\w+|"
    r"unable|un(?:proven|known|clear|changed|affected|approved|certain)|instead|negative|reject\w*|refus\w*|declin\w+)\b",
    re.IGNORECASE,
)
GRADES = (
    "substantial substantially considerable considerably large largely major marked markedly strong strongly "
    "great greatly huge dramatic dramatically high highly pronounced profound profoundly",
    "small slight slightly minor modest modestly mild mildly low little limited negligible minimal minimally",
    "severe severely serious seriously grave life-threatening fatal",
    "moderate moderately",
)
DEGREES = {word: grade for grade, words in enumerate(GRADES) for word in words.split()}
NEARLY_ALL = 0.75  # of the words of the quote
# Of the words of a sentence that are no names and no numbers, the share that its quote must hold. Chosen on the dev
# half: at 0.7 sentences cited to the wrong passage mostly fail, and 9 of 87 true paraphrases do.
OWN_WORDS = 0.7


def guarded(text: str, quote: str) -> str | None:
    """Why a sentence may not be shown with this quote, whatever the checker says; None where nothing is against it."""
    return (
        _astray(text, quote)
        or _denied(text, quote)
        or _turned(text, quote)
        or _graded(text, quote)
        or _unsaid(text, quote)
    )


def _astray(text: str, quote: str) -> str | None:
    """Its numbers must stand in the quote as they are written, in the same order, and none more often than there."""
    following = iter(NUMBER.findall(fold(quote)))
    for number in NUMBER.findall(fold(text)):
        if number not in following:  # takes from the iterator up to the number
            return f"the quote does not hold {number} in this place"
    return None


def _denied(text: str, quote: str) -> str | None:
    """It may deny no more than the quote; and no less, where it says nearly all that the quote says."""
    mine, theirs = (len(DENIAL.findall(fold(one))) for one in (text, quote))
    if mine > theirs:
        return "it denies what the quote does not deny"
    words, quoted = (set(WORD.findall(fold(one).lower())) for one in (text, quote))
    if mine < theirs and len(words & quoted) >= NEARLY_ALL * len(quoted):
        return "it leaves out a denial of the quote"
    return None


def _turned(text: str, quote: str) -> str | None:
    """No word may lose or gain a "non-": "live vaccines" are not the "non-live vaccines" of the quote."""
    (bare, turned), (quoted, quoted_turned) = map(_by_prefix, (text, quote))
    lost, gained = (bare & quoted_turned) - quoted, (turned & quoted) - quoted_turned
    words = sorted(lost | gained)
    return f"it says {words[0]!r}, of which the quote says the contrary" if words else None


def _by_prefix(text: str) -> tuple[set[str], set[str]]:
    """The words of a text that stand alone, and those behind a "non-"; a "not" is weighed by `_denied`."""
    found = PREFIXED.findall(fold(text).lower())
    return {word for prefix, word in found if not prefix}, {word for prefix, word in found if prefix == "non"}


def _graded(text: str, quote: str) -> str | None:
    """How large or grave something is must stand in the quote: "risks are substantial" says more than "risks"."""
    quoted = {DEGREES[word] for word in WORD.findall(fold(quote).lower()) if word in DEGREES}
    for word in WORD.findall(fold(text).lower()):
        if word in DEGREES and DEGREES[word] not in quoted:
            return f"the quote does not say {word!r}"
    return None


def _unsaid(text: str, quote: str) -> str | None:
    """Names alone carry nothing: two sentences about one trial share them all."""
    glossary = packaged_glossary()
    statement, quoted = read(text, glossary), read(quote, glossary)
    known = {*quoted.stems, *quoted.keys}
    meant = {name for mention in quoted.mentions for name in mention.names}
    inside = {p for m in statement.mentions if meant & set(m.names) for p in range(m.start, m.end)}
    own = list(_own_places(statement))
    held = sum(p in inside or bool({statement.keys[p], statement.tokens[p].stem} & known) for p in own)
    if not own or held >= OWN_WORDS * len(own):
        return None
    return f"the quote holds {held} of the {len(own)} words that are no names"


def _own_places(statement: Wording) -> Iterator[int]:
    """The places of words that say something and name nothing."""
    mentions = statement.named(Kind.DRUG, Kind.TRIAL, Kind.PHENOTYPE, Kind.REGION)
    named = {place for mention, _ in mentions for place in range(mention.start, mention.end)}
    light = stems_of(LIGHT)
    for place, token in enumerate(statement.tokens):
        if statement.content[place] and place not in named and not token.text[0].isdigit() and token.stem not in light:
            yield place
