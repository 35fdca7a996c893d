import pytest

from ui.view import answer_html, paragraph_around, question_html

QUESTION = "What was the hazard ratio for progression with alphamab in ONE?"
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "**bold** $$x$$ `code`", "a\n\n# heading"]


def html_of(assistant, question):
    answer = assistant.ask(question)
    around = [paragraph_around(assistant.document(c.source.key).text, c.start, c.end) for c in answer.citations]
    return answer_html(answer, around, 3)


def test_each_mark_points_to_evidence_that_is_on_the_page(assistant):
    html = html_of(assistant, QUESTION)
    assert 'href="#evidence-3-0"' in html
    assert 'id="evidence-3-0"' in html


def test_the_evidence_shows_the_quote_marked_in_its_paragraph_with_reference_and_link(assistant):
    html = html_of(assistant, QUESTION)
    assert "<mark>In ONE, the hazard ratio for progression with alphamab was 0.76 (95% CI 0.59 to 0.98).</mark>" in html
    assert " Infusion reactions occurred in 34%" in html
    assert 'href="https://doi.org/10.1000/example"' in html


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_of_a_question_takes_effect(text):
    html = question_html(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "\n" not in html


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
    assert paragraph_around(text, start, start + 6) == ("Two. ", " Four.")


def test_a_refusal_shows_its_message(assistant):
    assert "do not answer" in html_of(assistant, "Who won the 1998 football world cup?")
