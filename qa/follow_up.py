"""Follow-ups: what a question leans on, and the questions of which it changes nothing but the names."""

import re
from collections.abc import Sequence

from qa.answer import Turn
from qa.glossary import Glossary, Kind, Mention, Word, words_of

# Words that say how something is asked, not what about.
FUNCTION_WORDS = frozenset(
    """a about abt actually after all also am an and any anyone anything are arent as asap ask at bc be because been
    being better both btw but by can cant cheers cos could couldnt couldve coz cuz did didn didnt do doc does doesn
    doesnt doing don dont dunno effective effectively effectiveness efficacy else even ever explain folks for from
    get gets getting give given gives go going gonna good got gotta guys had hadnt has hasn hasnt have haven havent
    having he hello help helpful her here hers hes hi him his hiya how hows hun i if im in into is isn isnt it its
    ive just kind kindly know latest let lets like lol long lot m make makes many mate may me mean means might mine
    more most much my need newest no nor not now of off ok okay on one ones only or our out over people person
    please pls plz quick r re really role s say says shall she shes should shouldnt shouldve show shown so some
    somebody someone something sort still such t ta take tell than thank thanks that thats the their them then there
    theres these they theyre theyve thing things think this those thx to too ty under up ur us use used useful using
    v ve versus very vs wanna want was wasn wasnt way we well were werent weve what whats when where wheres which
    while who whom whos whose why will with without won wont work worked working works would wouldnt wouldve you
    your youre yours youve saw seen reading heard facebook reddit tiktok instagram youtube twitter google googled
    googling online internet forum forums website websites podcast headline swears swear""".split()
)
# Openings and pronouns that lean on the turn before.
LEANS_ON_EARLIER = re.compile(
    r"^(?:and|but|so|then|ok|no|yes|yeah|oh|ah|sorry|wait|actually|i mean|"
    r"what about|how about|what else|why|since when|compared (?:to|with)|versus|vs|same|any)\b"
    r"|"
    r"\b(?:it|its|they|them|their|those|these|that (?:drug|trial|study|one|dose)|this (?:drug|trial|study|one)|"
    r"the (?:drug|trial|study|same|other one|second|first one)|one|"
    r"(?:if|does|is|can|would|was|will|did|could|about|after|with|before) that|"
    r"rul(?:e|es|ed|ing) (?:me|him|her|us|them) out|(?:would|do|does|did|might|could) (?:i|he|she|we|they) qualify|"
    r"(?:would|could|might|am|is|are) (?:i|he|she|we|they) (?:be |still )?eligible)\b",
    re.IGNORECASE,
)
# What somebody tells of themselves between two questions leaves what is asked about as it was.
TELLS = re.compile(r"^(?:i|i['’]m|i['’]ve|my|we|our|he|she|his|her|mum|mom|dad)\b[^?]*$", re.IGNORECASE)
# Words of a question for a medicine that does not name it.
MEDICINE = re.compile(
    r"\b(?:drugs?|medicines?|medications?|meds|tablets?|pills?|capsules?|treatments?|therap(?:y|ies)|infusions?|"
    r"injections?|jabs?|drip|spray|antibody|dmts?|take|taken|used?|given?|prescribed?|licen[cs]ed|approved|stuff|"
    r"something|anything)\b",
    re.IGNORECASE,
)
SUBJECTS = frozenset({Kind.DRUG, Kind.TRIAL, Kind.CLASS})  # what one could ask about
MOST_MEDICINES = 2  # of a sentence that says which medicine it is
SHORT = 4  # words with a content; a question with fewer may only make sense after an earlier one
# What may stand around the names of a question that changes nothing else.
AROUND = frozenset(
    """a about am and asked asking but for how i in is it just m mean meant no of oh ok on only or people s so sorry
    that the then to wait what with""".split()
)
NOT_THAT = re.compile(r", *(?:and )?not\b.*$", re.IGNORECASE | re.DOTALL)  # "the progressive type, not for relapses"
# Kinds of names that stand for each other: "And siponimod?" after a question about a trial, "And in SPMS?".
LIKE = (SUBJECTS, frozenset({Kind.PHENOTYPE}), frozenset({Kind.REGION}))


def mentions_in(words: list[Word], glossary: Glossary) -> list[Mention]:
    """The names in a text, in order; "who", "us" and "on" are names in capitals, where not all is in capitals."""
    shouted = all(word.text.isupper() for word in words)
    found = glossary.find(words)
    return [m for m in found if m.surface.lower() not in FUNCTION_WORDS or (m.surface.isupper() and not shouted)]


def in_full(text: str, history: Sequence[Turn], glossary: Glossary, *, leans: bool = False) -> tuple[str, str]:
    """What a question leans on of the turns before it, empty for nothing, and the question itself.

    A question of names alone is the one before with its names in the place of those that are like them, and leans on
    nothing more. With `leans` it is taken for a follow-up whatever its words tell.
    """
    earlier = ""
    for question in _earlier(text, history, glossary, leans=leans):
        before, said = _in_full(question, earlier, glossary)
        earlier = f"{before} {said}".strip()
    return _in_full(text, earlier, glossary)


def may_lean(text: str, history: Sequence[Turn], glossary: Glossary) -> bool:
    """Whether a question may be a follow-up though its words do not tell: it names nothing that one could ask about.

    "What happens on the first day?" after "Starting Gilenya" is one, "What helps against cramps at night?" is none.
    """
    return bool(history) and not _leans(text, history, glossary) and _names_nothing(text, glossary)


def last_asked_for_medicine(turns: Sequence[Turn], glossary: Glossary) -> int | None:
    """The place of the last question, where it asks for a medicine and names nothing: "what is approved for PPMS?"."""
    asked = [place for place, turn in enumerate(turns) if not TELLS.search(turn.question)]
    if not asked or not MEDICINE.search(turns[asked[-1]].question):
        return None
    return asked[-1] if _names_nothing(turns[asked[-1]].question, glossary) else None


def medicines_in(sentence: str, glossary: Glossary) -> list[str]:
    """The medicine or two that a sentence names; none where it lists more."""
    names = [name for mention in mentions_in(words_of(sentence), glossary) for name in mention.names]
    found = list(dict.fromkeys(name.canonical for name in names if name.kind is Kind.DRUG))
    return found if len(found) <= MOST_MEDICINES else []


def _in_full(text: str, earlier: str, glossary: Glossary) -> tuple[str, str]:
    swapped = _swapped(earlier, text, glossary) if earlier else ""
    return ("", swapped) if swapped else (earlier, text)


def _earlier(text: str, history: Sequence[Turn], glossary: Glossary, *, leans: bool) -> list[str]:
    """What a question leans on: the latest earlier one that stands by itself, and those that leant on it since."""
    questions: list[str] = []
    if not history or not (leans or _leans(text, history, glossary)):
        return questions
    for place in reversed(range(len(history))):
        questions.insert(0, history[place].question)
        said = history[place].question
        # the question before it in the same message names nothing: both are about what the turn before named
        of_the_turn_before = history[place].same_message and _names_nothing(said, glossary)
        if not (_leans(said, history[:place], glossary) or TELLS.search(said) or of_the_turn_before):
            break
    return questions


def _leans(text: str, history: Sequence[Turn], glossary: Glossary) -> bool:
    """Whether a question is a follow-up: by its words, or as a further part of a message that names nothing itself."""
    further = bool(history) and history[-1].same_message
    return _leans_on_earlier(text, glossary) or (further and _names_nothing(text, glossary))


def _names_nothing(text: str, glossary: Glossary) -> bool:
    return all(SUBJECTS.isdisjoint(_kinds(mention)) for mention in mentions_in(words_of(text), glossary))


def _leans_on_earlier(text: str, glossary: Glossary) -> bool:
    words = words_of(text)
    content = [word for word in words if word.key not in FUNCTION_WORDS]
    mentions = glossary.find(words)
    named = [m for m in mentions if any(n.kind in (Kind.DRUG, Kind.TRIAL) for n in m.names)]
    # "What is licensed for PPMS?" is short and whole
    whole = bool(MEDICINE.search(text)) and any(Kind.PHENOTYPE in _kinds(mention) for mention in mentions)
    return bool(LEANS_ON_EARLIER.search(text)) or (len(content) < SHORT and not named and not whole)


def _swapped(earlier: str, text: str, glossary: Glossary) -> str:
    """The earlier question about the names of `text`; empty where `text` says more, or nothing is like its names.

    A form of MS is added where there was none: "And in SPMS?" after "Does vitamin D help?".
    """
    own, before = words_of(NOT_THAT.sub("", _asking(text, glossary))), words_of(earlier)
    mentions, said_before = mentions_in(own, glossary), mentions_in(before, glossary)
    inside = {place for mention in mentions for place in range(mention.start, mention.end)}
    if any(place not in inside and word.key not in AROUND for place, word in enumerate(own)):
        return ""
    added = [new for new in mentions if not any(_are_alike(new, old) for old in said_before)]
    if not mentions or not all(Kind.PHENOTYPE in _kinds(new) for new in added):
        return ""
    said = [word.text for word in before]
    for old in said_before:
        new = " and ".join(mention.surface for mention in mentions if _are_alike(mention, old))
        if new:
            said[old.start : old.end] = ["" if new in said else new, *[""] * (old.end - old.start - 1)]
    return " ".join(filter(None, [*said, *(f"in {mention.surface}" for mention in added)])) + "?"


def _asking(text: str, glossary: Glossary) -> str:
    """The sentences that ask, where the others name nothing: "And clemastine? Saw both on Facebook."."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    told = [sentence for sentence in sentences if not sentence.endswith("?")]
    return " ".join(asking) if asking and not any(glossary.find(words_of(one)) for one in told) else text


def _are_alike(first: Mention, second: Mention) -> bool:
    return any(not kinds.isdisjoint(_kinds(first)) and not kinds.isdisjoint(_kinds(second)) for kinds in LIKE)


def _kinds(mention: Mention) -> set[Kind]:
    return {name.kind for name in mention.names}
