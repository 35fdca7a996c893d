import math

import pytest

from eval.intervals import Difference, figure, paired_difference, percentile_of, ratio
from eval.metrics import Figure, mean_with_interval


def whole(*values: float) -> list[tuple[float, float]]:
    """A mean's pairs: each question counts once."""
    return [(value, 1.0) for value in values]


def test_the_mean_and_its_interval_agree_with_those_of_single_values():
    values = [math.sqrt(index) for index in range(20)]
    alike, single = figure(whole(*values)), mean_with_interval(values)
    assert (alike.value, alike.low, alike.high) == pytest.approx((single.value, single.low, single.high))


def test_a_ratio_weighs_a_question_by_what_it_could_gain():
    assert figure([(1, 4), (1, 1)]).value == 2 / 5


def test_a_question_with_nothing_to_gain_is_not_counted():
    assert figure([(1, 1), (0, 0), (0, 1)]).n == 2


@pytest.mark.parametrize("pairs", [[], [(0.0, 0.0)]], ids=["no question", "nothing to gain"])
def test_a_figure_of_nothing_has_no_value(pairs):
    assert figure(pairs) == Figure(None, None, None, 0)


def test_a_percentile_interpolates_and_counts_every_question():
    found = figure(whole(4, 2, 1, 3), percentile_of(0.95))
    assert (found.value, found.n) == (pytest.approx(3.85), 4)


def test_no_change_is_no_difference_however_the_questions_are_drawn():
    found = paired_difference(whole(1, 0, 1), whole(1, 0, 1))
    assert (found.value, found.low, found.high, found.not_lower, found.not_higher) == (0, 0, 0, 1, 1)


def test_a_difference_is_new_minus_old():
    found = paired_difference(whole(1, 1, 0, 0), whole(1, 0, 0, 0))
    assert (found.old, found.new, found.value, found.n) == (0.5, 0.25, -0.25, 4)


def test_pairing_sees_a_small_change_between_very_different_questions():
    old, new = whole(*range(50)), whole(*(value - 0.1 for value in range(50)))
    found = paired_difference(old, new)
    assert found.high < 0
    assert found.not_lower < 0.01


def test_as_many_better_as_worse_is_within_chance():
    found = paired_difference(whole(*[0, 1] * 10), whole(*[1, 0] * 10))
    assert found.low < 0 < found.high
    assert found.not_lower > 0.3


def test_runs_of_different_length_cannot_be_paired():
    with pytest.raises(ValueError, match="1 old and 2 new"):
        paired_difference(whole(1), whole(1, 1))


def test_a_figure_that_one_run_lacks_has_no_difference():
    assert paired_difference([(0, 0)], [(1, 1)]) == Difference(None, 1.0, None, None, None, 1)
    assert paired_difference([], [], ratio) == Difference(None, None, None, None, None, 0)
