import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from ingest import remote
from ingest.build import build_index
from ingest.check import check_index, content_hash
from ingest.errors import IndexMismatchError, StoreUnavailableError
from ingest.index import Index
from ingest.plan import Terms
from ingest.settings import IndexSettings
from qa.assistant import Assistant


class Server:
    """A real `chroma run` on a free port of this machine."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.start()

    def start(self):
        program = str(Path(sys.executable).with_name("chroma"))
        command = [program, "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(remote, "PAUSES", (0.05,))


@pytest.fixture
def update(tmp_path, small_corpus, embedder, server):
    """Bring an index up to date whose vectors are in the server."""
    terms = Terms(store=server.url)
    return lambda **options: build_index(
        tmp_path / "shared", IndexSettings(), paths=[small_corpus], embedder=embedder, terms=terms, **options
    )


def test_an_index_in_a_server_holds_what_one_in_a_folder_holds(tmp_path, index_dir, update):
    update()
    assert content_hash(tmp_path / "shared") == content_hash(index_dir)
    assert list(check_index(tmp_path / "shared")) == []


def test_answers_are_the_same_as_from_a_folder(tmp_path, index_dir, update, embedder):
    update()
    question = "Did alphamab slow progression?"
    folder, shared = (
        Assistant.open(path, embedder=embedder).ask(question) for path in (index_dir, tmp_path / "shared")
    )
    assert shared.text == folder.text


def test_changes_leave_no_old_vectors_behind(tmp_path, small_corpus, update):
    for word in ("footing", "stance", "poise"):
        path = small_corpus / "walking.md"
        path.write_text(path.read_text().replace("keep their", f"keep {word} and"))
        path.write_text(path.read_text().replace(f"{word} and", f"{word} their"))
        update()
    with closing(Index.open(tmp_path / "shared")) as index:
        held = index.vectors._collection.count()
        assert index.vectors.count() <= held <= 2 * index.vectors.count()  # those of the generation before are kept


def test_a_reader_goes_on_reading_its_generation(tmp_path, small_corpus, update, embedder):
    update()
    with closing(Index.open(tmp_path / "shared")) as index:
        (small_corpus / "betanib.md").unlink()
        update()
        assert index.vectors.nearest(embedder.encode(["betanib"])[0], 1).keys() <= set(index.catalog.chunk_ids())


def test_a_server_that_comes_back_is_waited_for(tmp_path, small_corpus, embedder, tmp_path_factory):
    own = Server(tmp_path_factory.mktemp("own"))
    terms = Terms(store=own.url)
    build_index(tmp_path / "shared", IndexSettings(), paths=[small_corpus], embedder=embedder, terms=terms)
    with closing(Index.open(tmp_path / "shared")) as index:
        own.stop()
        own.start()
        assert index.vectors.nearest(embedder.encode(["alphamab"])[0], 2)
    own.stop()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("told", ["Could not connect to a Chroma server.", "[Errno 104] Connection reset by peer"])
def test_a_call_that_the_server_breaks_off_is_made_again(told):
    attempts = [ValueError(told)]

    def call() -> str:
        if attempts:
            raise attempts.pop()
        return "answered"

    assert remote.patiently("http://127.0.0.1:9", call) == "answered"


def test_what_a_server_refuses_is_not_asked_again():
    with pytest.raises(ValueError, match="dimension"):
        remote.patiently("http://127.0.0.1:9", lambda: (_ for _ in ()).throw(ValueError("wrong dimension")))


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_away_is_named_with_the_command_that_starts_it(tmp_path, small_corpus, embedder):
    terms = Terms(store="http://127.0.0.1:9")
    with pytest.raises(StoreUnavailableError, match=r"127\.0\.0\.1:9 does not answer.*chroma run"):
        build_index(tmp_path / "shared", IndexSettings(), paths=[small_corpus], embedder=embedder, terms=terms)


def test_vectors_do_not_move_to_a_server_without_a_rebuild(index_dir, small_corpus, embedder, server):
    def run(**options):
        terms = Terms(store=server.url)
        return build_index(index_dir, IndexSettings(), paths=[small_corpus], embedder=embedder, terms=terms, **options)

    with pytest.raises(IndexMismatchError, match="--rebuild"):
        run()
    assert len(run(rebuild=True).added) == 3
