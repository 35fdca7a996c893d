"""Questions for the whole picture ("what treatments are there for SPMS?"): who decided what, drug by drug."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

from ingest.catalog import StoredChunk
from ingest.document import Chunk, Source, Span
from ingest.embed import Vectors
from qa.answer import Citation, Statement, Support
from qa.evidence import EDITORIAL_SECTION
from qa.glossary import Glossary, Kind, words_of
from qa.lexicon import Concept
from qa.passage import stems_in
from qa.understand import Understanding

THINGS = r"(?:drugs?|treatments?|medicines?|medications?|meds|tablets?|therap(?:y|ies)|options?|dmts?)"
ASKS_OVERVIEW = re.compile(
    rf"\b(?:best|most effective|top|strongest|right|recommended|first[- ]line)\b.{{0,25}}\b{THINGS}\b|"
    rf"\b(?:what|which|any|all|list|are there)\b.{{0,30}}\b{THINGS}\b.{{0,25}}"
    r"\b(?:there|exist|available|approved|licensed|work|works|used|for|slows?|helps?)\b|"
    r"\b(?:treatment|drug|therapy|medicine) options\b|"
    r"\bhow (?:is|are|can|do you|to) .{0,30}\b(?:treated|treat|be treated)\b|"
    rf"\b(?:is|are) there\b.{{0,30}}\b(?:{THINGS}|anything|something|nothing|cure|hope)\b|"
    r"\bcan\b.{0,40}\bbe (?:treated|slowed|stopped|halted|helped)\b|\bwhat (?:can|could) (?:be done|help|slow|stop)\b|"
    r"\bwhat (?:slows|stops|halts|delays)\b|"
    r"\bwhat(?:['’]?s| is| are)? (?:there|available|out there|on offer)\b.{0,20}\bfor (?:people|someone|patients|"
    r"me|us|him|her|them|this|that|these|those|my|ppms|spms|progressive|primary|secondary)\b",
    re.IGNORECASE,
)
# "I was told there is nothing for me. Is that still true?"
THOUGHT_NONE = re.compile(
    r"\bthere(?:['’]s| is| was| are| were) nothing(?: (?:else|left|at all))*"
    r"(?: for (?:me|us|him|her|them|(?:people|someone) like (?:me|us|him|her)|ppms|spms))?[.?!]\s+"
    r"(?:is|was) (?:that|this|it)\b[^?]{0,20}"
    r"\b(?:true|right|so|correct|the case)\b",
    re.IGNORECASE,
)
# Words that ask for treatment in general or say what MS does. Any other word asks for something narrower.
GENERAL = """best effective effectively top strongest right recommended drug drugs treatment treatments treat treated
    treating medicine medicines medication meds tablet tablets pill pills therapy therapies option options dmt dmts
    disease modifying exist exists existing available approved licensed licence used usual slow slows slowing slowed
    stop stops stopping halt halted delay delays cure cured hope done help helps helped helping down change modify
    progress progresses progressing progression progressive worsening worse disability primary secondary multiple
    sclerosis ms new newest latest current currently today nowadays now adult adults patient patients people person
    like officially mean husband wife mum mother dad father brother sister son daughter proven list overview all form
    forms type types kind different main common standard choice choices moment world uk us eu usa europe america
    england britain far yet exactly right least possible nothing anything something please exact indication indications
    wording show name kindly"""
FIRST_LINE = re.compile(r"\bfirst[- ]line\b", re.IGNORECASE)
AGAINST_PROGRESSION = re.compile(
    r"\b(?:slow|stop|halt|delay|progress|worsen|cure|disease|there for (?:people|someone) like)", re.IGNORECASE
)
FORMS = ("PPMS", "SPMS")
SPECIFIC = {"PPMS", "SPMS", "non-relapsing SPMS"}
RELAPSING = {"relapsing MS", "RRMS"}
POSITIVE = {"approved", "recommended"}
DENIED = re.compile(r"\b(?:not|without|except)\b[^;,.]*", re.IGNORECASE)
NEGATED = re.compile(r"\b(?:not|nor|never|no)\b", re.IGNORECASE)
DECIDES = {"approv", "authoris", "licens", "licenc", "indic", "recommend"}
MOST = 6  # decisions shown
MOST_TRIALS = 3  # of their drugs
OTHERS_SHOWN = 1
OTHERS = "Further evidence:"
TRIALS = "What trials of these drugs found:"
TRIAL = "randomized trial"  # a source's kind
BOTTOM_LINE = "Bottom line"
DECISIONS = "Decisions"
GROUP = "Decisions of regulators and appraisal bodies on drugs (no single best drug follows from them):"
MORE = GROUP.removesuffix("):") + "; {} of {} are shown):"
MOST_IN_SEVERAL_REGIONS = 8
PARTS_OF = {
    **dict.fromkeys(("England", "Scotland", "Wales", "Northern Ireland"), "UK"),
    **dict.fromkeys(("Belgium", "Denmark", "France", "Germany", "Hungary", "Ireland", "Italy"), "EU"),
    **dict.fromkeys(("Netherlands", "Poland", "Spain", "Sweden"), "EU"),
}
Rank = tuple[bool, int]  # whether it is about relapsing MS in the first place, minus the year
Decision = tuple[Rank, Source, Mapping[str, Any]]


def asks_overview(asked: Understanding) -> bool:
    """Whether the question is for treatments in general: none is named, and nothing narrower (a symptom) is asked.

    In a message of several sentences the last one asks; those before it, and turns before, may only say whom it is
    about: "is there anything that treats it?" after choking is narrower.
    """
    if not asked.named(Kind.PHENOTYPE) or any(asked.named(kind) for kind in (Kind.DRUG, Kind.TRIAL, Kind.CLASS)):
        return False
    if THOUGHT_NONE.search(asked.question):
        return True
    *before, last = re.split(r"(?<=[.!?])\s+", asked.question)
    leans = any(concept.carried and _is_narrower(concept) for concept in asked.concepts)
    if (before or leans) and not AGAINST_PROGRESSION.search(last):
        return False
    return bool(ASKS_OVERVIEW.search(last)) and _is_general(FIRST_LINE.sub("", last), asked)


@cache
def _general() -> frozenset[str]:
    return stems_in(GENERAL)


def _is_general(sentence: str, asked: Understanding) -> bool:
    words = {word.key for word in words_of(sentence)}
    said = (c for c in asked.concepts if {word.key for word in words_of(c.surface)} <= words)
    return not any(_is_narrower(concept) for concept in said)


def _is_narrower(concept: Concept) -> bool:
    if {name.kind for name in concept.names} & {Kind.PHENOTYPE, Kind.REGION}:
        return False
    return not any(alternative <= _general() for alternative in concept.alternatives)


def decisions(
    asked: Understanding,
    sources: Sequence[Source],
    chunks_of: Callable[[str], Sequence[StoredChunk]],
    encode: Callable[[str], Vectors],
    glossary: Glossary,
) -> list[Statement]:
    """One statement for each drug that a regulator or appraisal body approved or recommends for the form asked about.

    Of the region asked about, where any did there.

    The most specific decisions come first; those that reach the form only within relapsing MS come last, first the
    drugs of which a trial in that form succeeded, then others that were tried in it. Then what trials of the first of
    these drugs found.
    """
    wanted, regions = forms_asked(asked), _regions(asked)
    found = _positive(sources, wanted, regions, glossary) or _positive(sources, wanted, set(), glossary)
    tests = {
        drug: [s for s in sources if s.kind == TRIAL and drug in s.drugs and wanted & set(s.phenotypes)]
        for drug, _ in found
    }
    ordered = sorted(found.items(), key=lambda item: (item[1][0][0], _untried(tests[item[0][0]]), item[1][0][1]))
    decided = (
        _nearest([source], chunks_of, _claim(drug, status), encode, _decides, GROUP)
        for (drug, _), (_, source, status) in ordered
    )
    tried = (
        _nearest(tests[drug], chunks_of, _effect(drug, wanted), encode, _is_bottom_line, TRIALS)
        for drug in dict.fromkeys(drug for (drug, _), _ in ordered)
    )
    # each is looked for only until there are enough: every drug costs an encoding
    most = MOST_IN_SEVERAL_REGIONS if len(regions) > 1 else MOST
    shown = list(islice(filter(None, decided), most))
    if len(ordered) > len(shown) == most:
        shown = [replace(one, group=MORE.format(len(shown), len(ordered))) for one in shown]
    return [*shown, *islice(filter(None, tried), MOST_TRIALS)]


def _positive(
    sources: Sequence[Source], wanted: set[str], regions: set[str], glossary: Glossary
) -> dict[tuple[str, str], Decision]:
    """The most specific and newest decision for each drug; in each of several regions asked about (any for none)."""
    found: dict[tuple[str, str], Decision] = {}
    for source in sources:
        for status in source.status:
            forms, region = _forms_of(str(status["population"]), glossary), str(status["region"])
            if status["decision"] not in POSITIVE or not wanted & forms or not source.drugs or source.superseded_by:
                continue
            if regions and region not in regions:
                continue
            rank = (not forms & SPECIFIC and bool(forms & RELAPSING), -int(str(status["date"] or source.as_of)[:4]))
            of = (source.drugs[0], region if len(regions) > 1 else "")
            if of not in found or rank < found[of][0]:
                found[of] = (rank, source, status)
    return found


def _untried(tests: Sequence[Source]) -> int:
    """0 where one of the trials met a primary outcome, 1 where none did, 2 where there are none."""
    met = any(outcome.get("met") for source in tests for outcome in map(dict, source.outcomes))
    return 0 if met else 1 if tests else 2


def _regions(asked: Understanding) -> set[str]:
    return {PARTS_OF.get(name.canonical, name.canonical) for name in asked.named(Kind.REGION)}


def _claim(drug: str, status: Mapping[str, Any]) -> str:
    return f"{drug} is {status['decision']} in the {status['region']} for {status['population']}"


def _effect(drug: str, forms: set[str]) -> str:
    return f"{drug} slowed the worsening of disability in people with {' or '.join(sorted(forms))}"


def with_overview(statements: Sequence[Statement], decided: Sequence[Statement]) -> list[Statement]:
    """The decisions with their trials, then the best of the other statements under a heading of their own.

    A list of trials (see `qa.tried`) is told alone.
    """
    if decided and not decided[0].group.startswith(DECISIONS):
        return list(decided)
    said = {statement.text for statement in decided}
    others = [replace(s, group=OTHERS) for s in statements if s.text not in said and not s.editorial]
    return [*decided, *others[:OTHERS_SHOWN]] if decided else list(statements)


def forms_asked(asked: Understanding) -> set[str]:
    """The forms of MS that a question is about, both progressive ones where it names none, with their subgroups."""
    named = {name.canonical for name in asked.named(Kind.PHENOTYPE)} - {"MS", "progressive MS"}
    forms = named or set(FORMS)
    return forms | {"active SPMS", "non-relapsing SPMS"} if "SPMS" in forms else forms


def _forms_of(population: str, glossary: Glossary) -> set[str]:
    """The forms of MS that a decision covers; "not PPMS" does not count."""
    mentions = glossary.find(words_of(DENIED.sub("", population)))
    forms = {name.canonical for mention in mentions for name in mention.names if name.kind is Kind.PHENOTYPE}
    if "secondary progressive" in population and "without relapses" in population:
        forms.add("non-relapsing SPMS")
    return forms


def _decides(section: str, sentence: str) -> bool:
    decides = any(stem.startswith(tuple(DECIDES)) for stem in stems_in(sentence))
    return decides and section != EDITORIAL_SECTION and not NEGATED.search(sentence)


def _is_bottom_line(section: str, _sentence: str) -> bool:
    return section == BOTTOM_LINE


def _nearest(
    sources: Sequence[Source],
    chunks_of: Callable[[str], Sequence[StoredChunk]],
    claim: str,
    encode: Callable[[str], Vectors],
    admits: Callable[[str, str], bool],
    group: str,
) -> Statement | None:
    """The admitted sentence of some sources that comes nearest to a claim, as a statement of a group.

    By its cosine and by the share of the claim's words that it holds.
    """
    vector, stems = encode(claim), stems_in(claim)
    best: tuple[float, Statement] | None = None
    for source in sources:
        for stored in chunks_of(source.key):
            chunk = stored.chunk
            for span, similarity in zip(chunk.sentences, (stored.vectors @ vector).tolist(), strict=True):
                quote = chunk.text[span.start - chunk.span.start : span.end - chunk.span.start]
                similarity += len(stems & stems_in(quote)) / len(stems)
                if admits(chunk.section, quote) and (best is None or similarity > best[0]):
                    best = (similarity, quoted(source, chunk, span, group))
    return best[1] if best else None


def quoted(source: Source, chunk: Chunk, span: Span, group: str) -> Statement:
    """One sentence of a source as a statement of a group, not yet verified."""
    quote = chunk.text[span.start - chunk.span.start : span.end - chunk.span.start]
    citation = Citation(source.number, source, quote, span.start, span.end, chunk.section)
    return Statement(" ".join(quote.split()), (citation,), Support.UNSUPPORTED, group=group)
