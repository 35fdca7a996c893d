"""Names that no source and no glossary knows: which of them a question asks about, and which are only told in it."""

import re
from collections.abc import Sequence

from qa.follow_up import FUNCTION_WORDS, LEANS_ON_EARLIER, SUBJECTS, mentions_in
from qa.glossary import Glossary, Kind, Name, words_of
from qa.lexicon import Concept, Lexicon
from qa.spelling import other_medicines

# Endings of drugs' names: stems of the international nonproprietary names (WHO 2018, "The use of stems").
INVENTED = re.compile(
    r"(?:mab|nib|mod|cept|stat|statin|parib|gene|leucel|fen|afil|pril|sartan|olol|oxetine|azole|cillin|mycin|micin|"
    r"oxacin|gliptin|gliflozin|glutide|dipine|triptan|setron|vir|lukast|caine|azepam|zolam|zodone|barbital|thiazide|"
    r"parin|xaban|gatran|grel|tidine|prazole|dronate|fibrate|glitazone|platin|rubicin|taxel|poetin|grastim|kinra|"
    r"ciclib|lisib|degib|toclax|citabine|relix|stigmine|curium|profen|coxib|oxicam|racetam|gabalin|phylline|terol|"
    r"tropium|steride|cycline|mustine|lutamide|orexant|begron|triptyline|pramine|peridone|piprazole|capone)s?$",
    re.IGNORECASE,
)
# "I've tried senna and Movicol, whats next" tells and asks
SENTENCE = re.compile(
    r"(?<=[.!?])\s+|(?:,| -| –)\s+(?:so |and |but )?"
    r"(?=(?:what(?:['’]?s| is| are)? (?:now|next|else)|any(?:thing)? (?:else|other))\b)",
    re.IGNORECASE,
)
SHORT = 4  # letters; a strange word in capitals with as many may be the name of a trial
# "SDMT, PASAT or BICAMS"
LISTED = re.compile(r"\b[A-Z][A-Z0-9]{2,}\b(?:(?:,|/| or| and|, or|, and) ?[A-Z][A-Z0-9]{2,}\b)+")
ASKS = re.compile(
    r".*\?$|(?:and |so |but |ok |then |also )?(?:what(?:['’]?s)?|which|who|how|when|where|why|is|are|does|do|can|"
    r"could|should|would|will|any(?:thing)?)\b",
    re.IGNORECASE | re.DOTALL,
)
# What was tried already is not what "what else is there?" asks about.
ASKS_FOR_OTHERS = re.compile(
    r"\b(?:what(?:['’]?s)?|anything|something|who) (?:else|other)\b|"
    r"\bother (?:options?|drugs?|medicines?|treatments?|ways?)\b|"
    r"\balternatives?\b|\binstead\b|\bwhat(?:['’]?s| is)? (?:now|next)\b|\bwhat can be (?:tried|done) (?:next|now)\b|"
    r"\b(?:anything|something) (?:better|milder|gentler|stronger)\b",
    re.IGNORECASE,
)
SAYS_WHAT_FOR = {Kind.PHRASE, Kind.PHENOTYPE}
SOMETHING_ELSE = re.compile(
    r"\b(?:what(?:['’]?s)?|anything|something) (?:else|other)\b|\b(?:anything|something) (?:better|milder|gentler)\b|"
    r"\bwhat (?:am i|are we|is (?:he|she)) supposed to do\b",
    re.IGNORECASE,
)
STANDS = 4  # words with a content; a question with as many stands by itself though it says "that"
TAKEN = re.compile(
    r"\b(?:tried|tak(?:e|es|ing|en)|took|us(?:e|es|ed|ing)|given|been on|(?:am|is|are|was|were) on|i['’]?m on)\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"\b(?:it|its|they|them|their)\b", re.IGNORECASE)
# "Should I take it instead of Ocrevus?" is about what was told, whatever else it names.
TAKES_IT = re.compile(
    r"\b(?:tak(?:e|ing)|us(?:e|ing)|try(?:ing)?|have|start(?:ing)?|switch(?:ing)? to|go(?:ing)? on|add(?:ing)?) "
    r"(?:it|them)\b",
    re.IGNORECASE,
)
# What a question says that relates it to what is told: "is siponimod any better?"
RELATES = re.compile(
    r"\b(?:better|worse|safer|stronger|milder|than|after|afterwards|before|since|stop\w*|switch\w*|chang\w*|instead|"
    r"compar\w*|differen\w*|same|alike|too|both|either|other|another|together|combin\w*|add\w*|again|interact\w*)\b",
    re.IGNORECASE,
)
# "in a patient with a first degree block and on bisoprolol", "in a woman on bisoprolol": what is told of somebody
TAKEN_BESIDE = (
    r"\b(?:and|plus|patients?|pt|man|woman|person|people|somebody|someone) "
    r"(?:who |also |already |is |are |am )*(?:on|tak(?:es?|ing)) (?:\w+ )?{}\b"
)
# "effect on AMCA": what was measured, in a trial or with a drug that is known
MEASURED_BY = (
    r"\b(?:effects?|changes?|differences?|improvements?|gains?|worsening|results?|scores?|outcomes?) "
    r"(?:on|in|for|of|by) (?:the )?{}\b(?! (?:trial|study))"
)
REPEATED = re.compile(r"([A-Za-z])\1\1")  # "AHHH"
ASKS_TOGETHER = re.compile(
    r"\b(?:safe\w*|ok(?:ay)?|alright|interact\w*|combin\w*|together|contraindicat\w*|mix)\b", re.IGNORECASE
)


def is_unknown_name(concept: Concept, lexicon: Lexicon) -> bool:
    """A word that occurs in no source and looks like a name: of a drug by its ending, or of a trial by its capitals.

    "Cholesterol" ends like a drug, but is a word that English is full of.
    """
    word = concept.surface
    if concept.names or not lexicon.is_strange(concept):
        return False
    shouted = len(word) >= SHORT and word.isupper() and not REPEATED.search(word) and not lexicon.is_spelt_right(word)
    common = lexicon.is_common(word.lower())
    return shouted or (bool(INVENTED.search(word)) and not common) or word.lower() in other_medicines()


def asks_for_others(text: str) -> bool:
    """Whether something other is asked for than what was tried: "what else is there?"."""
    return bool(ASKS_FOR_OTHERS.search(text))


def unknown_names(
    text: str, concepts: Sequence[Concept], glossary: Glossary, lexicon: Lexicon
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The unknown names that a question asks about, and those that are only told in it or beside it."""
    found = [concept for concept in concepts if is_unknown_name(concept, lexicon)]
    if not found:
        return (), ()
    others = asks_for_others(text)
    beside_it, _ = told_beside(text, glossary, others=others)
    told = {word.key for word in words_of(beside_it)}
    listed = _listed_beside_known(text, concepts, lexicon) if LISTED.search(text) else ()
    beside = [
        c.surface
        for c in found
        if c.surface in listed
        or c.surface.lower() in told
        or (c.carried and others)
        or _is_circumstance(c.surface, text, glossary)
        or _is_measure(c.surface, text, concepts)
    ]
    asked = [concept for concept in found if concept.surface not in beside]
    return () if _told_before(asked, concepts) else tuple(c.surface for c in asked), tuple(beside)


def _told_before(unknown: Sequence[Concept], concepts: Sequence[Concept]) -> bool:
    """Whether unknown names stand in earlier turns alone, beside something known that the question may be about.

    "What is tested before siponimod?", "I take bisoprolol", "and if I miss a dose?" asks nothing of bisoprolol.
    """
    known = any(name.kind in SUBJECTS for concept in concepts for name in concept.names)
    return known and all(concept.carried for concept in unknown)


def _listed_beside_known(text: str, concepts: Sequence[Concept], lexicon: Lexicon) -> tuple[str, ...]:
    """The unknown of listed abbreviations where another one is held by the sources and no drug or trial: of tests."""
    by_surface = {concept.surface: concept for concept in concepts}
    found: list[str] = []
    for listed in LISTED.findall(text):
        named = [by_surface[word] for word in re.findall(r"[A-Z][A-Z0-9]+", listed) if word in by_surface]
        tests = [c for c in named if not any(n.kind in (Kind.DRUG, Kind.TRIAL) for n in c.names)]
        if any(lexicon.holds(c) for c in tests):
            found += [c.surface for c in tests if is_unknown_name(c, lexicon)]
    return tuple(dict.fromkeys(found))


def told_beside(text: str, glossary: Glossary, *, others: bool = False) -> tuple[str, bool]:
    """What is told beside the sentences that ask, where these name what they are about or ask for something other.

    "I take bisoprolol. Does it slow PPMS?" leans on what was told; "... Does fingolimod slow PPMS?" does not. And
    whether they name a drug, a class of drugs or a trial.
    """
    sentences = SENTENCE.split(text)
    told = " ".join(one for one in sentences if not ASKS.match(one))
    asking = " ".join(one for one in sentences if ASKS.match(one))
    if not told or not asking:
        return "", False
    names = [name for mention in mentions_in(words_of(asking), glossary) for name in mention.names]
    named = any(name.kind in (Kind.DRUG, Kind.CLASS, Kind.TRIAL) for name in names)
    content = sum(word.key not in FUNCTION_WORDS for word in words_of(asking))
    whole = content >= STANDS and not PRONOUN.search(asking)
    # "Was there a placebo group?" is about what was told, unless that was tried or taken
    short = (
        not TAKEN.search(told)
        and content < STANDS - 1
        and not any(name.kind in SUBJECTS | {Kind.PHENOTYPE} for name in names)
    )
    stands = named or others or whole or not (short or LEANS_ON_EARLIER.search(asking))
    return told if stands and not TAKES_IT.search(asking) else "", named


def _is_measure(name: str, text: str, concepts: Sequence[Concept]) -> bool:
    """Whether a name in capitals is said to be what was measured with a drug or in a trial that is known."""
    known = any(n.kind in (Kind.DRUG, Kind.TRIAL) for concept in concepts for n in concept.names)
    return known and name.isupper() and bool(re.search(MEASURED_BY.format(re.escape(name)), text))


def tried_already(text: str, earlier: str, glossary: Glossary) -> set[str]:
    """The drugs, as typed, beside which something other is asked for, where the question says what for; else nothing.

    "Modafinil made him jittery. What else works for fatigue?" asks of all but modafinil. "What else is there?" alone
    leaves it to the drug to say what for.
    """
    sentences = SENTENCE.split(text)
    asking = " ".join(one for one in sentences if ASKS.match(one) and SOMETHING_ELSE.search(one))
    told = [one for one in sentences if not ASKS.match(one)]
    if not asking or _subjects(asking, glossary):
        return set()
    kinds = {name.kind for m in mentions_in(words_of(f"{asking} {earlier}"), glossary) for name in m.names}
    tried = mentions_in(words_of(" ".join([earlier, *told])), glossary)
    found = {mention.surface for mention in tried if any(name.kind is Kind.DRUG for name in mention.names)}
    return found if kinds & SAYS_WHAT_FOR else set()


def asked_alone(text: str, glossary: Glossary) -> str:
    """The sentences that ask, where what is told beside them names another drug or trial than they do; else empty.

    "Can I get PML on ocrelizumab? I was on Tysabri before" finds above all what is known of Tysabri.
    """
    told, named = told_beside(text, glossary)
    asking = " ".join(one for one in SENTENCE.split(text) if ASKS.match(one))
    apart = named and not RELATES.search(asking) and _subjects(told, glossary) - _subjects(asking, glossary)
    return asking if apart else ""


def _subjects(text: str, glossary: Glossary) -> set[Name]:
    names = {name for mention in mentions_in(words_of(text), glossary) for name in mention.names}
    return {name for name in names if name.kind in (Kind.DRUG, Kind.TRIAL)}


def _is_circumstance(name: str, text: str, glossary: Glossary) -> bool:
    """Whether a name is the last of what a question tells of somebody, behind the drug that it is about."""
    for sentence in SENTENCE.split(text):
        taken = re.search(TAKEN_BESIDE.format(re.escape(name)), sentence, re.IGNORECASE)
        if taken and sentence.endswith("?") and not ASKS_TOGETHER.search(sentence):
            before = mentions_in(words_of(sentence[: taken.start()]), glossary)
            return any(n.kind is Kind.DRUG for mention in before for n in mention.names)
    return False
