"""Cost against size: ours at a thousand, ten thousand, a hundred thousand chunks."""

import shutil
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from eval.speed.bench import Bench, answered, size_of
from eval.speed.child import Built
from eval.speed.figures import BARE, OURS, Row, Spread, percentiles, stages
from eval.speed.targets import SIZED_95, SIZED_RATE, SIZED_RECALL, sized
from eval.speed.texts import Text, folder_texts, sized_texts, write_texts
from ingest.index import Layout

SAMPLE = 60  # documents whose texts are embedded with the clock running, at each size
RECALLED = 100  # questions for recall@10


def sizes(bench: Bench) -> Iterator[Row]:
    """Ingestion, `ask`, memory, disk and recall at every size, the questions put to the sizes in turn."""
    real = [*bench.texts, *folder_texts(bench.scope.folders)]
    with ExitStack() as stack:
        folders: dict[int, Path] = {}
        for wanted in sorted(bench.scope.sizes):
            folder = bench.scratch / f"size-{wanted}"
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            built = yield from _ingested(bench, real, wanted, folder)
            folders[built.chunks] = folder
        yield from _questioned(bench, folders)


def _ingested(bench: Bench, real: Sequence[Text], wanted: int, folder: Path) -> Generator[Row, None, Built]:
    """Build one size with kept vectors; what embedding it would have cost is measured on a sample of its texts."""
    texts = sized_texts(real, wanted, embedded=bench.scope.embedded)
    bench.progress(f"ingesting {wanted:,} chunks", 0, 1)
    truly = write_texts([text for text in texts if not text.composed], bench.scratch / "truly.jsonl")
    with bench.child(OURS) as started:
        started.call("keep", file=bench.cache / "vectors-int8.db")
        started.call("fill", documents=truly)  # so that the clock runs without the embedder
        built = bench.build(started, texts, folder)
    bench.progress(f"ingesting {wanted:,} chunks", 1, 1)
    stride = max(1, len(texts) // SAMPLE)
    with bench.child(BARE) as started:
        sample = bench.build(started, texts[::stride], bench.scratch / "unused")
    other = (built.seconds - built.embedding) / built.chunks
    embedding = sample.seconds / sample.chunks
    yield _row(built.chunks, "ingestion but for the embedder, ms a chunk", "ms", other * 1000)
    yield _row(built.chunks, "embedding, ms a chunk", "ms", embedding * 1000, cases=sample.chunks)
    yield _row(built.chunks, SIZED_RATE, "/s", 1 / (other + embedding))
    yield _row(built.chunks, "index on disk", "MB", size_of(_generation(folder)))
    return built


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
