"""`python -m eval speed`: cost of starting, asking and ingesting beside the plain pipeline, in one run."""

import argparse
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from eval.cached import default_cache_dir, usable
from eval.provenance import provenance
from eval.records import write_json
from eval.speed.bench import Bench, Scope
from eval.speed.figures import Report, Row
from eval.speed.parts import ingestion, memory, start, warm
from eval.speed.plots import write_plots
from eval.speed.quality import embedding
from eval.speed.sizes import sizes
from eval.speed.table import lines
from eval.speed.texts import index_texts, question_stream
from ingest.index import configured_index_dir
from ingest.progress import progress_bar
from qa.settings import AskSettings

PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "start": start,
    "warm": warm,
    "ingestion": ingestion,
    "memory": memory,
    "sizes": sizes,
    "embedding": embedding,
}
SIZES = (1_000, 10_000, 100_000)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval speed`."""
    parser.add_argument("--only", action="append", choices=PARTS, metavar="PART", help=f"one of {', '.join(PARTS)}")
    parser.add_argument("--size", action="append", type=_count, metavar="N", help="chunks; may be repeated")
    parser.add_argument("--rounds", type=_count, default=5, help="repeats of each measurement (default: %(default)s)")
    parser.add_argument("--questions", type=_count, default=100, help="of a round (default: %(default)s)")
    parser.add_argument("--documents", type=_count, metavar="N", help="ingest no more of the index's documents than N")
    parser.add_argument(
        "--texts", action="append", type=Path, default=[], metavar="DIR", help="BEIR folder for the larger sizes"
    )
    parser.add_argument(
        "--embedded",
        type=_count,
        default=10_000,
        metavar="N",
        help="chunks of a size that are truly embedded; the others' vectors are composed (default: %(default)s)",
    )
    parser.add_argument("--quality", type=Path, metavar="DIR", help="judged BEIR folder to compare int8 and fp32 on")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to FILE")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="draw cost against size into DIR")
    parser.add_argument(
        "--cache", type=Path, default=default_cache_dir() / "speed", metavar="DIR", help="keeps vectors and indexes"
    )


def _count(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return int(text)


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what was started, as Ctrl-C does
    with tempfile.TemporaryDirectory(prefix="speed-", dir=usable(options.cache)) as scratch, progress_bar() as progress:
        bench = _bench(options, Path(scratch), progress)
        bench.look_round()
        report = _report(bench, options.only or list(PARTS))
    print("\n".join(lines(report)))
    if options.json:
        write_json(options.json, report.to_json())
    if options.plots:
        for file in write_plots(report, options.plots):
            print(f"plot: {file}")
    return 0


def _bench(options: argparse.Namespace, scratch: Path, progress: Any) -> Bench:
    index_dir = (options.index or configured_index_dir()).resolve()
    texts = index_texts(index_dir)[: options.documents]
    folders = tuple(folder.resolve() for folder in options.texts)
    quality = options.quality.resolve() if options.quality else None
    sizes = tuple(options.size or SIZES)
    scope = Scope(options.rounds, options.questions, sizes, options.embedded, folders, quality)
    return Bench(index_dir, options.cache.resolve(), scratch.resolve(), texts, question_stream(), scope, progress)


def _report(bench: Bench, parts: list[str]) -> Report:
    rows = [row for part in PARTS if part in parts for row in PARTS[part](bench)]
    scope = bench.scope
    about = {
        **provenance(bench.index_dir, AskSettings()),
        "texts": len(bench.texts),
        "rounds": scope.rounds,
        "questions a round": scope.questions,
        "truly embedded up to": scope.embedded,
        "processors": os.cpu_count(),
        "load before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }
    notes = [f"{system}: {reason}" for system, reason in bench.skipped.items()]
    if "embedding" in parts and not scope.quality:
        notes.append("embedding: not measured, as --quality DIR names no judged folder")
    return Report(about, rows, notes)
