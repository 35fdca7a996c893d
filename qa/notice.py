"""What a reader should know beside the statements: how the question was read, whom and when the sources concern."""

import re
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.document import Source
from qa.abstain import DOUBT, MESSAGES, in_doubt
from qa.answer import Abstention, Answer, Mode, Statement
from qa.beyond import other_illnesses
from qa.events import Event, StatementEvent
from qa.filters import WIDER
from qa.follow_up import FUNCTION_WORDS
from qa.glossary import Kind
from qa.groups import untold_groups
from qa.passage import stems_in
from qa.understand import Understanding
from qa.wants import Want

COMPARES = re.compile(
    r"\b(?:v|vs|versus|compar\w*|better|worse|best|stronger|safer|milder|differen\w*|as \w+ as)\b",
    re.IGNORECASE,
)

SETS_APART = re.compile(
    r"\b(?:than|versus|vs|compar\w*|(?:non-?inferior|superior)\w*|similar\w*|differ\w*|equal\w*|alike)\b", re.IGNORECASE
)

if TYPE_CHECKING:
    from qa.generate import Draft


def notices(asked: Understanding, statements: Sequence[Statement]) -> list[str]:
    """Short sentences of ours, none of them a claim about treatment."""
    sources = list(dict.fromkeys(citation.source for s in statements for citation in s.citations))
    read_as = [(typed, read) for typed, read in asked.repairs if read.lower() not in {typed.lower(), *FUNCTION_WORDS}]
    found = [f"“{typed}” was read as {read}." for typed, read in read_as]
    missing = list(dict.fromkeys([*_unquoted(asked, statements), *asked.unheard, *_illnesses(asked, statements)]))
    about = [f"Nothing quoted here mentions {' or '.join(missing)}."] if missing else []
    about += [*_untold(asked, statements), *_compared(asked, statements)]
    return [*found, *_other_forms(asked, sources), *about, *_dates(asked, sources)]


def _beside_the_question(asked: Understanding, statements: Sequence[Statement]) -> bool:
    """Whether nothing quoted is about a drug, a trial, an illness or a group of people that the question is about."""
    return any(missing(asked, statements) for missing in (_unquoted, _illnesses, _untold))


def _other_forms(asked: Understanding, sources: Sequence[Source]) -> list[str]:
    """A warning where no cited source concerns the form of MS that was asked about."""
    forms, concerned = _forms(asked), _concerned(asked, sources)
    if not concerned:
        return []
    return [f"These sources do not concern {' or '.join(forms)}; they concern {', '.join(concerned)}."]


def _forms(asked: Understanding) -> list[str]:
    return list(dict.fromkeys(name.canonical for name in asked.named(Kind.PHENOTYPE) if name.canonical != "MS"))


def _concerned(asked: Understanding, sources: Sequence[Source]) -> list[str]:
    """The forms of MS that sources concern, where none of these is one that was asked about; else nothing."""
    forms = _forms(asked)
    fitting = {"MS", *forms}.union(*(WIDER.get(form, set()) for form in forms))
    concerned = list(dict.fromkeys(form for source in sources for form in source.phenotypes))
    return [] if not forms or fitting & set(concerned) else concerned


def _unquoted(asked: Understanding, statements: Sequence[Statement]) -> list[str]:
    """The drugs and trials of the question that nothing quoted names: silence would mislead."""
    held, cited = _held(statements), {c.source.key for statement in statements for c in statement.citations}
    # "Is it different since I was on Tysabri?" is about what the turn before named
    own = asked.subjects if len(asked.subjects) < len(asked.concepts) else [c for c in asked.concepts if not c.carried]
    named = [concept for concept in own if any(name.kind in (Kind.DRUG, Kind.TRIAL) for name in concept.names)]
    # a trial's own document need not write its number in a registry
    unquoted = [concept for concept in named if not cited & {name.source for name in concept.names}]
    return [concept.surface for concept in unquoted if not concept.within(held)]


def _illnesses(asked: Understanding, statements: Sequence[Statement]) -> list[str]:
    """The illnesses beside MS, of the question or of what it leans on, that nothing quoted names."""
    held = _held(statements)
    named = other_illnesses(f"{asked.before} {asked.question}")
    return list({i.lower(): i for i in named if not stems_in(i) <= held}.values())


def _held(statements: Sequence[Statement]) -> frozenset[str]:
    citations = [citation for statement in statements for citation in statement.citations]
    return stems_in(" ".join([part for c in citations for part in (c.quote, c.section, c.source.title)]))


def _compared(asked: Understanding, statements: Sequence[Statement]) -> list[str]:
    """Where one of two drugs is asked for: that nothing quoted sets them side by side, and whom each side concerns."""
    drugs = {name.canonical: c for c in asked.subjects for name in c.names if name.kind is Kind.DRUG}
    if len(drugs) != 2 or not COMPARES.search(asked.question):
        return []
    citations = [citation for statement in statements for citation in statement.citations]
    quotes = [stems_in(citation.quote) for citation in citations]
    setting = [stems for c, stems in zip(citations, quotes, strict=True) if SETS_APART.search(c.quote)]
    told = []
    for drug, concept in drugs.items():
        own = [c.source for c, stems in zip(citations, quotes, strict=True) if concept.within(stems)]
        if concerned := _concerned(asked, own):
            told.append(f"What is quoted here on {drug} concerns {', '.join(concerned)}.")
    if not any(all(concept.within(stems) for concept in drugs.values()) for stems in setting):
        told.append("Nothing quoted here compares the two with each other.")
    return told


def _untold(asked: Understanding, statements: Sequence[Statement]) -> list[str]:
    """A warning where a group of people is asked about and nothing quoted is about them: doses are adults'."""
    citations = [citation for statement in statements for citation in statement.citations]
    quoted = [part for c in citations for part in (c.quote, c.section, c.source.title)]
    missing = untold_groups(asked.question, quoted)
    return [f"Nothing quoted here is about {' or '.join(missing)} in particular."] if missing else []


def _dates(asked: Understanding, sources: Sequence[Source]) -> list[str]:
    """The age of the evidence, where the answer may have changed since."""
    dated = ", ".join(f"[{source.number}] {source.currency}" for source in sources if source.currency)
    if Want.STATUS not in asked.wants or not dated:
        return []
    return [f"Decisions change; these sources give the state of: {dated}."]


def answered(answer: Answer, asked: Understanding, statements: Sequence[Statement], about: str | None = None) -> Answer:
    """An answer with its statements and what stands above them; where none is left the sources do not answer."""
    if statements:
        doubt = DOUBT if not in_doubt(answer) and _beside_the_question(asked, statements) else None
        told = " ".join(filter(None, [answer.notice, about, doubt, *notices(asked, statements)]))
        return replace(answer, statements=tuple(statements), notice=told or None)
    reason = Abstention.INSUFFICIENT
    return replace(answer, abstention=answer.abstention or reason, message=MESSAGES[reason])


def tell(
    answer: Answer, asked: Understanding, composed: Sequence[Statement], draft: "Draft | None"
) -> Generator[Event, None, Answer]:
    """The answer in the model's words where a draft has any that stand, else the composed one."""
    if draft is None:
        yield from map(StatementEvent, composed)
        return answered(answer, asked, composed)
    about = replace(answer, removed=draft.removed, usage=draft.usage)
    if draft.fault:
        return answered(about, asked, composed, draft.notice)
    return replace(answered(about, asked, draft.statements, draft.notice), mode=Mode.GENERATE)
