"""Cost against size: ours at a thousand, ten thousand, a hundred thousand chunks."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from eval.speed.bench import Bench, answered, size_of
from eval.speed.child import Built
from eval.speed.figures import BARE, OURS, Row, Spread, percentiles, stages
from eval.speed.targets import SIZED_95, SIZED_RATE, SIZED_RECALL, sized
from eval.speed.texts import Text, folder_texts, sized_texts, write_texts
from ingest.index import Layout

SAMPLE = 20  # documents whose texts are embedded with the clock running, at each size
RECALLED = 100  # questions for recall@10


@dataclass(frozen=True, slots=True)
class Ingested:
    """What ingesting one size cost, and some of its documents."""

    built: Built
    sample: Sequence[Text]


def sizes(bench: Bench) -> Iterator[Row]:
    """Ingestion, `ask`, memory, disk and recall at every size, the questions put to the sizes in turn."""
    real = [*bench.texts, *folder_texts(bench.scope.folders)]
    with ExitStack() as stack:
        folders: dict[int, Path] = {}
        ingested: dict[int, Ingested] = {}
        for wanted in sorted(bench.scope.sizes):
            folder = bench.scratch / f"size-{wanted}"
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            one = _ingested(bench, sized_texts(real, wanted, embedded=bench.scope.embedded), folder)
            folders[one.built.chunks], ingested[one.built.chunks] = folder, one
            yield _row(one.built.chunks, "index on disk", "MB", size_of(_generation(folder)))
        yield from _rates(bench, ingested)
        yield from _questioned(bench, folders)


def _ingested(bench: Bench, texts: Sequence[Text], folder: Path) -> Ingested:
    """Build one size with kept vectors, so that the clock runs without the embedder."""
    bench.progress(f"ingesting {len(texts):,} documents", 0, 1)
    truly = write_texts([text for text in texts if not text.composed], bench.scratch / "truly.jsonl")
    with bench.child(OURS) as started:
        started.call("keep", file=bench.cache / "vectors-int8.db")
        started.call("fill", documents=truly)
        built = bench.build(started, texts, folder)
    bench.progress(f"ingesting {len(texts):,} documents", 1, 1)
    return Ingested(built, texts[:: max(1, len(texts) // SAMPLE)])


def _rates(bench: Bench, ingested: Mapping[int, Ingested]) -> Iterator[Row]:
    """What embedding each size would have cost, from samples of its texts in turn, and the rate of both together."""
    samples: dict[str, list[Built]] = {str(size): [] for size in ingested}
    with bench.child(BARE) as started:
        for number in range(bench.scope.rounds):
            bench.progress("embedding samples", number, bench.scope.rounds)
            for name in bench.turn(number, list(samples)):
                samples[name].append(bench.build(started, ingested[int(name)].sample, bench.scratch / "unused"))
        bench.progress("embedding samples", bench.scope.rounds, bench.scope.rounds)
    for size, one in ingested.items():
        other = (one.built.seconds - one.built.embedding) / one.built.chunks
        embedding = [sample.seconds / sample.embedded for sample in samples[str(size)]]  # seconds a character
        length = one.built.embedded / one.built.chunks
        cases = samples[str(size)][0].chunks
        yield _row(size, "ingestion but for the embedder, a chunk", "ms", other * 1000, cases=one.built.chunks)
        found = [1 / (second + other / length) for second in embedding]
        yield Row(sized(size, SIZED_RATE), "/s", {OURS: Spread.of(found, cases=cases)})
        found = [1 / (second * length + other) for second in embedding]
        yield Row(sized(size, "ingestion, chunks a second"), "/s", {OURS: Spread.of(found, cases=cases)})


def _questioned(bench: Bench, folders: dict[int, Path]) -> Iterator[Row]:
    rounds: dict[str, list[list[dict[str, float]]]] = {str(size): [] for size in folders}
    with ExitStack() as stack:
        children = {str(size): stack.enter_context(bench.child(OURS)) for size in folders}
        for size, folder in folders.items():
            children[str(size)].call("open", folder=folder)
        for number in range(bench.scope.rounds):
            bench.progress("asking at every size", number, bench.scope.rounds)
            found = answered(children, bench.turn(number, list(children)), bench.new_questions())
            for size_name, timings in found.items():
                rounds[size_name].append(timings)
        bench.progress("asking at every size", bench.scope.rounds, bench.scope.rounds)
        questions = bench.new_questions(RECALLED)
        for size in folders:
            taken = children[str(size)].call("memory")
            recall = children[str(size)].call("recall", questions=questions)
            yield from _costs(size, rounds[str(size)])
            if taken:
                yield _row(size, "memory: PSS", "MB", taken["PSS"])
            yield _row(size, SIZED_RECALL, "", recall, cases=RECALLED)


def _costs(size: int, rounds: list[list[dict[str, float]]]) -> Iterator[Row]:
    for stage, found in stages(rounds).items():
        name = "ask" if stage == "total" else f"ask: {stage},"
        yield Row(sized(size, f"{name} p50"), "ms", {OURS: percentiles(found, 0.5)})
        yield Row(sized(size, SIZED_95 if stage == "total" else f"{name} p95"), "ms", {OURS: percentiles(found, 0.95)})


def _row(size: int, name: str, unit: str, value: float, *, cases: int = 1) -> Row:
    return Row(sized(size, name), unit, {OURS: Spread.of([value], cases=cases)})


def _generation(folder: Path) -> Path:
    layout = Layout(folder)
    return layout.generations / layout.current()
