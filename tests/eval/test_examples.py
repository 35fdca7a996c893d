import argparse

import corpus
from eval.examples import ASKED, add_arguments, gathered, main
from eval.judged import JUDGED, MEASURED, read_judged
from eval.suite import PRACTICE_DIR, load_questions
from eval.training import read_training, read_unanswered
from ingest.conversation import conversation
from ingest.examples import FILE, read_examples
from ingest.questions import FILES, read_questions

NEAR_MISSES = JUDGED.with_name("near-misses.txt")


def test_the_packaged_examples_are_those_that_the_command_gathers(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert main(parser.parse_args(["--to", str(tmp_path)])) == 0
    assert "examples" in capsys.readouterr().out
    for name in (FILE, ASKED):
        assert (tmp_path / name).read_text(encoding="utf-8") == (corpus.ROOT / name).read_text(encoding="utf-8")


def test_no_question_that_measures_is_an_example():
    suites = (*load_questions(split="test"), *load_questions(PRACTICE_DIR, "test"))
    measuring = {conversation(one.question, one.history) for one in suites}
    measuring |= {one.asked for file in MEASURED for one in read_judged(file, "test")}
    measuring |= set(NEAR_MISSES.read_text(encoding="utf-8").splitlines())
    learnt = {one.question for one in (*read_examples(corpus.ROOT / FILE), *read_training(), *read_unanswered())}
    learnt |= {one.question for name in FILES for one in read_questions(corpus.ROOT / name)}
    assert {one.lower() for one in measuring} & {one.lower() for one in learnt} == set()


def test_how_an_emergency_is_met_is_no_example():
    urgent = {one.question for one in load_questions(split="dev") if one.expect == "safe"}
    assert urgent
    assert not urgent & {one.question for one in gathered()}
