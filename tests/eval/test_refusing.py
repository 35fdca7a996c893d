import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from eval.cached import cached_index
from eval.foreign import QuestionSet, question_files, read_questions
from eval.records import DataFileError, write_json
from eval.refusing import Refusals, Reply, add_arguments, area_under_roc, main, measure, print_table
from qa.assistant import Assistant

KNOWN = "Did alphamab slow disability progression in primary progressive MS?"
UNKNOWN = "How do volcanoes erupt in Iceland?"
PASSAGE = "Walruses sleep on drifting ice. Their tusks anchor them."


def flat(question: str, *, answerable: bool, passage: str = PASSAGE, key: str = "p1") -> str:
    record = {"question": question, "passage_id": key, "passage": passage, "answerable": answerable}
    return json.dumps(record) + "\n"


SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Sea_mammals",
            "paragraphs": [
                {
                    "context": PASSAGE,
                    "qas": [
                        {"question": "Where do walruses sleep?", "is_impossible": False},
                        {"question": UNKNOWN, "is_impossible": True},
                    ],
                },
                {"context": "Seals bark.", "qas": [{"question": "Do seals bark?"}]},
            ],
        }
    ],
}


@pytest.fixture
def read(tmp_path: Path):
    def write_and_read(name: str, content: str) -> QuestionSet:
        (tmp_path / name).write_text(content)
        return read_questions(tmp_path / name)

    return write_and_read


@pytest.mark.parametrize(
    ("name", "content", "layout"),
    [
        pytest.param("q.txt", f"{KNOWN}\n\n{UNKNOWN}\n", "plain lines", id="plain lines"),
        pytest.param(
            "q.jsonl", f'{{"question": "{KNOWN}"}}\n{{"question": "{UNKNOWN}"}}', "JSON Lines", id="JSON Lines"
        ),
        pytest.param(
            "q", f'{{"Question": "{KNOWN}", "Must_have": []}}\n{{"Question": "{UNKNOWN}"}}', "JSON Lines", id="K-QA"
        ),
    ],
)
def test_questions_alone_are_all_to_be_refused(read, name, content, layout):
    questions = read(name, content)
    assert (questions.format, questions.documents) == (layout, ())
    assert [(case.question, case.answerable) for case in questions.cases] == [(KNOWN, False), (UNKNOWN, False)]


def test_each_passage_becomes_one_document(read):
    lines = flat("Where?", answerable=True) + flat("Why?", answerable=False) + flat("Who?", answerable=True, key="p2")
    questions = read("q.jsonl", lines)
    assert [case.answerable for case in questions.cases] == [True, False, True]
    assert [(document.source.key, document.text) for document in questions.documents] == [
        ("p1", PASSAGE),
        ("p2", PASSAGE),
    ]


def test_squad_is_read_with_its_titles_and_impossible_questions(read):
    questions = read("dev.json", json.dumps(SQUAD, indent=2))
    assert [case.answerable for case in questions.cases] == [True, False, True]
    assert [document.text for document in questions.documents] == [PASSAGE, "Seals bark."]
    assert questions.documents[0].source.title == "Sea mammals"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("q.txt", "", r"q.txt: is empty\. Give questions as", id="empty"),
        pytest.param("q.txt", "x" * 2001, r"q.txt, line 1: cannot be asked\. .*2001 characters", id="too long"),
        pytest.param(
            "q.jsonl", '{"question": "a"}\n{"query": "b"}', r"line 2: 'question' is missing", id="no question"
        ),
        pytest.param("q.jsonl", '{"question": "a"}\nb', r"q.jsonl, line 2: is not JSON", id="no JSON"),
        pytest.param("q.jsonl", '{"question": " "}', r"line 1: cannot be asked\. The question is empty", id="blank"),
        pytest.param(
            "q.jsonl",
            flat("a", answerable=True).replace("true", '"yes"'),
            r"line 1: 'answerable' is 'yes'\. Write true or false",
            id="answerable as a word",
        ),
        pytest.param(
            "q.jsonl", flat("a", answerable=True, passage=" "), r"line 1: the passage is empty", id="no passage"
        ),
        pytest.param(
            "q.jsonl",
            flat("a", answerable=True) + flat("b", answerable=True, passage="Another."),
            r"line 2: passage 'p1' reads differently than before",
            id="two passages of one id",
        ),
        pytest.param("q.json", "{", r"q.json: is not as SQuAD 2 has it", id="broken SQuAD"),
        pytest.param("q.json", "[]", r"q.json: is not as SQuAD 2 has it.*It holds data", id="a list"),
        pytest.param("q.json", '{"data": []}', r"q.json: holds no question", id="SQuAD without articles"),
        pytest.param(
            "q.json", json.dumps(SQUAD).replace("context", "text"), r"SQuAD 2 has it .*'context'", id="no context"
        ),
    ],
)
def test_a_broken_file_is_named_with_place_and_remedy(read, name, content, message):
    with pytest.raises(DataFileError, match=message):
        read(name, content)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataFileError, match=r"nowhere.txt: cannot be read"):
        read_questions(tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["b.jsonl", "a.json", "LICENSE.txt"], ["a.json", "b.jsonl"], id="data before notes"),
        pytest.param(["q.txt", "README.md"], ["q.txt"], id="plain lines where there is nothing else"),
    ],
)
def test_a_folder_stands_for_its_files(tmp_path, names, expected):
    for name in names:
        (tmp_path / name).write_text("x")
    assert [path.name for path in question_files(tmp_path)] == expected


def test_a_folder_without_questions_is_an_error(tmp_path):
    with pytest.raises(DataFileError, match=r"holds no \.jsonl, \.json or \.txt file"):
        question_files(tmp_path)


def test_a_refusal_is_a_reply_without_a_statement(assistant, read):
    known, unknown = measure(read("q.txt", f"{KNOWN}\n{UNKNOWN}"), assistant, {}).replies
    assert (known.refused, known.wrong, unknown.refused, unknown.wrong) == (False, True, True, False)
    assert "[1] alphamab" in known.cited
    assert unknown.cited == ()
    assert unknown.reason


def test_the_share_refused_is_told_with_its_n(assistant, read):
    refused = measure(read("q.txt", f"{KNOWN}\n{UNKNOWN}"), assistant, {}).figures()["refused"]
    assert (refused.value, refused.n) == (0.5, 2)


def test_questions_with_passages_are_asked_of_those_passages(read, tmp_path, embedder):
    lines = flat("Do walruses sleep on drifting ice?", answerable=True) + flat(UNKNOWN, answerable=False)
    questions = read("q.jsonl", lines)
    folder = cached_index(questions.documents, tmp_path / "cache", embedder)
    replies = measure(questions, Assistant.open(folder, embedder=embedder), {}).replies
    assert [reply.wrong for reply in replies] == [False, False]
    assert replies[0].cited == ("[1] p1",)


def reply(*, answerable: bool, refused: bool) -> Reply:
    return Reply("q", answerable, refused, "insufficient" if refused else None, 0.5, (), "")


MIXED = Refusals(
    {},
    (
        *[reply(answerable=False, refused=True)] * 3,
        *[reply(answerable=False, refused=False)] * 1,
        *[reply(answerable=True, refused=True)] * 2,
        *[reply(answerable=True, refused=False)] * 4,
    ),
)


@pytest.mark.parametrize(
    ("name", "value", "n"),
    [
        ("abstention precision", 3 / 5, 5),
        ("abstention recall", 3 / 4, 4),
        ("abstention F1", 6 / 9, 6),
        ("false abstention", 2 / 6, 6),
    ],
)
def test_refusing_is_measured_with_the_cases_that_bear_on_each_figure(name, value, n):
    figure = MIXED.figures()[name]
    assert (figure.value, figure.n) == (pytest.approx(value), n)
    assert figure.low < figure.value < figure.high


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param([(0.9, 1), (0.8, 1), (0.1, 0)], 1.0, id="every answerable one is surer"),
        pytest.param([(0.1, 1), (0.9, 0)], 0.0, id="the wrong way round"),
        pytest.param([(0.5, 1), (0.5, 0)], 0.5, id="a tie counts half"),
        pytest.param([(0.9, 1), (0.3, 1), (0.5, 0)], 0.5, id="one above, one below"),
    ],
)
def test_the_area_under_the_curve_compares_every_pair_of_the_two_kinds(pairs, expected):
    assert area_under_roc(np.array(pairs, dtype=float)) == expected
    assert list(area_under_roc(np.array([pairs, pairs], dtype=float))) == [expected, expected]


def test_without_one_of_the_two_kinds_there_is_no_area():
    assert np.isnan(area_under_roc(np.array([(0.9, 1.0), (0.5, 1.0)])))


def test_every_wrong_decision_is_printed(capsys):
    print_table(MIXED)
    printed = capsys.readouterr().out
    assert "answered, though to be refused (1)" in printed
    assert "refused, though answerable (2)" in printed


def test_results_survive_json(assistant, read):
    values = measure(read("q.txt", KNOWN), assistant, {"corpus": "x"}).to_json()
    assert json.loads(json.dumps(values))["questions"][0]["question"] == KNOWN
    assert values["about"]["corpus"] == "x"


def options(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args([str(argument) for argument in arguments])


def test_nothing_is_asked_when_a_file_is_broken(tmp_path):
    (tmp_path / "q.txt").write_text("")
    with pytest.raises(DataFileError, match="is empty"):
        main(options(tmp_path / "q.txt", "--index", tmp_path / "no index"))


def test_a_result_that_cannot_be_written_is_an_error_with_a_remedy(tmp_path):
    with pytest.raises(DataFileError, match=r"r.json: cannot be written .*Name another file"):
        write_json(tmp_path / "nowhere" / "r.json", {})


@pytest.mark.models
def test_the_command_prints_and_writes_the_figures_of_every_file(tmp_path, capsys):
    (tmp_path / "q.jsonl").write_text(
        flat("Where do walruses sleep?", answerable=True) + flat(UNKNOWN, answerable=False)
    )
    out = tmp_path / "out" / "r.json"
    out.parent.mkdir()
    assert main(options(tmp_path, "--cache", tmp_path / "cache", "--json", out)) == 0
    assert "abstention recall             1.000" in capsys.readouterr().out
    assert len(json.loads(out.read_text())["files"]) == 1
