"""Questions for what was tried ("which drugs have failed in PPMS trials?"): trial by trial, by how each ended."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import islice

from ingest.catalog import StoredChunk
from ingest.document import Source
from qa.answer import Statement
from qa.glossary import Kind
from qa.lexicon import Concept
from qa.overview import BOTTOM_LINE, forms_asked, quoted
from qa.passage import stems_in
from qa.understand import Understanding

THINGS = r"(?:drugs?|trials?|studies|treatments?|medicines?|medications?|dmts?|(?:everything|anything|all) that)"
FAILED = (
    r"(?:fail\w*|flop\w*|negative|unsuccessful|(?:without|no) success|miss(?:ed|ing)?|"
    r"did ?n['’]?t work|did not work)"
)
WORKED = r"(?:succe(?!ss\b)\w*|successful|worked|positive|met)"
TRIED = r"(?:(?:been|were) (?:tried|tested|trialled|studied)|tested|tried)"
ASKS_TRIED = re.compile(
    rf"\b(?:which|what|list|all|any|every|most)\b.{{0,60}}\b{THINGS}\b.{{0,60}}\b(?:{FAILED}|{WORKED}|{TRIED})\b|"
    rf"\bwhat(?:['’]s| has| have)? .{{0,20}}\b{TRIED}\b|"
    rf"\b(?:{FAILED}|{WORKED})\b.{{0,30}}\b{THINGS}\b",
    re.IGNORECASE,
)
ASKS_FAILED = re.compile(rf"\b{FAILED}\b", re.IGNORECASE)
ASKS_WORKED = re.compile(rf"\b{WORKED}\b", re.IGNORECASE)
# Words that ask how trials ended. Any other asks for something narrower.
OF_TRIALS = """drug drugs trial trials study studies treatment treatments treat treating medicine medicines medication
    medications dmt dmts disease modifying tried tested trialled studied fail failed fails failing failure failures flop
    flopped negative unsuccessful success succeed succeeded successful worked working work works positive met miss
    missed primary secondary progressive multiple sclerosis ms endpoint endpoints outcome outcomes goal goals main
    result results list whole full all every everything most phase randomised randomized controlled placebo large big
    far yet ever already ii iii year years say name names adult adults people patients relapsing slow slowed slowing
    progression disability disease first new newest recent recently show showed shown turned please kindly nothing"""
PROGRESSIVE = {"PPMS", "SPMS", "active SPMS", "non-relapsing SPMS"}
MET, MISSED = "Trials that met their main goal", "Trials that did not meet their main goal"
MOST, MOST_OF_BOTH = 8, 5  # trials shown: where one way to end is asked about, of each where both are
PHASE = re.compile(r"\bphases? (iii|ii|i|[1-3])[ab]?(?:/(iii|ii|[23]))?\b", re.IGNORECASE)
ROMAN = {"i": "1", "ii": "2", "iii": "3"}
SET_UP = "Who and how"
KINDS = {"randomized trial", "press release"}  # of sources that tell how a trial ended
ChunksOf = Callable[[str], Sequence[StoredChunk]]


def asks_tried(asked: Understanding) -> bool:
    """Whether it is asked how the trials in a form of MS ended, of no drug and in nothing narrower (a symptom)."""
    if not _progressive(asked) or any(asked.named(kind) for kind in (Kind.DRUG, Kind.TRIAL, Kind.CLASS)):
        return False
    return bool(ASKS_TRIED.search(asked.question)) and not any(map(_is_narrower, asked.concepts))


def _progressive(asked: Understanding) -> set[str]:
    """The progressive forms asked about; empty where no form is named or only others are."""
    return forms_asked(asked) & PROGRESSIVE if asked.named(Kind.PHENOTYPE) else set()


def _is_narrower(concept: Concept) -> bool:
    if any(name.kind in (Kind.PHENOTYPE, Kind.REGION) for name in concept.names):
        return False
    return not any(alternative <= _of_trials() for alternative in concept.alternatives)


@cache
def _of_trials() -> frozenset[str]:
    return stems_in(OF_TRIALS)


def tried(asked: Understanding, sources: Sequence[Source], chunks_of: ChunksOf) -> list[Statement]:
    """What each trial of a drug in the form asked about found, those that met a primary outcome first.

    Of each kind those in this form alone come before others, newer before older.
    """
    wanted = _progressive(asked)
    failed, worked = (bool(asks.search(asked.question)) for asks in (ASKS_FAILED, ASKS_WORKED))
    ended: Mapping[bool, list[Source]] = {
        met: [s for s in sources if s.kind in KINDS and s.drugs and wanted & set(s.phenotypes) and _met(s) is met]
        for met in (True, False)
        if failed == worked or met is worked
    }
    of_phase = ""
    if phase := PHASE.search(asked.question):
        number = ROMAN.get(phase[1].lower(), phase[1])
        ended = {met: [s for s in own if number in _phases(s, chunks_of)] for met, own in ended.items()}
        of_phase = f", of phase {number} or where none is told"
    shown: list[Statement] = []
    for met, trials in ended.items():
        ordered = sorted(trials, key=lambda source: (not set(source.phenotypes) <= wanted, -source.year))
        most = MOST_OF_BOTH if len(ended) > 1 else MOST
        share = f"all {len(ordered)}" if len(ordered) <= most else f"{most} of the {len(ordered)}"
        group = f"{MET if met else MISSED} ({share} in these sources{of_phase}):"
        shown += islice(filter(None, (_main_result(source, chunks_of, group) for source in ordered)), most)
    return shown


def _met(source: Source) -> bool | None:
    """Whether a primary outcome was met; None where none is known to have been met or missed."""
    ended = [bool(entry["met"]) for entry in map(dict, source.outcomes) if entry.get("met") is not None]
    return any(ended) if ended else None


def _phases(source: Source, chunks_of: ChunksOf) -> set[str]:
    """The phases that a trial was of by its title, else by what is said of its set-up; all where nothing is said."""
    chunks = (stored.chunk for stored in chunks_of(source.key))
    for text in (source.title, *(chunk.text for chunk in chunks if chunk.section == SET_UP)):
        if found := PHASE.search(text):
            return {ROMAN.get(phase.lower(), phase) for phase in found.groups() if phase}
    return set(ROMAN.values())


def _main_result(source: Source, chunks_of: ChunksOf, group: str) -> Statement | None:
    """What a document says first under its bottom line."""
    chunks = (stored.chunk for stored in chunks_of(source.key) if stored.chunk.section == BOTTOM_LINE)
    return next((quoted(source, chunk, span, group) for chunk in chunks for span in chunk.sentences), None)
