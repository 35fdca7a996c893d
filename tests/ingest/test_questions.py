import numpy as np
import pytest

from ingest.build import build_index
from ingest.errors import DocumentError
from ingest.index import Index
from ingest.questions import QuestionIndex, questions_hash, read_questions
from ingest.settings import IndexSettings

HEADER = "key\tsentence\tquestion\n"
ROWS = (
    "alphamab\tAlphamab slowed disability\tDoes the first drug work?\n"
    "walking\tA standing frame\tWhat keeps me upright?\n"
)


@pytest.fixture
def asked_corpus(small_corpus):
    """The small corpus with two written questions."""
    (small_corpus / "questions.tsv").write_text(HEADER + ROWS, encoding="utf-8")
    return small_corpus


@pytest.fixture
def build(tmp_path, embedder):
    def run(folder):
        return build_index(tmp_path / "index", IndexSettings(), paths=[folder], embedder=embedder)

    return run


def opened(tmp_path):
    index = Index.open(tmp_path / "index")
    index.close()
    return index.questions


def test_a_written_question_leads_to_its_sentence(asked_corpus, build, tmp_path, embedder):
    build(asked_corpus)
    by_place, nearest = opened(tmp_path).compare(embedder.encode(["What keeps me upright?"])[0], 1)
    assert nearest[0].text == "What keeps me upright?"
    assert nearest[0].place[0].startswith("walking/")
    assert by_place[nearest[0].place] == pytest.approx(1.0, abs=1e-3)


def test_an_index_without_questions_has_none_to_compare(small_corpus, build, tmp_path, embedder):
    build(small_corpus)
    assert opened(tmp_path).compare(embedder.encode(["What?"])[0], 5) == ({}, [])


def test_a_changed_question_is_embedded_without_its_document(asked_corpus, build, tmp_path, embedder):
    build(asked_corpus)
    embedder.encoded.clear()
    (asked_corpus / "questions.tsv").write_text(HEADER + ROWS.replace("upright", "standing"), encoding="utf-8")
    build(asked_corpus)
    assert embedder.encoded == ["What keeps me standing?"]
    assert "What keeps me standing?" in opened(tmp_path).texts


def test_unchanged_questions_leave_the_index_as_it_is(asked_corpus, build, embedder):
    build(asked_corpus)
    embedder.encoded.clear()
    build(asked_corpus)
    assert embedder.encoded == []


def test_a_question_whose_sentence_is_gone_is_reported_and_the_rest_kept(asked_corpus, build, tmp_path):
    row = "walking\tNo such sentence\tWhat is lost?\n"
    (asked_corpus / "questions.tsv").write_text(HEADER + ROWS + row, encoding="utf-8")
    failed = build(asked_corpus).failed
    assert len(failed) == 1
    assert "'No such sentence'" in str(failed[0])
    assert len(opened(tmp_path).texts) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("question\n", "Begin with: key <tab> sentence <tab> question", id="other header"),
        pytest.param(HEADER + "alphamab\tAlphamab\n", "line 2", id="two values"),
        pytest.param(HEADER + "alphamab\t \tWhat?\n", "line 2", id="empty value"),
    ],
)
def test_a_file_in_another_form_is_refused_with_line_and_remedy(tmp_path, content, message):
    (tmp_path / "questions.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(DocumentError, match=message):
        read_questions(tmp_path / "questions.tsv")


def test_a_folder_without_the_file_has_no_questions(tmp_path):
    assert read_questions(tmp_path / "questions.tsv") == []
    assert questions_hash([]) == ""


def test_questions_survive_writing_and_reading(tmp_path):
    vectors = np.eye(3, dtype=np.float32)
    QuestionIndex(["a?", "b?", "c?"], [("x/0", 0), ("x/0", 0), ("y/1", 7)], vectors).save(tmp_path / "questions.npz")
    read = QuestionIndex.open(tmp_path / "questions.npz")
    by_place, nearest = read.compare(np.array([0.1, 0.9, 0.3], dtype=np.float32), 2)
    assert by_place == pytest.approx({("x/0", 0): 0.9, ("y/1", 7): 0.3})
    assert [one.text for one in nearest] == ["b?", "c?"]
