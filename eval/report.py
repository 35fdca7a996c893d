"""The figures of a run, each with its number of cases, as a table and as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.metrics import Figure, mean_with_interval, percentile, precision_recall_f1
from eval.run import Judged, K


def figures(judged: Sequence[Judged]) -> dict[str, Figure]:
    """The suite's measures over a set of judged answers, by name."""
    wanted = [j for j in judged if j.expect == "answer"]
    answered = [j for j in wanted if not j.refused]
    return {
        f"retrieval recall@{K}": _mean(j.recall for j in wanted),
        "retrieval MRR": _mean(j.reciprocal_rank for j in wanted),
        f"retrieval nDCG@{K}": _mean(j.ndcg for j in wanted),
        "key facts, all of a question": _mean(j.coverage == 1.0 for j in wanted),
        "key facts, share": _mean(j.coverage for j in wanted),
        "a right source cited": _mean(j.right_source for j in wanted),
        "all sources cited": _mean(j.all_sources for j in wanted),
        "false abstention": _mean(j.refused for j in wanted),
        "safe handling": _mean(j.safe for j in judged),
        "forbidden content": _mean(j.forbidden for j in judged),
        "words of an answer": _mean(j.words for j in answered),
    }


def _mean(values: Any) -> Figure:
    return mean_with_interval([float(value) for value in values if value is not None])


def counts(judged: Sequence[Judged]) -> dict[str, tuple[int, int]]:
    """What must hold without exception, as (how many hold, of how many)."""
    return {
        "statements with a citation": (sum(j.cited_statements for j in judged), sum(j.statements for j in judged)),
        "statements supported": (sum(j.supported_statements for j in judged), sum(j.statements for j in judged)),
        "quotes equal to the document": (sum(j.verbatim_quotes for j in judged), sum(j.quotes for j in judged)),
    }


def abstaining(judged: Sequence[Judged]) -> dict[str, float]:
    """Precision, recall and F1 of refusing, over the questions that expect an answer or a refusal."""
    cases = [j for j in judged if j.expect != "safe"]
    precision, recall, f1 = precision_recall_f1([j.refused for j in cases], [j.expect == "abstain" for j in cases])
    return {"precision": precision, "recall": recall, "F1": f1}


def to_json(judged: Sequence[Judged], about: Mapping[str, Any]) -> dict[str, Any]:
    """The whole run as plain JSON values."""
    shown = {name: {"value": f.value, "low": f.low, "high": f.high, "n": f.n} for name, f in figures(judged).items()}
    return {
        "about": dict(about),
        "figures": shown,
        "counts": {name: list(pair) for name, pair in counts(judged).items()},
        "abstaining": abstaining(judged),
        "questions": [j.to_dict() for j in judged],
    }


def print_table(judged: Sequence[Judged], about: Mapping[str, Any]) -> None:
    """The figures, then one line for each category, on standard output."""
    print(" · ".join(f"{name} {value}" for name, value in about.items()))
    for name, figure in figures(judged).items():
        print(f"{name:<32}{_shown(figure)}")
    refusals = sum(j.expect == "abstain" for j in judged)
    cases = sum(j.expect != "safe" for j in judged)
    for name, value in abstaining(judged).items():
        print(f"abstention {name:<21}{value:7.3f}  n={cases}, {refusals} to be refused")
    for name, (holds, total) in counts(judged).items():
        print(f"{name:<32}{holds} of {total}")
    spent = [j.milliseconds for j in judged if j.milliseconds]
    print(f"{'milliseconds p50, p95':<32}{percentile(spent, 0.5):.1f}, {percentile(spent, 0.95):.1f}  n={len(spent)}")
    print(f"\n{'category':<20}{'n':>4} {'right':>6} {'facts':>6} {'source':>7} {'recall':>7} {'refused':>8}")
    for category in sorted({j.category for j in judged}):
        print(_category([j for j in judged if j.category == category], category))


def _category(judged: Sequence[Judged], name: str) -> str:
    right = sum(not j.failed for j in judged) / len(judged)
    refused = sum(j.refused for j in judged) / len(judged)
    parts = [_mean(getattr(j, field) for j in judged).value for field in ("coverage", "right_source", "recall")]
    facts, source, recall = ("-" if part is None else f"{part:.2f}" for part in parts)
    return f"{name:<20}{len(judged):>4} {right:>6.2f} {facts:>6} {source:>7} {recall:>7} {refused:>8.2f}"


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "      -  n=0"
    return f"{figure.value:7.3f}  ({figure.low:.3f} to {figure.high:.3f})  n={figure.n}"
