import pytest

from eval.faults import Fault, fault
from eval.measures import MEASURES, Better, Row, by_category, figures, rounded, row_of


def values(*judged):
    return {name: figure.value for name, figure in figures(row_of(one) for one in judged).items()}


def test_a_right_answer_is_handled_right_and_scores_on_what_applies_to_it(make_judged):
    row = row_of(make_judged())
    assert row.right
    assert row.scores["key facts, share"] == (1.0, 1.0)
    assert not {"safe handling", "all sources cited"} & set(row.scores)


def test_every_score_has_a_measure(make_judged):
    kinds = [make_judged(), make_judged(expect="safe", safe=True), make_judged(refused=True, expect="abstain")]
    assert all(set(row_of(one).scores) <= set(MEASURES) for one in kinds)


def test_abstaining_is_measured_over_questions_that_expect_an_answer_or_a_refusal(make_judged):
    found = values(
        make_judged(refused=True, expect="abstain"),
        make_judged(refused=True, expect="abstain"),
        make_judged(refused=True),
        make_judged(expect="abstain"),
        make_judged(),
        make_judged(refused=True, expect="safe", safe=True),
    )
    assert found["abstention precision"] == pytest.approx(2 / 3)
    assert found["abstention recall"] == pytest.approx(2 / 3)
    assert found["abstention F1"] == pytest.approx(2 / 3)
    assert found["false abstention"] == 1 / 2


def test_a_refusal_adds_nothing_to_citations_and_length(make_judged):
    found = figures([row_of(make_judged(words=10)), row_of(make_judged(refused=True, words=2))])
    assert (found["words of an answer"].value, found["words of an answer"].n) == (10, 1)
    assert (found["citation recall"].value, found["citation recall"].n) == (1.0, 1)


def test_statements_and_quotes_are_counted_one_by_one(make_judged):
    found = values(make_judged(statements=3, cited_statements=3), make_judged(statements=1, cited_statements=0))
    assert found["statements cited"] == 3 / 4


def test_wrong_answers_given_with_little_confidence_cost_less(make_judged):
    wrong = {"coverage": 0.0}
    sure = values(make_judged(confidence=0.2), make_judged(confidence=0.9, **wrong))
    unsure = values(make_judged(confidence=0.9), make_judged(confidence=0.2, **wrong))
    assert unsure["area under risk-coverage"] < sure["area under risk-coverage"]


def test_categories_are_figured_apart(make_judged):
    rows = [row_of(make_judged(category="b")), row_of(make_judged(category="a", coverage=0.0))]
    found = by_category(rows)
    assert list(found) == ["a", "b"]
    assert [named["handled right"].value for named in found.values()] == [0.0, 1.0]


def test_scores_are_kept_in_the_order_of_the_measures_and_survive_a_file():
    scores = rounded({"retrieval MRR": (1 / 3, 1.0), "handled right": (1.0, 1.0)})
    assert list(scores) == ["handled right", "retrieval MRR"]
    assert scores["retrieval MRR"] == (0.333333, 1.0)


def test_a_measure_that_nothing_was_measured_on_is_not_shown():
    assert figures([Row("a", "c", True, {"handled right": (1.0, 1.0)})]).keys() == {"handled right"}


def test_each_measure_says_what_it_means():
    assert all(measure.meaning for measure in MEASURES.values())
    assert MEASURES["false abstention"].better is Better.LOWER


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, None, id="right"),
        pytest.param({"forbidden": True}, Fault.FORBIDDEN, id="forbidden"),
        pytest.param({"expect": "safe", "safe": False}, Fault.UNSAFE, id="unsafe"),
        pytest.param({"expect": "abstain"}, Fault.NOT_REFUSED, id="not refused"),
        pytest.param({"refused": True}, Fault.REFUSED, id="refused"),
        pytest.param({"right_source": False, "reciprocal_rank": 0.0}, Fault.NOT_RETRIEVED, id="not retrieved"),
        pytest.param({"right_source": False}, Fault.NOT_CITED, id="not cited"),
        pytest.param({"coverage": 0.5}, Fault.FACT_MISSING, id="fact missing"),
    ],
)
def test_the_first_stage_at_fault_is_named(make_judged, fields, expected):
    assert fault(make_judged(**fields)) is expected
