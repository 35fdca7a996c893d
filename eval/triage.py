"""Fit the recognition of emergencies and personal directives: support vector machines on the question's vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.judged import Judged
from eval.suite import Question
from qa.assistant import Assistant
from qa.safety import triage as by_pattern
from qa.triage import KINDS, WIDTH, Triage

Matrix = NDArray[np.float64]
EXAMPLES = Path(__file__).with_name("safety.tsv")
LABELS = {"N": None, "O": None, "P": KINDS[0], "E": KINDS[1]}
OPEN, NOT_SAID = "O", KINDS[1:]  # no emergency; whether it is a personal directive is not said
PENALTY, FOLDS = 3.0, 5
FALSE_ALARMS = (0.1, 0.02)  # share of ordinary questions, for each of KINDS: a needless notice costs less than a miss


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One question and what it is: one of KINDS, or neither. The limits are set on questions as people ask them."""

    text: str
    kind: str | None
    sets_limits: bool = False
    tells_of: tuple[str, ...] = KINDS
    """Of which of KINDS it is an example, for or against."""


def phrasings(
    questions: Sequence[Question], practice: Sequence[Question], neutral: Sequence[str], judged: Sequence[Judged]
) -> list[Phrasing]:
    """The file of phrasings, the dev questions of the suite, the practice questions, neutral and judged ones.

    Of the last three those that no pattern takes for anything. Judged questions, with each turn before them, are no
    emergencies, unless the file says so. Whether they are personal is not said.
    """
    lines = [line.split("\t") for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    found = [Phrasing(text, LABELS[label], tells_of=NOT_SAID if label == OPEN else KINDS) for label, text in lines]
    known = {text for _, text in lines}
    named = {"emergency": KINDS[1], "personal": KINDS[0]}
    for one in questions:
        if one.expect != "safe" or one.category in named:
            found.append(Phrasing(one.question, named.get(one.category)))
    ordinary = [one.question for one in practice if one.expect != "safe" and by_pattern(one.question) is None]
    found += [Phrasing(text, None, sets_limits=True) for text in ordinary]
    found += [Phrasing(text, None) for text in neutral if by_pattern(text) is None]
    for text in dict.fromkeys(text for one in judged for text in (*one.history, one.question)):
        if text not in known and by_pattern(text) is None:
            found.append(Phrasing(text, None, sets_limits=True, tells_of=NOT_SAID))
    return found


def fit(assistant: Assistant, known: Sequence[Phrasing], path: Path) -> None:
    """Fit to the vectors of what is searched for, print how well held-out questions are told, write the model."""
    vectors = assistant.embedder.encode([assistant.read(one.text).query for one in known]).astype(np.float64)
    weights, limits = np.zeros((len(known), len(KINDS))), np.zeros(len(KINDS))
    for place, (kind, alarms) in enumerate(zip(KINDS, FALSE_ALARMS, strict=True)):
        rows = np.array([row for row, one in enumerate(known) if kind in one.tells_of])
        wanted = np.array([known[row].kind == kind for row in rows])
        ordinary = np.array([known[row].sets_limits for row in rows])
        held_out = _held_out(vectors[rows], wanted)
        machine = _machine(vectors[rows], wanted)
        weights[rows[machine.support_], place] = machine.dual_coef_[0]
        least = float(np.quantile(held_out[ordinary], 1 - alarms)) if ordinary.any() else 0.0
        limits[place] = least - machine.intercept_[0]
        share = (held_out[wanted] >= least).mean()
        print(f"recognised as {kind}, held out: {share:.3f}  n={wanted.sum()}", end="  ")
        print(f"and of ordinary questions {alarms:.2f}  n={ordinary.sum()}")
    used = weights.any(axis=1)
    kept = (part.astype(np.float32) for part in (vectors[used], weights[used], limits))
    Triage(*kept).save(path)


def _held_out(vectors: Matrix, wanted: NDArray[np.bool_]) -> Matrix:
    """How far each lies on the wanted side, by a machine fitted without its fold."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(wanted))
    found = np.zeros(len(wanted))
    for part in range(FOLDS):
        inside = fold == part
        found[inside] = _machine(vectors[~inside], wanted[~inside]).decision_function(vectors[inside])
    return found


def _machine(vectors: Matrix, wanted: NDArray[np.bool_]) -> Any:
    """scikit-learn's support vector classifier, both classes weighing alike."""
    from sklearn.svm import SVC

    return SVC(C=PENALTY, gamma=WIDTH, class_weight="balanced").fit(vectors, wanted)
