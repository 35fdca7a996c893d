import re

import pytest
import yaml

from eval.suite import EXPECTATIONS, QUESTIONS_DIR, Question, QuestionFileError, load_questions
from ingest.document import Document
from ingest.load import PACKAGED, find_files, load_document
from ingest.sentences import split_sentences

ENTRY = {
    "id": "number-one",
    "category": "number",
    "question": "By how much?",
    "history": ["Did alphamab work?"],
    "expect": "answer",
    "sources": {"any": ["alphamab"], "all": ["betanib"]},
    "facts": [["0\\.76", "24 ?%"]],
    "forbid": ["cured"],
    "note": "the plain case",
}


@pytest.fixture
def write_questions(tmp_path):
    """Write a file of questions, from entries or from the text itself, into the test's own folder."""

    def write(content, name="questions.yaml"):
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_an_entry_becomes_a_question(write_questions):
    facts = (("0\\.76", "24 ?%"),)
    history, forbid, note = ("Did alphamab work?",), ("cured",), "the plain case"
    expected = Question(
        "number-one", "number", "By how much?", history, "answer", ("alphamab",), ("betanib",), facts, forbid, note
    )
    assert load_questions(write_questions([ENTRY])) == [expected]


def test_what_may_be_left_out_is_empty(write_questions):
    required = {name: ENTRY[name] for name in ("id", "category", "question", "expect")}
    (question,) = load_questions(write_questions([required]))
    assert question == Question("number-one", "number", "By how much?", (), "answer", (), (), (), ())


def test_a_single_file_can_be_named(write_questions):
    folder = write_questions([ENTRY], "one.yaml")
    write_questions([{**ENTRY, "id": "number-two"}], "two.yaml")
    assert [question.id for question in load_questions(folder / "two.yaml")] == ["number-two"]


def test_questions_of_all_files_come_ordered_by_id(write_questions):
    write_questions([{**ENTRY, "id": "c"}, {**ENTRY, "id": "a"}], "one.yaml")
    folder = write_questions([{**ENTRY, "id": "b"}], "two.yaml")
    assert [question.id for question in load_questions(folder)] == ["a", "b", "c"]


def test_an_empty_file_holds_no_questions(write_questions):
    assert load_questions(write_questions("")) == []


def test_the_two_splits_part_the_questions(write_questions):
    folder = write_questions([{**ENTRY, "id": f"number-{index}"} for index in range(200)])
    dev, test = load_questions(folder, "dev"), load_questions(folder, "test")
    assert {q.split for q in dev} == {"dev"}
    assert {q.split for q in test} == {"test"}
    assert sorted(q.id for q in dev + test) == [q.id for q in load_questions(folder)]
    assert 80 <= len(dev) <= 120


def test_rewording_a_question_leaves_it_in_its_split(write_questions):
    (before,) = load_questions(write_questions([ENTRY]))
    (after,) = load_questions(write_questions([{**ENTRY, "question": "How much less?", "category": "other"}]))
    assert before.split == after.split == "test"


def without(field: str) -> dict[str, object]:
    return {name: value for name, value in ENTRY.items() if name != field}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param("- id: [", "questions.yaml: cannot be read", id="broken YAML"),
        pytest.param("just some text", "questions.yaml: an entry has no id", id="text instead of a list"),
        pytest.param("7", "questions.yaml: ", id="a number instead of a list"),
        pytest.param([without("id")], "questions.yaml: an entry has no id", id="no id"),
        pytest.param([{**ENTRY, "id": 7}], "questions.yaml: 7: id", id="a number as id"),
        pytest.param([without("category")], "number-one: category is missing", id="no category"),
        pytest.param([{**ENTRY, "question": ""}], "number-one: question is missing", id="empty question"),
        pytest.param([without("expect")], "number-one: expect is missing", id="no expectation"),
        pytest.param([{**ENTRY, "expect": "refuse"}], "'refuse'; use one of answer, abstain, safe", id="expectation"),
        pytest.param([{**ENTRY, "facts": [["0.76", "("]]}], "number-one: '(' is no regular", id="pattern of a fact"),
        pytest.param([{**ENTRY, "forbid": ["*"]}], "number-one: '*' is no regular", id="forbidden pattern"),
        pytest.param([{**ENTRY, "facts": ["0.76"]}], "number-one: facts", id="fact without a list of alternatives"),
        pytest.param([{**ENTRY, "facts": [[24]]}], "number-one: facts", id="a number as pattern"),
        pytest.param([{**ENTRY, "forbid": "cured"}], "number-one: forbid", id="forbid as text"),
        pytest.param([{**ENTRY, "history": "Why?"}], "number-one: history", id="history as text"),
        pytest.param([{**ENTRY, "sources": ["alphamab"]}], "number-one: sources", id="sources as a list"),
        pytest.param([{**ENTRY, "sources": {"any": "alphamab"}}], "number-one: sources", id="source as text"),
        pytest.param(
            [{**ENTRY, "fact": []}], "number-one: unknown field 'fact'; the nearest known one is 'facts'", id="field"
        ),
        pytest.param(
            [{**ENTRY, "sources": {"al": []}}],
            "number-one: sources: unknown field 'al'; the nearest known one is 'all'",
            id="field of the sources",
        ),
        pytest.param([ENTRY, ENTRY], "'number-one' is used twice", id="id twice in a file"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(write_questions, content, complaint):
    folder = write_questions(content)
    with pytest.raises(QuestionFileError, match=re.escape(complaint)) as caught:
        load_questions(folder)
    assert str(folder / "questions.yaml") in str(caught.value)


def test_an_id_may_not_come_back_in_another_file(write_questions):
    write_questions([ENTRY], "one.yaml")
    with pytest.raises(QuestionFileError, match=r"two\.yaml: id 'number-one' is used twice"):
        load_questions(write_questions([ENTRY], "two.yaml"))


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    (tmp_path / "latin.yaml").write_bytes("- id: präzise".encode("latin-1"))
    with pytest.raises(QuestionFileError, match=r"latin\.yaml"):
        load_questions(tmp_path)


@pytest.mark.parametrize("name", ["", "nowhere"], ids=["empty folder", "no such folder"])
def test_a_folder_without_questions_is_named(tmp_path, name):
    with pytest.raises(QuestionFileError, match=r"holds no \.yaml file") as caught:
        load_questions(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


@pytest.fixture(scope="module")
def packaged() -> list[Question]:
    return load_questions()


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return [load_document(file) for file in find_files([PACKAGED])]


@pytest.fixture(scope="module")
def sentences(documents) -> dict[str, list[str]]:
    """The sentences of every packaged document, by key."""
    return {d.source.key: [span.of(d.text) for span in split_sentences(d.text)] for d in documents}


def stated(pattern: str, texts: list[str]) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for text in texts)


def test_every_packaged_file_holds_the_category_it_is_named_after(packaged):
    assert {q.category for q in packaged} == {file.stem for file in QUESTIONS_DIR.iterdir()}


def test_no_two_packaged_questions_share_their_id_or_wording(packaged):
    assert len({q.id for q in packaged}) == len(packaged)
    assert len({(q.question.casefold(), q.history) for q in packaged}) == len(packaged)


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("expect", EXPECTATIONS)
def test_each_split_holds_questions_of_every_expectation(packaged, split, expect):
    assert [q.id for q in packaged if q.split == split and q.expect == expect]


def test_packaged_ids_begin_with_their_category(packaged):
    assert [q.id for q in packaged if not q.id.startswith(f"{q.category}-")] == []


def test_every_source_of_a_packaged_question_is_a_packaged_document(packaged, sentences):
    assert [(q.id, key) for q in packaged for key in sorted(q.right_sources) if key not in sentences] == []


def test_questions_with_an_answer_name_sources_and_facts_and_refusals_neither(packaged):
    answer = [q for q in packaged if q.expect == "answer"]
    abstain = [q for q in packaged if q.expect == "abstain"]
    assert [q.id for q in answer if not (q.right_sources and q.facts)] == []
    assert [q.id for q in abstain if q.right_sources or q.facts] == []


def test_one_sentence_of_a_right_source_states_each_fact(packaged, sentences):
    answer = [q for q in packaged if q.expect == "answer"]
    unstated = [
        (q.id, fact)
        for q in answer
        for fact in q.facts
        if not any(stated(pattern, sentences[key]) for pattern in fact for key in q.right_sources)
    ]
    assert unstated == []


def test_no_right_source_states_what_is_forbidden(packaged, sentences):
    held = [(q.id, p) for q in packaged for p in q.forbid for key in q.right_sources if stated(p, sentences[key])]
    assert held == []


def test_neither_nothing_nor_a_citation_mark_passes_for_a_fact(packaged, documents):
    empty = ["", *(f"[{document.source.number}]" for document in documents)]
    patterns = [(q.id, p) for q in packaged if q.expect == "answer" for fact in q.facts for p in fact]
    assert [(id_, p) for id_, p in patterns if stated(p, empty)] == []
