"""A written sentence as its reader takes it: after the question and after the sentence before."""

import re
from collections.abc import Sequence

from qa.answer import Citation
from qa.checker import Check, Problem
from qa.filters import WIDER
from qa.glossary import Kind, Name, packaged_glossary, words_of
from qa.understand import Understanding

# Openings that say what they are about only through the sentence before.
LEANING = re.compile(
    r"^(?:however|but|and|so|thus|therefore|in (?:addition|contrast)|by contrast|similarly|likewise)?,?\s*"
    r"(?:it|its|they|their|them|this|these|those|that|he|she|such|both|neither|"
    r"the (?:drugs?|medicines?|medications?|treatments?|therap(?:y|ies)|trials?|stud(?:y|ies)|same|former|latter|"
    r"other|results?|effects?|difference|reduction|risks?))\b(?! (?:of|in|with|for|from) )",
    re.IGNORECASE,
)
ANY_FORM = "MS"


def leans(text: str) -> bool:
    """Whether a sentence needs the one before to say what it is about."""
    return bool(LEANING.match(text))


def misread(asked: Understanding, text: str, citations: Sequence[Citation]) -> Problem | None:
    """What a reader who has the question in mind would take the sentence to say, and its quotes do not."""
    return _other_drug(asked, text, citations) or _other_form(asked, text, citations)


def _other_drug(asked: Understanding, text: str, citations: Sequence[Citation]) -> Problem | None:
    """A sentence that names no drug is read as one about the drug of the question, or the only one of its quote."""
    if _named(text, Kind.DRUG, Kind.TRIAL, Kind.CLASS):
        return None
    quoted = {drug for citation in citations for drug in _drugs(_named(citation.quote, Kind.DRUG, Kind.TRIAL))}
    quoted = quoted or {drug for citation in citations for drug in citation.source.drugs[:1]}
    meant = _drugs([*asked.named(Kind.DRUG), *asked.named(Kind.TRIAL)])
    told = any(drug.lower() in text.lower() for drug in quoted)  # drugs that no glossary knows
    if told or not quoted or (len(meant) == 1 and meant <= quoted) or (not meant and len(quoted) > 1):
        return None
    return Problem(Check.DRUG, f"it does not say that it is about {' and '.join(sorted(quoted))}")


def _other_form(asked: Understanding, text: str, citations: Sequence[Citation]) -> Problem | None:
    """A sentence that names no form of MS is read as one about the form of the question."""
    meant = {name.canonical for name in asked.named(Kind.PHENOTYPE)} - {ANY_FORM}
    if not meant or _named(text, Kind.PHENOTYPE):
        return None
    quoted = {name.canonical for citation in citations for name in _named(citation.quote, Kind.PHENOTYPE)}
    quoted = quoted or {form for citation in citations for form in citation.source.phenotypes}
    fitting = {ANY_FORM, *meant}.union(*(WIDER.get(form, set()) for form in meant))
    if not quoted or quoted & fitting:
        return None
    return Problem(Check.PHENOTYPE, f"it does not say that it is about {' and '.join(sorted(quoted))}")


def _drugs(names: Sequence[Name]) -> set[str]:
    return {name.canonical for name in names if name.kind is Kind.DRUG} | {
        drug for name in names if name.kind is Kind.TRIAL for drug in name.drugs[:1]
    }


def _named(text: str, *kinds: Kind) -> list[Name]:
    found = packaged_glossary().find(words_of(text))
    return [
        name
        for mention in found
        for name in mention.names
        if name.kind in kinds and not (name.kind is Kind.TRIAL and mention.surface.islower())
    ]
