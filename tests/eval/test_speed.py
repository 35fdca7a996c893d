"""What a speed run is made of. Durations are nobody's claim here: tests run on busy machines."""

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from eval.collection import make_document
from eval.speed.child import memory_of, missing_packages
from eval.speed.figures import OURS, PLAIN, Report, Row, Spread
from eval.speed.plots import write_plots
from eval.speed.process import MeasuringError, child, seconds_to_answer
from eval.speed.table import lines
from eval.speed.targets import START, sized
from eval.speed.texts import Text, question_stream, recombined, sized_texts, text_hash
from eval.speed.vectors import KeptEmbedder

ROOT = Path(__file__).parents[2]
TEXTS = [
    Text("one", "First", "Alphamab slowed it. It was safe. Nobody fell. " * 20),
    Text("two", "Second", "Betanib did not. It hurt the liver. Trials went on. " * 20),
]


def test_a_smaller_size_is_the_beginning_of_a_larger_one():
    small, large = (sized_texts(TEXTS, chunks, embedded=3) for chunks in (4, 30))
    assert large[: len(small)] == small
    assert len(large) > len(small)


def test_recombined_documents_hold_whole_sentences_of_others_and_are_always_the_same():
    first, second = ([one.text for one in islice(recombined(TEXTS), 5)] for _ in range(2))
    known = {sentence.strip() + "." for one in TEXTS for sentence in one.text.split(".")}
    assert first == second
    assert {line for text in first for line in text.split("\n\n")} <= known


def test_other_texts_have_another_hash():
    assert text_hash(TEXTS) == text_hash(list(TEXTS)) != text_hash(TEXTS[:1])


def test_headings_and_comments_are_no_sentences_to_recombine():
    text = "## Results\n\nIt went well. It ended.\n\n<!-- aside. -->\n\nNobody fell."
    made = [one.text for one in islice(recombined([Text("one", "First", text)]), 8)]
    assert {line for text in made for line in text.split("\n\n")} == {"It went well.", "It ended.", "Nobody fell."}


def test_no_question_comes_twice():
    found = list(question_stream())
    assert len(found) == len(set(found)) > 5000


def test_a_vector_is_computed_once_and_read_in_the_next_run(tmp_path, embedder):
    second = type(embedder)()
    kept = KeptEmbedder(embedder, tmp_path / "vectors.db").encode(["a b", "c"])
    again = KeptEmbedder(second, tmp_path / "vectors.db").encode(["c", "a b"])
    assert second.encoded == []
    assert np.array_equal(kept, again[::-1])


def test_an_absent_competitor_is_told_with_the_extra_that_has_it():
    told = missing_packages("json", "no_such_package")
    assert told is not None
    assert "no_such_package" in told
    assert ".[speed]" in told
    assert missing_packages("json") is None


def test_a_command_that_fails_is_told_in_its_own_words():
    with pytest.raises(MeasuringError, match="status 3: too bad"):
        seconds_to_answer([sys.executable, "-c", "print('too bad'); raise SystemExit(3)"])


def test_a_measured_process_is_gone_afterwards(tmp_path):
    with child(OURS, tmp_path, tmp_path) as started:
        number = started._process.pid
        os.kill(number, 0)  # raises where there is no such process
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").is_file(), reason="only Linux tells a process's memory")
def test_memory_is_told_in_megabytes():
    told = memory_of("self")
    assert told is not None
    assert 1 < told["PSS"] <= told["RSS"] < 100_000
    assert memory_of(2**30) is None


def test_a_missing_index_is_told_with_its_remedy(tmp_path):
    told = run("--index", str(tmp_path / "none"), "--cache", str(tmp_path))
    assert told.returncode == 2
    assert "python -m ingest" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_table_holds_ratio_spread_n_and_verdict():
    spreads = {OURS: Spread(1.0, 0.9, 1.2, 3), PLAIN: Spread(5.0, 4.0, 6.0, 3)}
    text = "\n".join(lines(Report({}, [Row(START, "s", spreads)], ["txtai: absent"])))
    assert "1.00 (0.9000 to 1.20; n=3)" in text
    assert "0.20" in text
    assert "at least 4     met" in text
    assert "note: txtai: absent" in text


def test_plots_are_drawn_of_costs_known_at_two_sizes(tmp_path):
    rows = [Row(sized(size, "ask p95"), "ms", {OURS: Spread.of([size / 500])}) for size in (1_000, 100_000)]
    (file,) = write_plots(Report({}, [*rows, Row(sized(1_000, "index on disk"), "MB", {})]), tmp_path / "plots")
    drawn = ElementTree.parse(file).getroot()
    assert "ask(), milliseconds" in "".join(drawn.itertext())
    assert len(drawn.findall("{*}circle")) == 2


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "eval", "speed", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.models
def test_a_small_run_reports_every_part_with_its_n(tmp_path):
    from ingest.build import index_documents
    from ingest.settings import IndexSettings

    documents = [make_document(one.key, place, one.title, one.text) for place, one in enumerate(TEXTS, start=1)]
    index_documents(tmp_path / "index", documents, IndexSettings())
    small = ["--rounds", "1", "--questions", "3", "--size", "20", "--size", "60", "--embedded", "20"]
    file = tmp_path / "speed.json"
    told = run("--index", str(tmp_path / "index"), "--cache", str(tmp_path / "cache"), "--json", str(file), *small)
    assert told.returncode == 0, told.stderr
    measured = json.loads(file.read_text(encoding="utf-8"))["measured"]
    beginnings = {name.split(",")[0].split(":")[0] for name in measured}
    assert {"start", "question", "ingestion", "memory of the chat", "index on disk"} <= beginnings
    assert sum("recall@10" in name for name in measured) == 2
    assert measured["question, p50"][OURS]["cases"] == 3
    assert not list((tmp_path / "cache").glob("speed-*"))
