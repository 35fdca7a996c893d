import pytest

from eval.suite import Question, QuestionFileError
from eval.training import from_suite, read_training, read_unanswered

HEADER = "expect\tquestion\tkey\tsentence\n"


@pytest.fixture
def read(tmp_path):
    def run(*lines):
        (tmp_path / "training.tsv").write_text(HEADER + "\n".join(lines), encoding="utf-8")
        return read_training(tmp_path / "training.tsv")

    return run


def test_rows_of_one_question_name_all_sentences_that_answer_it(read):
    (one,) = read("answer\tDoes it work?\talpha\tAlphamab slowed", "answer\tDoes it work?\tbeta\tBetanib did not")
    right = [("alpha", "Alphamab slowed MS."), ("beta", "Betanib did not help.")]
    wrong = [("beta", "Alphamab slowed MS."), ("alpha", "Walking was slower.")]
    assert [one.is_right(*candidate) for candidate in [*right, *wrong]] == [True, True, False, False]


def test_a_refusal_names_no_sentence(read):
    (one,) = read("abstain\tWhat does it cost?\t\t")
    assert (one.answerable, one.is_right("alpha", "Anything.")) == (False, False)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("answer\tWhy?\talpha", id="three values"),
        pytest.param("maybe\tWhy?\talpha\tAlphamab", id="another word"),
        pytest.param("answer\tWhy?\t\t", id="an answer without sentence"),
        pytest.param("abstain\tWhy?\talpha\tAlphamab", id="a refusal with one"),
    ],
)
def test_a_line_in_another_form_is_named(read, line):
    with pytest.raises(QuestionFileError, match=r"training\.tsv: line 2"):
        read(line)


def test_right_in_the_suite_is_a_key_fact_in_a_right_source():
    asked = Question("id", "number", "How many?", (), "answer", ("alpha",), (), (("0\\.76",),), ())
    (one,) = from_suite([asked])
    assert one.is_right("alpha", "The hazard ratio was 0.76.")
    assert not one.is_right("beta", "The hazard ratio was 0.76.")
    assert not one.is_right("alpha", "The hazard ratio was 0.9.")


def test_questions_that_nothing_answers_are_refusals(tmp_path):
    (tmp_path / "unanswered.tsv").write_text("question\nWhat does it cost?\n", encoding="utf-8")
    (one,) = read_unanswered(tmp_path / "unanswered.tsv")
    assert (one.question, one.answerable, one.is_right("alpha", "It costs nothing.")) == (
        "What does it cost?",
        False,
        False,
    )
