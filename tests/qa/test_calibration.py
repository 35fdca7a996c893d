from dataclasses import replace

import pytest

from ingest.build import build_index
from ingest.settings import IndexSettings
from qa.abstain import Calibration, in_doubt, packaged_calibration
from qa.answer import Abstention
from qa.assistant import Assistant
from qa.settings import AskSettings

QUESTION = "Does alphamab slow disability progression?"
ROWS = "key\tsentence\tquestion\nalphamab\tAlphamab slowed\tDoes the first drug work?\n"


@pytest.fixture
def build(small_corpus, tmp_path, embedder):
    def run(rows):
        (small_corpus / "questions.tsv").write_text(rows, encoding="utf-8")
        build_index(tmp_path / "index", IndexSettings(), paths=[small_corpus], embedder=embedder)
        return tmp_path / "index"

    return run


def ranking(assistant, **settings):
    chosen = Assistant(assistant.index_dir, assistant._current(), AskSettings(**settings), None)
    return chosen.explain(QUESTION).weights


def test_written_questions_bring_their_own_calibration(build, embedder):
    assistant = Assistant.open(build(ROWS), embedder=embedder)
    assert ranking(assistant) == packaged_calibration(written=True).ranking
    assert ranking(assistant, written_questions=False) == packaged_calibration(written=False).ranking


def test_the_calibration_follows_a_new_generation(build, embedder):
    assistant = Assistant.open(build("key\tsentence\tquestion\n"), embedder=embedder)
    assert assistant.explain(QUESTION).weights == packaged_calibration(written=False).ranking
    build(ROWS)
    assert assistant.explain(QUESTION).weights == packaged_calibration(written=True).ranking


def test_an_answer_that_may_be_none_comes_with_a_warning(build, embedder):
    fitted = packaged_calibration(written=True)
    for doubt, warned in ((1.0, True), (0.0, False)):
        sure = replace(fitted, threshold=0.0, doubt=doubt)
        answer = Assistant.open(build(ROWS), embedder=embedder, calibration=sure).ask(QUESTION)
        assert answer.statements
        assert in_doubt(answer) is warned
    refusing = replace(fitted, threshold=1.0, doubt=1.0)
    assert not in_doubt(Assistant.open(build(ROWS), embedder=embedder, calibration=refusing).ask(QUESTION))


@pytest.mark.parametrize(("threshold", "reason"), [(0.0, None), (0.9, Abstention.OFF_TOPIC)])
def test_what_is_likely_to_be_answered_is_not_off_topic(build, embedder, monkeypatch, threshold, reason):
    monkeypatch.setattr("qa.abstain.OFF_TOPIC_COSINE", 1.1)  # nothing is near enough
    calibration = replace(Calibration.unfitted(), threshold=threshold)
    assistant = Assistant.open(build(ROWS), embedder=embedder, calibration=calibration)
    assert assistant.ask("Purple zebras gallop?").abstention is reason
