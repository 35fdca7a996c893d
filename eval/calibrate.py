"""Fit ranking and abstention on the dev split: `python -m eval calibrate` writes qa/calibration.json."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.ranking import cross_validated, fit_weights, listed, mean_reciprocal_rank
from eval.suite import QUESTIONS_DIR, Question, QuestionFileError, load_questions
from eval.triage import fit as fit_triage
from ingest.progress import progress_bar
from qa.abstain import CALIBRATION, Calibration, Signals
from qa.assistant import Assistant
from qa.evidence import Features

Matrix = NDArray[np.float64]
RIDGE = 0.001  # keeps the weights finite when the classes separate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval calibrate`."""
    parser.add_argument("--questions", type=Path, default=QUESTIONS_DIR, metavar="PATH", help="folder or YAML file")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--to", type=Path, default=CALIBRATION, metavar="FILE", help="default: %(default)s")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    questions = load_questions(options.questions, "dev")
    check_kinds(questions)
    with progress_bar() as progress:
        unfitted = Assistant.open(options.index, calibration=Calibration.unfitted(), progress=progress)
    lists = listed(unfitted, questions)
    weights = fit_weights(lists)
    print(f"first right sentence, mean reciprocal rank: {mean_reciprocal_rank(lists, weights):.3f}  n={len(lists)}")
    print(f"the same, five-fold cross-validated: {cross_validated(lists):.3f}  n={len(lists)}")
    ranking = {name: round(float(w), 4) for name, w in zip(Features.names(), weights, strict=True)}
    ranked = Assistant.open(options.index, calibration=replace(Calibration.unfitted(), ranking=ranking))
    write(options.to, ranking, *fit_abstention(ranked, questions))
    fit_triage(ranked.embedder, questions, options.to.with_name("triage.json"))
    return 0


def fit_abstention(assistant: Assistant, questions: Sequence[Question]) -> tuple[Matrix, float, float, str]:
    """Fit a logistic regression to "expects an answer"; weights, bias, the threshold with the best F1, and on what."""
    check_kinds(questions)
    cases = [question for question in questions if question.expect != "safe"]
    measured = [assistant.signals(case.question, list(case.history)) for case in cases]
    signals = np.array([[values[name] for name in Signals.names()] for values in measured])
    answerable = np.array([case.expect == "answer" for case in cases], dtype=float)
    weights, bias = logistic_regression(signals, answerable)
    threshold, f1 = best_threshold(1 / (1 + np.exp(-(signals @ weights + bias))), answerable)
    refused = int(len(cases) - answerable.sum())
    print(f"refusing, F1 at the threshold: {f1:.3f}  n={len(cases)}, {refused} to be refused")
    return weights, bias, threshold, f"dev split, {len(cases)} questions, {refused} of them to be refused"


def check_kinds(questions: Sequence[Question]) -> None:
    """Raises QuestionFileError where there is nothing to tell apart."""
    for kind in ("answer", "abstain"):
        if not any(question.expect == kind for question in questions):
            raise QuestionFileError(
                f"No question of the dev split expects {kind!r}, and fitting needs both kinds. "
                f"Add questions with `expect: {kind}`; about half of the ids fall into the dev split."
            )


def write(path: Path, ranking: dict[str, float], weights: Matrix, bias: float, threshold: float, on: str) -> None:
    """Write the calibration that `qa.abstain.Calibration` reads."""
    values = {
        "weights": {name: round(float(w), 4) for name, w in zip(Signals.names(), weights, strict=True)},
        "bias": round(float(bias), 4),
        "threshold": round(threshold, 4),
        "ranking": ranking,
        "fitted_on": on,
    }
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def logistic_regression(signals: Matrix, labels: Matrix, *, steps: int = 50) -> tuple[Matrix, float]:
    """Weights and bias by Newton's method (iteratively reweighted least squares), classes weighted equally."""
    design = np.hstack([signals, np.ones((len(signals), 1))])
    share = labels.mean()
    importance = np.where(labels > 0, 0.5 / share, 0.5 / (1 - share)) / len(labels)
    theta = np.zeros(design.shape[1])
    penalty = np.diag([RIDGE] * signals.shape[1] + [0.0])
    for _ in range(steps):
        predicted = 1 / (1 + np.exp(-design @ theta))
        gradient = design.T @ (importance * (predicted - labels)) + penalty @ theta
        curvature = (design * (importance * predicted * (1 - predicted))[:, None]).T @ design + penalty
        theta = theta - np.linalg.solve(curvature + 1e-9 * np.eye(len(theta)), gradient)
    return theta[:-1], float(theta[-1])


def best_threshold(probabilities: Matrix, labels: Matrix) -> tuple[float, float]:
    """The threshold with the highest F1 of refusing, in the middle between the two cases beside it.

    Raises QuestionFileError where all probabilities are equal: no threshold lies between them.
    """
    order = np.sort(np.unique(probabilities))
    if len(order) < 2:
        raise QuestionFileError(
            f"All {len(probabilities)} questions have the same probability of an answer, so that no threshold tells "
            "them apart. Add questions that differ, or name the index of the documents that they ask about (--index)."
        )
    middles = (order[:-1] + order[1:]) / 2
    scored = [(_f1_of_refusing(probabilities < t, labels == 0), float(t)) for t in middles]
    f1, threshold = max(scored)
    return threshold, f1


def _f1_of_refusing(refused: NDArray[np.bool_], expected: NDArray[np.bool_]) -> float:
    both = int((refused & expected).sum())
    return 2 * both / (int(refused.sum()) + int(expected.sum())) if both else 0.0
