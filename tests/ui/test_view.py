from dataclasses import replace

import pytest

from ingest.document import Span
from qa.answer import Abstention, Answer, Removed
from ui.evidence import document_html, paragraph_around, passages
from ui.talk import ask_settings, converse, document, next_questions
from ui.view import answer_html

QUESTION = "What was the hazard ratio for progression with alphamab in ONE?"
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "**bold** $$x$$ `code`"]


def html_of(assistant, question):
    answer = assistant.ask(question)
    return answer_html(answer, passages(answer, assistant.document))


def last(messages):
    return list(messages)[-1]


def test_each_mark_has_its_evidence_and_says_what_it_opens(assistant):
    html = html_of(assistant, QUESTION)
    assert '<button type="button" class="mark" data-place="0" aria-label="Source 1: The alphamab study, 2020.' in html
    assert '<section class="card" data-place="0" aria-label="Source 1">' in html


def test_the_evidence_shows_the_quote_marked_in_its_paragraph_with_reference_badges_and_links(assistant):
    html = html_of(assistant, QUESTION)
    assert "<mark>In ONE, the hazard ratio for progression with alphamab was 0.76 (95% CI 0.59 to 0.98).</mark>" in html
    assert "</mark>\nInfusion reactions occurred in 34%" in html
    assert 'href="https://doi.org/10.1000/example"' in html
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/1/"' in html
    assert '<span class="badge kind">randomized trial</span><span class="badge form">PPMS</span>' in html
    assert "as of 2020-01" in html


def test_what_replaces_a_document_is_one_click_away(assistant):
    found = assistant.document("alphamab")
    old = replace(found, source=replace(found.source, superseded_by="betanib"))
    assert '<button type="button" class="badge old" data-key="betanib">' in document_html(old)


def test_removed_sentences_are_counted_and_can_be_looked_at():
    answer = Answer("q", removed=(Removed("It cures MS.", "no passage says so"), Removed("x", "y")))
    html = answer_html(answer, [])
    assert "<summary>2 sentences of the language model failed the check and were left out</summary>" in html
    assert "<li>It cures MS. <em>no passage says so</em></li>" in html


def test_an_emergency_and_a_personal_notice_stand_out():
    emergency = Answer("q", abstention=Abstention.EMERGENCY, message="Call 112.")
    assert '<div class="message emergency"><p class="title">Urgent</p><p>Call 112.</p></div>' in answer_html(
        emergency, []
    )
    personal = Answer("q", abstention=Abstention.PERSONAL_ADVICE, notice="Ask your team.")
    assert '<p class="notice safety" role="note">Ask your team.</p>' in answer_html(personal, [])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_of_a_document_takes_effect(text, write_document, tmp_path, embedder):
    from ingest.build import build_index
    from ingest.settings import IndexSettings
    from qa.assistant import Assistant

    body = f"Gammacept {' '.join(text.split())} reduced fatigue in people with progressive MS.\n"
    path = write_document("gammacept", 1, body, title=f"Title {text}")
    build_index(tmp_path / "i", IndexSettings(), paths=[path], embedder=embedder)
    html = html_of(Assistant.open(tmp_path / "i", embedder=embedder), "Did gammacept reduce fatigue?")
    assert "Gammacept" in html
    assert "<script" not in html
    assert "<img" not in html


def test_the_paragraph_ends_at_blank_lines():
    text = "One.\n\nTwo. Three. Four.\n\nFive."
    start = text.index("Three")
    assert paragraph_around(text, Span(start, start + 6)) == ("Two. ", " Four.")


def test_a_document_is_shown_whole_with_the_part_marked(assistant):
    text = assistant.document("alphamab").text
    start = text.index("Infusion")
    html = document(assistant, "alphamab", start, start + 18)["html"]
    assert "<p><mark>Infusion reactions</mark> occurred" in html
    assert "<h4>Bottom line</h4>" in html


def test_a_document_that_is_not_there_is_said_to_be_missing(assistant):
    assert "There is no document called &lt;b&gt;" in document(assistant, "<b>", 0, 0)["html"]


def test_a_conversation_shows_stages_then_statements_then_the_answer_with_its_exports(assistant):
    messages = list(converse(assistant, QUESTION, [], {}))
    assert "Reading the question" in messages[0]["html"]
    assert "Found passages in" in messages[1]["html"]
    assert any("statement" in message["html"] and "stage" in message["html"] for message in messages[2:-1])
    answer = assistant.ask(QUESTION)
    assert messages[-1]["text"] == answer.text
    assert messages[-1]["exports"]["ris"] == answer.to_ris()


def test_a_question_that_cannot_be_asked_is_told_to_the_reader(assistant):
    assert "empty" in last(converse(assistant, "  ", [], {}))["error"]


def test_filters_and_length_of_the_reader_hold(assistant):
    told = last(converse(assistant, "Did alphamab slow progression?", [], {"phenotypes": ["RRMS"], "length": "short"}))
    assert told["cited"] == []
    settings = ask_settings(assistant.settings, {"since": 2020, "kinds": ["label"], "length": "long"})
    assert (settings.only.since, settings.only.kinds, settings.max_statements) == (2020, ("label",), 7)


@pytest.mark.parametrize("values", [{"since": "x", "kinds": 7, "length": [], "phenotypes": {"a": 1}}, {}])
def test_settings_that_make_no_sense_are_left_out(assistant, values):
    assert ask_settings(assistant.settings, values) == assistant.settings


def test_what_is_suggested_next_is_answered_and_was_not_asked(assistant):
    question = "What was the hazard ratio with alphamab?"
    (offered, *_) = next_questions(assistant, question, [])
    assert assistant.ask(offered).abstention is None
    assert offered not in next_questions(assistant, question, [[offered, ""]])
    assert next_questions(assistant, "I cannot breathe and my face swells", []) == []
