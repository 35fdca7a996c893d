"""`--watch`: update the index whenever files under its roots change, until interrupted."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.errors import IndexLockedError, UnknownPathError
from ingest.index import Layout
from ingest.load import root_folder
from ingest.manifest import Manifest

log = logging.getLogger(__name__)
QUIET = 1000  # milliseconds without a change before a run starts: files are copied and saved in several steps


def watch_index(index_dir: Path, update: Callable[[], None]) -> None:
    """Call `update` after every change under the roots of the index. Returns when interrupted."""
    for _ in _changes(index_dir):
        try:
            update()
        except (IndexLockedError, UnknownPathError) as error:  # another run is at it, or a folder is away for now
            log.warning("%s", error)


def _changes(index_dir: Path) -> Iterator[object]:
    from watchfiles import watch

    layout = Layout(index_dir)
    manifest = Manifest.read(layout.generations / layout.current(), index_dir)
    folders = [str(folder) for folder in map(root_folder, manifest.roots) if folder.exists()]
    own = str(index_dir.resolve())
    yield from watch(
        *folders,
        watch_filter=lambda _, path: not path.startswith(own),
        debounce=4 * QUIET,
        step=QUIET // 4,
        raise_interrupt=False,
        recursive=True,
    )
