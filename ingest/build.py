"""Files to an index: what changed is embedded, everything else carried over, and the result switched in at once."""

import errno
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from ingest.document import Document
from ingest.embed import Embedder
from ingest.errors import DiskFullError, IndexLockedError, IngestError, StoreUnavailableError
from ingest.index import Layout, open_index_embedder
from ingest.manifest import Manifest, file_hashes
from ingest.plan import Plan, Summary, Terms, Wanted, make_plan
from ingest.progress import Progress, silent
from ingest.remote import RemoteStore
from ingest.settings import IndexSettings
from ingest.write import write_stores

log = logging.getLogger(__name__)
BYTES_A_CHARACTER = 12  # of text: the text itself, vectors of passages and sentences, words of BM25
HARDLY_FREE = 1 << 20  # bytes
KEPT_GENERATIONS = 2  # the current one, and the one before it for readers that still have it open


def build_index(
    index_dir: Path,
    settings: IndexSettings,
    *,
    paths: Sequence[Path] = (),
    remove: Sequence[Path] = (),
    rebuild: bool = False,
    terms: Terms | None = None,
    embedder: Embedder | None = None,
    progress: Progress = silent,
) -> Summary:
    """Bring the index up to date with its roots plus `paths` minus `remove`; the packaged corpus when it has none.

    Files that cannot become documents are reported in the summary and keep their earlier version. A kill at any
    moment leaves the old or the new generation. Raises IngestError and its kind.
    """
    layout = Layout(index_dir)
    terms = terms or Terms()
    with _writing(layout, terms.wait):
        _prune(layout)
        plan = make_plan(layout, settings, Wanted(paths, remove, rebuild, terms), progress)
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
    _demand_space(layout, plan)
    embedder = embedder or _opened(layout, settings, plan.device, progress)
    _write_generation(layout, plan, settings, embedder, progress)
    _prune(layout)
    if plan.store:
        _prune_server(layout, plan.store)


def _demand_space(layout: Layout, plan: Plan) -> None:
    """Raise DiskFullError before anything is written where the new generation cannot fit."""
    carried = sum(f.stat().st_size for f in plan.base_folder.rglob("*") if f.is_file()) if plan.base_folder else 0
    needed = carried + BYTES_A_CHARACTER * sum(len(document.text) for document in plan.new)
    if shutil.disk_usage(layout.index_dir).free < needed + HARDLY_FREE:
        raise DiskFullError(layout.index_dir, needed)


def _prune_server(layout: Layout, url: str) -> None:
    """Remove from the server what no generation names; the next run does it where the server is away just now."""
    folder = layout.generations / layout.current()
    try:
        store = RemoteStore.open(url, layout.store_name(), folder)
        store.keep_only(path for path in layout.generations.iterdir() if path != folder)
        store.close()
    except StoreUnavailableError as error:
        log.warning("%s Old vectors are removed in a later run.", error)


def _opened(layout: Layout, settings: IndexSettings, device: str, progress: Progress) -> Embedder:
    progress("loading the embedding model", 0, 1)
    embedder = open_index_embedder(layout.index_dir, settings, device=device)
    progress("loading the embedding model", 1, 1)
    return embedder


@contextmanager
def _writing(layout: Layout, wait: float = 0) -> Iterator[None]:
    """Hold the writer's lock (the kernel frees it when the process dies) and turn a full disk into its error.

    Another writer is waited for up to `wait` seconds.
    """
    from filelock import FileLock, Timeout

    try:
        _make_folders(layout)
        # whoever waits holds the queue, so that a writer that comes back at once is behind those who wait
        queue = FileLock(layout.queue, timeout=wait)
        lock = FileLock(layout.lock, timeout=wait)
        queue.acquire()
        try:
            lock.acquire()
        finally:
            queue.release()
        with lock:
            lock.release()  # `with` has taken it a second time
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
        entries = write_stores(folder, plan, settings, embedder, progress)
        told = (plan.assigned, plan.questions, plan.store, file_hashes(folder))
        manifest = Manifest(settings, plan.roots, entries, *told)
        manifest.write(folder)
        _to_disk(folder)
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


def _to_disk(folder: Path) -> None:
    """Have the system write every file out, so that a power cut after the switch finds them whole."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
