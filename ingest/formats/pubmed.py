"""Exports of literature databases: PubMed XML, NBIB and RIS. A draft for each article."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.formats.article import author_line, bare_doi, journal_line, kind_of, link, person, year_of
from ingest.formats.draft import Draft, UnreadableError, Writing
from ingest.formats.encoding import decode
from ingest.formats.jats import flat
from ingest.formats.tables import local
from ingest.formats.xml import parse_xml

Fields = Mapping[str, Sequence[str]]
TAG = re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)$")
NO_ARTICLE = "Export it again, with abstracts."


def read_pubmed(content: bytes) -> list[Draft]:
    """The articles of a PubMed XML export."""
    root = parse_xml(content, what="PubMed XML")
    drafts = [_from_xml(node) for node in root.iter() if local(node) == "pubmedarticle"]
    return _with_some(drafts, "PubMed XML")


def read_nbib(content: bytes) -> list[Draft]:
    """The articles of an NBIB (MEDLINE) export."""
    return _with_some([_from_nbib(record) for record in _records(decode(content), first="PMID")], "NBIB")


def read_ris(content: bytes) -> list[Draft]:
    """The articles of an RIS export."""
    return _with_some([_from_ris(record) for record in _records(decode(content), first="TY")], "RIS")


def _with_some(drafts: list[Draft], what: str) -> list[Draft]:
    if not drafts:
        raise UnreadableError(f"is {what} without an article", NO_ARTICLE)
    unique: dict[str, Draft] = {}
    for place, draft in enumerate(drafts):
        unique.setdefault(draft.member or f"record-{place + 1}", draft)
    from dataclasses import replace

    return [replace(draft, member=member) for member, draft in unique.items()]


def _from_xml(article: Any) -> Draft:
    def first(path: str) -> str:
        found = article.find(path)
        return flat(found) if found is not None else ""

    writing = Writing()
    for part in article.findall(".//Article/Abstract/AbstractText"):
        label = (part.get("Label") or "").capitalize()
        writing.heading(f"Abstract › {label}" if label else "Abstract", 1)
        writing.paragraph(flat(part))
    title = first(".//ArticleTitle")
    ids = {node.get("IdType"): flat(node) for node in article.findall("./PubmedData/ArticleIdList/ArticleId")}
    year = year_of(first(".//JournalIssue/PubDate") or first(".//ArticleDate"))
    journal = (
        first(".//MedlineJournalInfo/MedlineTA") or first(".//Journal/ISOAbbreviation") or first(".//Journal/Title")
    )
    place = [first(f".//{name}") for name in ("JournalIssue/Volume", "JournalIssue/Issue", "MedlinePgn")]
    names = []
    for author in article.findall(".//AuthorList/Author"):
        collective = author.findtext("CollectiveName")
        given = author.findtext("Initials") or author.findtext("ForeName") or ""
        names.append(collective or f"{author.findtext('LastName') or ''} {given}".strip())
    pmid, doi = first(".//MedlineCitation/PMID"), ids.get("doi", "")
    return Draft(
        writing.text or f"{title}\n",
        title=title,
        authors=author_line(names),
        container=journal_line(journal, year, *place),
        year=year,
        doi=doi,
        pmid=pmid,
        nct=next((flat(n) for n in article.iter() if local(n) == "accessionnumber" and flat(n).startswith("NCT")), ""),
        url=link(doi, pmid) if doi else link("", pmid),
        kind=kind_of([flat(node) for node in article.iter() if local(node) == "publicationtype"]),
        member=pmid,
    )


def _records(text: str, *, first: str) -> Iterator[Fields]:
    """Tagged records; a line without a tag continues the value above it."""
    record: dict[str, list[str]] = {}
    last = ""
    for line in text.splitlines():
        match = TAG.match(line)
        if match:
            if match[1] == first and record:
                yield record
                record = {}
            last = match[1]
            record.setdefault(last, []).append(match[2].strip())
        elif line.strip() and last and record.get(last):
            record[last][-1] += f" {line.strip()}"
    if record and first in record:
        yield record


def _abstract(text: str) -> str:
    """An abstract with its labels ("METHODS: ...") as headings."""
    writing = Writing()
    parts = re.split(r"(?:^|(?<=\s))([A-Z][A-Z /,&-]{3,60}): ", text)
    if parts[0].strip() or len(parts) == 1:
        writing.heading("Abstract", 1)
        writing.paragraph(parts[0])
    for label, body in zip(parts[1::2], parts[2::2], strict=True):
        writing.heading(f"Abstract › {label.capitalize()}", 1)
        writing.paragraph(body)
    return writing.text


def _one(record: Fields, *tags: str) -> str:
    return next((value for tag in tags for value in record.get(tag, ()) if value), "")


def _from_nbib(record: Fields) -> Draft:
    title, pmid = _one(record, "TI", "BTI"), _one(record, "PMID")
    doi = next((bare_doi(value) for tag in ("LID", "AID") for value in record.get(tag, ()) if "[doi]" in value), "")
    year = year_of(_one(record, "DP", "DEP"))
    place = (_one(record, "VI"), _one(record, "IP"), _one(record, "PG"))
    nct = next((m[0] for v in record.get("SI", ()) if (m := re.search(r"NCT\d{8}", v))), "")
    return Draft(
        _abstract(_one(record, "AB")) if record.get("AB") else f"{title}\n",
        title=title,
        authors=author_line([*record.get("AU", ()), *record.get("CN", ())]),
        container=journal_line(_one(record, "TA", "JT"), year, *place),
        year=year,
        doi=doi,
        pmid=pmid,
        nct=nct,
        url=link(doi, pmid),
        kind=kind_of(record.get("PT", ())),
        member=pmid,
    )


def _from_ris(record: Fields) -> Draft:
    title = _one(record, "TI", "T1", "CT", "BT")
    names = [
        person(*name.split(",", 1)) if "," in name else name for tag in ("AU", "A1") for name in record.get(tag, ())
    ]
    year, doi = year_of(_one(record, "PY", "Y1", "DA")), bare_doi(_one(record, "DO", "M3", "L3"))
    pages = "-".join(filter(None, (_one(record, "SP"), _one(record, "EP"))))
    accession = _one(record, "AN", "C7")
    pmid = accession if re.fullmatch(r"\d{4,9}", accession) else ""
    journal = _one(record, "JO", "JF", "J2", "JA", "T2", "PB")
    abstract = _one(record, "AB", "N2")
    return Draft(
        _abstract(abstract) if abstract else f"{title}\n",
        title=title,
        authors=author_line(names),
        container=journal_line(journal, year, _one(record, "VL"), _one(record, "IS"), pages),
        year=year,
        doi=doi,
        pmid=pmid,
        url=link(doi, pmid) or _one(record, "UR", "L2"),
        kind="article" if _one(record, "TY") in ("JOUR", "JFULL", "EJOUR") else "document",
        member=pmid or doi or _one(record, "ID"),
    )
