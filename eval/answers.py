"""`python -m eval`: every question of the suite, its answer judged, the figures printed, written and compared."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.baseline import BASELINE, Baseline, read_baseline, write_baseline
from eval.beside import print_beside
from eval.compare import Comparison, compare, print_comparison, read_rows
from eval.consistency import compare_twins, load_twins
from eval.gate import check, print_verdict
from eval.measures import Row
from eval.provenance import provenance
from eval.report import Report, to_json
from eval.run import run
from eval.suite import QUESTIONS_DIR, load_questions, sample
from eval.table import print_failed, print_report
from ingest.index import configured_index_dir
from ingest.progress import Progress, progress_bar
from qa.assistant import Assistant
from qa.options import add_model_arguments, model_settings
from qa.settings import AskSettings, ModelSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval`."""
    parser.add_argument("--split", choices=["dev", "test", "all"], default="test", help="default: %(default)s")
    parser.add_argument("--questions", type=Path, default=QUESTIONS_DIR, metavar="PATH", help="folder or YAML file")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--failed", action="store_true", help="also print every failed question")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures and every question to FILE")
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page with plots and failed questions to FILE"
    )
    parser.add_argument(
        "--compare", type=Path, metavar="OLD.json", help="paired differences from an earlier --json FILE"
    )
    parser.add_argument("--gate", action="store_true", help="exit with 1 if anything is worse than the baseline")
    parser.add_argument("--update-baseline", action="store_true", help="accept this run as the baseline of the gate")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="only N of the questions, chosen by the hash of their ids"
    )
    add_model_arguments(parser)
    parser.add_argument("--baseline", type=Path, default=BASELINE, metavar="FILE", help="default: %(default)s")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    gated = options.gate or options.update_baseline
    model = model_settings(options, {})  # named on the command line or not at all: no run differs by its environment
    if gated and (options.split != "test" or options.questions != QUESTIONS_DIR or options.sample or model):
        left_out = "--split, --questions, --sample and --llm"
        print(f"error: the gate holds for the whole test split without a model; leave out {left_out}", file=sys.stderr)
        return 2
    old = read_rows(options.compare) if options.compare else None
    baseline = read_baseline(options.baseline) if options.gate else None
    with progress_bar() as progress:
        report = measure(options, progress)
        written = measure(options, progress, model) if model else None
    if written:
        return conclude_beside(report, written, options)
    return conclude(report, options, old, baseline)


def conclude(report: Report, options: argparse.Namespace, old: Sequence[Row] | None, baseline: Baseline | None) -> int:
    """Print and write what the options ask for, compare with earlier runs; returns the exit status."""
    print_report(report)
    if options.failed:
        print_failed(report)
    comparison = compare(old, report.rows) if old is not None else None
    if comparison:
        print_comparison(comparison)
    _write(options, report, comparison)
    passed = baseline is None or _passes(baseline, report)
    if options.update_baseline:
        accepted = write_baseline(options.baseline, report.rows, report.about)
        floors = ", ".join(f"{name} {value:g}" for name, value in accepted.floors.items())
        print(f"\nwrote {options.baseline}; floors: {floors}")
        _passes(accepted, report)  # says which earlier floors the run now accepted lies under
    return 0 if passed else 1


def conclude_beside(composed: Report, written: Report, options: argparse.Namespace) -> int:
    """Print and write the run with a language model beside the run without; returns the exit status."""
    print_report(written)
    print_beside(composed, written)
    if options.failed:
        print_failed(written)
    comparison = compare(composed.rows, written.rows)
    if options.json:
        values = to_json(written) | {"comparison": comparison.to_dict(), "without a model": to_json(composed)}
        options.json.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
    if options.html:
        from eval.html_report import to_html

        options.html.write_text(to_html(written, comparison), encoding="utf-8")
    return 0


def _passes(baseline: Baseline, report: Report) -> bool:
    verdict = check(baseline, report.rows, report.about)
    print_verdict(verdict, report.about)
    return verdict.passed


def measure(options: argparse.Namespace, progress: Progress, model: ModelSettings | None = None) -> Report:
    """Ask the questions that the options name and, beside the packaged ones, the pairs of the consistency file.

    Those pairs are left out where a language model writes or only a sample is asked: they are about retrieval.
    """
    questions = sample(load_questions(options.questions, options.split), options.sample)
    whole = options.questions == QUESTIONS_DIR and not (model or options.sample)
    twins = load_twins() if whole else []  # they are about the packaged documents
    folder, settings = options.index or configured_index_dir(), AskSettings(model=model)
    assistant = Assistant.open(options.index, settings=settings, progress=progress)
    judged, compared = [], []
    for result in run(assistant, questions):
        judged.append(result)
        progress("asking", len(judged), len(questions))
    for pair in compare_twins(assistant, twins):
        compared.append(pair)
        progress("rewording", len(compared), len(twins))
    about = {"questions": len(questions), "split": options.split, **provenance(folder, settings)}
    return Report(about, questions, judged, compared)


def _write(options: argparse.Namespace, report: Report, comparison: Comparison | None) -> None:
    if options.json:
        values = to_json(report) | ({"comparison": comparison.to_dict()} if comparison else {})
        options.json.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
    if options.html:
        from eval.html_report import to_html

        options.html.write_text(to_html(report, comparison), encoding="utf-8")
