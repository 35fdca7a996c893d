"""The chat in Chromium, on the packaged corpus with the real model. Switch on with: pytest -m browser."""

import re

import pytest

from qa.assistant import Assistant
from ui.talk import ask_settings

pytestmark = pytest.mark.browser
QUESTION = "Does ocrelizumab slow primary progressive MS?"
COMPARISON = "Compare siponimod and tolebrutinib in SPMS"


def as_shown(assistant):
    """The answer at the length that the page begins with."""
    return assistant.ask(QUESTION, settings=ask_settings(assistant.settings, {"length": "medium"}))


@pytest.fixture(scope="session")
def assistant_of(packaged_index):
    return Assistant.open(packaged_index)


def test_each_mark_opens_its_quote_in_its_paragraph(page, ask, assistant_of):
    turn = ask(page, QUESTION)
    citations = as_shown(assistant_of).citations
    assert turn.locator(".mark").count() >= len(citations) >= 2
    for place, citation in enumerate(citations):
        turn.locator(f".mark[data-place='{place}']").first.click()
        chosen = page.locator("#panel .card.chosen")
        assert chosen.locator("mark").text_content() == citation.quote
        assert citation.quote in chosen.locator(".passage").text_content()
        assert citation.section in chosen.locator(".where").text_content()
        assert citation.source.reference in chosen.locator(".reference").text_content()
        assert chosen.locator("a.outside").first.get_attribute("href") == citation.source.url


def test_resting_on_a_mark_shows_the_quote_and_escape_hides_it(page, ask, assistant_of):
    turn = ask(page, QUESTION)
    turn.locator(".mark").first.hover()
    page.locator("#tip").wait_for()
    assert as_shown(assistant_of).citations[0].quote in page.locator("#tip").text_content()
    page.keyboard.press("Escape")
    page.locator("#tip").wait_for(state="hidden")


def test_statements_and_stages_come_before_the_answer_is_whole(page, ask):
    page.evaluate(
        "() => { window.seen = []; new MutationObserver(() => window.seen.push(document.querySelector('.answer')"
        ".innerHTML)).observe(document.getElementById('turns'), { childList: true, subtree: true }); }"
    )
    ask(page, QUESTION)
    seen = page.evaluate("window.seen")
    assert any("stage" in html and "statement" not in html for html in seen)
    assert any("stage" in html and "statement" in html for html in seen)


def test_a_follow_up_is_read_in_the_light_of_the_question_before(page, ask):
    ask(page, "What are the side effects of siponimod?")
    turn = ask(page, "and before starting it, which tests?")
    assert "siponimod" in turn.locator(".answer").inner_text().lower()


def test_a_suggested_question_is_answered(page, ask):
    turn = ask(page, QUESTION)
    suggested = turn.locator(".next button").first
    suggested.wait_for()
    text = suggested.inner_text()
    suggested.click()
    page.locator(".turn").nth(1).locator(".sources").wait_for()
    assert page.locator(".question").nth(1).inner_text() == text


def test_a_refusal_shows_what_the_sources_hold_as_questions_that_can_be_asked(page, ask):
    turn = ask(page, "What is the cost of zorbamab?")
    assert "do not answer" in turn.locator(".message").inner_text()
    turn.locator(".related button").first.wait_for()
    turn.locator(".next button").first.click()
    page.locator(".turn").nth(1).locator(".sources").wait_for()


def test_an_emergency_and_a_personal_question_stand_out(page, ask):
    notice = ask(page, "Should I stop taking Ocrevus?").locator(".notice.safety")
    assert "ask your MS team" in notice.inner_text()
    assert "112" in ask(page, "I cannot breathe and my face swells").locator(".message.emergency").inner_text()


def test_filters_hold_the_answer_to_the_sources_they_admit(page, ask):
    page.click("[data-dialog=settings]")
    page.check("#settings [data-list=kinds] input[value=label]")
    page.get_by_role("button", name="Done").click()
    assert "label" in page.locator("#filters-on").inner_text()
    turn = ask(page, "What are the risks of natalizumab?")
    assert set(turn.locator(".sources .meta").evaluate_all("all => all.map(m => m.textContent.split(',')[0])")) == {
        "label"
    }
    page.reload()
    page.wait_for_selector("#msqa[data-ready]")
    assert page.locator("#filters-on").is_visible()
    page.click("#clear-filters")
    page.locator("#filters-on").wait_for(state="hidden")


def test_the_answer_can_be_taken_away(page, ask, assistant_of):
    turn = ask(page, QUESTION)
    answer = as_shown(assistant_of)
    for label, ending, text in (
        ("Markdown", "md", answer.to_markdown()),
        ("BibTeX", "bib", answer.to_bibtex()),
        ("RIS", "ris", answer.to_ris()),
    ):
        turn.locator(".take").evaluate("take => (take.open = true)")
        with page.expect_download() as download:
            turn.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == f"answer.{ending}"
        assert download.value.path().read_text(encoding="utf-8") == text
    turn.get_by_role("button", name="Copy", exact=True).click()
    turn.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == answer.to_markdown()


def test_print_shows_one_answer_with_its_quotes(page, ask):
    turn = ask(page, QUESTION)
    page.evaluate("window.print = () => { window.shown = getComputedStyle(document.querySelector('.cards')).display }")
    page.emulate_media(media="print")
    turn.get_by_role("button", name="Print").click()
    assert page.evaluate("window.shown") == "grid"


def test_the_evidence_table_is_searched_sorted_filtered_and_opens_documents(page):
    page.click("[data-view=evidence]")
    rows = page.locator(".sources-table tbody tr:visible")
    rows.first.wait_for()
    whole = rows.count()
    page.fill("#evidence-filters [name=words]", "oratorio")
    assert 0 < rows.count() < whole
    page.get_by_role("button", name="Clear", exact=True).click()
    page.select_option("#evidence-filters [name=drugs]", "siponimod")
    assert all("siponimod" in text for text in rows.locator("td:nth-child(3)").all_inner_texts())
    page.get_by_role("button", name="Year", exact=True).click()
    years = rows.locator("td:nth-child(6)").all_inner_texts()
    assert years == sorted(years)
    rows.first.locator(".open").click()
    page.locator("#panel .document h4").first.wait_for()


def test_a_point_of_the_forest_plot_opens_the_sentence_with_its_numbers(page):
    page.click("[data-view=evidence]")
    page.click("[data-part=forest]")
    page.select_option("#evidence-filters [name=drugs]", "ocrelizumab")
    page.select_option("#evidence-filters [name=forms]", "PPMS")
    point = page.locator(".forest tbody tr:visible .point").first
    assert re.search(r"hazard ratio 0\.76 \(0\.59 to 0\.98\)", point.get_attribute("aria-label"))
    point.click()
    page.locator("#panel .document mark").wait_for()
    assert "0.59 to 0.98" in page.locator("#panel .document mark").inner_text()


def test_a_comparison_is_followed_by_a_forest_plot(page, ask):
    turn = ask(page, COMPARISON)
    shown = " ".join(turn.locator(".forest tbody th").all_inner_texts())
    assert "siponimod" in shown
    assert "tolebrutinib" in shown


def test_the_timeline_names_decisions_and_results(page):
    page.click("[data-view=evidence]")
    page.click("[data-part=timeline]")
    page.locator(".timeline").wait_for()
    page.select_option("#evidence-filters [name=drugs]", "ocrelizumab")
    shown = page.locator(".timeline li:visible").all_inner_texts()
    assert any("approved, US" in text for text in shown)
    assert any("primary outcome met" in text for text in shown)


def test_a_link_with_a_question_asks_it(visit, address):
    page = visit(f"{address}/?q=What+can+help+with+fatigue%3F")
    page.locator(".turn .sources").wait_for()
    assert page.locator(".question").inner_text() == "What can help with fatigue?"


def test_the_back_button_closes_the_evidence_and_returns_to_the_chat(page, ask):
    turn = ask(page, QUESTION)
    page.click("[data-view=evidence]")
    page.locator(".sources-table .open").first.click()
    page.locator("#panel").wait_for()
    page.go_back()
    page.locator("#panel").wait_for(state="hidden")
    assert page.locator("#view-evidence").is_visible()
    page.go_back()
    turn.wait_for()
    assert page.locator("#view-evidence").is_hidden()


def test_the_page_works_at_phone_width(visit, ask, address):
    page = visit(address, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    turn = ask(page, COMPARISON)
    turn.locator(".mark").first.tap()
    page.locator("#panel .card.chosen mark").wait_for()
    page.tap("#close-panel")
    for part in ("table", "forest", "timeline"):
        page.locator("[data-view=evidence]").tap()
        page.locator(f"[data-part={part}]").tap()
        page.locator("#evidence-body [data-words]").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_page_works_at_twice_the_size(visit, ask, address):
    page = visit(address, viewport={"width": 640, "height": 425}, device_scale_factor=2)  # 1280 px at 200 %
    turn = ask(page, QUESTION)
    turn.locator(".mark").first.click()
    page.locator("#panel .card.chosen mark").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_everything_can_be_done_with_the_keyboard_alone(page):
    page.keyboard.press("Alt+q")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".turn .summary").wait_for()
    page.evaluate("document.activeElement.blur()")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.mark')"):
            break
    page.locator("#tip").wait_for()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.locator("#panel .card.chosen").wait_for()
    page.keyboard.press("Escape")
    page.locator("#panel").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('.mark')")
    page.keyboard.press("Alt+v")
    page.locator(".sources-table").wait_for()
    page.keyboard.press("Alt+v")
    page.locator("#question:focus").wait_for()
    page.keyboard.press("ArrowUp")
    assert page.input_value("#question") == QUESTION
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+n")
    page.locator(".turn").wait_for(state="detached")


def test_an_edited_question_takes_the_place_of_the_old_one(page, ask):
    ask(page, "What are the side effects of siponimod?").get_by_role("button", name="Edit").click()
    page.fill("#question", "What are the side effects of natalizumab?")
    page.keyboard.press("Enter")
    page.locator(".turn", has_text="natalizumab").locator(".sources").wait_for()
    assert page.locator(".turn").count() == 1


def test_asking_again_keeps_one_turn(page, ask):
    ask(page, QUESTION).get_by_role("button", name="Ask again").click()
    page.locator(".turn .sources").wait_for()
    assert page.locator(".turn").count() == 1


def test_chats_come_back_from_this_browser_and_can_be_forgotten(page, ask):
    ask(page, QUESTION)
    page.reload()
    page.locator(".turn .sources").wait_for()
    page.get_by_role("button", name="New chat").click()
    page.locator(".turn").wait_for(state="detached")
    page.get_by_role("button", name="Earlier chats").click()
    page.locator("#earlier-list .open").click()
    page.locator(".turn .mark").first.click()
    page.locator("#panel .card.chosen mark").wait_for()
    page.get_by_role("button", name="Earlier chats").click()
    page.get_by_role("button", name="Forget all").click()
    assert page.evaluate("localStorage.getItem('msqa.chats')") == "[]"


def test_feedback_is_kept_only_with_consent(page, ask, packaged_index):
    from qa.feedback import read

    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Not helpful").click()
    turn.locator(".comment select").select_option("Hard to understand")
    turn.get_by_role("button", name="Send").click()
    assert read(packaged_index) == []
    turn.locator(".comment [type=checkbox]").check()
    turn.get_by_role("button", name="Send").click()
    turn.get_by_text("It was kept on the machine").wait_for()
    assert [(entry.helpful, entry.reason) for entry in read(packaged_index)] == [(False, "Hard to understand")]
