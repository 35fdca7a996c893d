import pytest
import yaml

from eval.consistency import CONSISTENCY_FILE, Compared, Twin, compare_twins, load_twins, rows_of
from eval.measures import MEASURES, figures
from eval.suite import QuestionFileError, load_questions
from qa.glossary import Kind, packaged_glossary, words_of

PACKAGED = yaml.safe_load(CONSISTENCY_FILE.read_text(encoding="utf-8"))
CONTENT = {
    "templates": ["Does {drug} work?", "Is {drug} safe?"],
    "drugs": [{"generic": "alphamab", "brand": "Alpha", "code": "A-1", "misspelt": ["alfamab", "alphamap"]}],
    "paraphrases": [["What is PIRA?", "What does PIRA mean?"]],
}


@pytest.fixture
def write_pairs(tmp_path):
    def write(content):
        path = tmp_path / "consistency.yaml"
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
        return path

    return write


def compared(cited, other, *, group="alphamab", variation="misspelt"):
    return Compared(Twin(group, variation, "one", "other"), cited, other)


def test_each_variant_is_paired_with_the_generic_name_in_each_template(write_pairs):
    twins = load_twins(write_pairs(CONTENT))
    assert Twin("alphamab", "other name", "Is alphamab safe?", "Is A-1 safe?") in twins
    assert [twin.variation for twin in twins] == [*["other name"] * 2, *["misspelt"] * 2] * 2 + ["paraphrased"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("{", id="no YAML"),
        pytest.param({"templates": []}, id="parts missing"),
        pytest.param({**CONTENT, "drugs": [{"generic": "alphamab"}]}, id="a drug without its names"),
        pytest.param({**CONTENT, "paraphrases": [["alone"]]}, id="a paraphrase without its other half"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(write_pairs, content):
    with pytest.raises(QuestionFileError, match=r"consistency\.yaml"):
        load_twins(write_pairs(content))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(QuestionFileError, match="none"):
        load_twins(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("cited", "other", "same", "shared"),
    [
        pytest.param(("a", "b"), ("b", "a"), True, 1.0, id="order does not matter"),
        pytest.param(("a", "b"), ("a",), False, 0.5, id="one more"),
        pytest.param(("a", "b"), ("b", "c"), False, 1 / 3, id="one of three shared"),
        pytest.param(("a",), ("b",), False, 0.0, id="different"),
        pytest.param((), ("b",), False, 0.0, id="one is refused"),
        pytest.param((), (), True, 1.0, id="both are refused"),
    ],
)
def test_two_answers_are_compared_by_their_sources(cited, other, same, shared):
    pair = compared(cited, other)
    assert (pair.same, pair.shared, pair.both_refused) == (same, shared, not cited and not other)


def test_the_pairs_of_a_drug_are_one_case():
    rows = rows_of([compared(("a",), ("a",)), compared(("a",), ("b",)), compared(("c",), ("c",), group="betanib")])
    found = figures(rows)["same sources, misspelt"]
    assert (found.value, found.n) == (pytest.approx(2 / 3), 2)
    assert {name for row in rows for name in row.scores} <= set(MEASURES)


def test_questions_that_mean_the_same_are_asked_of_the_assistant(assistant):
    twin = Twin("x", "paraphrased", "Did alphamab slow progression in ONE?", "Did betanib slow progression in TWO?")
    (pair,) = compare_twins(assistant, [twin])
    assert (pair.cited[0], pair.other_cited[0]) == ("alphamab", "betanib")


def test_the_packaged_pairs_are_twenty_drugs_and_twenty_paraphrases():
    twins = load_twins()
    assert len({twin.group for twin in twins if twin.variation != "paraphrased"}) == 20
    assert [sum(t.variation == v for t in twins) for v in ("other name", "misspelt", "paraphrased")] == [80, 80, 20]


@pytest.mark.parametrize("drug", PACKAGED["drugs"], ids=lambda drug: drug["generic"])
def test_names_are_those_of_the_glossary_and_misspellings_are_not(drug):
    glossary = packaged_glossary()
    assert {drug["brand"], drug["code"]} <= set(glossary.name(Kind.DRUG, drug["generic"]).others)
    assert not [word for word in drug["misspelt"] if glossary.find(words_of(word))]


def test_no_paraphrase_is_a_question_of_the_suite():
    asked = {question.question.lower() for question in load_questions()}
    assert not asked & {text.lower() for pair in PACKAGED["paraphrases"] for text in pair}
