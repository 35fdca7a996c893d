"""python -m ingest [PATHS]: build or update the index, with progress and a summary."""

import argparse
import logging
import sys
import time
from pathlib import Path

from ingest.build import build_index
from ingest.check import check_index
from ingest.errors import IngestError
from ingest.index import configured_index_dir
from ingest.plan import Summary
from ingest.progress import progress_bar
from ingest.settings import DEFAULT_MODEL, IndexSettings

EPILOG = """
Without PATHS: the documents that come with the package, and every folder that was indexed before.
Exit status: 0 done; 2 something could not be indexed or opened (the message says what to do); 130 interrupted.
"""


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line of `python -m ingest`."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Build or update the index.", epilog=EPILOG)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATHS", help="Markdown files or folders to add")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: see --where)")
    parser.add_argument("--where", action="store_true", help="print the folder of the index and stop")
    parser.add_argument("--remove", action="append", default=[], type=Path, metavar="PATH", help="no longer index PATH")
    parser.add_argument("--rebuild", action="store_true", help="build from nothing instead of updating")
    parser.add_argument("--check", action="store_true", help="examine documents and index, change nothing")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="embedding model: name or folder (default: %(default)s)")
    parser.add_argument(
        "--runtime", choices=["int8", "torch"], default="int8", help="how it runs (default: %(default)s)"
    )
    parser.add_argument("--chunk-tokens", type=int, default=IndexSettings().chunk_tokens, help="longest passage")
    parser.add_argument("--quiet", action="store_true", help="print only what went wrong")
    return parser.parse_args(arguments)


def main() -> int:
    """Run the command; returns the exit status."""
    options = parse_arguments()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    index_dir = options.index or configured_index_dir()
    if options.where:
        print(index_dir)
        return 0
    try:
        return _check(index_dir) if options.check else _build(index_dir, options)
    except (IngestError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; the index you had is unchanged.", file=sys.stderr)
        return 130


def _check(index_dir: Path) -> int:
    problems = list(check_index(index_dir))
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(problems)} problems found in {index_dir}" if problems else f"All is well in {index_dir}")
    return 2 if problems else 0


def _build(index_dir: Path, options: argparse.Namespace) -> int:
    started = time.perf_counter()
    settings = IndexSettings(options.model, options.runtime, options.chunk_tokens)
    with progress_bar(quiet=options.quiet) as progress:
        summary = build_index(
            index_dir,
            settings,
            paths=options.paths,
            remove=options.remove,
            rebuild=options.rebuild,
            progress=progress,
        )
    _report(summary, index_dir, time.perf_counter() - started, options)
    return 2 if summary.failed else 0


def _report(summary: Summary, index_dir: Path, seconds: float, options: argparse.Namespace) -> None:
    for error in summary.failed:
        print(f"error: {error}", file=sys.stderr)
    if options.quiet:
        return
    for name in ("added", "changed", "removed", "kept", "failed"):
        print(f"{name:>8} {len(getattr(summary, name)):>6}")
    print(f"{summary.embedded} passages embedded in {seconds:.1f} s; index: {index_dir}")
    if summary.failed and not options.rebuild:
        print("What failed keeps its earlier version in the index, if it had one.")


if __name__ == "__main__":
    sys.exit(main())
