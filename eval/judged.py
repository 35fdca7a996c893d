"""`python -m eval judged`: questions as people ask them, each sentence that may answer them judged by a reader.

The pool of a question is what several searches bring (Spärck Jones and van Rijsbergen 1975, as at TREC); its reader
searched the rest of the documents as well. The suite asks what its authors know to be there; these questions were
written without a look at the documents, so that many have no answer there or half of one.
"""

import argparse
import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from eval.intervals import Pair, figure
from eval.metrics import Figure
from eval.provenance import provenance
from eval.records import write_json
from eval.run import as_unseen
from eval.suite import QuestionFileError, Split
from eval.table import shown_figure
from eval.training import Example
from ingest.conversation import TURN
from ingest.index import configured_index_dir
from ingest.progress import progress_bar
from qa.abstain import in_doubt
from qa.answer import Answer
from qa.assistant import Assistant

JUDGED = Path(__file__).with_name("judged.tsv")
PARTS = Path(__file__).with_name("parts.tsv")  # written beside the documents, everything asked with its sentences
FOLLOW_UPS = Path(__file__).with_name("follow-ups.tsv")  # questions that lean on those before them
SEVERAL = Path(__file__).with_name("several.tsv")  # comparisons, evidence that disagrees, messages of several questions
HARD = Path(__file__).with_name("hard.tsv")  # stories and slang, precise questions, twins just beside what is held
NATURAL = Path(__file__).with_name("natural.tsv")  # what a free service would be sent, by authors who knew no document
MORE_PARTS = Path(__file__).with_name("more-parts.tsv")  # like parts and follow-ups, for learning alone
MEASURED = (JUDGED, PARTS, FOLLOW_UPS, SEVERAL, HARD, NATURAL)  # by halves
COLUMNS = ["verdict", "question", "grade", "key", "sentence"]
REFUSED = {"answered": "though answered", "partly": "though half answered", "not": "not answered"}
VERDICTS = tuple(REFUSED)
USEFUL = "useful"
GRADE = re.compile(r"best(?: [2-9])?|useful")  # "best 2" answers the second of several things asked
Named = tuple[str, str]  # a document's key and the opening words of a sentence of it


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: whether the documents answer it, the sentences that do, and others that a good answer may add."""

    asked: str
    """As it stands in the file: the questions before it and itself."""
    verdict: str
    parts: tuple[tuple[Named, ...], ...]
    """For each thing asked that the documents answer, the sentences of which one is needed at least."""
    useful: tuple[Named, ...]

    @property
    def best(self) -> tuple[Named, ...]:
        """The sentences that answer any of the things asked."""
        return tuple(named for part in self.parts for named in part)

    @property
    def question(self) -> str:
        """What is answered."""
        return self.asked.rpartition(TURN)[2]

    @property
    def history(self) -> tuple[str, ...]:
        """The questions before it."""
        return tuple(self.asked.split(TURN)[:-1])

    @property
    def split(self) -> Split:
        """Half of the questions are fitted on, the others measure; by the hash of what is asked."""
        return "dev" if sha256(self.asked.encode()).digest()[0] % 2 == 0 else "test"

    def example(self, asked_in: str) -> Example:
        """What fitting sees of it; half an answer is better than none."""
        return Example(self.question, self.history, self.verdict != "not", self.is_best, asked_in)

    def is_best(self, key: str, text: str) -> bool:
        """Whether a sentence answers it."""
        return _is_among(self.best, key, text)

    def belongs(self, key: str, text: str) -> bool:
        """Whether a sentence has a place in its answer."""
        return _is_among((*self.best, *self.useful), key, text)


def read_judged(file: Path = JUDGED, split: Split = "all") -> list[Judged]:
    """The questions of one split: a row for each named sentence, one row for a question without. QuestionFileError."""
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or rows[0] != COLUMNS:
        raise QuestionFileError(f"{file}: begin with the line {' <tab> '.join(COLUMNS)}")
    verdicts: dict[str, str] = {}
    named: dict[str, dict[str, list[Named]]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(COLUMNS) or row[0] not in VERDICTS or bool(GRADE.fullmatch(row[2])) == (row[0] == "not"):
            grades = "best, best 2 to 9, useful"
            allowed = f"one of {', '.join(VERDICTS)}; a grade ({grades}) with key and sentence but for 'not'"
            raise QuestionFileError(f"{file}: line {number}: write {', '.join(COLUMNS)}: {allowed}")
        verdict, question, grade, *sentence = row
        verdicts[question] = verdict
        named.setdefault(question, {}).setdefault(grade, []).append((sentence[0], sentence[1]))
    found = [_judged(question, verdict, named[question]) for question, verdict in verdicts.items()]
    return [one for one in found if split in ("all", one.split)]


def dev_halves() -> list[Judged]:
    """Those questions of the files that measure which fitting may see."""
    return [one for file in MEASURED for one in read_judged(file, "dev")]


def to_learn() -> list[Judged]:
    """All that fitting may see: the dev halves, and what was written for it."""
    return dev_halves() + read_judged(MORE_PARTS)


def _judged(asked: str, verdict: str, graded: dict[str, list[Named]]) -> Judged:
    useful = tuple(graded.get(USEFUL, ()))
    parts = tuple(tuple(named) for grade, named in graded.items() if grade and grade != USEFUL)
    return Judged(asked, verdict, parts, useful)


def measures(judged: Sequence[Judged], answers: Iterable[Answer]) -> dict[str, Figure]:
    """How often refused by verdict, and of the answers that should be: which of their statements have a place there."""
    refused: dict[str, list[Pair]] = {verdict: [] for verdict in VERDICTS}
    warned: dict[str, list[Pair]] = {verdict: [] for verdict in VERDICTS}
    first, belong, shown, parts, whole = [], [], [], [], []
    for one, answer in zip(judged, answers, strict=True):
        told = [(s.citations[0].source.key, s.citations[0].quote) for s in answer.statements]
        refused[one.verdict].append((float(not told), 1.0))
        warned[one.verdict].append((float(not told or in_doubt(answer)), 1.0))
        if one.verdict != "not" and told:
            first.append((float(one.is_best(*told[0])), 1.0))
            belong.append((float(sum(one.belongs(*said) for said in told)), float(len(told))))
            shown.append((float(any(one.is_best(*said) for said in told)), 1.0))
            answered = sum(any(_is_among(part, *said) for said in told) for part in one.parts)
            parts.append((float(answered), float(len(one.parts))))
            whole.append((float(answered == len(one.parts)), 1.0))
    return {
        **{f"refused, {REFUSED[verdict]}": figure(pairs) for verdict, pairs in refused.items()},
        **{f"or in doubt, {REFUSED[verdict]}": figure(pairs) for verdict, pairs in warned.items()},
        "an answering statement": figure(shown),
        "the first statement answers": figure(first),
        "things asked that are answered": figure(parts),
        "all things asked": figure(whole),
        "statements that belong there": figure(belong),
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval judged`."""
    parser.add_argument("--split", choices=("dev", "test", "all"), default="test", help="default: %(default)s")
    parser.add_argument("--questions", type=Path, default=JUDGED, metavar="FILE", help="TSV (default: %(default)s)")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures and every question to FILE")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    judged = read_judged(options.questions, options.split)
    if not judged:
        raise QuestionFileError(f"{options.questions}: no question of the split {options.split}")
    with progress_bar() as progress:
        assistant = Assistant.open(options.index, progress=progress)
        answers = []
        for done, one in enumerate(judged, start=1):
            answers.append(as_unseen(assistant, one.question, one.history))
            progress("asking", done, len(judged))
    about = {"split": options.split, **provenance(options.index or configured_index_dir(), assistant.settings)}
    found = measures(judged, answers)
    print(" · ".join(f"{name} {value}" for name, value in about.items() if not isinstance(value, dict)))
    for name, value in found.items():
        print(f"{name:<34}{shown_figure(value)}")
    if options.json:
        asked = [{**asdict(one), "text": answer.text} for one, answer in zip(judged, answers, strict=True)]
        write_json(options.json, {"about": about, "figures": {n: asdict(f) for n, f in found.items()}, "asked": asked})
    return 0


def _is_among(named: Iterable[Named], key: str, text: str) -> bool:
    return any(key == one and " ".join(text.split()).startswith(opening) for one, opening in named)
