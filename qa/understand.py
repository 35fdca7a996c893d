"""A question to what is searched for: earlier turns joined in, function words told from content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.sparse import tokenize
from qa.answer import Turn
from qa.errors import QuestionError
from qa.settings import LONGEST_QUESTION

# Words that say how something is asked, not what about.
FUNCTION_WORDS = frozenset(
    """a about after all also am an and any are as at be been being both but by can could did do does doing else ever
    for from get gets getting give given gives go had has have having he her here hers him his how i if in into is it
    its just know like make many may me might mine more most much my need no nor not of off on one or our out over
    please say says shall she should so some such tell than that the their them then there these they thing things
    think this those to too under up us very want was we were what when where which while who whom whose why will
    with without would you your""".split()
)
WORD = re.compile(r"[A-Za-zÀ-ÿ0-9β]+(?:[-'.][A-Za-zÀ-ÿ0-9]+)*")
# Openings and pronouns that lean on the turn before.
LEANS_ON_EARLIER = re.compile(
    r"^(?:and|but|so|what about|how about|what else|why|since when|compared (?:to|with)|versus|vs)\b|"
    r"\b(?:it|its|they|them|their|those|these|that (?:drug|trial|study|one)|this (?:drug|trial|study|one)|"
    r"the (?:drug|trial|study|same|other one))\b",
    re.IGNORECASE,
)
ASKS_NUMBER = re.compile(
    r"\b(?:how (?:many|much|often|long|old|big|large|high|likely)|hazard ratio|percent(?:age)?|per cent|proportion|"
    r"rates?|number of|doses?|dosage|figures?|p[- ]value|confidence interval|what age|when)\b|%",
    re.IGNORECASE,
)
SHORT = 4  # content words; a shorter question may only make sense after an earlier one


@dataclass(frozen=True, slots=True)
class Understanding:
    """One question read: `query` is what is searched, `terms` its stemmed content words, each once."""

    question: str
    query: str
    terms: tuple[str, ...]
    asks_number: bool


def check_question(question: str) -> str:
    """The question without surrounding white space. Raises QuestionError when it is empty or too long."""
    text = question.strip()
    if not text:
        raise QuestionError("The question is empty. Ask something like: Does ocrelizumab slow primary progressive MS?")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(text)} characters; at most {LONGEST_QUESTION} are read. Ask it in fewer words."
        )
    return text


def understand(question: str, history: Sequence[Turn] = ()) -> Understanding:
    """Read one question in the light of the turns before it."""
    text = check_question(question)
    joined = text
    if history and _leans_on_earlier(text):
        joined = f"{_standing(history)} {text}"
    query = " ".join(content_words(joined)) or joined
    terms = tuple(dict.fromkeys(tokenize([query])[0]))
    return Understanding(text, query, terms, bool(ASKS_NUMBER.search(text)))


def content_words(text: str) -> list[str]:
    """The words of a text in order, without function words."""
    return [word for word in WORD.findall(text) if word.lower() not in FUNCTION_WORDS]


def _leans_on_earlier(text: str) -> bool:
    return bool(LEANS_ON_EARLIER.search(text)) or len(content_words(text)) < SHORT


def _standing(history: Sequence[Turn]) -> str:
    """The latest earlier question that makes sense by itself, and those that leant on it since."""
    questions: list[str] = []
    for turn in reversed(history):
        questions.insert(0, turn.question)
        if not _leans_on_earlier(turn.question):
            break
    return " ".join(questions)
