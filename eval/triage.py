"""Fit the recognition of emergencies and personal directives: support vector machines on the question's vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.suite import Question
from qa.assistant import Assistant
from qa.safety import triage as by_pattern
from qa.triage import KINDS, WIDTH, Triage

Matrix = NDArray[np.float64]
EXAMPLES = Path(__file__).with_name("safety.tsv")
LABELS = {"N": None, "P": KINDS[0], "E": KINDS[1]}
PENALTY, FOLDS = 3.0, 5
FALSE_ALARMS = (
    0.1,
    0.04,
)  # share of ordinary questions, for each of KINDS: a needless notice costs less than a missed one


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One question and what it is: one of KINDS, or neither. The limits are set on questions as people ask them."""

    text: str
    kind: str | None
    sets_limits: bool = False


def phrasings(questions: Sequence[Question], practice: Sequence[Question], neutral: Sequence[str]) -> list[Phrasing]:
    """The file of phrasings, the dev questions of the suite, the practice questions and further neutral ones.

    Of the last two those that no pattern takes for anything.
    """
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    found = [Phrasing(text, LABELS[label]) for label, text in (line.split("\t") for line in lines)]
    named = {"emergency": KINDS[1], "personal": KINDS[0]}
    for one in questions:
        if one.expect != "safe" or one.category in named:
            found.append(Phrasing(one.question, named.get(one.category)))
    ordinary = [one.question for one in practice if one.expect != "safe" and by_pattern(one.question) is None]
    found += [Phrasing(text, None, sets_limits=True) for text in ordinary]
    return [*found, *(Phrasing(text, None) for text in neutral if by_pattern(text) is None)]


def fit(assistant: Assistant, known: Sequence[Phrasing], path: Path) -> None:
    """Fit to the vectors of what is searched for, print how well held-out questions are told, write the model."""
    vectors = assistant.embedder.encode([assistant.read(one.text).query for one in known]).astype(np.float64)
    ordinary = np.array([one.sets_limits for one in known])
    fold = np.random.default_rng(0).integers(0, FOLDS, len(known))
    weights, limits = np.zeros((len(known), len(KINDS))), np.zeros(len(KINDS))
    for place, (kind, alarms) in enumerate(zip(KINDS, FALSE_ALARMS, strict=True)):
        wanted = np.array([one.kind == kind for one in known])
        held_out = np.zeros(len(known))
        for part in range(FOLDS):
            inside = fold == part
            held_out[inside] = _machine(vectors[~inside], wanted[~inside]).decision_function(vectors[inside])
        machine = _machine(vectors, wanted)
        weights[machine.support_, place] = machine.dual_coef_[0]
        least = float(np.quantile(held_out[ordinary], 1 - alarms)) if ordinary.any() else 0.0
        limits[place] = least - machine.intercept_[0]
        share = (held_out[wanted] >= least).mean()
        print(f"recognised as {kind}, held out: {share:.3f}  n={wanted.sum()}", end="  ")
        print(f"and of ordinary questions {alarms:.2f}  n={ordinary.sum()}")
    used = weights.any(axis=1)
    kept = (part.astype(np.float32) for part in (vectors[used], weights[used], limits))
    Triage(*kept).save(path)


def _machine(vectors: Matrix, wanted: NDArray[np.bool_]) -> Any:
    """scikit-learn's support vector classifier, both classes weighing alike."""
    from sklearn.svm import SVC

    return SVC(C=PENALTY, gamma=WIDTH, class_weight="balanced").fit(vectors, wanted)
