"""Other people's files to documents: reference data completed, key and number assigned once and kept."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ingest.document import Document, Source
from ingest.errors import DocumentError
from ingest.formats.article import link
from ingest.formats.draft import Draft
from ingest.formats.read import READERS_VERSION
from ingest.load import File
from ingest.manifest import Assigned
from ingest.sidecar import completed, sidecar_of

BESIDE_NUMBERED = 1001  # where documents with numbers of their own are in the index, these may grow below
LONGEST_KEY = 60
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A document of a foreign file before it has key and number."""

    document: Document
    stem: str

    @property
    def place(self) -> str:
        """Where the file is."""
        return str(File(self.document.root, self.document.path).location)


def foreign_stamp(file: File, content_hash: str) -> str:
    """A hash that changes with the file, its sidecar and the readers."""
    sidecar = sidecar_of(file.location)
    beside = sidecar.read_bytes() if sidecar else b""
    told = f"{READERS_VERSION} {content_hash} {hashlib.sha256(beside).hexdigest()}"
    return hashlib.sha256(told.encode()).hexdigest()


def unnumbered_document(draft: Draft, file: File, stamp: str) -> Unnumbered:
    """The document of a draft, with the name of the file where the draft has no title."""
    sidecar = sidecar_of(file.location)
    lists: dict[str, Any]
    told, lists = completed(draft, sidecar) if sidecar and not draft.member else (draft, {})
    hashed = json.dumps([asdict(told), lists], sort_keys=True, ensure_ascii=True, default=str)
    url = told.url or link(told.doi, told.pmid) or file.location.resolve().as_uri()
    as_of = lists.pop("as_of", (str(told.year) if told.year else "unknown",))[0]
    name = Path(file.path).name
    source = Source(
        key="",
        number=0,
        title=(told.title or re.sub(r"[_\s]+", " ", Path(name).stem)).strip()[:LONGEST_TITLE] or name,
        authors=told.authors,
        container=told.container or name,
        year=told.year,
        kind=told.kind or "document",
        url=url,
        as_of=as_of,
        doi=told.doi or None,
        pmid=told.pmid or None,
        nct=told.nct or None,
        **lists,
    )
    content_hash = hashlib.sha256(hashed.encode()).hexdigest()
    stem = f"pmid-{told.pmid}" if draft.member and told.pmid else f"{Path(name).stem}-{draft.member}".rstrip("-")
    return Unnumbered(Document(source, told.text, file.root, file.path, content_hash, stamp, draft.member), stem)


class Numbers:
    """Keys and numbers: those a source had before, else new ones. Nothing is ever given twice."""

    def __init__(self, assigned: Mapping[str, Assigned], *, keys: Iterable[str], numbers: Iterable[int]) -> None:
        self.assigned = dict(assigned)
        own = list(numbers)
        self._keys = {*keys, *assigned}
        highest = max([*own, *(entry.number for entry in assigned.values())], default=0)
        self._next = max(highest + 1, BESIDE_NUMBERED if own else 1)
        self._at = {(entry.place, entry.member): key for key, entry in assigned.items()}
        self._holding: dict[str, list[str]] = {}
        for key, entry in assigned.items():
            self._holding.setdefault(entry.content_hash, []).append(key)

    def number(self, found: Unnumbered, present: set[str]) -> Document:
        """The document with key and number; a file that moved keeps them (`present`: places that still exist)."""
        document = found.document
        key = self._at.get((found.place, document.member)) or self._moved(found, present) or self._new_key(found.stem)
        number = self.assigned[key].number if key in self.assigned else self._next
        self._next = max(self._next, number + 1)
        self.assigned[key] = Assigned(number, found.place, document.member, document.content_hash)
        self._at[found.place, document.member] = key
        return replace(document, source=replace(document.source, key=key, number=number))

    def _moved(self, found: Unnumbered, present: set[str]) -> str | None:
        for key in self._holding.get(found.document.content_hash, []):
            if self.assigned[key].place not in present and self.assigned[key].member == found.document.member:
                return key
        return None

    def _new_key(self, stem: str) -> str:
        plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_KEY].strip("-") or "document"
        key, count = base, 1
        while key in self._keys:
            count += 1
            key = f"{base}-{count}"
        self._keys.add(key)
        return key


def demand_a_name(file: File) -> None:
    """Raise DocumentError for a file whose name is no text: it could not be recorded."""
    try:
        file.path.encode("utf-8")
    except UnicodeEncodeError as error:
        shown = ascii(file.path)
        raise DocumentError(shown, "name", "is not valid UTF-8", "Rename the file.") from error
