"""Files to documents: find them, read them, check them against the contract in corpus/README.md."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import TypeVar

import corpus
from ingest.document import Document
from ingest.errors import DocumentError, UnknownPathError
from ingest.sidecar import is_sidecar

Value = TypeVar("Value")
PACKAGED = "@corpus"  # the root that stands for the documents of the package, wherever it is installed
OURS = re.compile(rb"\A(?:\xef\xbb\xbf)?---\r?\n(?:(?!---).*\n)*?(?:key|number):")
HEAD = 4096  # bytes that tell whose document a file is
UNREAD = {"README.md", "questions.tsv", "asked.tsv", "examples.tsv", "Thumbs.db", "desktop.ini"}
NO_DOCUMENTS = {
    f".{ending}"
    for ending in (
        "png jpg jpeg gif bmp tif tiff webp svg ico heic psd mp3 wav ogg flac m4a mp4 avi mov mkv webm css js mjs map "
        "woff woff2 ttf otf eot py pyc ipynb c h cpp rs go java class so dll exe o a bin dat db sqlite sqlite3 "
        "log lock bak tmp swp json jsonl yaml yml toml ini cfg sh bat ps1 dtd xsd xsl mol pdb parquet npy npz pkl"
    ).split()
}
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
        return self._opened(lambda file: file.read())

    def head(self, size: int) -> bytes:
        """The first bytes. Raises DocumentError when the file cannot be read."""
        return self._opened(lambda file: file.read(size))

    def content_hash(self) -> str:
        """SHA-256 of the bytes in hexadecimal, in little memory. Raises DocumentError when it cannot be read."""
        return self._opened(lambda file: hashlib.file_digest(file, "sha256").hexdigest())

    def _opened(self, use: Callable[[BufferedReader], Value]) -> Value:
        try:
            with self.location.open("rb") as file:
                return use(file)
        except OSError as error:
            problem, remedy = f"cannot be read ({error.strerror})", "Check that it is there and its permissions."
            raise DocumentError(self.location, "file", problem, remedy) from error


def root_folder(root: str) -> Path:
    """The folder or file that a recorded root stands for."""
    return corpus.documents_dir() if root == PACKAGED else Path(root)


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies under the roots: files to be read, and those that are no documents by their nature."""

    files: list[File]
    skipped: list[Path]


def beside(root: str) -> Path:
    """The folder where questions about a root's documents are written, if they are."""
    return corpus.ROOT if root == PACKAGED else root_folder(root)


def find_files(roots: Sequence[str]) -> list[File]:
    """All files under the roots that may be documents, in a stable order, each once.

    Raises UnknownPathError for a root that is not there.
    """
    return survey(roots).files


def survey(roots: Sequence[str]) -> Survey:
    """The files under the roots. Hidden files and those that describe others are left out, a root never is.

    Raises UnknownPathError for a root that is not there.
    """
    found: dict[Path, File] = {}
    skipped: dict[Path, None] = {}
    for root in roots:
        folder = root_folder(root)
        if not folder.exists():
            raise UnknownPathError(
                f"{folder}: there is no such file or folder. Check the spelling, or take a folder that was indexed "
                f"earlier out of the index with: python -m ingest --remove {folder}"
            )
        for path in [folder] if folder.is_file() else _inside(folder, packaged=root == PACKAGED):
            name = path.name if folder.is_file() else path.relative_to(folder).as_posix()
            if path.suffix.lower() in NO_DOCUMENTS and not folder.is_file():
                skipped[path] = None
            else:
                found.setdefault(path.resolve(), File(root, name))
    return Survey(list(found.values()), list(skipped))


def _inside(folder: Path, *, packaged: bool) -> list[Path]:
    """The files of a folder and its folders, in order; of the package only the documents."""
    if packaged:
        return sorted(path for path in folder.rglob("*.md") if path.name != "README.md")
    inside: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        known = set(names)
        paths = (Path(place, name) for name in names if not name.startswith((".", "~$")) and name not in UNREAD)
        # a link to nowhere is reported; a pipe or a device would be waited on for ever
        inside += [path for path in paths if (path.is_file() or not path.exists()) and not is_sidecar(path, known)]
    return sorted(inside)


def is_ours(file: File, head: bytes) -> bool:
    """Whether a file claims to keep the contract of corpus/README.md: it names a key or a number in front matter."""
    if file.root == PACKAGED:
        return True
    return file.location.suffix.lower() in (".md", ".markdown") and bool(OURS.match(head))


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
