"""`python -m eval abstain FILE_OR_DIR`: does the assistant refuse what its sources do not answer?"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.cached import cached_index, default_cache_dir, usable
from eval.foreign import QuestionSet, question_files, read_questions
from eval.intervals import Array, Pair, figure
from eval.metrics import Figure
from eval.provenance import Provenance, provenance
from eval.records import write_json
from eval.table import shown_figure
from ingest.embed import open_embedder
from ingest.index import configured_index_dir
from ingest.progress import Progress, progress_bar, silent
from ingest.settings import IndexSettings
from qa.abstain import in_doubt
from qa.assistant import Assistant
from qa.settings import AskSettings


@dataclass(frozen=True, slots=True)
class Reply:
    """What one question got. It was refused when no statement was shown, whatever the reason."""

    question: str
    answerable: bool
    refused: bool
    reason: str | None
    confidence: float | None
    cited: tuple[str, ...]
    text: str
    in_doubt: bool = False
    """Answered with the warning that the sources may not answer it."""

    @property
    def wrong(self) -> bool:
        """Answered though the sources hold no answer, or refused though they do."""
        return self.refused == self.answerable


@dataclass(frozen=True, slots=True)
class Refusals:
    """The replies to one file of questions, and what they were made with."""

    about: Mapping[str, Any]
    replies: tuple[Reply, ...]

    def figures(self) -> dict[str, Figure]:
        """The share refused where all are to be refused; else precision, recall and F1 of refusing, false abstention.

        r = refused, u = unanswerable: precision = sum(ru) / sum(r), recall = sum(ru) / sum(u),
        F1 = 2 sum(ru) / (sum(r) + sum(u)), false abstention = the share of the answerable that was refused. The last
        figure leaves the threshold aside: whether the confidence behind it could tell the two kinds apart at all.
        """
        pairs = [(float(reply.refused), float(not reply.answerable)) for reply in self.replies]
        if all(unanswerable for _, unanswerable in pairs):
            warned = [(float(reply.refused or reply.in_doubt), 1.0) for reply in self.replies]
            return {"refused": figure(pairs), "refused or in doubt": figure(warned)}
        measures: dict[str, list[Pair]] = {
            "abstention precision": [(r * u, r) for r, u in pairs],
            "abstention recall": [(r * u, u) for r, u in pairs],
            "abstention F1": [(2 * r * u, r + u) for r, u in pairs],
            "false abstention": [(r * (1 - u), 1 - u) for r, u in pairs],
        }
        found = {name: figure(values) for name, values in measures.items()}
        sure = [(reply.confidence or 0.0, float(reply.answerable)) for reply in self.replies]
        return {**found, "area under ROC curve": figure(sure, area_under_roc)}

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        shown = {name: asdict(found) for name, found in self.figures().items()}
        return {"about": dict(self.about), "figures": shown, "questions": [asdict(reply) for reply in self.replies]}


def area_under_roc(pairs: Array) -> Array:
    """Chance that an answerable question has the higher confidence of two, a tie counting half; 0.5 says nothing.

    Hanley and McNeil (1982). Takes (confidence, answerable) pairs, shape (..., questions, 2).
    """
    if pairs.ndim > 2:
        return np.array([area_under_roc(each) for each in pairs])
    yes, no = pairs[pairs[:, 1] > 0, 0], pairs[pairs[:, 1] == 0, 0]
    if not len(yes) or not len(no):
        return np.array(np.nan)
    return np.array(((yes[:, None] > no).mean() + (yes[:, None] >= no).mean()) / 2)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval abstain`."""
    parser.add_argument("path", type=Path, metavar="FILE_OR_DIR", help="questions: plain lines, JSON Lines or SQuAD 2")
    parser.add_argument("--index", type=Path, metavar="DIR", help="index asked where the questions bring no passages")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every question with its reply to FILE")
    parser.add_argument(
        "--cache", type=Path, default=default_cache_dir(), metavar="DIR", help="keeps indexes (default: %(default)s)"
    )


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    question_sets = [read_questions(path) for path in question_files(options.path)]
    measured: list[Refusals] = []
    with progress_bar() as progress:
        for questions in question_sets:
            folder = options.index or configured_index_dir()
            if questions.documents:
                embedder = open_embedder(IndexSettings(), usable(options.cache) / "models")
                folder = cached_index(questions.documents, options.cache, embedder, progress=progress)
                assistant = Assistant.open(folder, embedder=embedder)
            else:
                assistant = Assistant.open(options.index, progress=progress)
            measured.append(measure(questions, assistant, provenance(folder, AskSettings()), progress=progress))
    for refusals in measured:
        print_table(refusals)
    if options.json:
        write_json(options.json, {"files": [refusals.to_json() for refusals in measured]})
    return 0


def measure(
    questions: QuestionSet, assistant: Assistant, made_with: Provenance, *, progress: Progress = silent
) -> Refusals:
    """Ask every question, with the threshold that ships."""
    about = {
        "file": questions.path.name,
        "format": questions.format,
        "questions": len(questions.cases),
        "to be refused": sum(not case.answerable for case in questions.cases),
        **made_with,
    }
    return Refusals(about, tuple(_replies(assistant, questions, progress)))


def _replies(assistant: Assistant, questions: QuestionSet, progress: Progress) -> Iterator[Reply]:
    for done, case in enumerate(questions.cases, start=1):
        answer = assistant.ask(case.question)
        cited = tuple(dict.fromkeys(f"[{c.number}] {c.source.key}" for c in answer.citations))
        refused = not answer.statements
        reason, sure = answer.abstention, answer.confidence
        yield Reply(case.question, case.answerable, refused, reason, sure, cited, answer.text, in_doubt(answer))
        progress(f"asking {questions.path.name}", done, len(questions.cases))


def print_table(refusals: Refusals) -> None:
    """The figures, why there was no answer, and every wrong decision, on standard output."""
    print(" · ".join(f"{name} {value}" for name, value in refusals.about.items() if not isinstance(value, dict)))
    for name, found in refusals.figures().items():
        print(f"{name:<28}{shown_figure(found)}")
    reasons = Counter(reply.reason for reply in refusals.replies if reply.refused)
    print(f"{'refused because of':<28}{', '.join(f'{reason} {count}' for reason, count in reasons.most_common())}")
    _print_wrong("answered, though to be refused", [r for r in refusals.replies if r.wrong and not r.answerable])
    _print_wrong("refused, though answerable", [r for r in refusals.replies if r.wrong and r.answerable])


def _print_wrong(heading: str, replies: Sequence[Reply]) -> None:
    if replies:
        print(f"\n{heading} ({len(replies)})")
    for reply in replies:
        print(f"  {reply.question}\n      {', '.join(reply.cited) or reply.reason}")
