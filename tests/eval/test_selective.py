import numpy as np
import pytest

from eval.selective import CurvePoint, area_under_risk_coverage, confidence_rank, risk_coverage


def area(pairs):
    return float(area_under_risk_coverage(np.array(pairs, dtype=float)))


def test_the_curve_answers_the_surest_question_first():
    assert risk_coverage([(0.2, 1), (0.9, 0)]) == [CurvePoint(0.5, 0.0), CurvePoint(1.0, 0.5)]


def test_no_question_gives_no_curve():
    assert risk_coverage([]) == []


@pytest.mark.parametrize(
    ("confidences", "expected"),
    [
        pytest.param([0.9, 0.8, 0.1], (0 + 0 + 1 / 3) / 3, id="the wrong one last"),
        pytest.param([0.1, 0.2, 0.9], (1 + 1 / 2 + 1 / 3) / 3, id="the wrong one first"),
        pytest.param([0.5, 0.5, 0.5], (1 + 1 / 2 + 1 / 3) / 3, id="a tie is read against the assistant"),
    ],
)
def test_the_area_is_small_when_confidence_falls_on_what_is_wrong(confidences, expected):
    assert area([*zip(confidences, [0, 0, 1], strict=True)]) == pytest.approx(expected)


def test_areas_of_many_resamples_are_found_at_once():
    tables = np.array([[(0.9, 0), (0.1, 1)], [(0.1, 0), (0.9, 1)]], dtype=float)
    assert area_under_risk_coverage(tables) == pytest.approx([0.25, 0.75])


def test_a_refused_question_stands_behind_every_answered_one():
    assert confidence_rank(0.99, answered=False) < confidence_rank(0.01, answered=True)
    assert confidence_rank(None, answered=False) == 0
