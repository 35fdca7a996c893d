import pytest

from ingest.sparse import SparseIndex, tokenize

TEXTS = [
    ("a/0", "Ocrelizumab slowed progression. Progression was slower with ocrelizumab."),
    ("b/0", "Siponimod slowed progression of disability in SPMS."),
    ("c/0", "A standing frame helps with balance."),
]


@pytest.fixture
def index():
    return SparseIndex.build(TEXTS)


def test_the_chunk_with_the_words_of_the_question_comes_first(index):
    assert list(index.best("Does ocrelizumab slow progression?", 3)) == ["a/0", "b/0"]


def test_scores_are_positive_and_fall(index):
    scores = list(index.best("ocrelizumab progression balance", 3).values())
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_no_more_than_k_are_found(index):
    assert list(index.best("progression", 1)) == ["a/0"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="nothing"),
        pytest.param("what is the", id="stop words"),
        pytest.param("natalizumab", id="unknown word"),
        pytest.param("?!", id="signs"),
    ],
)
def test_a_query_without_a_known_word_finds_nothing(index, query):
    assert index.best(query, 3) == {}


def test_unknown_words_beside_known_ones_change_nothing(index):
    assert index.best("balance natalizumab", 3) == index.best("balance", 3)


def test_words_are_stemmed_in_lower_case_without_stop_words():
    assert tokenize(["The Slowed frames are slowing", "the"]) == [["slow", "frame", "slow"], []]


def test_forms_of_a_word_find_each_other(index):
    assert list(index.best("frames balancing", 3)) == ["c/0"]


def test_the_vocabulary_holds_every_stem_once(index):
    assert sorted(index.vocabulary()) == sorted(
        {token for words in tokenize([text for _, text in TEXTS]) for token in words}
    )


@pytest.mark.parametrize(
    ("token", "chunks"), [("progress", 2), ("ocrelizumab", 1), ("natalizumab", 0)], ids=["two", "one twice", "none"]
)
def test_the_document_frequency_counts_chunks_and_not_words(index, token, chunks):
    assert index.document_frequency(token) == chunks


def test_a_saved_index_scores_as_before(tmp_path, index):
    index.save(tmp_path / "bm25")
    again = SparseIndex.open(tmp_path / "bm25")
    assert again.chunk_ids == ["a/0", "b/0", "c/0"]
    assert again.best("slow progression", 3) == pytest.approx(index.best("slow progression", 3))
    assert again.document_frequency("progress") == 2


@pytest.mark.parametrize("texts", [[], [("a/0", "the of and")]], ids=["no chunk", "stop words only"])
def test_an_index_without_words_can_be_saved_and_finds_nothing(tmp_path, texts):
    SparseIndex.build(texts).save(tmp_path / "bm25")
    again = SparseIndex.open(tmp_path / "bm25")
    assert (again.chunk_ids, again.best("ocrelizumab", 3)) == ([chunk_id for chunk_id, _ in texts], {})
