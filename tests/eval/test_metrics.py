import math

import pytest

from eval.metrics import (
    Figure,
    fact_coverage,
    mean_with_interval,
    ndcg,
    percentile,
    precision_recall_f1,
    recall_at_k,
    reciprocal_rank,
)

RANKED = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("any_of", "all_of", "k", "expected"),
    [
        pytest.param(["c", "x"], [], 3, 1.0, id="one of any is enough"),
        pytest.param(["c", "x"], [], 2, 0.0, id="beyond k does not count"),
        pytest.param([], ["a", "d"], 4, 1.0, id="each of all is found"),
        pytest.param([], ["a", "d"], 3, 0.5, id="one of all is missing"),
        pytest.param(["b", "c", "d"], ["a", "x"], 4, 2 / 3, id="any counts as one item beside all"),
    ],
)
def test_recall_is_the_share_of_what_must_be_found(any_of, all_of, k, expected):
    assert recall_at_k(RANKED, any_of, all_of, k) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("relevant", "expected"),
    [
        pytest.param({"a"}, 1.0, id="first"),
        pytest.param({"c", "d"}, 1 / 3, id="the first relevant one counts"),
        pytest.param({"x"}, 0.0, id="none"),
    ],
)
def test_reciprocal_rank_counts_from_one(relevant, expected):
    assert reciprocal_rank(RANKED, frozenset(relevant)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("relevant", "k", "expected"),
    [
        pytest.param({"a", "b"}, 4, 1.0, id="the best order"),
        pytest.param({"a", "c"}, 4, (1 + 1 / 2) / (1 + 1 / math.log2(3)), id="a gap"),
        pytest.param({"b"}, 4, 1 / math.log2(3), id="second"),
        pytest.param({"c"}, 2, 0.0, id="beyond k"),
        pytest.param({"a", "x", "y"}, 1, 1.0, id="the ideal is cut at k too"),
        pytest.param({"a", "x"}, 4, 1 / (1 + 1 / math.log2(3)), id="one was not found"),
        pytest.param(set(), 4, 0.0, id="nothing is relevant"),
    ],
)
def test_ndcg_compares_the_gain_with_the_best_possible_one(relevant, k, expected):
    assert ndcg(RANKED, frozenset(relevant), k) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param([["0\\.76"], ["24 ?%"]], 1.0, id="all"),
        pytest.param([["0\\.75", "0\\.76"], ["32\\.9"]], 0.5, id="one alternative is enough, one fact is missing"),
        pytest.param([["ORATORIO"]], 1.0, id="case does not matter"),
        pytest.param([["siponimod"]], 0.0, id="none"),
        pytest.param([], 1.0, id="nothing is asked for"),
    ],
)
def test_fact_coverage_is_the_share_of_facts_stated(facts, expected):
    assert fact_coverage("In Oratorio the hazard ratio was 0.76, or 24% less.", facts) == expected


@pytest.mark.parametrize(
    ("predicted", "expected", "figures"),
    [
        pytest.param([1, 1, 1, 0, 0], [1, 0, 1, 1, 1], (2 / 3, 1 / 2, 4 / 7), id="hits, a false alarm and misses"),
        pytest.param([1, 0], [1, 0], (1.0, 1.0, 1.0), id="perfect"),
        pytest.param([0, 0], [1, 0], (0.0, 0.0, 0.0), id="nothing predicted"),
        pytest.param([1, 0], [0, 0], (0.0, 0.0, 0.0), id="nothing expected"),
        pytest.param([], [], (0.0, 0.0, 0.0), id="no cases"),
    ],
)
def test_precision_recall_and_f1_of_the_positive_class(predicted, expected, figures):
    assert precision_recall_f1([*map(bool, predicted)], [*map(bool, expected)]) == pytest.approx(figures)


def test_precision_refuses_lists_of_different_length():
    with pytest.raises(ValueError, match="shorter"):
        precision_recall_f1([True, False], [True])


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, 1.0), (0.5, 2.5), (0.95, 3.85), (1.0, 4.0)],
    ids=["lowest", "between the middle two", "near the top", "highest"],
)
def test_percentile_interpolates_between_the_ordered_values(share, expected):
    assert percentile([4.0, 2.0, 1.0, 3.0], share) == pytest.approx(expected)


def test_percentile_without_values_is_zero():
    assert percentile([], 0.5) == 0.0


def test_a_mean_without_cases_has_no_value():
    assert mean_with_interval([]) == Figure(None, None, None, 0)


def test_a_mean_of_equal_values_has_no_width():
    assert mean_with_interval([0.25] * 8) == Figure(0.25, 0.25, 0.25, 8)


def test_an_interval_is_that_of_the_normal_approximation_for_many_cases():
    figure = mean_with_interval([0.0, 1.0] * 50)
    assert (figure.value, figure.n) == (0.5, 100)
    assert (figure.low, figure.high) == pytest.approx((0.5 - 1.96 * 0.05, 0.5 + 1.96 * 0.05), abs=0.02)


def test_an_interval_is_the_same_in_every_run_and_follows_the_seed():
    values = [math.sqrt(index) for index in range(10)]
    assert mean_with_interval(values) == mean_with_interval(values)
    assert mean_with_interval(values) != mean_with_interval(values, seed=8)


def test_an_interval_is_wider_with_fewer_cases():
    few, many = mean_with_interval([0.0, 1.0] * 5), mean_with_interval([0.0, 1.0] * 50)
    assert few.low < many.low < many.high < few.high
