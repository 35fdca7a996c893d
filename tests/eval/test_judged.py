import argparse
import re
from dataclasses import replace

import pytest

from eval.judged import COLUMNS, MEASURED, MORE_PARTS, add_arguments, main, measures, read_judged, to_learn
from eval.suite import QuestionFileError
from ingest.document import Source
from ingest.load import PACKAGED, find_files, load_document
from qa.abstain import DOUBT
from qa.answer import Answer, Citation, Statement, Support

HEADER = "\t".join(COLUMNS) + "\n"
LINES = (
    "answered\tDoes it work?\tbest\talpha\tAlphamab slowed",
    "answered\tDoes it work?\tbest 2\talpha\tAlphamab costs",
    "answered\tDoes it work?\tuseful\tbeta\tBetanib did not",
    "partly\tDoes it heal?\tbest\talpha\tNerves heal",
    "not\tWhat does it cost?\t\t\t",
)


@pytest.fixture
def written(tmp_path):
    def write(*lines):
        file = tmp_path / "judged.tsv"
        file.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        return file

    return write


def answer(*told):
    """An answer of quotes, each a document's key and a sentence."""
    source = {key: Source(key, 1, key, "Doe J", "Journal", 2020, "review", "", "2026") for key, _ in told}
    cited = [Citation(1, source[key], quote, 0, len(quote), None) for key, quote in told]
    return Answer("?", statements=tuple(Statement(c.quote, (c,), Support.SUPPORTED) for c in cited))


def test_rows_of_one_question_are_one_judgement(written):
    works, heals, costs = read_judged(written(*LINES))
    assert works.is_best("alpha", "Alphamab  slowed MS.")
    assert not works.is_best("beta", "Betanib did not.")
    assert works.belongs("beta", "Betanib did not.")
    assert works.parts == ((("alpha", "Alphamab slowed"),), (("alpha", "Alphamab costs"),))
    assert works.is_best("alpha", "Alphamab costs 10.")
    assert [one.example("judged").answerable for one in (works, heals, costs)] == [True, True, False]


def test_a_question_stands_behind_those_before_it(written):
    (one,) = read_judged(written("answered\tWhat is it? >> and why >> since when?\tbest\talpha\tAlphamab"))
    assert (one.question, one.history) == ("since when?", ("What is it?", "and why"))
    assert one.example("talks").asked == one.asked == "What is it? >> and why >> since when?"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("answered\tWhy?\tbest\talpha", id="four values"),
        pytest.param("perhaps\tWhy?\tbest\talpha\tAlphamab", id="another verdict"),
        pytest.param("answered\tWhy?\tgood\talpha\tAlphamab", id="another grade"),
        pytest.param("answered\tWhy?\tbest 1\talpha\tAlphamab", id="a number for the first thing"),
        pytest.param("not\tWhy?\tbest\talpha\tAlphamab", id="a sentence for no answer"),
        pytest.param("answered\tWhy?\t\t\t", id="an answer without sentence"),
    ],
)
def test_a_line_in_another_form_is_named(written, line):
    with pytest.raises(QuestionFileError, match=r"judged\.tsv: line 2"):
        read_judged(written(line))


@pytest.mark.parametrize("file", MEASURED)
def test_the_splits_hold_every_packaged_question_once(file):
    dev, test = read_judged(file, split="dev"), read_judged(file, split="test")
    assert not {one.asked for one in dev} & {one.asked for one in test}
    assert len(dev) + len(test) == len(read_judged(file))
    assert min(len(dev), len(test)) > 150


def test_no_question_that_measures_is_learnt():
    learnt = {one.asked.lower() for one in to_learn()}
    assert learnt
    assert not learnt & {one.asked.lower() for file in MEASURED for one in read_judged(file, "test")}


@pytest.mark.parametrize("file", [*MEASURED, MORE_PARTS])
def test_every_named_sentence_stands_in_its_document(file):
    texts = {d.source.key: " ".join(d.text.split()) for d in map(load_document, find_files([PACKAGED]))}
    named = {one for judged in read_judged(file) for one in (*judged.best, *judged.useful)}
    assert [(key, opening) for key, opening in sorted(named) if opening not in texts.get(key, "")] == []


def test_statements_are_counted_where_an_answer_should_be(written):
    doubted = replace(answer(("x", "Ten.")), notice=DOUBT)
    answers = [answer(("beta", "Betanib did not."), ("alpha", "Alphamab slowed MS.")), answer(), doubted]
    found = {name: (value.value, value.n) for name, value in measures(read_judged(written(*LINES)), answers).items()}
    assert found == {
        "refused, though answered": (0.0, 1),
        "refused, though half answered": (1.0, 1),
        "refused, not answered": (0.0, 1),
        "or in doubt, though answered": (0.0, 1),
        "or in doubt, though half answered": (1.0, 1),
        "or in doubt, not answered": (1.0, 1),
        "an answering statement": (1.0, 1),
        "the first statement answers": (0.0, 1),
        "things asked that are answered": (0.5, 1),
        "all things asked": (0.0, 1),
        "statements that belong there": (1.0, 1),
    }


def run(*options):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return main(parser.parse_args(options))


def test_a_split_without_questions_is_named(written):
    with pytest.raises(QuestionFileError, match=r"no question of the split test"):
        run("--questions", str(written()))


@pytest.mark.models
def test_the_command_prints_its_figures_with_their_cases(written, packaged_index, capsys):
    questions = written("not\tWhat does a stamp cost?\t\t\t")
    assert run("--questions", str(questions), "--split", "all", "--index", str(packaged_index)) == 0
    assert re.search(r"refused, not answered +1\.000 .* n=1\n", capsys.readouterr().out)
