import numpy as np
import pytest

from ingest.build import build_index
from ingest.errors import DocumentError
from ingest.index import Index
from ingest.questions import QuestionIndex, questions_hash, read_questions
from ingest.settings import IndexSettings
from ingest.vector_copy import Leading
from qa.adapter import LowRank
from qa.assistant import Assistant

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


def test_what_people_asked_is_compared_as_well(asked_corpus, build, tmp_path):
    (asked_corpus / "asked.tsv").write_text(HEADER + "walking\tA standing frame\tis there a gadget to stand\n", "utf-8")
    build(asked_corpus)
    index = opened(tmp_path)
    rows = dict(zip(index.texts, index.places, strict=True))
    assert rows["is there a gadget to stand"] == rows["What keeps me upright?"]


def test_a_question_that_is_taken_as_unseen_finds_the_others(asked_corpus, build, tmp_path, embedder):
    build(asked_corpus)
    index, vector = opened(tmp_path), embedder.encode(["What keeps me upright?"])[0]
    place = index.compare(vector, 1)[1][0].place
    by_place, nearest = index.compare(vector, 1, besides="What keeps me upright?")
    assert nearest[0].text != "What keeps me upright?"
    assert by_place[place] < 0.99


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


@pytest.fixture
def two_models(embedder):
    """The embedder with another one for questions."""
    embedder.for_questions = type(embedder)()
    return embedder


def test_where_questions_have_a_model_of_their_own_it_embeds_them(asked_corpus, build, tmp_path, two_models):
    build(asked_corpus)
    assert two_models.for_questions.encoded == ["Does the first drug work?", "What keeps me upright?"]
    assert not {"Does the first drug work?", "What keeps me upright?"} & set(two_models.encoded)
    assert opened(tmp_path).fits(two_models)


def test_questions_embedded_by_another_model_are_not_compared(asked_corpus, build, tmp_path, embedder, caplog):
    build(asked_corpus)
    embedder.for_questions = type(embedder)()
    assert not opened(tmp_path).fits(embedder)
    found = Assistant.open(tmp_path / "index", embedder=embedder).explain("What keeps me upright?").found.retrieved
    assert (found.question, found.written) == (None, ())
    assert "Run: python -m ingest" in caplog.text


def test_questions_of_another_model_are_embedded_anew(asked_corpus, build, tmp_path, two_models, monkeypatch):
    build(asked_corpus)
    monkeypatch.setattr("ingest.questions.QUESTION_MODEL", "a newer one")
    monkeypatch.setattr("ingest.tuning.QUESTION_MODEL", "a newer one")
    two_models.encoded.clear()
    two_models.for_questions.encoded.clear()
    build(asked_corpus)
    assert opened(tmp_path).model == "a newer one"
    assert two_models.for_questions.encoded == ["Does the first drug work?", "What keeps me upright?"]
    assert two_models.encoded == []


def test_sentences_of_the_source_that_a_follow_up_leans_on_are_told_from_others(
    asked_corpus, build, tmp_path, two_models, monkeypatch
):
    nothing = LowRank(np.zeros((256, 1), dtype=np.float32), np.zeros((1, 256), dtype=np.float32))
    monkeypatch.setattr("qa.retrieve.packaged_adapter", lambda: nothing)
    build(asked_corpus)
    assistant = Assistant.open(tmp_path / "index", embedder=two_models)

    def by_source(*before):
        found = assistant.candidates("and what of that at home?", list(before))
        values = {c.hit.source.key: set() for c in found}
        for candidate in found:
            values[candidate.hit.source.key].add(candidate.features.source_before)
        return values

    told = by_source("standing frame balance")
    assert {key: len(values) for key, values in told.items()} == dict.fromkeys(told, 1)
    assert max(told, key=lambda key: max(told[key])) == "walking"
    assert set().union(*by_source().values()) == {0.0}


def test_a_question_is_compared_by_the_model_for_questions(asked_corpus, build, tmp_path, two_models, monkeypatch):
    nothing = LowRank(np.zeros((256, 1), dtype=np.float32), np.zeros((1, 256), dtype=np.float32))
    monkeypatch.setattr("qa.retrieve.packaged_adapter", lambda: nothing)
    build(asked_corpus)
    found = Assistant.open(tmp_path / "index", embedder=two_models).explain("What keeps me upright?").found.retrieved
    assert found.question is not None
    assert found.written[0].similarity == pytest.approx(1.0, abs=1e-3)
    assert found.adapter is nothing


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
    assert questions_hash([], "a model") == ""


def test_questions_survive_writing_and_reading(tmp_path):
    vectors = np.eye(3, dtype=np.float32)
    QuestionIndex(["a?", "b?", "c?"], [("x/0", 0), ("x/0", 0), ("y/1", 7)], vectors).save(tmp_path / "questions.npz")
    read = QuestionIndex.open(tmp_path / "questions.npz")
    by_place, nearest = read.compare(np.array([0.1, 0.9, 0.3], dtype=np.float32), 2)
    assert by_place == pytest.approx({("x/0", 0): 0.9, ("y/1", 7): 0.3})
    assert [one.text for one in nearest] == ["b?", "c?"]


def test_many_questions_are_compared_once_each_and_found_at_all_their_places(tmp_path):
    random = np.random.default_rng(0)
    vectors = random.normal(size=(6000, 8)).astype(np.float32) @ random.normal(size=(8, 120)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"q{n}" for n in range(6000)]
    vectors[4000], texts[4000] = vectors[7], texts[7]  # one question that two sentences answer
    places = [("x/0", n) for n in range(6000)]
    leading = Leading.of(np.delete(vectors, 4000, axis=0))
    QuestionIndex(texts, places, vectors, leading=leading).save(tmp_path / "questions.npz")
    read = QuestionIndex.open(tmp_path / "questions.npz")
    assert [one.place for one in read.compare(vectors[7], 3)[1]][:2] == [("x/0", 7), ("x/0", 4000)]
    assert read.compare(vectors[4001], 1)[1][0].place == ("x/0", 4001)
    assert not {7, 4000} & {one.place[1] for one in read.compare(vectors[7], 3, "q7")[1]}


def test_an_index_with_a_leading_vector_for_each_row_is_read_as_before():
    random = np.random.default_rng(0)
    vectors = random.normal(size=(6000, 120)).astype(np.float32)
    texts = ["same", "same", *(f"q{n}" for n in range(5998))]
    index = QuestionIndex(texts, [("x/0", n) for n in range(6000)], vectors, leading=Leading.of(vectors))
    assert index.compare(vectors[5000], 1)[1][0].place == ("x/0", 5000)
