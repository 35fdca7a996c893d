"""Files to an index: what changed is embedded, everything else carried over, and the result switched in at once."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np

from ingest.catalog import Catalog, StoredChunk
from ingest.chunk import chunk_document, embedded_text
from ingest.document import Document
from ingest.embed import Embedder
from ingest.errors import DiskFullError, IndexLockedError, IngestError
from ingest.index import Layout, open_index_embedder, open_stores
from ingest.manifest import Entry, Manifest
from ingest.plan import Plan, Summary, make_plan
from ingest.progress import Progress, silent
from ingest.settings import IndexSettings
from ingest.sparse import SparseIndex
from ingest.store import VectorStore

HARDLY_FREE = 1 << 20  # bytes
KEPT_GENERATIONS = 2  # the current one, and the one before it for readers that still have it open


def build_index(
    index_dir: Path,
    settings: IndexSettings,
    *,
    paths: Sequence[Path] = (),
    remove: Sequence[Path] = (),
    rebuild: bool = False,
    embedder: Embedder | None = None,
    progress: Progress = silent,
) -> Summary:
    """Bring the index up to date with its roots plus `paths` minus `remove`; the packaged corpus when it has none.

    Files that cannot become documents are reported in the summary and keep their earlier version. A kill at any
    moment leaves the old or the new generation. Raises IngestError and its kind.
    """
    layout = Layout(index_dir)
    with _writing(layout):
        _prune(layout)
        plan = make_plan(layout, settings, paths=paths, remove=remove, rebuild=rebuild)
        if not plan.changes_nothing:
            _carry_out(layout, plan, settings, embedder, progress)
    return plan.summary


def index_documents(
    index_dir: Path,
    documents: Sequence[Document],
    settings: IndexSettings,
    *,
    embedder: Embedder | None = None,
    progress: Progress = silent,
) -> Summary:
    """Make an index of exactly these documents, which need not come from files; one that is there is replaced.

    Each needs a key and a number of its own. Chunks, stores and safety against a kill are those of `build_index`; as
    no folder stands behind the documents, a later run of that would take them out. Raises IngestError and its kind.
    """
    layout = Layout(index_dir)
    summary = Summary(added=[document.source.key for document in documents])
    with _writing(layout):
        _prune(layout)
        _carry_out(layout, Plan(index_dir, (), None, None, tuple(documents), (), summary), settings, embedder, progress)
    return summary


def _carry_out(
    layout: Layout, plan: Plan, settings: IndexSettings, embedder: Embedder | None, progress: Progress
) -> None:
    embedder = embedder or _opened(layout, settings, progress)
    _write_generation(layout, plan, settings, embedder, progress)
    _prune(layout)


def _opened(layout: Layout, settings: IndexSettings, progress: Progress) -> Embedder:
    progress("loading the embedding model", 0, 1)
    embedder = open_index_embedder(layout.index_dir, settings)
    progress("loading the embedding model", 1, 1)
    return embedder


@contextmanager
def _writing(layout: Layout) -> Iterator[None]:
    """Hold the writer's lock (the kernel frees it when the process dies) and turn a full disk into its error."""
    from filelock import FileLock, Timeout

    try:
        _make_folders(layout)
        lock = FileLock(layout.lock, timeout=0)
        with lock:
            layout.lock.write_text(str(os.getpid()), encoding="utf-8")
            yield
    except Timeout as error:
        holder = layout.lock.read_text(encoding="utf-8") if layout.lock.exists() else ""
        raise IndexLockedError(layout.index_dir, f"process {holder}" if holder else "unknown") from error
    except (OSError, sqlite3.Error) as error:
        if is_disk_full(error):
            raise DiskFullError(layout.index_dir) from error
        raise


def _make_folders(layout: Layout) -> None:
    try:
        layout.generations.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise IngestError(f"{layout.index_dir} cannot be the folder of an index: {error.strerror}.") from error


def is_disk_full(error: BaseException) -> bool:
    """Whether an error of the file system, of copying, SQLite or Chroma means that the disk is full."""
    told = ("disk is full", os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT))
    return getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or any(text in str(error) for text in told)


def _write_generation(
    layout: Layout, plan: Plan, settings: IndexSettings, embedder: Embedder, progress: Progress
) -> None:
    name = uuid4().hex[:12]
    folder = layout.generations / f".building-{name}"
    try:
        folder.mkdir()
        entries = _write_stores(folder, plan, settings, embedder, progress)
        manifest = Manifest(settings, plan.roots, entries)
        manifest.write(folder)
        folder.rename(layout.generations / name)
    except BaseException as error:
        # Chroma does not always say that it was the disk
        full = isinstance(error, Exception) and shutil.disk_usage(layout.index_dir).free < HARDLY_FREE
        shutil.rmtree(folder, ignore_errors=True)
        if full or is_disk_full(error):
            raise DiskFullError(layout.index_dir) from error
        raise
    layout.switch(name)
    plan.summary.chunks = manifest.chunks
    plan.summary.generation = name


def _write_stores(
    folder: Path, plan: Plan, settings: IndexSettings, embedder: Embedder, progress: Progress
) -> dict[str, Entry]:
    if plan.base_folder and plan.base:
        shutil.copytree(plan.base_folder / "chroma", folder / "chroma")
        shutil.copy2(plan.base_folder / "catalog.db", folder / "catalog.db")
        catalog, vectors = open_stores(folder, plan.base, plan.index_dir, writable=True)
    else:
        catalog, vectors = Catalog.create(folder / "catalog.db"), VectorStore.create(folder / "chroma")
    entries = {key: entry for key, entry in (plan.base.documents if plan.base else {}).items() if key not in plan.gone}
    try:
        vectors.remove(catalog.remove(plan.gone))
        for done, document in enumerate(plan.new):
            progress("embedding documents", done, len(plan.new))
            count = _add(document, catalog, vectors, settings, embedder)
            plan.summary.embedded += count
            source = document.source
            entries[source.key] = Entry(source.number, document.root, document.path, document.content_hash, count)
        progress("embedding documents", len(plan.new), len(plan.new))
        SparseIndex.build(catalog.texts()).save(folder / "bm25")
    finally:
        catalog.close()
        vectors.close()
    return entries


def _add(
    document: Document, catalog: Catalog, vectors: VectorStore, settings: IndexSettings, embedder: Embedder
) -> int:
    chunks = chunk_document(document, embedder, chunk_tokens=settings.chunk_tokens)
    if not chunks:  # a heading alone, or nothing but comments
        catalog.add(document, [])
        return 0
    passages = [embedded_text(chunk, document.source.title, embedder) for chunk in chunks]
    sentences = [span.of(document.text) for chunk in chunks for span in chunk.sentences]
    encoded = embedder.encode([*passages, *sentences])
    ends = np.cumsum([len(chunk.sentences) for chunk in chunks])[:-1]
    by_chunk = np.split(encoded[len(chunks) :], ends)
    catalog.add(document, [StoredChunk(*pair) for pair in zip(chunks, by_chunk, strict=True)])
    vectors.add([chunk.chunk_id for chunk in chunks], encoded[: len(chunks)])
    return len(chunks)


def _prune(layout: Layout) -> None:
    """Remove what killed runs left, and all but the newest generations."""
    if not layout.generations.is_dir():
        return
    for leftover in layout.generations.glob(".building-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    current = layout.pointer.read_text(encoding="utf-8", errors="replace").strip() if layout.pointer.is_file() else ""
    folders = sorted(layout.generations.iterdir(), key=lambda path: (path.name == current, path.stat().st_mtime))
    for old in folders[:-KEPT_GENERATIONS]:
        shutil.rmtree(old, ignore_errors=True)
