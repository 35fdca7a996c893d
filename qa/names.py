"""Names of a statement that its quotes must hold: drugs, trials, regions, phenotypes, any other name."""

import re
from collections.abc import Iterator, Sequence

from qa.claim import Check, Evidence, Problem
from qa.glossary import Kind, Name
from qa.wording import Wording, stem_of

EVERYONE = "MS"  # the phenotype that all others are part of
INVENTED = re.compile(r"(?:mab|nib|mod|cept|parib|leucel|imus|ciclib)$", re.IGNORECASE)
ACRONYM = re.compile(r"(?=.*[A-Z])(?:[A-Z]{2,}[A-Za-z]?|[A-Za-z]*\d+[A-Za-z]+\d*|[A-Za-z]+\d+[A-Za-z\d]*)$")
CAPITAL = re.compile(r"[A-Z][a-z]{2,}")


def check_names(statement: Wording, evidence: Evidence) -> Problem | None:
    """The first name that the quotes do not hold."""
    for kind, check in ((Kind.DRUG, Check.DRUG), (Kind.TRIAL, Check.TRIAL), (Kind.REGION, Check.REGION)):
        missing = _missing(statement, evidence, kind)
        if missing:
            return Problem(check, f"the quotes do not name {missing}")
    return _phenotype(statement, evidence) or _other_name(statement, evidence)


def _missing(statement: Wording, evidence: Evidence, kind: Kind) -> str | None:
    """A name that neither a quote holds nor, when the quotes name no other of its kind, the title as their subject."""
    said = list(_names(statement, kind))
    quoted = {name.canonical for wording in evidence.sentences for _, names in _names(wording, kind) for name in names}
    mine = {name.canonical for _, names in said for name in names}
    subjects = set() if quoted - mine else _subjects(evidence, kind)
    for surface, names in said:
        if not {name.canonical for name in names} & (quoted | subjects):
            return surface
    return None


def _names(wording: Wording, kind: Kind) -> Iterator[tuple[str, tuple[Name, ...]]]:
    for mention, names in wording.named(kind):
        if kind is not Kind.TRIAL or _written_as_name(mention.surface):
            yield mention.surface, names


def _written_as_name(surface: str) -> bool:
    """Trials are called DEFINE and TOUCH; only with a capital are they meant."""
    return not surface.islower()


def _subjects(evidence: Evidence, kind: Kind) -> set[str]:
    """What the documents are about: names in their titles, the drug of a trial, the trial whose document it is."""
    found = {name.canonical for title in evidence.titles for _, names in _names(title, kind) for name in names}
    if kind is Kind.DRUG:
        for wording in evidence.all:
            found |= {drug for _, names in _names(wording, Kind.TRIAL) for name in names for drug in name.drugs[:1]}
        found |= {quote.drugs[0] for quote in evidence.quotes if len(quote.drugs) == 1}
    return found


def check_own_trial(name: Name, evidence: Evidence) -> bool:
    """Whether one of the quotes comes from the trial's own document."""
    return name.source in {quote.key for quote in evidence.quotes}


def _phenotype(statement: Wording, evidence: Evidence) -> Problem | None:
    said = _phenotypes([statement])
    quoted = _phenotypes(evidence.sentences)
    context = set() if quoted else _context_phenotypes(evidence)
    specific = said - {EVERYONE}
    for phenotype in sorted(specific):
        if phenotype not in quoted | context:
            about = ", ".join(sorted(quoted)) or "no such group"
            return Problem(Check.PHENOTYPE, f"the statement is about {phenotype}, the quotes about {about}")
    if EVERYONE in said and not specific and quoted and EVERYONE not in quoted:
        return Problem(Check.PHENOTYPE, f"the statement is about MS, the quotes about {', '.join(sorted(quoted))}")
    return None


def _phenotypes(wordings: Sequence[Wording]) -> set[str]:
    return {name.canonical for w in wordings for _, names in w.named(Kind.PHENOTYPE) for name in names}


def _context_phenotypes(evidence: Evidence) -> set[str]:
    found = _phenotypes(evidence.titles)
    for quote in evidence.quotes:
        found |= set(quote.phenotypes) if len(quote.phenotypes) == 1 else set()
    for wording in evidence.all:
        found |= {p for _, names in _names(wording, Kind.TRIAL) for name in names for p in name.phenotypes[:1]}
    return found


def _other_name(statement: Wording, evidence: Evidence) -> Problem | None:
    known = {key for wording in evidence.all for key in (*wording.stems, *wording.keys)}
    named = {name for wording in evidence.all for mention in wording.mentions for name in mention.names}
    inside = {
        place
        for mention in statement.mentions
        if set(mention.names) & named
        or any(n.kind in (Kind.DRUG, Kind.TRIAL, Kind.REGION, Kind.PHENOTYPE) for n in mention.names)
        for place in range(mention.start, mention.end)
    }
    initials = {letters for wording in evidence.all for letters in _initials(wording)}
    for place, token in enumerate(statement.tokens):
        name = ACRONYM.match(token.text) or INVENTED.search(token.text) or (place and CAPITAL.match(token.text))
        if not name or place in inside or token.stem in known or token.text.lower() in initials:
            continue
        if stem_of(token.text.rstrip("s")) in known:
            continue
        return Problem(Check.NAME, f"the quotes do not name {token.text}")
    return None


def _initials(wording: Wording) -> Iterator[str]:
    letters = "".join(token.text[0].lower() for token in wording.tokens)
    for length in range(2, 7):
        yield from (letters[i : i + length] for i in range(len(letters) - length + 1))
