"""Cited sources for reference managers: BibTeX and RIS."""

from collections.abc import Iterable

from ingest.document import Source
from qa.answer import Citation

ARTICLES = {"randomized trial", "extension study", "observational study", "review", "guideline", "consensus"}
BIBTEX_ESCAPES = str.maketrans(
    {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "\\": r"\textbackslash{}"}
)


def cited_sources(citations: Iterable[Citation]) -> list[Source]:
    """Each cited source once, in the order of first use."""
    return list(dict.fromkeys(citation.source for citation in citations))


def to_bibtex(citations: Iterable[Citation]) -> str:
    """One entry for each cited source; articles where it stands in a journal, misc otherwise."""
    return "\n".join(_bibtex(source) for source in cited_sources(citations))


def _bibtex(source: Source) -> str:
    article = source.kind in ARTICLES and source.doi is not None
    fields = {
        "title": source.title,
        "author": _bibtex_authors(source.authors),
        "journal" if article else "howpublished": source.container,
        "year": str(source.year or ""),
        "doi": source.doi,
        "url": source.url,
    }
    raw = {"doi", "url", "author"}
    lines = [f"  {n} = {{{v if n in raw else v.translate(BIBTEX_ESCAPES)}}}," for n, v in fields.items() if v]
    return "\n".join([f"@{'article' if article else 'misc'}{{{source.key},", *lines, "}", ""])


def _bibtex_authors(authors: str) -> str:
    """People as BibTeX separates them ("and others" for "et al."); a body's name in braces stays whole."""
    people = authors.split(" (")[0]
    if ", " not in people or ";" in people:
        return f"{{{people.translate(BIBTEX_ESCAPES)}}}"
    names = [name.strip(" .") for name in people.replace("et al.", "others").split(",")]
    return " and ".join(_family_first(name.translate(BIBTEX_ESCAPES)) for name in names if name)


def _family_first(name: str) -> str:
    """'Montalban X' -> 'Montalban, X'; names without initials stay as they are."""
    family, _, initials = name.rpartition(" ")
    return f"{family}, {initials}" if family and initials.isupper() and len(initials) <= 3 else name


def to_ris(citations: Iterable[Citation]) -> str:
    """One record for each cited source."""
    return "\n".join(_ris(source) for source in cited_sources(citations))


def _ris(source: Source) -> str:
    article = source.kind in ARTICLES and source.doi is not None
    fields = [
        ("TY", "JOUR" if article else "GEN"),
        ("ID", source.key),
        ("TI", source.title),
        *(("AU", name.strip()) for name in _ris_authors(source.authors)),
        ("T2", source.container),
        ("PY", str(source.year) if source.year else None),
        ("DO", source.doi),
        ("UR", source.url),
        ("AN", source.pmid),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in fields if value is not None)


def _ris_authors(authors: str) -> list[str]:
    names = _bibtex_authors(authors).replace("{", "").replace("}", "").replace("\\", "").split(" and ")
    return [name for name in names if name != "others"]
