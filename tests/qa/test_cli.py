import json
import sys

import pytest

from qa.__main__ import main


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["qa", *map(str, arguments)])
        status = main()
        out, err = capsys.readouterr()
        return status, out, err

    return call


@pytest.mark.parametrize("question", ["", "x" * 2001], ids=["empty", "too long"])
def test_a_question_that_cannot_be_asked_exits_with_2(run, question):
    status, out, err = run(question)
    assert (status, out) == (2, "")
    assert err.startswith("error: The question")


def test_a_missing_index_exits_with_2_and_says_how_to_build_one(run, tmp_path):
    status, _, err = run("Does it help?", "--index", tmp_path / "none")
    assert status == 2
    assert "python -m ingest" in err


@pytest.mark.models
def test_a_terminal_answer_and_its_json(run, packaged_index):
    question = "What was the hazard ratio for 12-week disability progression with ocrelizumab in ORATORIO?"
    status, out, _ = run(question, "--index", packaged_index)
    assert status == 0
    assert "0.76" in out
    assert "[1]" in out
    assert "https://doi.org/10.1056/NEJMoa1606468" in out
    status, out, _ = run(question, "--json", "--index", packaged_index)
    assert json.loads(out)["citations"][0]["number"] == 1


@pytest.mark.models
def test_a_refusal_exits_with_0(run, packaged_index):
    status, out, _ = run("Who won the 1998 football world cup?", "--index", packaged_index)
    assert status == 0
    assert "The sources do not answer this" in out
