import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from eval.calibrate import best_threshold, fit_abstention, logistic_regression, main, write
from eval.suite import Question, QuestionFileError
from qa.abstain import Calibration, Signals


class KeywordAssistant:
    """Knows about MS and nothing else: signals are high when the conversation mentions it; no index, no model."""

    def signals(self, question: str, history: Sequence[str] = ()) -> dict[str, float]:
        known = any("MS" in text for text in [question, *history])
        return dict.fromkeys(Signals.names(), 0.8 if known else 0.2)


def case(question: str, expect: str, *history: str) -> Question:
    return Question(question, "case", question, history, expect, (), (), (), ())


CASES = [
    case("Does alphamab slow MS?", "answer"),
    case("Is betanib safe in MS?", "answer"),
    case("How often?", "answer", "Does a standing frame help in MS?"),
    case("How do volcanoes erupt?", "abstain"),
    case("Who won the cup?", "abstain"),
    case("I cannot breathe", "safe"),
]


def fitted(assistant: KeywordAssistant, cases: Sequence[Question], folder: Path) -> Calibration:
    write(folder / "calibration.json", {"cosine": 1.0}, *fit_abstention(assistant, cases))
    return Calibration.load(folder / "calibration.json")


def answered(calibration: Calibration, signals: dict[str, float]) -> bool:
    return calibration.probability(Signals(**signals)) >= calibration.threshold


@pytest.mark.parametrize("seed", range(5))
def test_logistic_regression_separates_a_separable_set(seed):
    random = np.random.default_rng(seed)
    signals = random.normal(size=(40, 3))
    labels = (signals[:, 0] > 0).astype(float)
    signals[:, 0] += np.where(labels > 0, 1.0, -1.0)
    weights, bias = logistic_regression(signals, labels)
    assert ((signals @ weights + bias > 0) == (labels > 0)).all()


def test_weights_settle_although_the_classes_separate():
    signals, labels = np.array([[0.1], [0.2], [0.8], [0.9]]), np.array([0.0, 0.0, 1.0, 1.0])
    (soon, _), (late, _) = (logistic_regression(signals, labels, steps=steps) for steps in (25, 200))
    assert late[0] == pytest.approx(soon[0])
    assert 0 < late[0] < 50


def test_weights_are_the_log_odds_ratio_of_a_yes_no_signal():
    signals = np.array([[0.0]] * 4 + [[1.0]] * 4)
    labels = np.array([0.0, 0, 0, 1, 0, 1, 1, 1])  # odds 1:3 without the signal, 3:1 with it
    weights, bias = logistic_regression(signals, labels)
    assert weights[0] == pytest.approx(2 * math.log(3), abs=0.1)
    assert bias == pytest.approx(-math.log(3), abs=0.1)


def test_a_rare_class_weighs_as_much_as_a_common_one():
    weights, bias = logistic_regression(np.zeros((10, 1)), np.array([0.0] + [1.0] * 9))
    assert (weights[0], bias) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_a_telling_signal_outweighs_noise():
    random = np.random.default_rng(1)
    signals = random.random((200, 2))
    labels = (random.random(200) < signals[:, 0]).astype(float)
    weights, _ = logistic_regression(signals, labels)
    assert weights[0] > 3 * abs(weights[1])


@pytest.mark.parametrize(
    ("probabilities", "labels", "threshold", "f1"),
    [
        pytest.param([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], 0.5, 1.0, id="between separable classes"),
        pytest.param([0.9, 0.1, 0.8, 0.2], [1, 0, 1, 0], 0.5, 1.0, id="in any order"),
        pytest.param([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1], 0.75, 0.8, id="one false refusal is better than a miss"),
        pytest.param([0.1, 0.3, 0.3, 0.9], [0, 0, 1, 1], 0.6, 0.8, id="cases of equal probability stay together"),
    ],
)
def test_the_best_threshold_lies_between_two_cases(probabilities, labels, threshold, f1):
    found = best_threshold(np.array(probabilities), np.array(labels, dtype=float))
    assert found == pytest.approx((threshold, f1))


def test_a_fit_separates_what_the_sources_answer_from_the_rest(tmp_path):
    calibration = fitted(KeywordAssistant(), CASES, tmp_path)
    assert answered(calibration, KeywordAssistant().signals("Is walking possible with MS?"))
    assert not answered(calibration, KeywordAssistant().signals("Is walking possible on the Moon?"))


def test_a_fit_leaves_out_questions_that_need_a_person_and_says_what_it_was_fitted_on(tmp_path, capsys):
    on = fitted(KeywordAssistant(), CASES, tmp_path).fitted_on
    assert on == "dev split, 5 questions, 2 of them to be refused"
    assert capsys.readouterr().out == "refusing, F1 at the threshold: 1.000  n=5, 2 to be refused\n"


def test_a_written_calibration_is_read_as_it_was_fitted(tmp_path):
    weights, bias, threshold, on = fit_abstention(KeywordAssistant(), CASES)
    write(tmp_path / "calibration.json", {"cosine": 0.7, "focus": 2.5}, weights, bias, threshold, on)
    read = Calibration.load(tmp_path / "calibration.json")
    assert read.weights == pytest.approx(weights, abs=1e-4)
    assert (read.bias, read.threshold) == pytest.approx((bias, threshold), abs=1e-4)
    assert read.ranking == {"cosine": 0.7, "focus": 2.5}


def test_a_fit_on_a_real_index_tells_its_contents_from_other_matters(tmp_path, assistant):
    cases = [
        case("Did alphamab slow disability progression in people with primary progressive MS?", "answer"),
        case("Does a standing frame help people with progressive MS to keep their balance?", "answer"),
        case("How do volcanoes erupt in Iceland?", "abstain"),
        case("Which team won the football cup?", "abstain"),
    ]
    calibration = fitted(assistant, cases, tmp_path)
    assert [answered(calibration, assistant.signals(case.question)) for case in cases] == [True, True, False, False]


@pytest.mark.parametrize("missing", ["answer", "abstain"])
def test_a_fit_without_one_of_the_two_kinds_says_so(missing):
    with pytest.raises(QuestionFileError, match=f"expects '{missing}'.* Add questions with `expect: {missing}`"):
        fit_abstention(KeywordAssistant(), [case for case in CASES if case.expect != missing])


def test_a_command_without_one_of_the_two_kinds_ends_before_an_index_is_opened(tmp_path):
    file = tmp_path / "one-kind.yaml"
    file.write_text("- {id: b, category: c, question: What?, expect: answer}", encoding="utf-8")
    with pytest.raises(QuestionFileError, match="expects 'a"):
        main(argparse.Namespace(questions=file, index=tmp_path / "no-index", to=tmp_path / "calibration.json"))


def test_equal_probabilities_have_no_threshold_and_the_error_says_what_to_do():
    with pytest.raises(QuestionFileError, match=r"All 2 questions have the same probability.*--index"):
        best_threshold(np.array([0.5, 0.5]), np.array([0.0, 1.0]))
