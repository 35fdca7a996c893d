"""Reference data in the forms that databases of articles use."""

import re
from collections.abc import Sequence

AUTHORS = 6  # named before "et al."
KINDS = (
    ("randomized controlled trial", "randomized trial"),
    ("practice guideline", "guideline"),
    ("guideline", "guideline"),
    ("consensus", "consensus"),
    ("observational study", "observational study"),
    ("systematic review", "review"),
    ("meta-analysis", "review"),
    ("review", "review"),
)
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


def author_line(names: Sequence[str]) -> str:
    """'Doe J, Roe R, et al.'."""
    people = [" ".join(name.split()) for name in names if name.strip()]
    return ", ".join([*people[:AUTHORS], *(["et al."] if len(people) > AUTHORS else [])])


def person(family: str, given: str) -> str:
    """'Doe JA' from 'Doe' and 'John A.'; a hyphenated name gives both letters."""
    initials = "".join(part[0] for part in re.split(r"[\s.\-]+", given) if part and part[0].isalpha())
    return f"{family.strip()} {initials.upper()}".strip()


def journal_line(journal: str, year: int, volume: str = "", issue: str = "", pages: str = "") -> str:
    """'Journal 2020;1(2):3-9', as far as it is known."""
    if not journal:
        return ""
    place = f"{volume}{f'({issue})' if issue else ''}{f':{pages}' if pages else ''}"
    return f"{journal} {year or ''}{f';{place}' if place else ''}".strip()


def kind_of(types: Sequence[str]) -> str:
    """The corpus's word for a publication type of PubMed or JATS; "article" for all others."""
    told = " ".join(types).lower().replace("-", " ")
    return next((kind for name, kind in KINDS if name.replace("-", " ") in told), "article")


def year_of(text: str) -> int:
    """The first year in a text, 0 where there is none."""
    found = YEAR.search(text)
    return int(found[0]) if found else 0


def link(doi: str, pmid: str = "", pmcid: str = "") -> str:
    """The address under which an article is found; empty without an identifier."""
    if doi:
        return f"https://doi.org/{doi}"
    if pmcid:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/PMC{pmcid.removeprefix('PMC')}/"
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else ""


def bare_doi(text: str) -> str:
    """A DOI without its address or label; empty for anything else."""
    found = re.search(r"10\.\d{4,9}/\S+", text)
    return found[0].rstrip(".,;") if found else ""
