"""The suite with a language model beside the suite without one: two columns, and what the model wrote."""

from collections import Counter
from collections.abc import Sequence

from eval.compare import compare, verdict
from eval.intervals import figure, percentile_of
from eval.metrics import Figure
from eval.report import Report
from eval.run import Judged
from eval.table import shown_figure
from qa.answer import Mode

TIMES = {"first_written": "first sentence shown", "write": "reply read and checked", "total": "whole answer"}


def print_beside(composed: Report, written: Report) -> None:
    """Every figure of both runs with its paired difference, then what became of the model's sentences."""
    found = compare(composed.rows, written.rows)
    print(f"\n{'':<32}  compose                              with the model")
    for name, first in composed.figures.items():
        one = found.differences.get(name)
        changed = f"{one.value:+.3f} {verdict(name, one)}".rstrip() if one and one.value is not None else ""
        second = written.figures.get(name)
        print(f"{name:<32}{shown_figure(first):<37}{shown_figure(second) if second else '-':<37}{changed}".rstrip())
    print_writing(written.judged)


def print_writing(judged: Sequence[Judged]) -> None:
    """How many questions reached the model, what it wrote, what was removed, what it took."""
    asked = [one for one in judged if one.usage]
    answered = [one for one in asked if one.mode == Mode.GENERATE]
    shown = sum(one.statements for one in answered)
    removed = Counter(str(entry["check"]) for one in asked for entry in one.removed)
    faults = Counter(str(one.usage["fault"]) for one in asked if one.usage and one.usage["fault"])
    print(f"\n{len(judged)} questions, {len(asked)} put to the model, {len(answered)} answered in its words")
    print(f"its sentences: {shown} shown, {removed.total()} removed ({_listed(removed)})")
    print(f"composed instead: {len(asked) - len(answered)} ({_listed(faults)})")
    for name in ("input_tokens", "output_tokens"):
        told = [one.usage[name] for one in asked if one.usage and one.usage[name] is not None]
        print(f"{name.replace('_', ' ')}: {sum(told)} in {len(told)} replies that tell")
    fresh = [one for one in asked if one.usage and not one.usage["kept"]]
    for stage, meaning in TIMES.items():
        spent = [one.timings[stage] / 1000 for one in fresh if stage in one.timings]
        if spent:
            print(f"seconds to {meaning:<24}p50 {_seconds(spent, 0.5)}  p95 {_seconds(spent, 0.95)}  n={len(spent)}")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"


def _seconds(spent: Sequence[float], share: float) -> str:
    found: Figure = figure([(value, 1.0) for value in spent], percentile_of(share))
    return f"{found.value:.2f}" if found.value is not None else "-"
