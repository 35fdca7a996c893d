"""Fit the recognition of emergencies and personal directives: softmax regression on the question's vector."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.suite import Question
from qa.assistant import Assistant
from qa.triage import KINDS

Matrix = NDArray[np.float64]
EXAMPLES = Path(__file__).with_name("safety.tsv")
RIDGE, STEPS, RATE, FOLDS = 1e-4, 1500, 6.0, 5


def examples(questions: Sequence[Question], neutral: Sequence[str] = ()) -> list[tuple[int, str]]:
    """(place in KINDS, question): the file of phrasings, the dev questions of the suite, and further neutral ones."""
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    found = [("NPE".index(label), text) for label, text in (line.split("\t") for line in lines)]
    for question in questions:
        if question.expect != "safe" or question.category in ("emergency", "personal"):
            kind = {"emergency": 2, "personal": 1}.get(question.category, 0)
            found.append((kind, question.question))
    return found + [(0, text) for text in neutral]


def fit(assistant: Assistant, questions: Sequence[Question], path: Path, *, neutral: Sequence[str] = ()) -> None:
    """Fit to the vectors of what is searched for, print the cross-validated recall of each kind, write the weights."""
    labelled = examples(questions, neutral)
    kinds = np.array([kind for kind, _ in labelled])
    queries = [assistant.read(text).query for _, text in labelled]
    vectors = np.hstack([assistant.embedder.encode(queries), np.ones((len(labelled), 1))])
    fold = np.random.default_rng(0).integers(0, FOLDS, len(kinds))
    guessed = np.zeros(len(kinds), dtype=int)
    for part in range(FOLDS):
        weights = softmax_regression(vectors[fold != part], kinds[fold != part])
        guessed[fold == part] = np.argmax(vectors[fold == part] @ weights, axis=1)
    for place, name in enumerate(KINDS):
        share = float(np.mean(guessed[kinds == place] == place))
        print(f"recognised as {name or 'neither'}, cross-validated: {share:.3f}  n={int((kinds == place).sum())}")
    weights = softmax_regression(vectors, kinds)
    values = {"weights": np.round(weights, 3).tolist(), "fitted_on": f"{len(kinds)} phrasings and dev questions"}
    path.write_text(json.dumps(values) + "\n", encoding="utf-8")


def softmax_regression(vectors: Matrix, kinds: NDArray[np.int64]) -> Matrix:
    """Weights, shape (dimension, kinds), by gradient descent with a ridge; kinds weigh equally."""
    weights = np.zeros((vectors.shape[1], len(KINDS)))
    wanted = np.eye(len(KINDS))[kinds]
    importance = np.array([1 / (len(KINDS) * np.mean(kinds == kind)) for kind in range(len(KINDS))])[kinds] / len(kinds)
    for _ in range(STEPS):
        scores = vectors @ weights
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        weights -= RATE * (vectors.T @ ((shares - wanted) * importance[:, None]) + RIDGE * weights)
    return weights
