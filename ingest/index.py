"""An index on disk: generations, the pointer to the current one, and the reader.

<index>/CURRENT                 name of the current generation; replaced in one atomic rename
<index>/generations/<name>/     manifest.json, catalog.db, chroma/, vectors.npz, bm25/, questions.npz,
                               examples.npz
<index>/models/                 the exported embedding model
<index>/lock                    held by the one process that writes
<index>/collections/<name>/     the same again for every named collection, which shares the models
"""

import os
import re
import sqlite3
from pathlib import Path
from uuid import uuid4

import corpus
from ingest.catalog import Catalog
from ingest.embed import Embedder, open_embedder
from ingest.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from ingest.examples import ExampleIndex
from ingest.manifest import Manifest
from ingest.questions import QuestionIndex
from ingest.remote import RemoteStore
from ingest.settings import IndexSettings
from ingest.sparse import SparseIndex
from ingest.store import DenseStore, VectorStore, chroma_error

QUESTIONS, EXAMPLES = "questions.npz", "examples.npz"
ENVIRONMENT = "PROGRESSIVE_MS_QA_INDEX"
ATTEMPTS = 10  # at opening a generation that writers may have replaced and removed meanwhile
COLLECTIONS = "collections"
COLLECTION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def default_index_dir() -> Path:
    """`.index` in a source checkout; the user's data folder for an installed package."""
    checkout = corpus.checkout_dir()
    if checkout:
        return checkout / ".index"
    import platformdirs

    return Path(platformdirs.user_data_dir("progressive-ms-qa", appauthor=False)) / "index"


def configured_index_dir() -> Path:
    """The folder that the environment names, else the default one."""
    return Path(os.environ.get(ENVIRONMENT) or default_index_dir())


def collection_dir(index_dir: Path, name: str | None) -> Path:
    """The folder of a named collection of an index; that of the index itself without a name.

    Raises ValueError for a name that cannot be a folder's.
    """
    if name is None:
        return index_dir
    if not COLLECTION_NAME.fullmatch(name):
        raise ValueError(f"collection is {name!r}; choose letters, digits, '-' and '_' (64 at most, no sign first)")
    return index_dir / COLLECTIONS / name


def collections(index_dir: Path) -> list[str]:
    """Names of the collections beside the index itself, in order."""
    return sorted(path.parent.name for path in (index_dir / COLLECTIONS).glob("*/CURRENT"))


class Layout:
    """Where the files of an index are."""

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir
        self.pointer = index_dir / "CURRENT"
        self.generations = index_dir / "generations"
        self.is_collection = index_dir.parent.name == COLLECTIONS
        self.whole = index_dir.parents[1] if self.is_collection else index_dir
        """The folder of the index that a collection belongs to; that of the index itself for any other."""
        self.models = self.whole / "models"
        self.lock = index_dir / "lock"
        self.queue = index_dir / "lock.queue"

    @property
    def collection(self) -> str:
        """The name of a collection; empty for the index itself."""
        return self.index_dir.name if self.is_collection else ""

    def current(self) -> str:
        """Name of the current generation. Raises IndexMissingError or IndexDamagedError."""
        try:
            name = self.pointer.read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexMissingError(self.index_dir) from error
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamagedError(self.index_dir, f"CURRENT cannot be read ({error})") from error
        if not name or not (self.generations / name).is_dir():
            raise IndexDamagedError(self.index_dir, f"CURRENT names the generation {name!r}, which is not there")
        return name

    def store_name(self) -> str:
        """The name of this index in a Chroma server, made once; a copy of the folder keeps it."""
        file = self.index_dir / "store-name"
        if not file.is_file():
            scratch = file.with_suffix(".new")
            scratch.write_text(f"progressive-ms-{uuid4().hex[:16]}", encoding="utf-8")
            scratch.replace(file)
        return file.read_text(encoding="utf-8").strip()

    def switch(self, name: str) -> None:
        """Make a finished generation the current one, atomically."""
        scratch = self.pointer.with_suffix(".new")
        with scratch.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(self.pointer)


class Index:
    """One generation opened for reading. Safe to share between threads."""

    def __init__(
        self,
        name: str,
        manifest: Manifest,
        stores: tuple[Catalog, DenseStore, SparseIndex],
        questions: QuestionIndex,
        examples: ExampleIndex,
    ) -> None:
        self.name = name
        self.manifest = manifest
        self.catalog, self.vectors, self.sparse = stores
        self.questions = questions
        self.examples = examples

    @classmethod
    def open(cls, index_dir: Path, *, expected: IndexSettings | None = None) -> "Index":
        """Open the current generation.

        Raises IndexMissingError, IndexDamagedError, or IndexMismatchError when `expected` differs from what it was
        built with; each says what to do.
        """
        layout = Layout(index_dir)
        for _ in range(ATTEMPTS):
            name = layout.current()
            try:
                return cls._opened(layout, name, expected)
            except IndexDamagedError:
                if layout.current() == name:
                    raise
        return cls._opened(layout, layout.current(), expected)

    @classmethod
    def _opened(cls, layout: Layout, name: str, expected: IndexSettings | None) -> "Index":
        index_dir, folder = layout.index_dir, layout.generations / name
        manifest = Manifest.read(folder, index_dir)
        if expected is not None and expected != manifest.settings:
            raise IndexMismatchError(index_dir, "the settings", manifest.settings.to_dict(), expected.to_dict())
        catalog, vectors = open_stores(folder, manifest, index_dir)
        try:
            sparse = SparseIndex.open(folder / "bm25")
            questions, examples = QuestionIndex.open(folder / QUESTIONS), ExampleIndex.open(folder / EXAMPLES)
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise IndexDamagedError(index_dir, f"{type(error).__name__}: {error}") from error
        if len(sparse.chunk_ids) != manifest.chunks:
            problem = f"the manifest names {manifest.chunks} chunks, the stores hold {len(sparse.chunk_ids)} in bm25"
            raise IndexDamagedError(index_dir, problem)
        return cls(name, manifest, (catalog, vectors, sparse), questions, examples)

    def close(self) -> None:
        """Let go of the files."""
        self.catalog.close()
        self.vectors.close()


def open_stores(
    folder: Path, manifest: Manifest, index_dir: Path, *, writable: bool = False
) -> tuple[Catalog, DenseStore]:
    """Catalog and vectors of a generation. Raises IndexDamagedError when they cannot be opened or disagree."""
    try:
        catalog = Catalog.open(folder / "catalog.db", writable=writable)
        vectors = _open_vectors(folder, manifest, Layout(index_dir))
        counts = (len(catalog.chunk_ids()), vectors.count())
    except (OSError, EOFError, ValueError, KeyError, sqlite3.Error, chroma_error()) as error:
        raise IndexDamagedError(index_dir, f"{type(error).__name__}: {error}") from error
    if set(counts) != {manifest.chunks}:
        problem = f"the manifest names {manifest.chunks} chunks, the stores hold {counts}"
        raise IndexDamagedError(index_dir, problem)
    return catalog, vectors


def _open_vectors(folder: Path, manifest: Manifest, layout: Layout) -> DenseStore:
    if manifest.store:
        return RemoteStore.open(manifest.store, layout.store_name(), folder)
    return VectorStore.open(folder / "chroma")


def open_index_embedder(index_dir: Path, settings: IndexSettings, *, device: str = "cpu") -> Embedder:
    """The embedder an index was built with; its exported model is kept inside the index folder."""
    return open_embedder(settings, Layout(index_dir).models, device=device)
