"""A question to what is searched for: names resolved, misspellings read, earlier turns joined in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise, zip_longest

from ingest.conversation import TURN, conversation
from ingest.sparse import tokenize
from qa.answer import Turn
from qa.errors import QuestionError
from qa.follow_up import FUNCTION_WORDS, in_full, mentions_in
from qa.glossary import TOKEN, Glossary, Kind, Mention, Name, Word, words_of
from qa.lexicon import Concept, Lexicon
from qa.settings import LONGEST_QUESTION
from qa.spelling import TYPED_SHORT, other_medicines
from qa.unheard import asks_for_others, told_beside, tried_already, unknown_names
from qa.wants import Want, wants

MOST_NAMES = 4  # drugs or trials of one question that are searched for one by one
BRANDS = 2  # brand names that are searched beside a drug's generic name
IN_THE_US = re.compile(r"(?:(?<=\bin )|(?<=\band )|(?<=\bor )|(?<=\bvs )|(?<=\bversus ))the us\b(?! all)")
# "Is it different for me since I was on Tysabri for years?"
TAKEN_BEFORE = re.compile(
    r"\b(?:since|because|as|after|but|though|when|and) (?:i|he|she|we|they|my \w+)(?:['’]ve)? "
    r"(?:was|were|have been|has been|had been|been|used to (?:be|take)|came off|took) (?:on )?((?:\w+ )?\w+)"
)
DRUG = "treatment"  # what is searched for in the place of one that was tried
GAP = "qqq"  # no word of any question
LATTER = 4  # letters of the second part of a name that is written as two words
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
    """Unknown names that are only told, or listed beside one that the sources hold: nothing is searched for them."""

    @property
    def before(self) -> str:
        """What a follow-up leans on; empty for a question that stands by itself."""
        return self.asking.rpartition(TURN)[0]

    @property
    def nameless(self) -> str:
        """The question spelt right, with a gap for each drug or trial: which of its names was typed says nothing."""
        text = _mended(self.question, self.repairs)
        for concept in self.concepts:
            if any(name.kind in (Kind.DRUG, Kind.TRIAL) for name in concept.names):
                words = r"\W+".join(map(re.escape, concept.surface.split()))
                text = re.sub(rf"\b{words}\b", GAP, text, flags=re.IGNORECASE)
        return text

    @property
    def subjects(self) -> tuple[Concept, ...]:
        """The concepts without drugs and trials that are only told beside a question on others: "I was on Tysabri"."""
        named = [c for c in self.concepts if any(name.kind in (Kind.DRUG, Kind.TRIAL) for name in c.names)]
        before = " ".join(TAKEN_BEFORE.findall(self.question.lower()))
        told = [c for c in named if c.surface.lower() in before or (c.carried and not self.before)]
        return tuple(c for c in self.concepts if c not in told) if len(told) < len(named) else self.concepts

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
    asked = IN_THE_US.sub("the US", _not_shouted(check_question(question), glossary))
    earlier, text = in_full(asked, history, glossary, leans=leans)
    words, repairs = _repaired(words_of(f"{earlier} {text}"), glossary, lexicon)
    before = _number_read(words_of(earlier), repairs)
    read = _concepts(words, mentions_in(words, glossary), before)
    unknown, unheard = unknown_names(_mended(text, repairs), read, glossary, lexicon)
    carried = sum(word.text not in unheard for word in words[:before])
    tried = tried_already(text, earlier, glossary)
    words = [Word(DRUG) if word.text in tried else word for word in words if word.text not in unheard]
    mentions = mentions_in(words, glossary)
    concepts = _of_what_is_asked(_concepts(words, mentions, carried), _mended(text, repairs), glossary, lexicon)
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


def _mended(text: str, repairs: Sequence[tuple[str, str]]) -> str:
    return reduce(lambda said, repair: said.replace(*repair), repairs, text)


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
    for word, after in zip_longest(words, words[1:]):
        if repairs and found and found[-1].text == repairs[-1][1] and repairs[-1][0].endswith(f" {word.text}"):
            continue  # the second part of a name that is written as two words
        if word.text.endswith("s") and word.text[:-1].isupper() and glossary.knows(word.text[:-1].lower()):
            found.append(Word(word.text[:-1]))  # an abbreviation in the plural
            continue
        typed = Word(TYPED_SHORT.get(word.text, word.text))
        known = typed.key in FUNCTION_WORDS or glossary.knows(typed.key)
        whole = _joined(typed, after, glossary, lexicon) if after else None
        reading = whole or (None if known else _reading(typed, glossary, lexicon, first=not found))
        found.append(Word(reading) if reading else typed)
        if reading:
            repairs.append((f"{word.text} {after.text}" if whole and after else word.text, reading))
    return found, repairs


def _number_read(words: Sequence[Word], repairs: Sequence[tuple[str, str]]) -> int:
    """How many of some words are left where names that are written as two words are read as one."""
    joined = {typed for typed, _ in repairs if " " in typed}
    return len(words) - sum(f"{one.text} {other.text}" in joined for one, other in pairwise(words))


def _joined(word: Word, after: Word, glossary: Glossary, lexicon: Lexicon) -> str | None:
    """The drug or trial that a word and the next one are together: "lem trada"; None where the next one is a word."""
    if not (word.text + after.text).isalpha() or len(after.text) < LATTER or word.key in FUNCTION_WORDS:
        return None
    whole = any(mention.end - mention.start == 2 for mention in glossary.find([word, after]))
    return None if whole or lexicon.is_common(after.key) else glossary.joined(word.text, after.text)


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
        known = lexicon.nearest(word.key, by_sound=word.text.islower())
    return known or glossary.repair(word.text) or glossary.repair_sound(word.text)


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


def _of_what_is_asked(concepts: Sequence[Concept], text: str, glossary: Glossary, lexicon: Lexicon) -> list[Concept]:
    """The concepts, as carried those of what is told beside a question that names the drug or trial it is about.

    Beside a question for something other only those that no source holds: "senna, prunes. What next?"
    """
    others = asks_for_others(text)
    told, named = told_beside(text, glossary, others=others)
    words = {word.key for word in words_of(told)} if named or others else set()
    if not words:
        return list(concepts)

    def beside(concept: Concept) -> bool:
        is_told = {word.key for word in words_of(concept.surface)} <= words
        return is_told and (named or not lexicon.holds(concept))

    return [replace(concept, carried=concept.carried or beside(concept)) for concept in concepts]


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
