"""What an index holds and what it was built with: the file that is read before anything else."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.chunk import CHUNKER_VERSION
from ingest.errors import IndexDamagedError, IndexMismatchError
from ingest.settings import IndexSettings

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the index."""

    number: int
    root: str
    path: str
    content_hash: str
    chunks: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Settings, roots and documents (by key) of one generation."""

    settings: IndexSettings
    roots: tuple[str, ...]
    documents: Mapping[str, Entry]
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
            return cls(IndexSettings(**values["settings"]), tuple(values["roots"]), documents)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamagedError(index_dir, f"its manifest cannot be read ({error})") from error
