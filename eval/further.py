"""Fit which further sentences an answer tells: those that a reader gave a place in it."""

from collections.abc import Sequence

import numpy as np

from eval.judged import Judged
from eval.logistic import logistic_regression
from ingest.progress import Progress
from qa.assistant import Assistant
from qa.compose import FURTHER, told_in_order

MOST = (8, 400)  # statements and words that are weighed
EVERY = {"bias": 1.0}
# What is missing does more harm than a filler. The least of 0, 0.25, 0.5 and 0.75 with which no fewer of the things
# asked were answered on the dev half of parts.tsv than before: 0.864, 0.874, 0.883, 0.887 against 0.882 (n = 682).
LENIENCE = 0.5


def fit_further(assistant: Assistant, judged: Sequence[Judged], progress: Progress) -> dict[str, float]:
    """Weights of FURTHER and a bias: their sum is positive where a sentence is likely enough to belong.

    Both kinds weigh alike in the fit; LENIENCE is added to the bias.
    """
    values: list[tuple[float, ...]] = []
    belongs: list[bool] = []
    answered = [one for one in judged if one.verdict != "not"]
    for done, one in enumerate(answered, start=1):
        found = assistant.evidence(one.question, list(one.history))
        for told in told_in_order(found.asked, found.ranked, MOST, EVERY):
            if told.values:
                values.append(told.values)
                belongs.append(one.belongs(told.candidate.hit.source.key, told.candidate.text))
        progress("weighing further sentences", done, len(answered))
    weights, bias = logistic_regression(np.array(values), np.array(belongs, dtype=float))
    print(f"further sentences that belong: {np.mean(belongs):.2f} of those weighed  n={len(belongs)}")
    numbers = dict(zip(FURTHER, weights.tolist(), strict=True))
    return {name: round(value, 4) for name, value in {**numbers, "bias": bias + LENIENCE}.items()}
