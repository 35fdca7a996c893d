"""Questions for the whole picture ("what treatments are there for SPMS?"): who decided what, drug by drug."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ingest.catalog import StoredChunk
from ingest.document import Source
from ingest.embed import Vectors
from qa.answer import Citation, Statement, Support
from qa.evidence import EDITORIAL_SECTION
from qa.glossary import Glossary, Kind, words_of
from qa.passage import stems_in
from qa.understand import Understanding

THINGS = r"(?:drugs?|treatments?|medicines?|medications?|therap(?:y|ies)|options?|dmts?)"
ASKS_OVERVIEW = re.compile(
    rf"\b(?:best|most effective|top|strongest|right|recommended|first[- ]line)\b.{{0,25}}\b{THINGS}\b|"
    rf"\b(?:what|which|any|all|list|are there)\b.{{0,30}}\b{THINGS}\b.{{0,25}}"
    r"\b(?:there|exist|available|approved|licensed|work|works|used|for|slow|help)\b|"
    r"\b(?:treatment|drug|therapy|medicine) options\b|"
    r"\bhow (?:is|are|can|do you|to) .{0,30}\b(?:treated|treat|be treated)\b",
    re.IGNORECASE,
)
FORMS = ("PPMS", "SPMS")
SPECIFIC = {"PPMS", "SPMS", "non-relapsing SPMS"}
RELAPSING = {"relapsing MS", "RRMS"}
POSITIVE = {"approved", "recommended"}
DENIED = re.compile(r"\b(?:not|without|except)\b[^;,.]*", re.IGNORECASE)
NEGATED = re.compile(r"\b(?:not|nor|never|no)\b", re.IGNORECASE)
DECIDES = {"approv", "authoris", "licens", "licenc", "indic", "recommend"}
MOST = 6  # decisions shown
OTHERS_SHOWN = 2
OTHERS = "Further evidence:"
GROUP = "Decisions of regulators and appraisal bodies on drugs (no single best drug follows from them):"
Rank = tuple[bool, int]  # whether it is about relapsing MS in the first place, minus the year


def asks_overview(asked: Understanding) -> bool:
    """Whether the question is for treatments in general: none is named, and no symptom stands in its place."""
    named = any(asked.named(kind) for kind in (Kind.DRUG, Kind.TRIAL, Kind.CLASS))
    about_ms = bool(asked.named(Kind.PHENOTYPE))
    return bool(ASKS_OVERVIEW.search(asked.question)) and about_ms and not named


def decisions(
    asked: Understanding,
    sources: Sequence[Source],
    chunks_of: Callable[[str], Sequence[StoredChunk]],
    encode: Callable[[str], Vectors],
    glossary: Glossary,
) -> list[Statement]:
    """One statement for each drug that a regulator or appraisal body approved or recommends for the form asked about.

    The most specific decisions come first; those that reach the form only within relapsing MS come last.
    """
    wanted = _forms(asked)
    found: dict[str, tuple[Rank, Source, Mapping[str, Any]]] = {}
    for source in sources:
        for status in source.status:
            forms = _forms_of(str(status["population"]), glossary)
            if status["decision"] not in POSITIVE or not wanted & forms or not source.drugs or source.superseded_by:
                continue
            rank = (not forms & SPECIFIC and bool(forms & RELAPSING), -int(str(status["date"] or source.as_of)[:4]))
            known = found.get(source.drugs[0])
            if known is None or rank < known[0]:
                found[source.drugs[0]] = (rank, source, status)
    ordered = sorted(found.items(), key=lambda item: item[1][0])
    shown = [_statement(drug, source, status, chunks_of(source.key), encode) for drug, (_, source, status) in ordered]
    return [statement for statement in shown if statement][:MOST]


def with_overview(statements: Sequence[Statement], decided: Sequence[Statement]) -> list[Statement]:
    """The decisions, then the best of the other statements under a heading of their own."""
    said = {statement.text for statement in decided}
    others = [replace(s, group=OTHERS) for s in statements if s.text not in said and not s.editorial]
    return [*decided, *others[:OTHERS_SHOWN]] if decided else list(statements)


def _forms(asked: Understanding) -> set[str]:
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


def _statement(
    drug: str,
    source: Source,
    status: Mapping[str, Any],
    chunks: Sequence[StoredChunk],
    encode: Callable[[str], Vectors],
) -> Statement | None:
    """The sentence of a source that comes nearest to stating one of its decisions."""
    vector = encode(f"{drug} is {status['decision']} in the {status['region']} for {status['population']}")
    best: tuple[float, Statement] | None = None
    for stored in chunks:
        chunk = stored.chunk
        if chunk.section == EDITORIAL_SECTION:
            continue
        for span, similarity in zip(chunk.sentences, stored.vectors @ vector, strict=True):
            quote = chunk.text[span.start - chunk.span.start : span.end - chunk.span.start]
            decides = any(stem.startswith(tuple(DECIDES)) for stem in stems_in(quote)) and not NEGATED.search(quote)
            if decides and (best is None or similarity > best[0]):
                citation = Citation(source.number, source, quote, span.start, span.end, chunk.section)
                text = " ".join(quote.split())
                best = (float(similarity), Statement(text, (citation,), Support.UNSUPPORTED, group=GROUP))
    return best[1] if best else None
