import argparse
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.calibrate import fit_abstention, main, write
from eval.logistic import best_threshold, held_out_probabilities, limit_of_doubt, logistic_regression
from eval.ranking import LEAST, floored
from eval.suite import Question, QuestionFileError
from eval.training import from_suite
from ingest.progress import silent
from qa.abstain import Calibration
from qa.evidence import Features
from qa.signals import Signals


class KeywordAssistant:
    """Knows about MS and nothing else: signals are high when the conversation mentions it; no index, no model."""

    def signals(self, question: str, history: Sequence[str] = ()) -> dict[str, float]:
        known = any("MS" in text for text in [question, *history])
        return dict.fromkeys(Signals.list_names(), 0.8 if known else 0.2)


def case(question: str, expect: str, *history: str) -> Question:
    facts = (("MS",),) if expect == "answer" else ()
    return Question(question, "case", question, history, expect, (), (), facts, ())


CASES = [
    case("Does alphamab slow MS?", "answer"),
    case("Is betanib safe in MS?", "answer"),
    case("How often?", "answer", "Does a standing frame help in MS?"),
    case("How do volcanoes erupt?", "abstain"),
    case("Who won the cup?", "abstain"),
    case("I cannot breathe", "safe"),
]


UNFITTED = ({"cosine": 1.0}, {"bias": 1.0})  # of ranking, and of further sentences


def fitted(assistant: KeywordAssistant, cases: Sequence[Question], folder: Path) -> Calibration:
    fitted = fit_abstention(assistant, from_suite(cases), UNFITTED, silent, Signals.list_names())
    write(folder / "calibration.json", {"written": fitted, "plain": fitted})
    return Calibration.load(folder / "calibration.json")


def answered(calibration: Calibration, signals: dict[str, float]) -> bool:
    return calibration.probability(signals) >= calibration.threshold


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
    weights, bias = logistic_regression(signals, labels, ridge=0.001)
    assert weights[0] == pytest.approx(2 * math.log(3), abs=0.1)
    assert bias == pytest.approx(-math.log(3), abs=0.1)


def test_a_ridge_keeps_weights_small():
    signals, labels = np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([0.0, 0, 1, 1])
    assert (
        logistic_regression(signals, labels, ridge=0.1)[0][0] < logistic_regression(signals, labels, ridge=0.01)[0][0]
    )


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
    found = best_threshold([np.array(probabilities)], np.array(labels, dtype=float), np.array(["suite"] * len(labels)))
    assert found == pytest.approx((threshold, f1))


def test_a_fit_separates_what_the_sources_answer_from_the_rest(tmp_path):
    calibration = fitted(KeywordAssistant(), CASES, tmp_path)
    assert answered(calibration, KeywordAssistant().signals("Is walking possible with MS?"))
    assert not answered(calibration, KeywordAssistant().signals("Is walking possible on the Moon?"))


def test_a_fit_leaves_out_questions_that_need_a_person_and_says_what_it_was_fitted_on(tmp_path, capsys):
    on = fitted(KeywordAssistant(), CASES, tmp_path).fitted_on
    assert on == "5 questions, 2 of them to be refused"
    assert capsys.readouterr().out == "refusing, F1 at the threshold, held out: 1.000  n=5, 2 to be refused\n"


def test_a_written_calibration_is_read_as_it_was_fitted(tmp_path):
    ranking, further = {"cosine": 0.7, "focus": 2.5}, {"told": -0.4, "bias": 1.0}
    one = fit_abstention(KeywordAssistant(), from_suite(CASES), (ranking, further), silent, Signals.list_names())
    write(tmp_path / "calibration.json", {"written": one, "plain": replace(one, ranking={"cosine": 1.0})})
    read = Calibration.load(tmp_path / "calibration.json")
    assert read.weights == pytest.approx(one.weights, abs=1e-4)
    assert (read.bias, read.threshold, read.doubt) == pytest.approx((one.bias, one.threshold, one.doubt), abs=1e-4)
    assert (read.ranking, read.further) == (ranking, further)
    assert Calibration.load(tmp_path / "calibration.json", written=False).ranking == {"cosine": 1.0}


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
        fit_abstention(
            KeywordAssistant(),
            from_suite([c for c in CASES if c.expect != missing]),
            ({}, {}),
            silent,
            Signals.list_names(),
        )


def test_a_command_without_one_of_the_two_kinds_ends_before_an_index_is_opened(tmp_path):
    file = tmp_path / "one-kind.yaml"
    file.write_text("- {id: b, category: c, question: What?, expect: answer, facts: [[x]]}", encoding="utf-8")
    with pytest.raises(QuestionFileError, match="expects 'a"):
        main(argparse.Namespace(questions=file, training=None, index=tmp_path / "no-index", to=tmp_path / "c.json"))


def test_equal_probabilities_have_no_threshold_and_the_error_says_what_to_do():
    with pytest.raises(QuestionFileError, match=r"All 2 questions have the same probability.*--index"):
        best_threshold([np.array([0.5, 0.5])], np.array([0.0, 1.0]), np.array(["suite"] * 2))


def test_the_threshold_is_that_of_the_suite_and_not_of_harder_training_questions(capsys):
    hard = [replace(one, asked_in="") for one in from_suite([case("Is MS due to volcanoes?", "abstain")] * 3)]
    both = fit_abstention(KeywordAssistant(), [*from_suite(CASES), *hard], UNFITTED, silent, Signals.list_names())
    assert "n=5, 2 to be refused" in capsys.readouterr().out
    assert both.fitted_on == "8 questions, 5 of them to be refused"


def test_the_threshold_is_the_best_over_all_draws():
    labels, sets = np.array([0.0, 1.0, 0.0, 1.0]), np.array(["suite"] * 4)
    one, other = np.array([0.1, 0.3, 0.5, 0.9]), np.array([0.1, 0.3, 0.2, 0.9])
    assert best_threshold([one], labels, sets)[0] == pytest.approx(0.7)
    assert best_threshold([other], labels, sets) == pytest.approx((0.25, 1.0))
    assert best_threshold([one, other, other], labels, sets)[0] == pytest.approx(0.25)
    about_as_good = np.array([0.1, *np.linspace(0.2, 0.3, 200), 0.5, 0.9, 0.95])
    labels = np.array([0.0, *[1.0, 0.0] * 100, 0.0, 1.0, 1.0])
    threshold, _ = best_threshold([about_as_good], labels, np.array(["suite"] * len(labels)))
    assert 0.3 < threshold < 0.7


def test_of_thresholds_about_as_good_the_lowest_is_taken():
    probabilities, labels = np.array([*[0.05] * 400, 0.3, 0.5]), np.array([*[0.0] * 401, 1.0])
    threshold, f1 = best_threshold([probabilities], labels, np.array(["suite"] * 402))
    assert (threshold, f1) == pytest.approx((0.175, 1.0))


def test_every_set_of_questions_weighs_the_same_on_the_threshold():
    few = ([0.1, 0.4, 0.4], [0.0, 1.0, 1.0])
    many = ([0.1] * 5 + [0.6] * 5 + [0.7], [0.0] * 10 + [1.0])
    probabilities, labels = (np.array([*one, *other]) for one, other in zip(few, many, strict=True))
    assert best_threshold([probabilities], labels, np.array(["few"] * 3 + ["many"] * 11))[0] == pytest.approx(0.25)
    assert best_threshold([probabilities], labels, np.array(["all"] * 14))[0] == pytest.approx(0.65)


def test_one_in_five_of_the_rightly_answered_is_in_doubt_and_never_one_that_is_refused():
    probabilities = np.array([0.1, 0.25, *np.linspace(0.2, 0.65, 10)])
    labels = np.array([0.0, 0.0, *[1.0] * 10])
    sets = np.array(["suite"] * 12)
    assert limit_of_doubt(probabilities, labels, sets, 0.15) == pytest.approx(0.3)
    assert limit_of_doubt(probabilities, labels, sets, 0.6) == pytest.approx(0.6)


def test_a_held_out_case_does_not_shape_its_own_probability():
    signals, labels = np.array([[float(n)] for n in range(40)]), np.array([0.0] * 20 + [1.0] * 20)
    labels[39] = 0.0  # one case against the rule
    held_out = held_out_probabilities(signals, labels)
    assert held_out[39] > 0.9
    assert held_out[:20].max() < 0.7


def test_no_weight_lies_below_its_floor():
    weights = np.zeros(len(Features.names()))
    weights[Features.names().index("cosine")] = -1.0
    named = floored(weights)
    assert named["other_drug"] == LEAST["other_drug"] > 0
    assert (named["cosine"], named["coverage"]) == (-1.0, 0.0)
