import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from chromadb.errors import InternalError

import ingest
from ingest import errors
from ingest.build import build_index, is_disk_full
from ingest.errors import DiskFullError, IndexLockedError, IndexMissingError, IngestError
from ingest.index import Index
from ingest.passages import EMBEDDED_AT_ONCE
from ingest.settings import IndexSettings

SETTINGS = IndexSettings()
WRITER = """
import sys
from pathlib import Path
from ingest.build import build_index
from ingest.settings import IndexSettings

class Sleeper:
    max_tokens = 64

    def count_tokens(self, text):
        return len(text.split())

    def encode(self, texts):
        print("embedding", flush=True)
        sys.stdin.read()

build_index(Path(sys.argv[1]), IndexSettings(), paths=[Path(sys.argv[2])], embedder=Sleeper())
"""


LOAD = "Some sentence about MS. " * EMBEDDED_AT_ONCE  # for the embedder in one document


class StruckEmbedder:
    """Encodes one load of texts as `inner` does; `error` strikes at the second."""

    def __init__(self, inner, error):
        self.inner, self.error = inner, error
        self.max_tokens, self.count_tokens = inner.max_tokens, inner.count_tokens

    def encode(self, texts):
        if self.inner.encoded:
            raise self.error
        return self.inner.encode(texts)


@pytest.fixture
def update(index_dir, embedder):
    """Bring the index of the small corpus up to date once more; what was encoded before is forgotten."""
    embedder.encoded.clear()

    def run(**options):
        return build_index(index_dir, SETTINGS, **{"embedder": embedder, **options})

    return run


@pytest.fixture
def two_more(index_dir, write_document):
    """Two documents that came after the index was built; the first is a load for the embedder by itself."""
    assert index_dir.is_dir()
    write_document("delta", 4, text=LOAD)
    write_document("epsilon", 5)


@pytest.fixture
def writer(index_dir, small_corpus, write_document):
    """Another process in the middle of adding the document `delta`."""
    write_document("delta", 4)
    command = [sys.executable, "-c", WRITER, str(index_dir), str(small_corpus)]
    folder = Path(ingest.__file__).parents[1]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"embedding\n"
        yield process
        process.kill()


def keys(index_dir):
    with closing(Index.open(index_dir)) as index:
        return sorted(source.key for source in index.catalog.sources())


def leftovers(index_dir):
    return [path.name for path in (index_dir / "generations").glob(".*")]


@pytest.mark.parametrize("error", [RuntimeError("struck"), KeyboardInterrupt()], ids=["error", "interrupt"])
@pytest.mark.parametrize("rebuild", [False, True], ids=["update", "rebuild"])
@pytest.mark.usefixtures("two_more")
def test_a_run_that_is_struck_midway_leaves_the_old_index(index_dir, update, embedder, error, rebuild):
    with pytest.raises(type(error)):
        update(embedder=StruckEmbedder(embedder, error), rebuild=rebuild)
    assert embedder.encoded
    assert (keys(index_dir), leftovers(index_dir)) == (["alphamab", "betanib", "walking"], [])


@pytest.mark.usefixtures("two_more")
def test_a_run_after_a_struck_one_completes(index_dir, update, embedder):
    with pytest.raises(RuntimeError):
        update(embedder=StruckEmbedder(embedder, RuntimeError("struck")))
    assert update().added == ["delta", "epsilon"]
    assert keys(index_dir) == ["alphamab", "betanib", "delta", "epsilon", "walking"]


FULL_DISK = [
    pytest.param(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), id="no space"),
    pytest.param(OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), id="quota"),
    pytest.param(sqlite3.OperationalError("database or disk is full"), id="SQLite"),
    pytest.param(InternalError("error returned from database: (code: 13) database or disk is full"), id="Chroma"),
]


@pytest.mark.parametrize("error", FULL_DISK)
@pytest.mark.usefixtures("two_more")
def test_a_disk_that_fills_up_is_told_and_leaves_the_old_index(index_dir, update, embedder, error):
    with pytest.raises(DiskFullError, match=r"index you had is unchanged\. Free some space"):
        update(embedder=StruckEmbedder(embedder, error))
    assert (keys(index_dir), leftovers(index_dir)) == (["alphamab", "betanib", "walking"], [])


def test_a_disk_that_fills_up_in_the_first_run_leaves_no_index(tmp_path, small_corpus, write_document, embedder):
    write_document("a-first", 9, text=LOAD)
    struck = StruckEmbedder(embedder, OSError(errno.ENOSPC, "full"))
    with pytest.raises(DiskFullError):
        build_index(tmp_path / "index", SETTINGS, paths=[small_corpus], embedder=struck)
    with pytest.raises(IndexMissingError):
        Index.open(tmp_path / "index")


def test_a_disk_that_fills_up_while_a_folder_is_copied_is_a_full_disk(tmp_path, small_corpus):
    def full(_source, _target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(shutil.Error) as caught:
        shutil.copytree(small_corpus, tmp_path / "copy", copy_function=full)
    assert is_disk_full(caught.value)


def test_another_error_of_the_file_system_is_not_a_full_disk():
    assert not is_disk_full(OSError(errno.EACCES, os.strerror(errno.EACCES)))


def test_a_second_writer_is_refused_and_told_who_writes(index_dir, update, writer):
    with pytest.raises(IndexLockedError, match=f"process {writer.pid}.*Wait until it has finished"):
        update()
    assert keys(index_dir) == ["alphamab", "betanib", "walking"]


def test_a_killed_run_leaves_an_index_that_opens_and_the_next_run_completes(index_dir, update, writer):
    writer.kill()
    writer.wait(60)
    assert leftovers(index_dir)
    assert keys(index_dir) == ["alphamab", "betanib", "walking"]
    assert update().added == ["delta"]
    assert (keys(index_dir), leftovers(index_dir)) == (["alphamab", "betanib", "delta", "walking"], [])


def test_what_killed_runs_left_is_removed_by_a_run_that_changes_nothing(index_dir, update):
    leftover = index_dir / "generations" / ".building-0123456789ab"
    leftover.mkdir()
    (leftover / "catalog.db").write_text("half")
    update()
    assert (leftovers(index_dir), keys(index_dir)) == ([], ["alphamab", "betanib", "walking"])


def test_the_tree_in_the_docstring_names_every_error():
    classes = [name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)]
    assert [name for name in classes if name not in errors.__doc__] == []
    assert all(issubclass(getattr(errors, name), IngestError) for name in classes)
