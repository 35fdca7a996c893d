"""What the measurements are held against, and whether each is met. A target that was not measured is neither."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eval.speed.figures import BARE, OURS, PLAIN, Report, departure, growth

START = "start: answer on the terminal"
PAGE = "start: first page"
CHAT = "start: chat ready"
QUERY = "question, p50"
QUERY_95 = "question, p95"
CHUNKS = "ingestion: chunks a second"
DOCUMENTS = "ingestion: documents a second"
TEXTS = "ingestion: texts embedded a second"
MEMORY = "memory of the chat: PSS"
LOSS = "int8 less fp32: nDCG@10"
SIZED = re.compile(r"([\d,]+) chunks: (.+)")
SIZED_95, SIZED_RATE, SIZED_RECALL = "ask p95", "ingestion, characters embedded a second", "recall@10"


@dataclass(frozen=True, slots=True)
class Target:
    """One target with what was measured for it; `measured` is None when the run did not measure it."""

    name: str
    wanted: str
    measured: float | None
    met: bool | None

    @property
    def verdict(self) -> str:
        """met, MISSED or not measured."""
        return "not measured" if self.met is None else "met" if self.met else "MISSED"


def verdicts(report: Report) -> list[Target]:
    """Every target of docs/performance.md, in its order."""
    started, query, rate = report.ratio(START), report.ratio(QUERY), _lower(report)
    quality = _abs(report.value(LOSS))
    recalls = by_size(report, SIZED_RECALL)
    return [
        _judged("cold start, times faster than LangChain's first hits", 1 / started if started else None, at_least(4)),
        _judged("ask() p50 over similarity_search p50", query, at_most(1)),
        _judged("ask() p95 at the largest size, ms", _largest(report), at_most(30)),
        _judged("ingestion, times LangChain's rate (the lower of chunks and documents)", rate, at_least(3)),
        _judged("ingestion over the bare embedder, equal texts", report.ratio(TEXTS, OURS, BARE), at_least(0.85)),
        _judged("ask() p95, largest over smallest size", growth(by_size(report, SIZED_95)), below(4)),
        _judged("ingestion, departure from linear", departure(by_size(report, SIZED_RATE)), at_most(0.10)),
        _judged("memory of the chat with the whole corpus, MB", report.value(MEMORY), below(700)),
        _judged("page answered, seconds after the command", report.value(PAGE), at_most(3)),
        _judged("nDCG@10, int8 and fp32 apart", quality, at_most(0.005)),
        _judged("recall@10 of the search at any size", min(recalls.values(), default=None), at_least(0.99)),
    ]


def by_size(report: Report, name: str) -> dict[int, float]:
    """The medians of one of the measurements that are made at several sizes, by chunks."""
    return {size: value for size, value in _sized(report, name) if value is not None}


def sized(size: int, name: str) -> str:
    """The name of such a measurement at one size."""
    return f"{size:,} chunks: {name}"


Demand = tuple[str, Callable[[float], bool]]


def at_least(bound: float) -> Demand:
    """The demand and the test of a value for it."""
    return f"at least {bound:g}", lambda value: value >= bound


def at_most(bound: float) -> Demand:
    """The demand and the test of a value for it."""
    return f"at most {bound:g}", lambda value: value <= bound


def below(bound: float) -> Demand:
    """The demand and the test of a value for it."""
    return f"below {bound:g}", lambda value: value < bound


def _judged(name: str, value: float | None, demand: Demand) -> Target:
    wanted, meets = demand
    return Target(name, wanted, value, None if value is None else meets(value))


def _sized(report: Report, name: str) -> Iterator[tuple[int, float | None]]:
    for row in report.rows:
        found = SIZED.fullmatch(row.name)
        if found and found[2] == name:
            yield int(found[1].replace(",", "")), row.value(OURS)


def _largest(report: Report) -> float | None:
    costs = by_size(report, SIZED_95)
    return costs[max(costs)] if costs else None


def _lower(report: Report) -> float | None:
    """The smaller of both ratios: passages of different lengths must not flatter anybody."""
    ratios = [report.ratio(name, OURS, PLAIN) for name in (CHUNKS, DOCUMENTS)]
    known = [ratio for ratio in ratios if ratio is not None]
    return min(known) if len(known) == len(ratios) else None


def _abs(value: float | None) -> float | None:
    return None if value is None else abs(value)
