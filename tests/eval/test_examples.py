import argparse

import corpus
from eval.examples import add_arguments, gathered, main
from eval.judged import read_judged
from eval.suite import PRACTICE_DIR, load_questions
from eval.training import read_training, read_unanswered
from ingest.examples import FILE, read_examples


def test_the_packaged_examples_are_those_that_the_command_gathers(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert main(parser.parse_args(["--to", str(tmp_path / FILE)])) == 0
    assert "examples" in capsys.readouterr().out
    assert (tmp_path / FILE).read_text(encoding="utf-8") == (corpus.ROOT / FILE).read_text(encoding="utf-8")


def test_no_question_that_measures_is_an_example():
    measuring = {one.question for one in (*load_questions(split="test"), *load_questions(PRACTICE_DIR, "test"))}
    measuring |= {one.question for one in read_judged(split="test")}
    learnt = {one.question for one in (*read_examples(corpus.ROOT / FILE), *read_training(), *read_unanswered())}
    assert measuring & learnt == set()


def test_how_an_emergency_is_met_is_no_example():
    urgent = {one.question for one in load_questions(split="dev") if one.expect == "safe"}
    assert urgent
    assert not urgent & {one.question for one in gathered()}
