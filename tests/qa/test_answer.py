import json

import pytest

from qa.answer import Abstention, Turn
from qa.assistant import Assistant, DoneEvent, RetrievedEvent, StatementEvent
from qa.errors import QuestionError

QUESTION = "What was the hazard ratio for progression with alphamab in ONE?"


def test_the_answer_holds_the_asked_figure_with_its_mark(assistant):
    assert "0.76 (95% CI 0.59 to 0.98). [1]" in assistant.ask(QUESTION).text


def test_each_quote_equals_its_document_at_its_offsets(assistant):
    citations = assistant.ask(QUESTION).citations
    assert citations
    assert all(c.quote == assistant.document(c.source.key).text[c.start : c.end] for c in citations)


def test_each_statement_is_cited_and_ends_in_its_mark(assistant):
    statements = assistant.ask(QUESTION).statements
    assert statements
    assert all(s.citations and s.marked.endswith(s.citations[-1].mark) for s in statements)


def test_a_far_question_is_refused_with_a_reason_and_no_statement(assistant):
    answer = assistant.ask("Who won the 1998 football world cup?")
    assert answer.abstention in (Abstention.OFF_TOPIC, Abstention.INSUFFICIENT)
    assert not answer.statements
    assert "do not answer" in answer.text


def test_an_invented_drug_is_refused_by_name(assistant):
    answer = assistant.ask("Does zorbatinib slow progression?")
    assert answer.abstention is Abstention.NO_EVIDENCE
    assert "zorbatinib" in answer.text


def test_an_emergency_gets_the_emergency_number_and_no_evidence(assistant):
    answer = assistant.ask("My husband took too many betanib tablets and is unconscious")
    assert answer.abstention is Abstention.EMERGENCY
    assert "999" in answer.text
    assert not answer.statements


def test_a_personal_directive_is_not_given(assistant):
    answer = assistant.ask("Should I stop taking betanib for progression?")
    assert answer.abstention is Abstention.PERSONAL_ADVICE
    assert "MS team" in (answer.notice or "")


def test_the_editors_reading_is_named_as_such(assistant):
    text = assistant.ask("Should betanib be seen as a treatment for secondary progressive MS?").text
    assert "Editors’ reading: Betanib should not be seen as a treatment" in text


def test_a_follow_up_is_understood_through_the_turn_before(assistant):
    before = Turn("Did alphamab slow progression in ONE?", "")
    assert "34%" in assistant.ask("and its infusion reactions?", [before]).text
    assert assistant.ask("and its infusion reactions?", ["Did alphamab slow progression in ONE?"]).statements


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 2001], ids=["empty", "blank", "too long"])
def test_a_question_that_cannot_be_asked_is_an_error(assistant, question):
    with pytest.raises(QuestionError, match=r"empty|2001 characters"):
        assistant.ask(question)


def test_the_stream_ends_with_the_same_answer(assistant):
    events = list(assistant.stream(QUESTION))
    assert isinstance(events[0], RetrievedEvent)
    assert isinstance(events[-1], DoneEvent)
    streamed = [event.statement for event in events if isinstance(event, StatementEvent)]
    assert tuple(streamed) == events[-1].answer.statements == assistant.ask(QUESTION).statements


def test_the_dictionary_of_an_answer_survives_json(assistant):
    answer = assistant.ask(QUESTION)
    again = json.loads(json.dumps(answer.to_dict()))
    assert again["text"] == answer.text
    assert again["citations"][0]["source"]["number"] == answer.citations[0].number


def test_a_new_generation_is_picked_up_without_reopening(assistant, index_dir, write_document, embedder):
    from ingest.build import build_index
    from ingest.settings import IndexSettings

    write_document("gammacept", 9, "Gammacept reduced fatigue in people with progressive MS in the NINE trial.\n")
    build_index(index_dir, IndexSettings(), embedder=embedder)
    assert "[9]" in assistant.ask("Did gammacept reduce fatigue in the NINE trial?").text


def test_many_threads_get_the_answers_that_one_gets(assistant):
    from concurrent.futures import ThreadPoolExecutor

    questions = [QUESTION, "Did betanib slow progression?", "Does a standing frame help balance?"] * 8
    alone = [assistant.ask(question).text for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert [answer.text for answer in pool.map(assistant.ask, questions)] == alone


def test_no_index_in_a_named_folder_says_how_to_build_one(tmp_path):
    from ingest.errors import IndexMissingError

    with pytest.raises(IndexMissingError, match="python -m ingest"):
        Assistant.open(tmp_path / "nothing")


def test_retrieve_finds_what_ask_cites(assistant):
    assert assistant.retrieve(QUESTION, 1)[0].source.key == assistant.ask(QUESTION).citations[0].source.key
