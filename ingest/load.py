"""Files to documents: find them, read them, check them against the contract in corpus/README.md."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import corpus
from ingest.document import Document
from ingest.errors import DocumentError, UnknownPathError

PACKAGED = "@corpus"  # the root that stands for the documents of the package, wherever it is installed
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---(?:\n|\Z)(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class File:
    """A file found under a root; `path` is relative to the root, so an index survives moving both."""

    root: str
    path: str

    @property
    def location(self) -> Path:
        """Where the file is on this machine."""
        folder = root_folder(self.root)
        return folder if folder.is_file() else folder / self.path

    def read(self) -> bytes:
        """The bytes. Raises DocumentError when the file cannot be read."""
        try:
            return self.location.read_bytes()
        except OSError as error:
            problem, remedy = f"cannot be read ({error.strerror})", "Check that it is there and its permissions."
            raise DocumentError(self.location, "file", problem, remedy) from error


def root_folder(root: str) -> Path:
    """The folder or file that a recorded root stands for."""
    return corpus.documents_dir() if root == PACKAGED else Path(root)


def find_files(roots: Sequence[str]) -> list[File]:
    """All Markdown files under the roots, in a stable order, each once.

    Raises UnknownPathError for a root that is not there.
    """
    found: dict[Path, File] = {}
    for root in roots:
        folder = root_folder(root)
        if not folder.exists():
            raise UnknownPathError(
                f"{folder}: there is no such file or folder. Check the spelling, or take a folder that was indexed "
                f"earlier out of the index with: python -m ingest --remove {folder}"
            )
        paths = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*.md") if p.name != "README.md")
        for path in paths:
            name = path.name if folder.is_file() else path.relative_to(folder).as_posix()
            found.setdefault(path.resolve(), File(root, name))
    return list(found.values())


def content_hash(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def load_document(file: File, content: bytes | None = None) -> Document:
    """Parse one file, or its `content` where that was read before.

    Raises DocumentError naming the file, the field and the remedy.
    """
    import yaml

    from ingest.front_matter import parse_front_matter

    where = str(file.location)
    read = file.read() if content is None else content
    try:
        text = read.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DocumentError(where, "text", f"is not UTF-8 (byte {error.start})", "Save the file as UTF-8.") from error
    match = FRONT_MATTER.match(text)
    if not match:
        problem, remedy = "is missing", "Begin the file with a line '---', the fields, and a line '---'."
        raise DocumentError(where, "front matter", problem, remedy)
    try:
        values = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that no calendar has
        problem = "is not valid YAML: " + " ".join(str(error).split())[:200]
        raise DocumentError(where, "front matter", problem, "Quote values that hold ': ' or '#'.") from error
    source = parse_front_matter(values, where)
    if source.key != Path(file.path).stem:
        remedy = f"Name the file {source.key}.md or change the key."
        raise DocumentError(where, "key", f"{source.key!r} differs from the file's name", remedy)
    body = match[2]
    if not body.strip():
        raise DocumentError(where, "text", "is empty", "Write the digest below the front matter.")
    return Document(source, body, file.root, file.path, content_hash(read))


def find_clashes(used: Iterable[tuple[str, int, str]]) -> list[DocumentError]:
    """Errors for every key or number that two files share; `used` gives (key, number, location) of each file."""
    errors: list[DocumentError] = []
    keys: dict[str, str] = {}
    numbers: dict[int, str] = {}
    for key, number, location in used:
        if key in keys:
            remedy = "Rename one of the two; a key names one document."
            errors.append(DocumentError(location, "key", f"{key!r} is already used by {keys[key]}", remedy))
        elif number in numbers:
            remedy = "Take the next free number; numbers are never reused."
            errors.append(DocumentError(location, "number", f"{number} is already used by {numbers[number]}", remedy))
        keys.setdefault(key, location)
        numbers.setdefault(number, location)
    return errors
