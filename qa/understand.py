"""A question to what is searched for: names resolved, misspellings read, earlier turns joined in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.conversation import TURN, conversation
from ingest.sparse import tokenize
from qa.answer import Turn
from qa.errors import QuestionError
from qa.follow_up import FUNCTION_WORDS, LEANS_ON_EARLIER, in_full, mentions_in
from qa.glossary import TOKEN, Glossary, Kind, Mention, Name, Word, words_of
from qa.lexicon import Concept, Lexicon
from qa.settings import LONGEST_QUESTION
from qa.spelling import other_medicines
from qa.wants import Want, wants

# Endings of drugs' names: stems of the international nonproprietary names (WHO 2018, "The use of stems").
INVENTED = re.compile(
    r"(?:mab|nib|mod|cept|stat|statin|parib|gene|leucel|fen|afil|pril|sartan|olol|oxetine|azole|cillin|mycin|micin|"
    r"oxacin|gliptin|gliflozin|glutide|dipine|triptan|setron|vir|lukast|caine|azepam|zolam|zodone|barbital|thiazide|"
    r"parin|xaban|gatran|grel|tidine|prazole|dronate|fibrate|glitazone|platin|rubicin|taxel|poetin|grastim|kinra|"
    r"ciclib|lisib|degib|toclax|citabine|relix|stigmine|curium|profen|coxib|oxicam|racetam|gabalin|phylline|terol|"
    r"tropium|steride|cycline|mustine|lutamide|orexant|begron|triptyline|pramine|peridone|piprazole|capone)s?$",
    re.IGNORECASE,
)
MOST_NAMES = 4  # drugs or trials of one question that are searched for one by one
BRANDS = 2  # brand names that are searched beside a drug's generic name
SENTENCE = re.compile(r"(?<=[.!?])\s+")
SHORT = 4  # letters; a strange word in capitals with as many may be the name of a trial
# "SDMT, PASAT or BICAMS"
LISTED = re.compile(r"\b[A-Z][A-Z0-9]{2,}\b(?:(?:,|/| or| and|, or|, and) ?[A-Z][A-Z0-9]{2,}\b)+")
SHOUTED = 4  # words; a text in capitals with fewer may be a name


@dataclass(frozen=True, slots=True)
class Understanding:
    """One question read. `query` is what is searched; `unknown` holds names that no source and no glossary knows.

    `question` is as typed; a follow-up of names alone ("And siponimod?") is the question before about these. `each`
    holds a query for each of several drugs or trials: the same question without the others.
    """

    question: str
    query: str
    expanded: str
    concepts: tuple[Concept, ...]
    unknown: tuple[str, ...]
    repairs: tuple[tuple[str, str], ...]
    wants: frozenset[Want]
    asking: str = ""
    """What the model for questions reads: `query`, of a follow-up as a conversation (see `ingest.conversation`)."""
    each: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    """Unknown abbreviations listed beside one that the sources hold, of which alone they can tell."""

    @property
    def before(self) -> str:
        """What a follow-up leans on; empty for a question that stands by itself."""
        return self.asking.rpartition(TURN)[0]

    def named(self, kind: Kind) -> tuple[Name, ...]:
        """The names of one kind that the question mentions, each once."""
        found = [name for concept in self.concepts for name in concept.names if name.kind is kind]
        return tuple(dict.fromkeys(found))


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


def understand(
    question: str, history: Sequence[Turn], glossary: Glossary, lexicon: Lexicon, *, leans: bool = False
) -> Understanding:
    """Read one question in the light of the turns before it; with `leans` it is taken for a follow-up in any case."""
    earlier, text = in_full(_not_shouted(check_question(question), glossary), history, glossary, leans=leans)
    words, repairs = _repaired(words_of(f"{earlier} {text}"), glossary, lexicon)
    unheard = _listed_beside_known(text, words, glossary, lexicon) if LISTED.search(text) else ()
    words = [word for word in words if word.text not in unheard]
    carried = sum(word.text not in unheard for word in words_of(earlier))
    mentions = mentions_in(words, glossary)
    concepts = _concepts(words, mentions, carried)
    told = words_of(_told_beside(text, glossary))
    unheard_of = [c for c in concepts if _is_unknown_name(c, lexicon) and Word(c.surface) not in told]
    unknown = () if _told_before(unheard_of, concepts) else tuple(concept.surface for concept in unheard_of)
    query = _spelt_out(words, mentions, lexicon)
    return Understanding(
        text,
        query,
        " ".join([query, *_expansions(mentions)]),
        tuple(concepts),
        unknown,
        tuple(repairs),
        wants(text),
        _asking(words, mentions, carried, lexicon),
        tuple(_for_each_name(words, mentions, lexicon)),
        unheard,
    )


def _not_shouted(text: str, glossary: Glossary) -> str:
    """A text that is all in capitals in small letters, but for the words of names; others keep what their case says.

    "WHO" and "OR" are everyday words there.
    """
    if not text.isupper() or len(words_of(text)) < SHOUTED:
        return text

    def spoken(word: re.Match[str]) -> str:
        is_name = glossary.knows(word.group()) and word.group().lower() not in FUNCTION_WORDS
        return word.group() if is_name else word.group().lower()

    return TOKEN.sub(spoken, text)


def _repaired(words: list[Word], glossary: Glossary, lexicon: Lexicon) -> tuple[list[Word], list[tuple[str, str]]]:
    """The words with misspellings read as what they can only mean, and the list of such readings."""
    found: list[Word] = []
    repairs: list[tuple[str, str]] = []
    for word in words:
        if word.text.endswith("s") and word.text[:-1].isupper() and glossary.knows(word.text[:-1].lower()):
            found.append(Word(word.text[:-1]))  # an abbreviation in the plural
            continue
        known = word.key in FUNCTION_WORDS or glossary.knows(word.key)
        reading = None if known else _reading(word, glossary, lexicon, first=not found)
        found.append(Word(reading) if reading else word)
        if reading:
            repairs.append((word.text, reading))
    return found, repairs


def _reading(word: Word, glossary: Glossary, lexicon: Lexicon, *, first: bool) -> str | None:
    """What a misspelt word stands for; None where it is none, or could stand for several."""
    stems = tokenize([word.text])[0]
    if not stems or lexicon.is_word(word.text) or any(lexicon.frequency(stem) for stem in stems):
        return None
    if word.key in other_medicines():
        return None
    slipped = glossary.repair_capitals(word.text) or glossary.repair(word.text, errors=1)
    known = slipped or glossary.repair_place(word.text)
    # a capital more likely begins a name than a typing error
    if not known and (word.text.islower() or (first and word.text.istitle())):
        known = lexicon.nearest(word.key)
    return known or glossary.repair(word.text)


def _concepts(words: Sequence[Word], mentions: Sequence[Mention], carried: int) -> list[Concept]:
    """The concepts in order; those of the first `carried` words come from earlier turns."""
    starts = {mention.start: mention for mention in mentions}
    concepts: dict[tuple[frozenset[str], ...], Concept] = {}
    position = 0
    while position < len(words):
        mention = starts.get(position)
        typed = words[position].text
        concept = _named_concept(mention) if mention else Concept(typed, _stems([typed]))
        if concept.alternatives and (mention or words[position].key not in FUNCTION_WORDS):
            known = concepts.get(concept.alternatives)
            if known is None or (known.carried and position >= carried):
                concepts[concept.alternatives] = replace(concept, carried=position < carried)
        position = mention.end if mention else position + 1
    return list(concepts.values())


def _named_concept(mention: Mention) -> Concept:
    spelt = [mention.surface]
    for name in mention.names:
        spelt += [name.canonical, *name.others, *name.drugs] if name.kind is not Kind.TRIAL else [name.canonical]
    return Concept(mention.surface, _stems(spelt), mention.names)


def _stems(texts: Sequence[str]) -> tuple[frozenset[str], ...]:
    return tuple(dict.fromkeys(frozenset(stems) for stems in tokenize(list(texts)) if stems))


def _expansions(mentions: Sequence[Mention]) -> list[str]:
    """Other words for what was mentioned: the generic name of a brand, what a lay word means."""
    added: list[str] = []
    for mention in mentions:
        for name in mention.names:
            if name.kind is Kind.DRUG:
                added += name.others[:BRANDS]  # whichever name was typed, the same words are searched
            elif name.kind in (Kind.PHENOTYPE, Kind.SHORTHAND) and name.canonical.lower() != mention.surface.lower():
                added.append(name.canonical)
            elif name.kind is Kind.PHRASE:
                added += [other for other in name.others[:3] if other.lower() != mention.surface.lower()]
            elif name.kind is Kind.CLASS:
                added += name.drugs[:4]
    return list(dict.fromkeys(added))


def _for_each_name(words: Sequence[Word], mentions: Sequence[Mention], lexicon: Lexicon) -> list[str]:
    """Where several drugs or trials are named, the question about each of them alone; its own drugs go with a trial."""
    named = [m for m in mentions if any(n.kind in (Kind.DRUG, Kind.TRIAL) for n in m.names)]
    drugs = {m.names: {n.canonical for n in m.names if n.kind is Kind.DRUG} for m in named}
    tried = {m.names: {drug for n in m.names if n.kind is Kind.TRIAL for drug in n.drugs} for m in named}
    in_trials = set().union(*tried.values())
    apart = [m for m in named if not drugs[m.names] or not drugs[m.names] <= in_trials]
    if len({m.names for m in apart}) < 2:
        return []
    queries = []
    for kept in apart[:MOST_NAMES]:
        own = {kept.names, *(names for names, own in drugs.items() if own and own <= tried[kept.names])}
        others = {place for m in named if m.names not in own for place in range(m.start, m.end)}
        # what is left out shifts what follows, so the mentions are found anew by position
        left = [place for place in range(len(words)) if place not in others]
        moved = [
            replace(m, start=left.index(m.start), end=left.index(m.end - 1) + 1) for m in mentions if m.start in left
        ]
        queries.append(_spelt_out([words[place] for place in left], moved, lexicon))
    return list(dict.fromkeys(queries))


def _asking(words: Sequence[Word], mentions: Sequence[Mention], carried: int, lexicon: Lexicon) -> str:
    """The question behind what it leans on, its first `carried` words, each with names as the documents write them."""
    before = [mention for mention in mentions if mention.end <= carried]
    own = [replace(m, start=m.start - carried, end=m.end - carried) for m in mentions if m.start >= carried]
    earlier = [_spelt_out(words[:carried], before, lexicon)] if carried else []
    return conversation(_spelt_out(words[carried:], own, lexicon), earlier)


def _spelt_out(words: Sequence[Word], mentions: Sequence[Mention], lexicon: Lexicon) -> str:
    """The question with drugs under the names that the documents use most and shorthand spelt out."""
    starts = {mention.start: mention for mention in mentions}
    spelt: list[str] = []
    position = 0
    while position < len(words):
        mention = starts.get(position)
        name = mention and next((n for n in mention.names if n.kind in (Kind.DRUG, Kind.SHORTHAND)), None)
        spelt.append(lexicon.told(name) if name else mention.surface if mention else words[position].text)
        position = mention.end if mention else position + 1
    return " ".join(spelt)


def _is_unknown_name(concept: Concept, lexicon: Lexicon) -> bool:
    """A word that occurs in no source and looks like a name: of a drug by its ending, or of a trial by its capitals."""
    word = concept.surface
    if concept.names or not lexicon.is_strange(concept):
        return False
    shouted = len(word) >= SHORT and word.isupper() and not lexicon.is_spelt_right(word)
    return shouted or bool(INVENTED.search(word)) or word.lower() in other_medicines()


def _told_before(unknown: Sequence[Concept], concepts: Sequence[Concept]) -> bool:
    """Whether unknown names stand in earlier turns alone, beside something known that the question may be about.

    "What is tested before siponimod?", "I take bisoprolol", "and if I miss a dose?" asks nothing of bisoprolol.
    """
    subjects = {Kind.DRUG, Kind.TRIAL, Kind.CLASS}
    known = any(name.kind in subjects for concept in concepts for name in concept.names)
    return known and all(concept.carried for concept in unknown)


def _listed_beside_known(text: str, words: list[Word], glossary: Glossary, lexicon: Lexicon) -> tuple[str, ...]:
    """The unknown of listed abbreviations where another one is held by the sources and no drug or trial: of tests."""
    by_surface = {concept.surface: concept for concept in _concepts(words, mentions_in(words, glossary), 0)}
    found: list[str] = []
    for listed in LISTED.findall(text):
        named = [by_surface[word] for word in re.findall(r"[A-Z][A-Z0-9]+", listed) if word in by_surface]
        tests = [c for c in named if not any(n.kind in (Kind.DRUG, Kind.TRIAL) for n in c.names)]
        if any(lexicon.holds(c) for c in tests):
            found += [c.surface for c in tests if _is_unknown_name(c, lexicon)]
    return tuple(dict.fromkeys(found))


def _told_beside(text: str, glossary: Glossary) -> str:
    """What is told beside the sentences that ask, where these name what they are about: nothing is asked of its names.

    "I take bisoprolol. Does it slow PPMS?" leans on what was told; "... Does fingolimod slow PPMS?" does not.
    """
    told, asking = (" ".join(part) for part in _told_and_asked(text))
    names = [name for mention in mentions_in(words_of(asking), glossary) for name in mention.names]
    stands = any(name.kind in (Kind.DRUG, Kind.CLASS, Kind.TRIAL) for name in names)
    return told if asking and (stands or not LEANS_ON_EARLIER.search(asking)) else ""


def _told_and_asked(text: str) -> tuple[list[str], list[str]]:
    sentences = SENTENCE.split(text)
    return [one for one in sentences if not one.endswith("?")], [one for one in sentences if one.endswith("?")]
