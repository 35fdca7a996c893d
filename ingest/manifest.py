"""What an index holds and what it was built with: the file that is read before anything else."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingest.chunk import CHUNKER_VERSION
from ingest.errors import IndexDamagedError, IndexMismatchError
from ingest.settings import IndexSettings
from ingest.weights import file_sha256

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the index."""

    number: int
    root: str
    path: str
    content_hash: str
    chunks: int
    file_hash: str = ""
    """Hash of the file that it comes from, where that is not the document itself."""
    member: str = ""

    @property
    def stamp(self) -> str:
        """What the file must still hash to."""
        return self.file_hash or self.content_hash


@dataclass(frozen=True, slots=True)
class Assigned:
    """A number given to a source that brought none. It stays the source's own, also after that has gone."""

    number: int
    place: str
    member: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Settings, roots and documents (by key) of one generation."""

    settings: IndexSettings
    roots: tuple[str, ...]
    documents: Mapping[str, Entry]
    assigned: Mapping[str, Assigned] = field(default_factory=dict)
    """Numbers of sources that brought none, by key."""
    questions: str = ""
    """Hash of the questions written for the documents' sentences (see `ingest.questions`), empty for none."""
    store: str = ""
    """Address of the Chroma server that holds the vectors; empty where they lie in the index itself."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Hashes of the generation's files; not of Chroma's, which it writes to when they are opened."""
    format_version: int = FORMAT_VERSION
    chunker_version: int = CHUNKER_VERSION

    @property
    def chunks(self) -> int:
        """Number of chunks of all documents."""
        return sum(entry.chunks for entry in self.documents.values())

    @property
    def corpus_hash(self) -> str:
        """One hash over keys and contents of all documents: equal corpora give equal hashes on every machine."""
        lines = sorted(f"{key} {entry.content_hash}" for key, entry in self.documents.items())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    def write(self, folder: Path) -> None:
        """Write `manifest.json`."""
        values = {**asdict(self), "corpus_hash": self.corpus_hash}
        (folder / "manifest.json").write_text(json.dumps(values, indent=1, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, index_dir: Path) -> "Manifest":
        """Read `manifest.json`; raises IndexDamagedError, or IndexMismatchError for another version's."""
        try:
            values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            versions = (values["format_version"], values["chunker_version"])
            if versions != (FORMAT_VERSION, CHUNKER_VERSION):
                raise IndexMismatchError(index_dir, "version", versions, (FORMAT_VERSION, CHUNKER_VERSION))
            documents = {key: Entry(**entry) for key, entry in values["documents"].items()}
            settings, roots = IndexSettings(**values["settings"]), tuple(values["roots"])
            later = (values.get("questions", ""), values.get("store", ""), values.get("files", {}))
            return cls(settings, roots, documents, assigned_numbers(values), *later)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamagedError(index_dir, f"its manifest cannot be read ({error})") from error


def assigned_numbers(values: Mapping[str, Any]) -> dict[str, Assigned]:
    """The numbers that a manifest's values hold; none in those of an earlier version."""
    return {key: Assigned(**entry) for key, entry in values.get("assigned", {}).items()}


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of the files of a generation, but for the manifest itself and what Chroma keeps for itself."""
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    own = [name for name in names if name.parts[0] not in ("chroma", "manifest.json")]
    return {name.as_posix(): file_sha256(folder / name) for name in own}


def kept_numbers(folder: Path) -> dict[str, Assigned]:
    """The numbers of a generation that is about to be rebuilt, of whatever version; none when it is damaged."""
    try:
        return assigned_numbers(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
