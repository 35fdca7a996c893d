"""Files to an index: what changed is embedded, everything else carried over, and the result switched in at once."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import numpy as np

from ingest.catalog import Catalog, StoredChunk
from ingest.chunk import chunk_document, embedded_text
from ingest.document import Document
from ingest.embed import Embedder
from ingest.errors import DiskFullError, DocumentError, IndexLockedError, IndexMismatchError, IndexMissingError
from ingest.index import Layout, open_index_embedder
from ingest.load import PACKAGED, File, find_clashes, find_files, load_document
from ingest.manifest import Entry, Manifest
from ingest.progress import Progress, silent
from ingest.settings import IndexSettings
from ingest.sparse import SparseIndex
from ingest.store import VectorStore

KEPT_GENERATIONS = 2  # the current one, and the one before it for readers that still have it open


@dataclass(slots=True)
class Summary:
    """What a run did, document keys by outcome; `failed` are the errors, their earlier versions stay indexed."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: list[DocumentError] = field(default_factory=list)
    chunks: int = 0
    embedded: int = 0
    generation: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between the files and the current generation."""

    roots: tuple[str, ...]
    base: Manifest | None
    base_folder: Path | None
    new: tuple[Document, ...]
    gone: tuple[str, ...]
    summary: Summary

    @property
    def changes_nothing(self) -> bool:
        """Whether the current generation already holds all of this."""
        return self.base is not None and not self.new and not self.gone and self.base.roots == self.roots


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
        plan = _plan(layout, settings, paths, remove, rebuild)
        if plan.changes_nothing:
            return plan.summary
        embedder = embedder or _opened(layout, settings, progress)
        _write_generation(layout, plan, settings, embedder, progress)
        _prune(layout)
    return plan.summary


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
        layout.generations.mkdir(parents=True, exist_ok=True)
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


def is_disk_full(error: BaseException) -> bool:
    """Whether an error of the file system, SQLite or Chroma means that the disk is full."""
    return getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(error)


def _plan(
    layout: Layout, settings: IndexSettings, paths: Sequence[Path], remove: Sequence[Path], rebuild: bool
) -> Plan:
    base, folder = None, None
    try:
        folder = layout.generations / layout.current()
        base = Manifest.read(folder, layout.index_dir)
    except IndexMissingError:
        pass  # the first run
    if rebuild:
        roots = base.roots if base else ()
        base, folder = None, None
    else:
        roots = base.roots if base else ()
        if base and base.settings != settings:
            raise IndexMismatchError(layout.index_dir, "the settings", base.settings.to_dict(), settings.to_dict())
    dropped = {str(path.resolve()) for path in remove}
    wanted = dict.fromkeys([*(roots or (() if paths else (PACKAGED,))), *(str(path.resolve()) for path in paths)])
    kept_roots = tuple(root for root in wanted if root not in dropped)
    return _difference(find_files(kept_roots), kept_roots, base, folder)


def _difference(files: Sequence[File], roots: tuple[str, ...], base: Manifest | None, folder: Path | None) -> Plan:
    summary = Summary()
    before = {(entry.root, entry.path): (key, entry) for key, entry in (base.documents if base else {}).items()}
    new: list[Document] = []
    used: list[tuple[str, int, str]] = []
    for file in files:
        key, entry = before.get((file.root, file.path), (None, None))
        if key and entry and entry.content_hash == file.content_hash:
            summary.kept.append(key)
            used.insert(0, (key, entry.number, str(file.location)))  # what is indexed already has its number first
            continue
        try:
            document = load_document(file)
        except DocumentError as error:
            summary.failed.append(error)
            continue
        new.append(document)
        used.append((document.source.key, document.source.number, str(file.location)))
    clashes = find_clashes(used)
    summary.failed += clashes
    refused = {clash.path for clash in clashes}
    new = [document for document in new if _location(document) not in refused]
    summary.changed = [document.source.key for document in new if base and document.source.key in base.documents]
    summary.added = [document.source.key for document in new if document.source.key not in summary.changed]
    failed_paths = {error.path for error in summary.failed}
    stay = {key for key, entry in before.values() if File(entry.root, entry.path, b"").location in failed_paths}
    present = {*summary.kept, *summary.changed, *stay}
    summary.removed = [key for key, _ in before.values() if key not in present]
    return Plan(roots, base, folder, tuple(new), (*summary.removed, *summary.changed), summary)


def _location(document: Document) -> Path:
    return File(document.root, document.path, b"").location


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
        shutil.rmtree(folder, ignore_errors=True)
        if is_disk_full(error):
            raise DiskFullError(layout.index_dir) from error
        raise
    layout.switch(name)
    plan.summary.chunks = manifest.chunks
    plan.summary.generation = name


def _write_stores(
    folder: Path, plan: Plan, settings: IndexSettings, embedder: Embedder, progress: Progress
) -> dict[str, Entry]:
    if plan.base_folder:
        shutil.copytree(plan.base_folder / "chroma", folder / "chroma")
        shutil.copy2(plan.base_folder / "catalog.db", folder / "catalog.db")
        catalog, vectors = Catalog.open(folder / "catalog.db", writable=True), VectorStore.open(folder / "chroma")
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
    current = layout.pointer.read_text(encoding="utf-8").strip() if layout.pointer.is_file() else ""
    folders = sorted(layout.generations.iterdir(), key=lambda path: (path.name == current, path.stat().st_mtime))
    for old in folders[:-KEPT_GENERATIONS]:
        shutil.rmtree(old, ignore_errors=True)
