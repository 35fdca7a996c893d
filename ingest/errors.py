"""Errors of ingestion and of opening an index.

IngestError                  everything below; `python -m ...` prints it and exits with status 2
├── DocumentError            one file: which, which field, what to do
├── UnknownPathError         a path on the command line, or a recorded folder, that is not there
├── UnknownCollectionError   a collection that the index does not hold
├── ModelError               the embedding model cannot be loaded, or is not the one expected
├── StoreUnavailableError    the Chroma server does not answer
├── DiskFullError            no room for the new generation; the old one is untouched
├── IndexLockedError         another process is writing this index
└── IndexUnreadableError     an index that cannot be read
    ├── IndexMissingError    there is none
    ├── IndexMismatchError   built with other settings or by another version
    └── IndexDamagedError    files missing, truncated or disagreeing
"""

from collections.abc import Iterable
from pathlib import Path


class IngestError(Exception):
    """Base of all errors that a person can do something about."""


class DocumentError(IngestError):
    """A file that cannot become a document."""

    def __init__(self, path: Path | str, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {field}: {problem}. {remedy}")
        self.path = Path(path)
        self.field = field
        self.problem = problem
        self.remedy = remedy


class UnknownPathError(IngestError):
    """A path that does not exist."""


class UnknownCollectionError(IngestError):
    """A collection that is not there."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no collection {name!r} here. Choose one of: {', '.join(known)}.")


class ModelError(IngestError):
    """The embedding model is missing, altered or cannot be exported."""


class StoreUnavailableError(IngestError):
    """The server that holds the vectors stays away."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(
            f"The Chroma server at {url} does not answer ({problem[:200]}). "
            "Start it (chroma run --path DIR --port PORT), or check the address."
        )


class DiskFullError(IngestError):
    """The disk filled up while a generation was being written."""

    def __init__(self, where: Path, needed: int = 0) -> None:
        wanted = f" About {max(1, needed >> 20)} MB are needed." if needed else ""
        super().__init__(
            f"No space left on the disk that holds {where}.{wanted} The index you had is unchanged. "
            "Free some space, or choose another place with --index, and run it again."
        )


class IndexLockedError(IngestError):
    """Somebody else is writing the index."""

    def __init__(self, index_dir: Path, holder: str) -> None:
        super().__init__(
            f"Another process ({holder}) is writing the index in {index_dir}. "
            "Wait until it has finished; a lock left behind by a killed process frees itself."
        )


class IndexUnreadableError(IngestError):
    """An index that cannot be opened."""


class IndexMissingError(IndexUnreadableError):
    """There is no index in the folder."""

    def __init__(self, index_dir: Path) -> None:
        named = index_dir.parent.name == "collections"
        how = f"PATHS --collection {index_dir.name}" if named else f"--index {index_dir}"
        super().__init__(f"There is no index in {index_dir}. Build it with: python -m ingest {how}")


class IndexMismatchError(IndexUnreadableError):
    """The index was built with other settings than the ones asked for."""

    def __init__(self, index_dir: Path, what: str, built_with: object, asked_for: object) -> None:
        super().__init__(
            f"The index in {index_dir} was built with {what} {built_with!r} but {asked_for!r} is asked for. "
            "Build it anew with: python -m ingest --rebuild"
        )


class IndexDamagedError(IndexUnreadableError):
    """Files of the index are missing or disagree with each other."""

    def __init__(self, index_dir: Path, problem: str) -> None:
        super().__init__(
            f"The index in {index_dir} is damaged: {problem}. Build it anew with: python -m ingest --rebuild"
        )
