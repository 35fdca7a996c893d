"""Fit the weights of a sentence's features on the dev split: a listwise linear ranking model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.suite import Question
from qa.assistant import Assistant
from qa.evidence import Candidate, Features

Matrix = NDArray[np.float64]
RIDGE = 0.01
STEPS = 400


@dataclass(frozen=True, slots=True)
class Listed:
    """The sentences found for one question: features, shape (sentences, features), and which of them answer it."""

    features: Matrix
    right: Matrix


def listed(assistant: Assistant, questions: Sequence[Question]) -> list[Listed]:
    """For each answerable question the candidates, right where a right source's sentence holds a key fact.

    Questions whose candidates are all right or all wrong teach nothing and are left out.
    """
    found = []
    for question in questions:
        if question.expect != "answer" or not question.facts:
            continue
        candidates = assistant.candidates(question.question, list(question.history))
        right = np.array([_is_right(candidate, question) for candidate in candidates], dtype=float)
        if right.any() and not right.all():
            rows = [[getattr(c.features, name) for name in Features.names()] for c in candidates]
            found.append(Listed(np.array(rows), right))
    return found


def _is_right(candidate: Candidate, question: Question) -> bool:
    patterns = (pattern for fact in question.facts for pattern in fact)
    named = candidate.hit.source.key in question.right_sources
    return named and any(re.search(pattern, candidate.text, re.IGNORECASE) for pattern in patterns)


def fit_weights(lists: Sequence[Listed]) -> Matrix:
    """Weights that maximise the probability mass of right sentences (softmax over each list), with a ridge.

    The listwise loss of ListNet (Cao et al. 2007), minimised by gradient descent.
    """
    weights = np.zeros(len(Features.names()))
    for _ in range(STEPS):
        gradient = sum((_gradient(one, weights) for one in lists), np.zeros_like(weights))
        weights = weights - (gradient / len(lists) + RIDGE * weights)
    return weights


def _gradient(one: Listed, weights: Matrix) -> Matrix:
    scores = one.features @ weights
    mass = np.exp(scores - scores.max())
    mass /= mass.sum()
    wanted = mass * one.right
    return np.asarray(one.features.T @ (mass - wanted / wanted.sum()))


def mean_reciprocal_rank(lists: Sequence[Listed], weights: Matrix) -> float:
    """Mean of 1 / rank of the first right sentence."""
    ranked = [one.right[np.argsort(-(one.features @ weights), kind="stable")] for one in lists]
    return float(np.mean([1 / (1 + np.argmax(right)) for right in ranked]))


def cross_validated(lists: Sequence[Listed], folds: int = 5) -> float:
    """Mean reciprocal rank of lists that the weights were not fitted on."""
    parts = [list(lists[fold::folds]) for fold in range(folds)]
    others = [[one for i, part in enumerate(parts) if i != fold for one in part] for fold in range(folds)]
    return float(np.mean([mean_reciprocal_rank(parts[f], fit_weights(others[f])) for f in range(folds)]))
