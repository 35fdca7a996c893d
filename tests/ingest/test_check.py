import json
import sqlite3
from contextlib import closing

import pytest

from ingest.check import check_index
from ingest.errors import IndexMissingError
from ingest.index import Layout

REBUILD = "python -m ingest --rebuild"


@pytest.fixture
def problems(index_dir):
    return lambda: list(check_index(index_dir))


@pytest.fixture
def generation(index_dir):
    """The folder of the current generation."""
    return index_dir / "generations" / Layout(index_dir).current()


def alter(generation, statement):
    with closing(sqlite3.connect(generation / "catalog.db")) as connection, connection:
        connection.execute(statement)


def test_a_sound_index_has_no_problems(problems):
    assert problems() == []


def test_vectors_that_cannot_be_opened_are_a_problem_and_no_crash(generation, problems):
    database = generation / "chroma" / "chroma.sqlite3"
    held = database.read_bytes()
    database.write_bytes(held[:100] + b"?" * (len(held) - 100))  # its first bytes still say what it is
    assert any("vectors cannot be read" in problem and REBUILD in problem for problem in problems())


def test_there_must_be_an_index_to_check(tmp_path):
    with pytest.raises(IndexMissingError):
        list(check_index(tmp_path / "index"))


def test_checking_changes_no_document_and_no_generation(index_dir, small_corpus, problems):
    (small_corpus / "walking.md").write_text("broken")
    before = sorted(path.name for path in index_dir.rglob("*"))
    problems()
    assert sorted(path.name for path in index_dir.rglob("*")) == before


def test_a_file_that_breaks_is_a_problem_named_with_its_remedy(small_corpus, problems):
    (small_corpus / "walking.md").write_text("broken")
    (problem,) = problems()
    assert all(part in problem for part in (f"{small_corpus / 'walking.md'}: front matter", "Begin the file"))


def test_every_file_that_breaks_is_a_problem(small_corpus, problems):
    for path in small_corpus.iterdir():
        path.write_text("broken")
    assert len(problems()) == 3


def test_a_number_used_twice_is_a_problem_of_both_files(problems, write_document):
    write_document("delta", 3)
    (problem,) = problems()
    assert all(part in problem for part in ("number: 3 is already used by", "delta.md", "walking.md"))


def test_a_root_that_vanished_is_a_problem(small_corpus, problems):
    small_corpus.rename(small_corpus.with_name("elsewhere"))
    (problem,) = problems()
    assert all(part in problem for part in (str(small_corpus), "no such file or folder", "--remove"))


def test_stores_that_name_different_chunks_are_a_problem(generation, problems):
    ids = json.loads((generation / "bm25" / "ids.json").read_text())
    (generation / "bm25" / "ids.json").write_text(json.dumps(ids[::-1]))
    (problem,) = problems()
    assert "name different chunks" in problem
    assert REBUILD in problem


def test_a_document_that_only_the_manifest_knows_is_a_problem(generation, problems):
    manifest = json.loads((generation / "manifest.json").read_text())
    manifest["documents"]["ghost"] = {**manifest["documents"]["walking"], "chunks": 0}
    (generation / "manifest.json").write_text(json.dumps(manifest))
    (problem,) = problems()
    assert problem.startswith("ghost: the manifest and the catalog disagree")
    assert REBUILD in problem


def test_vectors_that_do_not_fit_the_sentences_are_a_problem(generation, problems):
    alter(generation, "UPDATE chunks SET vectors = x'0000' WHERE chunk_id = 'alphamab/1'")
    (problem,) = problems()
    assert problem.startswith("alphamab/1: ")
    assert REBUILD in problem


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("""SET sentences = '[[0, 5]]'""", id="sentence before the passage"),
        pytest.param("""SET sentences = '[[' || start || ',' || start || ']]'""", id="empty sentence"),
        pytest.param("""SET "end" = 9999, sentences = '[[9000, 9001]]'""", id="passage beyond the text"),
    ],
)
def test_a_sentence_outside_its_passage_is_a_problem(generation, problems, change):
    alter(generation, f"UPDATE chunks {change} WHERE chunk_id = 'walking/1'")
    (problem,) = problems()
    assert problem.startswith("walking/1: its sentences lie outside its passage")
    assert REBUILD in problem
