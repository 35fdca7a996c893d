"""Fit ranking, abstention and triage: `python -m eval calibrate` writes two files into qa/."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eval.further import fit_further
from eval.judged import JUDGED, MEASURED, MORE_PARTS, NATURAL, PARTS, Judged, dev_halves, read_judged
from eval.logistic import DRAWS, best_threshold, held_out_probabilities, limit_of_doubt, logistic_regression
from eval.ranking import cross_validated, fit_weights, floored, listed, mean_reciprocal_rank
from eval.suite import PRACTICE_DIR, QUESTIONS_DIR, QuestionFileError, load_questions
from eval.training import TRAINING, Example, from_suite, read_training, read_unanswered
from eval.triage import fit as fit_triage
from eval.triage import phrasings
from ingest.progress import Progress, progress_bar
from qa.abstain import CALIBRATION, Calibration, packaged_calibration
from qa.assistant import Assistant
from qa.settings import AskSettings
from qa.signals import Signals

THRESHOLD_OF = (JUDGED, PARTS, NATURAL)  # what people ask at once; follow-ups and hard messages would raise it for all


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted for indexes with, or without, written questions."""

    ranking: dict[str, float]
    further: dict[str, float]
    weights: dict[str, float]
    bias: float
    threshold: float
    doubt: float
    fitted_on: str

    def to_dict(self) -> dict[str, object]:
        """What `qa.abstain.Calibration` reads."""
        weights = {name: round(weight, 4) for name, weight in self.weights.items()}
        numbers = {"bias": round(self.bias, 4), "threshold": round(self.threshold, 4)}
        numbers["doubt"] = round(self.doubt, 4)
        return {
            "weights": weights,
            **numbers,
            "ranking": self.ranking,
            "further": self.further,
            "fitted_on": self.fitted_on,
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval calibrate`."""
    parser.add_argument("--questions", type=Path, default=QUESTIONS_DIR, metavar="PATH", help="folder or YAML file")
    parser.add_argument("--training", type=Path, metavar="FILE", help="more questions with their sentences (TSV)")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--to", type=Path, default=CALIBRATION, metavar="FILE", help="default: %(default)s")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    questions = load_questions(options.questions, "dev")
    training = options.training or (TRAINING if options.questions == QUESTIONS_DIR else None)
    examples = [*from_suite(questions), *(read_training(training) if training else [])]
    check_kinds(examples)
    # both lean on what written questions tell
    beside = [*read_unanswered(), *as_people_ask()] if training == TRAINING else []
    with progress_bar() as progress:
        judged = dev_halves() if training == TRAINING else []
        written = fit(options.index, [*examples, *beside], judged, AskSettings(), progress)
        plain = fit(options.index, examples, judged, AskSettings(written_questions=False), progress)
        fitted = {"written": written, "plain": plain}
        write(options.to, fitted)
        assistant = Assistant.open(options.index, calibration=Calibration.unfitted())
    others = [example.question for example in read_training(training)] if training else []
    practice = load_questions(PRACTICE_DIR, "dev") if training == TRAINING else []
    learnt = read_judged(MORE_PARTS) if training == TRAINING else []
    known = phrasings(questions, practice, others, [*judged, *learnt])
    fit_triage(assistant, known, options.to.with_name("triage.npz"))
    return 0


def as_people_ask() -> list[Example]:
    """The dev halves of the practice questions and of all files of judged ones.

    None that the model for questions learns from: it would make all that leans on it look better than it is. Those of
    THRESHOLD_OF are sets of their own for the threshold, the others only fit weights.
    """
    practice = from_suite(load_questions(PRACTICE_DIR, "dev"), "practice")
    named = {file: file.stem if file in THRESHOLD_OF else "" for file in MEASURED}
    return practice + [one.example(named[file]) for file in MEASURED for one in read_judged(file, "dev")]


def fit(
    index: Path | None,
    examples: Sequence[Example],
    judged: Sequence[Judged],
    settings: AskSettings,
    progress: Progress,
) -> Fitted:
    """Fit the ranking, then with it what else is told, and the abstention.

    Without judged questions the weights of further sentences stay those that come with the package.
    """
    print("with written questions" if settings.written_questions else "without written questions")
    unfitted = Assistant.open(index, settings=settings, calibration=Calibration.unfitted(), progress=progress)
    lists = listed(unfitted, examples, progress)
    weights = fit_weights(lists)
    print(f"first right sentence, mean reciprocal rank: {mean_reciprocal_rank(lists, weights):.3f}  n={len(lists)}")
    print(f"the same, five-fold cross-validated: {cross_validated(lists):.3f}  n={len(lists)}")
    ranking = floored(weights)
    ranked = Assistant.open(index, settings=settings, calibration=replace(Calibration.unfitted(), ranking=ranking))
    packaged = packaged_calibration(written=settings.written_questions).further
    further = fit_further(ranked, judged, progress) if judged else dict(packaged)
    # without written questions the rest gains nothing, and asks too much of collections of a few sentences
    names = Signals.list_names() if settings.written_questions else Signals.names_of_nearness()
    return fit_abstention(ranked, examples, (ranking, further), progress, names)


def fit_abstention(
    assistant: Assistant,
    examples: Sequence[Example],
    fitted: tuple[dict[str, float], dict[str, float]],
    progress: Progress,
    names: Sequence[str],
) -> Fitted:
    """Fit a logistic regression to "answerable", and the threshold with the best F1 on questions held out of the fit.

    `fitted` holds the weights of ranking and of further sentences. The threshold is that of questions as people ask
    them, each set of them alike; training questions only fit weights.
    """
    check_kinds(examples)
    measured = []
    for done, example in enumerate(examples, start=1):
        measured.append(assistant.signals(example.question, list(example.history)))
        progress("measuring signals", done, len(examples))
    signals = np.array([[values[name] for name in names] for values in measured])
    answerable = np.array([example.answerable for example in examples], dtype=float)
    sets = np.array([example.asked_in for example in examples])
    asked = sets != ""
    labels = answerable[asked]
    draws = [held_out_probabilities(signals, answerable, seed=draw)[asked] for draw in range(DRAWS)]
    threshold, f1 = best_threshold(draws, labels, sets[asked])
    held_out = draws[0]
    doubt = limit_of_doubt(held_out, labels, sets[asked], threshold)
    print(f"refusing, F1 at the threshold, held out: {f1:.3f}  n={len(labels)}, {(labels == 0).sum()} to be refused")
    wrong = (labels == 0) & (held_out >= threshold)
    if wrong.any():
        print(f"answered though to be refused: {wrong.sum()}, of them in doubt {(held_out[wrong] < doubt).mean():.2f}")
    refused = int(len(examples) - answerable.sum())
    on = f"{len(examples)} questions, {refused} of them to be refused"
    weights, bias = logistic_regression(signals, answerable)
    return Fitted(*fitted, dict(zip(names, weights.tolist(), strict=True)), bias, threshold, doubt, on)


def check_kinds(examples: Sequence[Example]) -> None:
    """Raises QuestionFileError where there is nothing to tell apart."""
    for kind, answerable in (("answer", True), ("abstain", False)):
        if not any(example.answerable is answerable for example in examples):
            raise QuestionFileError(
                f"No question of the dev split expects {kind!r}, and fitting needs both kinds. "
                f"Add questions with `expect: {kind}`; about half of the ids fall into the dev split."
            )


def write(path: Path, fitted: dict[str, Fitted]) -> None:
    """Write the calibration that `qa.abstain.Calibration` reads."""
    values = {kind: one.to_dict() for kind, one in fitted.items()}
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
