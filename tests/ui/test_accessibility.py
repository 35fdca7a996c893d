"""axe-core on every view, light and dark: no finding that keeps people out. Switch on with: pytest -m browser."""

import pytest

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}


def findings(page):
    """Serious and critical findings as text; axe comes in by a way that the page's own policy does not block."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in SERIOUS]


@pytest.fixture(params=["light", "dark"])
def page(request, visit, address):
    return visit(address, color_scheme=request.param, bypass_csp=True, reduced_motion="reduce")


def test_the_welcome_and_an_answer_with_its_evidence(page, ask):
    assert findings(page) == []
    turn = ask(page, "Compare siponimod and tolebrutinib in SPMS")
    turn.locator(".next button").first.wait_for()
    turn.get_by_role("button", name="Not helpful").click()
    turn.locator(".take summary").click()
    assert findings(page) == []
    turn.locator(".mark").first.click()
    page.locator("#panel .card.chosen").wait_for()
    assert findings(page) == []
    page.locator("#panel").get_by_role("button", name="Whole document").first.click()
    page.locator("#panel .document h4").first.wait_for()
    assert findings(page) == []


def test_a_refusal_a_notice_and_an_emergency(page, ask):
    ask(page, "What is the cost of zorbamab?").locator(".next button").first.wait_for()
    ask(page, "Should I stop taking Ocrevus?")
    ask(page, "I cannot breathe and my face swells")
    assert findings(page) == []


@pytest.mark.parametrize("part", ["table", "forest", "timeline"])
def test_the_evidence_view(page, part):
    page.click("[data-view=evidence]")
    page.click(f"[data-part={part}]")
    page.locator("#evidence-body [data-words]").first.wait_for()
    page.fill("#evidence-filters [name=words]", "siponimod")  # rows are alike, and axe takes its time over each
    assert findings(page) == []


@pytest.mark.parametrize("dialog", ["settings", "earlier", "help"])
def test_the_dialogs(page, ask, dialog):
    ask(page, "What can help with fatigue?")
    page.click(f"[data-dialog={dialog}]")
    page.locator(f"#{dialog}[open]").wait_for()
    assert findings(page) == []


def test_the_page_that_is_getting_ready(browser):
    from ui.server import READY

    for scheme in ("light", "dark"):
        tab = browser.new_page(color_scheme=scheme)
        tab.set_content(READY.read_text(encoding="utf-8").replace("look();", ""))
        assert findings(tab) == []
        tab.close()


def test_nothing_moves_where_the_reader_asked_for_calm(page):
    moving = page.evaluate(
        "() => [...document.querySelectorAll('#msqa *')].filter(e => parseFloat(getComputedStyle(e).animationDuration)"
        " > 0 || parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    )
    assert moving == 0
