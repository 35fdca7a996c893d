"""Fit the abstention model on the dev split: `python -m eval calibrate` writes qa/calibration.json."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.suite import QUESTIONS_DIR, Question, load_questions
from ingest.progress import progress_bar
from qa.abstain import CALIBRATION, Signals
from qa.assistant import Assistant

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
    with progress_bar() as progress:
        assistant = Assistant.open(options.index, progress=progress)
    for name, value in fit(assistant, questions, options.to).items():
        print(f"{name}: {value:.3f}")
    return 0


def fit(assistant: Assistant, questions: Sequence[Question], path: Path) -> dict[str, float]:
    """Fit a logistic regression to "expects an answer", choose the threshold with the best F1, write the file.

    Returns the fit's own figures on the questions it was fitted on.
    """
    cases = [question for question in questions if question.expect != "safe"]
    measured = [assistant.signals(case.question, list(case.history)) for case in cases]
    signals = np.array([[values[name] for name in Signals.names()] for values in measured])
    answerable = np.array([case.expect == "answer" for case in cases], dtype=float)
    weights, bias = logistic_regression(signals, answerable)
    probabilities = 1 / (1 + np.exp(-(signals @ weights + bias)))
    threshold, f1 = best_threshold(probabilities, answerable)
    values = {
        "weights": {name: round(float(w), 4) for name, w in zip(Signals.names(), weights, strict=True)},
        "bias": round(float(bias), 4),
        "threshold": round(threshold, 4),
        "fitted_on": f"dev split, {len(cases)} questions, {int(len(cases) - answerable.sum())} of them to be refused",
    }
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    return {"n": len(cases), "F1 of refusing": f1, "threshold": threshold}


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
    """The threshold with the highest F1 of refusing, in the middle between the two cases beside it."""
    order = np.sort(np.unique(probabilities))
    middles = (order[:-1] + order[1:]) / 2
    scored = [(_f1_of_refusing(probabilities < t, labels == 0), float(t)) for t in middles]
    f1, threshold = max(scored)
    return threshold, f1


def _f1_of_refusing(refused: NDArray[np.bool_], expected: NDArray[np.bool_]) -> float:
    both = int((refused & expected).sum())
    return 2 * both / (int(refused.sum()) + int(expected.sum())) if both else 0.0
