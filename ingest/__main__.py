"""python -m ingest [PATHS]: build or update the index, with progress and a summary."""

import argparse
import glob
import logging
import re
import sys
import time
from pathlib import Path

from ingest.build import build_index
from ingest.check import check_index, content_hash
from ingest.errors import IngestError, UnknownPathError
from ingest.index import collection_dir, collections, configured_index_dir
from ingest.plan import Summary, Terms
from ingest.progress import progress_bar
from ingest.reading import Budget
from ingest.report import failure_lines, failure_table, summary_lines, write_report
from ingest.settings import DEFAULT_MODEL, IndexSettings

EPILOG = """
Without PATHS: the documents that come with the package, and every folder that was indexed before.
Exit status: 0 done; 1 some files could not be indexed (path, reason and remedy are shown), the others were;
2 nothing was done (the message says what to do), or --check found problems; 130 interrupted.
"""


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line of `python -m ingest`."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Build or update the index.", epilog=EPILOG)
    parser.add_argument("paths", nargs="*", metavar="PATHS", help="files, folders or patterns ('papers/*.pdf') to add")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: see --where)")
    parser.add_argument("--collection", metavar="NAME", help="a collection of its own beside the index")
    parser.add_argument("--collections", action="store_true", help="list the collections and stop")
    parser.add_argument("--where", action="store_true", help="print the folder of the index and stop")
    parser.add_argument("--remove", action="append", default=[], type=Path, metavar="PATH", help="no longer index PATH")
    parser.add_argument("--rebuild", action="store_true", help="build from nothing instead of updating")
    parser.add_argument("--check", action="store_true", help="examine documents and index, change nothing")
    parser.add_argument("--watch", action="store_true", help="go on, and update whenever a file changes")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write what was done as JSON")
    parser.add_argument("--wait", type=float, default=0, metavar="S", help="wait for another writer up to S seconds")
    parser.add_argument("--timeout", type=float, default=60, metavar="S", help="most time for one file (%(default)s)")
    parser.add_argument("--memory", type=int, default=1024, metavar="MB", help="most memory for one file (%(default)s)")
    parser.add_argument("--ocr", action="store_true", help="read scanned pages with tesseract, where it is installed")
    parser.add_argument("--store", metavar="URL", help="keep vectors in a Chroma server, such as http://localhost:8000")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="embedding model: name or folder (default: %(default)s)")
    parser.add_argument(
        "--runtime", choices=["int8", "torch"], default="int8", help="how it runs (default: %(default)s)"
    )
    parser.add_argument("--device", default="cpu", help="where --runtime torch embeds, such as cuda (%(default)s)")
    parser.add_argument("--chunk-tokens", type=int, default=IndexSettings().chunk_tokens, help="longest passage")
    parser.add_argument("--quiet", action="store_true", help="print only what went wrong")
    return parser.parse_args(arguments)


def main() -> int:
    """Run the command; returns the exit status."""
    options = parse_arguments()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        return _run(options)
    except (IngestError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; the index you had is unchanged.", file=sys.stderr)
        return 130


def _run(options: argparse.Namespace) -> int:
    index_dir = collection_dir(options.index or configured_index_dir(), options.collection)
    if options.where or options.collections:
        print(index_dir if options.where else "\n".join(collections(index_dir)))
        return 0
    if options.check:
        return _check(index_dir)
    status = _build(index_dir, options, expanded(options.paths))
    if options.watch:
        from ingest.watch import watch_index

        options.rebuild, options.remove = False, []
        print(f"Watching; interrupt with Ctrl-C. Index: {index_dir}", file=sys.stderr)
        watch_index(index_dir, lambda: _again(index_dir, options))
    return status


def expanded(patterns: list[str]) -> list[Path]:
    """Paths with patterns (*, ?, [..], **) resolved, for shells that leave that to us. Raises UnknownPathError."""
    paths: list[Path] = []
    for pattern in patterns:
        if Path(pattern).exists() or not glob.has_magic(pattern):
            paths.append(Path(pattern))
            continue
        found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  # absolute patterns, too
        if not found:
            raise UnknownPathError(f"{pattern}: no file fits this pattern. Check the spelling.")
        paths += map(Path, found)
    return paths


def _check(index_dir: Path) -> int:
    problems = list(check_index(index_dir))
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problems found in {index_dir}")
        return 2
    print(f"All is well in {index_dir}")
    print(f"content {content_hash(index_dir)}")
    return 0


def _again(index_dir: Path, options: argparse.Namespace) -> None:
    _build(index_dir, options, [])


def _build(index_dir: Path, options: argparse.Namespace, paths: list[Path]) -> int:
    started = time.perf_counter()
    settings = IndexSettings(options.model, options.runtime, options.chunk_tokens)
    if options.device != "cpu" and settings.runtime != "torch":
        raise ValueError(f"--device is {options.device!r}, but int8 runs on the processor; add --runtime torch")
    budget = Budget(options.timeout, options.memory << 20, options.ocr)
    with progress_bar(quiet=options.quiet) as progress:
        summary = build_index(
            index_dir,
            settings,
            paths=paths,
            remove=options.remove,
            rebuild=options.rebuild,
            terms=Terms(budget, _address(options.store), options.wait, options.device),
            progress=progress,
        )
    seconds = time.perf_counter() - started
    if options.report:
        write_report(summary, options.report, index_dir, seconds)
    _print(summary, index_dir, seconds, options)
    return 1 if summary.failed else 0


def _address(store: str | None) -> str | None:
    """The address of a Chroma server; "local" means the index's own folder."""
    if store is None or store == "local":
        return None if store is None else ""
    if not re.fullmatch(r"https?://[^/\s:]+(:\d+)?/?", store):
        raise ValueError(f"--store is {store!r}; write an address such as http://localhost:8000, or local")
    return store


def _print(summary: Summary, index_dir: Path, seconds: float, options: argparse.Namespace) -> None:
    if summary.failed and sys.stderr.isatty():
        from rich.console import Console

        Console(stderr=True).print(failure_table(summary))
    else:
        for line in failure_lines(summary):
            print(line, file=sys.stderr)
    if options.quiet:
        return
    for line in summary_lines(summary):
        print(line)
    print(f"{summary.embedded} passages embedded in {seconds:.1f} s; index: {index_dir}")
    if summary.failed and not options.rebuild:
        print("What failed keeps its earlier version in the index, if it had one.")


if __name__ == "__main__":
    sys.exit(main())
