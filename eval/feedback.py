"""python -m eval feedback: what readers said about answers."""

import argparse
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from ingest.index import configured_index_dir
from qa.feedback import FILE, read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line of `python -m eval feedback`."""
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index that the file lies beside")
    parser.add_argument("--json", action="store_true", help="the entries as JSON")


def main(options: argparse.Namespace) -> int:
    """Print the counts, then every entry, newest first."""
    folder = options.index or configured_index_dir()
    entries = read(folder)
    if options.json:
        print(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=1))
        return 0
    if not entries:
        print(f"Nobody has left feedback yet ({folder / FILE} does not exist).")
        return 0
    helpful = sum(entry.helpful for entry in entries)
    print(f"answers judged by readers: {len(entries)}, of which helpful: {helpful}")
    for reason, count in Counter(entry.reason for entry in entries if entry.reason).most_common():
        print(f"  {count:>4}  {reason}")
    for entry in reversed(entries):
        cited = ", ".join(map(str, entry.cited)) or "none"
        print(f"\n{entry.at}  {'helpful' if entry.helpful else 'not helpful'}  {entry.reason}".rstrip())
        print(f"  question: {entry.question}\n  answer: {entry.answer}\n  cited: {cited}")
        if entry.remark:
            print(f"  remark: {entry.remark}")
    return 0
