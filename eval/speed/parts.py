"""The measurements over the whole index: starting, asking, ingesting, memory."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from eval.speed import targets
from eval.speed.bench import Bench, answered, compared, size_of
from eval.speed.child import Built
from eval.speed.figures import BARE, OURS, PLAIN, Row, Spread, percentiles, stages
from eval.speed.process import chat, seconds_to_answer
from ingest.index import Layout
from ingest.weights import packaged_weights

Rate = Callable[[Built], float]
SERVED = 50  # questions before the memory of the chat is read


def start(bench: Bench) -> Iterator[Row]:
    """From the start of a command to the first whole answer, the first page, and the chat that can be used."""
    taken: dict[str, list[float]] = {system: [] for system in compared(bench)}
    pages, chats = [], []
    for number in range(bench.scope.rounds):
        bench.progress("starting", number, bench.scope.rounds)
        (question,) = bench.new_questions(1)
        for system in bench.turn(number, compared(bench)):
            taken[system].append(seconds_to_answer(_command(bench, system, question)))
        with chat(bench.index_dir) as started:
            pages.append(started.page())
            chats.append(started.ready())
    bench.progress("starting", bench.scope.rounds, bench.scope.rounds)
    yield Row(targets.START, "s", {system: Spread.of(values) for system, values in taken.items()})
    yield Row(targets.PAGE, "s", {OURS: Spread.of(pages)})
    yield Row(targets.CHAT, "s", {OURS: Spread.of(chats)})


def warm(bench: Bench) -> Iterator[Row]:
    """One question at a time in a process that has answered before: whole answers beside the others' bare hits."""
    rounds: dict[str, list[list[dict[str, float]]]] = {system: [] for system in bench.systems}
    with ExitStack() as stack:
        children = bench.opened(stack, bench.systems)
        for number in range(bench.scope.rounds):
            bench.progress("asking", number, bench.scope.rounds)
            found = answered(children, bench.turn(number, bench.systems), bench.new_questions())
            for system, timings in found.items():
                rounds[system].append(timings)
        bench.progress("asking", bench.scope.rounds, bench.scope.rounds)
        memory = {system: started.call("memory") for system, started in children.items()}
    yield from _asked(rounds)
    if all(memory.values()):
        yield Row("memory after these questions: PSS", "MB", {s: Spread.of([m["PSS"]]) for s, m in memory.items()})


def ingestion(bench: Bench) -> Iterator[Row]:
    """The documents of the index ingested anew by each system, models loaded before."""
    made: dict[str, list[Built]] = {system: [] for system in bench.systems}
    steps = bench.scope.rounds * len(bench.systems)
    for number in range(bench.scope.rounds):
        for place, system in enumerate(bench.turn(number, bench.systems)):
            bench.progress("ingesting", number * len(bench.systems) + place, steps)
            with bench.child(system) as started:
                made[system].append(bench.build(started, bench.texts, bench.scratch / "ingested"))
    bench.progress("ingesting", steps, steps)
    yield _rates(targets.CHUNKS, made, lambda built: built.chunks / built.seconds)
    yield _rates(targets.DOCUMENTS, made, lambda built: built.documents / built.seconds)
    yield _rates("ingestion: characters a second", made, lambda built: built.characters / built.seconds)
    yield _rates(targets.TEXTS, made, lambda built: built.texts / built.seconds)
    yield _rates("ingestion: share inside the embedder", made, lambda built: built.embedding / built.seconds, unit="")


def memory(bench: Bench) -> Iterator[Row]:
    """What the chat takes with the whole index open and some questions answered, and what lies on disk."""
    with chat(bench.index_dir) as started:
        started.ready()
        for done, question in enumerate(bench.new_questions(SERVED)):
            bench.progress("serving", done, SERVED)
            started.ask(question)
        bench.progress("serving", SERVED, SERVED)
        found = started.memory()
    for name, value in (found or {}).items():
        yield Row(f"memory of the chat: {name}", "MB", {OURS: Spread.of([value], cases=SERVED)})
    layout = Layout(bench.index_dir)
    sizes = {OURS: size_of(layout.generations / layout.current())}
    sizes |= {system: size_of(bench.built(system)) for system in bench.systems if system not in (OURS, BARE)}
    yield Row("index on disk", "MB", {system: Spread.of([size]) for system, size in sizes.items()})


def _command(bench: Bench, system: str, question: str) -> list[str]:
    if system == OURS:
        return [sys.executable, "-m", "qa", "--index", str(bench.index_dir), question]
    return [sys.executable, "-m", "eval.speed.plain", str(bench.built(PLAIN)), str(packaged_weights()), question]


def _asked(rounds: dict[str, list[list[dict[str, float]]]]) -> Iterator[Row]:
    totals = {system: [[one["total"] for one in timings] for timings in found] for system, found in rounds.items()}
    yield Row(targets.QUERY, "ms", {system: percentiles(found, 0.5) for system, found in totals.items()})
    yield Row(targets.QUERY_95, "ms", {system: percentiles(found, 0.95) for system, found in totals.items()})
    for stage, found in stages(rounds[OURS]).items():
        if stage != "total":
            for name, share in (("p50", 0.5), ("p95", 0.95)):
                yield Row(f"question: {stage}, {name}", "ms", {OURS: percentiles(found, share)})


def _rates(name: str, made: dict[str, list[Built]], rate: Rate, unit: str = "/s") -> Row:
    found = {
        system: Spread.of([rate(one) for one in builds], cases=builds[0].chunks) for system, builds in made.items()
    }
    return Row(name, unit, found)
