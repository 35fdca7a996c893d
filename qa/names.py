"""Names of a statement that its quotes must hold: drugs, trials, regions, phenotypes, any other name."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from qa.claim import Check, Evidence, Problem
from qa.glossary import Kind, Name
from qa.wording import KEPT, Wording, stem_of

EVERYONE = "MS"  # the phenotype that all others are part of
INVENTED = re.compile(r"(?:mab|nib|mod|cept|parib|leucel|imus|ciclib)$", re.IGNORECASE)
ACRONYM = re.compile(r"(?=.*[A-Z])(?:[A-Z]{2,}[A-Za-z]?|[A-Za-z]*\d+[A-Za-z]+\d*|[A-Za-z]+\d+[A-Za-z\d]*)$")
CAPITAL = re.compile(r"[A-Z][a-z]{2,}")
PHRASE_OF_EVERYONE = re.compile(r" (?:MS|multiple sclerosis)$")
EXPECTED = {"ms", "mri", "dmt", "ci", "vs"}  # acronyms that a statement may add to any quote
CHECKED = (Kind.DRUG, Kind.TRIAL, Kind.REGION, Kind.PHENOTYPE)


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
    keys = set() if quoted - mine else {quote.key for quote in evidence.quotes}
    texts = " | ".join(wording.text.lower() for wording in evidence.sentences)
    for surface, names in said:
        if re.search(rf"\b{re.escape(surface.lower())}\b", texts):
            continue
        own = any(name.source in keys for name in names)
        if not own and not {name.canonical for name in names} & (quoted | subjects):
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
    """What the documents are about: names in their titles, and the drug of a document or trial that has but one."""
    found = {name.canonical for title in evidence.titles for _, names in _names(title, kind) for name in names}
    if kind is Kind.DRUG:
        for wording in evidence.all:
            found |= {drug for _, names in _names(wording, Kind.TRIAL) for name in names for drug in name.drugs[:1]}
        found |= {quote.drugs[0] for quote in evidence.quotes if len(quote.drugs) == 1}
    return found


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
    found = {name.canonical for w in wordings for _, names in w.named(Kind.PHENOTYPE) for name in names}
    # "people with MS" is a phrase of its own in the glossary and hides the phenotype in it
    others = (m for w in wordings for m in w.mentions if all(name.kind is not Kind.PHENOTYPE for name in m.names))
    hidden = any(PHRASE_OF_EVERYONE.search(mention.surface) for mention in others)
    return found | {EVERYONE} if hidden else found


def _context_phenotypes(evidence: Evidence) -> set[str]:
    found = _phenotypes(evidence.titles)
    for quote in evidence.quotes:
        found |= set(quote.phenotypes) if len(quote.phenotypes) == 1 else set()
    for wording in evidence.all:
        found |= {p for _, names in _names(wording, Kind.TRIAL) for name in names for p in name.phenotypes[:1]}
    return found


def _other_name(statement: Wording, evidence: Evidence) -> Problem | None:
    """A drug, acronym or capitalised word that stands in no quote, title or list of authors."""
    known = {key for wording in evidence.all for key in (*wording.stems, *wording.keys)}
    known = known.union(*(_initials(wording) for wording in evidence.all))
    checked = _resolved(statement, evidence)
    for place, token in enumerate(statement.tokens):
        name = ACRONYM.match(token.text) or INVENTED.search(token.text) or (place and CAPITAL.match(token.text))
        forms = {token.stem, token.text.lower(), stem_of(token.text.rstrip("s"))}
        if name and place not in checked and not forms & (known | EXPECTED):
            return Problem(Check.NAME, f"the quotes do not name {token.text}")
    return None


def _resolved(statement: Wording, evidence: Evidence) -> set[int]:
    """Places of names that the glossary knows and the quotes hold under any spelling, or that are checked by kind."""
    quoted = {name for wording in evidence.all for mention in wording.mentions for name in mention.names}
    drugs = {name.canonical for name in quoted if name.kind is Kind.DRUG}
    drugs |= {name.canonical for _, names in statement.named(Kind.DRUG) for name in names}
    return {
        place
        for mention in statement.mentions
        if any(
            n in quoted or n.kind in CHECKED or (n.kind is Kind.CLASS and drugs & set(n.drugs)) for n in mention.names
        )
        for place in range(mention.start, mention.end)
    }


@lru_cache(KEPT)
def _initials(wording: Wording) -> frozenset[str]:
    """What the first letters of two to six words in a row spell."""
    letters = "".join(token.text[0].lower() for token in wording.tokens)
    return frozenset(letters[i : i + length] for length in range(2, 7) for i in range(len(letters) - length + 1))
