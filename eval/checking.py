"""`python -m eval verify`: does the checker reject what is false and accept what is true?"""

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.claims import (
    LABELS,
    PARAPHRASES,
    Claim,
    altered,
    read_directions,
    read_paraphrases,
    read_scifact,
    verbatim_sentences,
)
from eval.metrics import Figure, mean_with_interval
from eval.provenance import Provenance, provenance
from eval.records import write_json
from eval.table import shown_figure
from ingest.document import Document
from ingest.index import Index, configured_index_dir, open_index_embedder
from ingest.progress import Progress, progress_bar
from qa.checker import Check, Problem, Similarity, problems
from qa.glossary import packaged_glossary
from qa.settings import AskSettings
from qa.support import cosine_similarity

POINTING = frozenset({Check.DIRECTION, Check.NEGATION, Check.COMPARATOR, Check.HEDGE})


@dataclass(frozen=True, slots=True)
class Checked:
    """One claim of a set with what the checks found wrong."""

    set: str
    claim: Claim
    problems: tuple[Problem, ...]

    def accepted(self, only: frozenset[Check] = frozenset(Check)) -> bool:
        """Whether it passes, when no other checks than these are made."""
        return not any(problem.kind in only for problem in self.problems)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        quotes = [quote.text for quote in self.claim.quotes]
        found = [asdict(problem) for problem in self.problems]
        return {"set": self.set, **asdict(self.claim), "quotes": quotes, "accepted": self.accepted(), "problems": found}


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure by name: over which claims, and what counts; `target` is what it is meant to reach."""

    name: str
    chosen: Callable[[Checked], bool]
    counts: Callable[[Checked], bool]
    target: str = ""

    def of(self, checked: Sequence[Checked]) -> Figure:
        """The share with its interval."""
        return mean_with_interval([float(self.counts(c)) for c in checked if self.chosen(c)])


def measures(checked: Sequence[Checked]) -> list[Measure]:
    """What is measured in a run; what concerns files that were not given is left out."""
    found = [Measure("verbatim sentences: false alarms", _in("verbatim"), _rejected, "0")]
    for name, part in (("altered sentences", "altered"), ("altered paraphrases", "altered paraphrases")):
        found.append(Measure(f"{name}: detected", _in(part), _rejected, ">= 0.95" if part == "altered" else ""))
        kinds = dict.fromkeys(c.claim.label for c in checked if c.set == part)
        found += [Measure(f"  {k}", _in(part, k), _rejected, ">= 0.90" if part == "altered" else "") for k in kinds]
    found += [
        Measure("paraphrases: false alarms", _in("paraphrases"), _rejected, "<= 0.08"),
        Measure("SciFact: accepted, not supported", _in("SciFact", *LABELS[1:]), _accepted, "<= 0.15"),
        Measure("  contradicted", _in("SciFact", "CONTRADICT"), _accepted),
        Measure("  not mentioned", _in("SciFact", "NOT_ENOUGH_INFO"), _accepted),
        Measure("SciFact: accepted, supported", _in("SciFact", "SUPPORT"), _accepted),
        Measure("Evidence Inference: right accepted", _in("directions", "right"), _accepted),
        Measure("Evidence Inference: wrong rejected", _in("directions", "wrong"), _rejected),
        Measure("  right accepted by the direction", _in("directions", "right"), lambda c: c.accepted(POINTING)),
        Measure("  wrong rejected by the direction", _in("directions", "wrong"), lambda c: not c.accepted(POINTING)),
    ]
    return [measure for measure in found if any(measure.chosen(c) for c in checked)]


def _in(part: str, *labels: str) -> Callable[[Checked], bool]:
    return lambda checked: checked.set == part and (not labels or checked.claim.label in labels)


def _accepted(checked: Checked) -> bool:
    return checked.accepted()


def _rejected(checked: Checked) -> bool:
    return not checked.accepted()


def worth(checked: Sequence[Checked]) -> dict[str, dict[str, float]]:
    """What each check is worth: the changes in the shares when it is left out, for the figures that it changes."""
    shown = [measure for measure in measures(checked) if not measure.name.startswith(" ")]
    found: dict[str, dict[str, float]] = {}
    for check in Check:
        others = frozenset(Check) - {check}
        changes = {}
        for measure in shown:
            chosen = [c for c in checked if measure.chosen(c)]
            passing = sum(c.accepted(others) for c in chosen) - sum(c.accepted() for c in chosen)
            if passing:
                changes[measure.name] = (passing if measure.counts is _accepted else -passing) / len(chosen)
        if changes:
            found[check] = changes
    return found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval verify`."""
    parser.add_argument(
        "--split", choices=["dev", "test"], default="test", help="half of the ids (default: %(default)s)"
    )
    parser.add_argument(
        "--scifact", type=Path, metavar="FILE", help="SciFact claims with labels and evidence, JSON Lines"
    )
    parser.add_argument("--rct", type=Path, metavar="FILE", help="Evidence Inference questions, JSON Lines")
    parser.add_argument("--index", type=Path, metavar="DIR", help="index whose documents and embedder are used")
    parser.add_argument(
        "--altered", type=int, default=300, metavar="N", help="most for each kind (default: %(default)s)"
    )
    parser.add_argument("--words-only", action="store_true", help="without the embedder in the checker")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every statement with its verdict to FILE")
    parser.add_argument("--failed", action="store_true", help="also print every wrong verdict")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    folder = options.index or configured_index_dir()
    index = Index.open(folder)
    documents = index.catalog.documents()
    similarity = cosine_similarity(open_index_embedder(folder, index.manifest.settings))
    index.close()
    with progress_bar() as progress:
        progress("reading", 0, 1)
        sets = _sets(documents, options, similarity)
        progress("reading", 1, 1)
        checked = check_all(sets, None if options.words_only else similarity, progress)
    about = provenance(folder, AskSettings()) | {"split": options.split, "embedder": not options.words_only}
    figures = {measure: measure.of(checked) for measure in measures(checked)}
    print_table(figures, about)
    print_checks(checked)
    if options.failed:
        print_failed(checked)
    if options.json:
        write_json(options.json, to_json(checked, figures, about))
    return 0


def _sets(documents: Sequence[Document], options: argparse.Namespace, similarity: Similarity) -> dict[str, list[Claim]]:
    """The claims of one half by set."""
    glossary = packaged_glossary()

    def half(claims: Sequence[Claim]) -> list[Claim]:
        return [claim for claim in claims if claim.split == options.split]

    sentences, paraphrases = half(verbatim_sentences(documents)), half(read_paraphrases(PARAPHRASES, documents))
    sets = {
        "verbatim": sentences,
        "altered": altered(sentences, glossary, at_most=options.altered),
        "paraphrases": paraphrases,
        "altered paraphrases": altered(paraphrases, glossary, at_most=options.altered),
    }
    if options.scifact:
        sets["SciFact"] = read_scifact(options.scifact, options.split, similarity)
    if options.rct:
        sets["directions"] = half(read_directions(options.rct))
    return sets


def check_all(sets: Mapping[str, Sequence[Claim]], similarity: Similarity | None, progress: Progress) -> list[Checked]:
    """Check every claim of every set."""
    glossary = packaged_glossary()
    checked = []
    for name, claims in sets.items():
        for done, claim in enumerate(claims, start=1):
            found = problems(claim.statement, claim.quotes, glossary=glossary, similarity=similarity)
            checked.append(Checked(name, claim, tuple(found)))
            progress(f"checking {name}", done, len(claims))
    return checked


def to_json(checked: Sequence[Checked], figures: Mapping[Measure, Figure], about: Provenance) -> dict[str, Any]:
    """The whole run as plain JSON values."""
    named, whole = {}, ""
    for measure, figure in figures.items():
        whole = whole if measure.name.startswith(" ") else measure.name
        part = measure.name.strip()
        named[whole if part == whole else f"{whole}, {part}"] = asdict(figure)
    return {"about": about, "figures": named, "worth": worth(checked), "claims": [c.to_dict() for c in checked]}


def print_table(figures: Mapping[Measure, Figure], about: Provenance) -> None:
    """The figures with their intervals, numbers of cases and targets, on standard output."""
    shown = ("split", "embedder", "corpus", "version", "revision")
    print(" · ".join(f"{name} {about[name]}" for name in shown if about.get(name) is not None))
    for measure, figure in figures.items():
        target = f"  target {measure.target}" if measure.target else ""
        print(f"{measure.name:<38}{shown_figure(figure)}{target}")


def print_checks(checked: Sequence[Checked]) -> None:
    """What each check is worth, and which check rejects first, on standard output."""
    print("\nwithout a check the figures change by")
    for check, changes in worth(checked).items():
        print(f"{check:<12}" + "; ".join(f"{name} {change:+.3f}" for name, change in changes.items()))
    print("\nfirst check that rejects")
    for name in dict.fromkeys(c.set for c in checked):
        first = Counter(c.problems[0].kind.value for c in checked if c.set == name and c.problems)
        print(f"{name:<22}" + ", ".join(f"{kind} {count}" for kind, count in first.most_common()))


def print_failed(checked: Sequence[Checked]) -> None:
    """Every statement that was judged wrongly, with its quotes."""
    for c in (c for c in checked if c.accepted() is not c.claim.supported):
        why = "; ".join(f"{problem.kind}: {problem.reason}" for problem in c.problems) or "accepted"
        print(f"\n{c.set}, {c.claim.label}: {c.claim.statement}\n  {why}")
        for quote in c.claim.quotes:
            print(f"  > {quote.text}")
