import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

import ingest
from ingest.__main__ import main
from ingest.index import ENVIRONMENT, Index, open_index_embedder
from ingest.settings import DEFAULT_MODEL
from ingest.weights import file_sha256

CHECKOUT = Path(ingest.__file__).parents[1]


@pytest.fixture
def exported(tmp_path, small_corpus):
    """An index folder whose exported model is a bag of the words of the small corpus."""
    folder = tmp_path / "index" / "models" / f"{DEFAULT_MODEL}-int8"
    folder.mkdir(parents=True)
    words = sorted({word for path in small_corpus.glob("*.md") for word in path.read_text().split()})
    vocabulary = {word: number for number, word in enumerate(["?", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))
    onnx.save(bag_of_words(len(vocabulary)), folder / "model.onnx")
    facts = {"sha256": file_sha256(folder / "model.onnx"), "max_tokens": 256}
    (folder / "export.json").write_text(json.dumps(facts))
    return tmp_path / "index"


def bag_of_words(size):
    """The mean of one-hot vectors, made a unit vector."""
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["text", "token"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["text", size])
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["each"]),
        helper.make_node("ReduceMean", ["each"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("LpNormalization", ["mean"], ["embedding"], axis=1, p=2),
    ]
    words = numpy_helper.from_array(np.eye(size, dtype=np.float32), "words")
    graph = helper.make_graph(nodes, "bag of words", inputs, [output], [words])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.fixture
def run(exported, monkeypatch, capsys):
    """Run `python -m ingest --index <exported> ...`: exit status, standard output, standard error."""

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["ingest", "--index", str(exported), *map(str, arguments)])
        status = main()
        return status, *capsys.readouterr()

    return command


def counts(output):
    """The summary's counts by name."""
    return {name: int(count) for name, count in (line.split() for line in output.splitlines()[:5])}


def keys(index_dir):
    with closing(Index.open(index_dir)) as index:
        return sorted(index.manifest.documents)


def test_a_first_run_indexes_the_paths_and_says_so(run, exported, small_corpus):
    status, output, _ = run(small_corpus)
    assert (status, counts(output)) == (0, {"added": 3, "changed": 0, "removed": 0, "kept": 0, "failed": 0})
    assert re.search(rf"^[1-9]\d* passages embedded in [\d.]+ s; index: {exported}$", output, re.MULTILINE)
    assert keys(exported) == ["alphamab", "betanib", "walking"]


def test_a_second_run_remembers_the_paths(run, small_corpus):
    run(small_corpus)
    status, output, _ = run()
    assert (status, counts(output)["kept"]) == (0, 3)
    assert "0 passages embedded" in output


def test_the_index_answers_with_the_model_it_was_built_with(run, exported, small_corpus):
    run(small_corpus)
    with closing(Index.open(exported)) as index:
        embedder = open_index_embedder(exported, index.manifest.settings)
        (nearest, *_) = index.vectors.nearest(embedder.encode(["standing frame balance."])[0], 3)
    assert nearest.startswith("walking/")


def test_a_removed_path_is_no_longer_indexed(run, exported, small_corpus):
    run(small_corpus / "walking.md", small_corpus / "betanib.md")
    status, output, _ = run("--remove", small_corpus / "betanib.md")
    assert (status, counts(output)["removed"], keys(exported)) == (0, 1, ["walking"])


def test_rebuilding_adds_everything_again(run, small_corpus):
    run(small_corpus)
    status, output, _ = run("--rebuild", "--chunk-tokens", 32)
    assert (status, counts(output)["added"]) == (0, 3)


def test_a_file_that_fails_is_named_on_standard_error_with_status_1(run, exported, small_corpus):
    (small_corpus / "broken.md").write_text("---\nkey: broken\n")
    status, output, errors = run(small_corpus)
    assert (status, counts(output)["failed"], keys(exported)) == (1, 1, ["alphamab", "betanib", "walking"])
    assert f"error: {small_corpus / 'broken.md'}: front matter: is missing" in errors
    assert "keeps its earlier version" in output


def test_quiet_prints_only_what_went_wrong(run, small_corpus):
    (small_corpus / "broken.md").write_text("---\nkey: broken\n")
    status, output, errors = run("--quiet", small_corpus)
    assert (status, output) == (1, "")
    assert errors.count("\n") == 1
    assert "broken.md" in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["nowhere"], "nowhere: there is no such file or folder", id="unknown path"),
        pytest.param(
            ["--device", "cuda"], "int8 runs on the processor; add --runtime torch", id="device without torch"
        ),
        pytest.param(["--chunk-tokens", 5], "chunk_tokens is 5; choose at least 16", id="setting that cannot be"),
        pytest.param(["--chunk-tokens", 32], "python -m ingest --rebuild", id="other settings"),
    ],
)
def test_an_error_is_one_line_on_standard_error_with_status_2(run, small_corpus, arguments, message):
    run(small_corpus)
    status, output, errors = run("--quiet", *arguments)
    assert (status, output) == (2, "")
    assert errors.startswith("error: ")
    assert message in errors


def test_an_index_folder_that_is_a_file_is_an_error_with_status_2(run, tmp_path, small_corpus):
    (tmp_path / "file").touch()
    status, _, errors = run("--index", tmp_path / "file", small_corpus)
    assert status == 2
    assert str(tmp_path / "file") in errors


def test_checking_a_sound_index_says_so(run, exported, small_corpus):
    run(small_corpus)
    status, output, errors = run("--check")
    assert (status, output.splitlines()[0], errors) == (0, f"All is well in {exported}", "")


def test_checking_prints_problems_on_standard_error_with_status_2(run, small_corpus):
    run(small_corpus)
    (small_corpus / "walking.md").write_text("broken")
    status, output, errors = run("--check")
    assert (status, output.split()[:2]) == (2, ["1", "problems"])
    assert "walking.md" in errors


def test_checking_where_there_is_no_index_says_how_to_build_it(run, exported):
    status, _, errors = run("--check")
    assert (status, f"Build it with: python -m ingest --index {exported}" in errors) == (2, True)


def test_the_folder_of_the_index_is_printed(run, exported):
    assert run("--where") == (0, f"{exported}\n", "")


SLOW = """
import sys, time
from ingest.load import File
def content_hash(self):
    print("reading", flush=True)
    time.sleep(60)
File.content_hash = content_hash
from ingest.__main__ import main
sys.exit(main())
"""


def test_an_interrupt_ends_with_status_130_and_the_old_index(run, exported, small_corpus):
    run(small_corpus)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, "--index", str(exported)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background ignores it
    ) as process:
        assert process.stdout.readline() == "reading\n"
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (130, "", "Interrupted; the index you had is unchanged.\n")
    assert keys(exported) == ["alphamab", "betanib", "walking"]


def test_the_module_runs_as_a_command_and_asks_the_environment(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "--where"],
        cwd=CHECKOUT,
        env={**os.environ, ENVIRONMENT: str(tmp_path / "there")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (f"{tmp_path / 'there'}\n", "")


def test_a_report_names_what_failed_with_reason_and_remedy(run, tmp_path, small_corpus):
    (small_corpus / "notes.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    (small_corpus / "cover.png").write_bytes(b"picture")
    status, _, _ = run(small_corpus, "--report", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    (failure,) = report["failed"]
    assert (status, report["added"]) == (1, ["alphamab", "betanib", "walking"])
    assert (Path(failure["path"]).name, failure["reason"]) == ("notes.zip", "is an archive (ZIP)")
    assert failure["remedy"] == "Unpack it and give the folder."
    assert [Path(entry["path"]).name for entry in report["skipped"]] == ["cover.png"]


def test_a_pattern_names_the_files_that_fit_it(run, exported, small_corpus):
    run(small_corpus / "*b*.md")
    assert keys(exported) == ["alphamab", "betanib"]


def test_a_pattern_that_nothing_fits_is_an_error(run, small_corpus):
    status, _, errors = run(small_corpus / "*.pdf")
    assert (status, "no file fits this pattern" in errors) == (2, True)


def test_a_collection_is_an_index_of_its_own(run, exported, small_corpus):
    run(small_corpus / "walking.md", "--collection", "mine")
    run(small_corpus / "betanib.md")
    assert (keys(exported / "collections" / "mine"), keys(exported)) == (["walking"], ["betanib"])
    assert run("--collections")[1] == "mine\n"


def test_a_collection_needs_something_to_index(run):
    status, _, errors = run("--collection", "empty")
    assert (status, "name files or folders" in errors) == (2, True)


def test_removing_what_was_never_indexed_is_an_error(run, small_corpus, tmp_path):
    run(small_corpus)
    status, _, errors = run("--remove", tmp_path / "other")
    assert (status, "was not indexed by that name" in errors) == (2, True)


def test_a_change_is_watched_for(run, exported, small_corpus):
    run(small_corpus)
    command = [sys.executable, "-m", "ingest", "--index", str(exported), "--watch", "--quiet"]
    with subprocess.Popen(
        command,
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background ignores it
    ) as process:
        assert process.stderr.readline().startswith("Watching")
        deadline = time.monotonic() + 120
        while "delta" not in keys(exported) and time.monotonic() < deadline:
            (small_corpus / "delta.txt").write_text(f"Delta helps. {time.monotonic()}\n")  # it may watch only now
            time.sleep(2)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert "delta" in keys(exported)
