from dataclasses import replace

import pytest

from qa.outcomes import decisions, outcomes, ratios, sentence_of
from ui.forest import compared, forest_html, headlines
from ui.table import choices, table_html
from ui.timeline import timeline_html

OUTCOME = {
    "measure": "progression",
    "population": "PPMS",
    "comparison": "alphamab vs placebo",
    "effect": "HR",
    "value": 0.76,
    "ci": [0.59, 0.98],
    "p": "0.03",
    "n": 732,
    "direction": "better",
    "met": True,
}
STATUS = {"region": "US", "decision": "approved", "population": "PPMS", "date": "2017-03"}


@pytest.fixture
def source(assistant):
    found = assistant.document("alphamab").source
    return replace(found, outcomes=(OUTCOME,), status=(STATUS,))


def test_results_are_read_as_values(source):
    (outcome,) = outcomes([source])
    assert (outcome.drug, outcome.value, outcome.interval, outcome.n) == ("alphamab", 0.76, (0.59, 0.98), 732)
    (decision,) = decisions([source])
    assert (decision.region, decision.decision, decision.date) == ("US", "approved", "2017-03")


@pytest.mark.parametrize("change", [{"effect": "difference"}, {"ci": None}, {"value": None}, {"ci": [-1, 2]}])
def test_only_ratios_with_an_interval_can_be_drawn(source, change):
    assert ratios([replace(source, outcomes=({**OUTCOME, **change},))]) == []


def test_a_result_is_found_in_the_sentence_that_holds_all_its_numbers(source, assistant):
    text = assistant.document("alphamab").text
    span = sentence_of(outcomes([source])[0], text)
    assert span.of(text) == "In ONE, the hazard ratio for progression with alphamab was 0.76 (95% CI 0.59 to 0.98)."
    assert sentence_of(outcomes([replace(source, outcomes=({**OUTCOME, "value": 0.99},))])[0], text) is None


def test_a_row_of_the_plot_says_its_numbers_and_opens_its_sentence(source, assistant):
    html = forest_html(ratios([source]), assistant.document)
    start = assistant.document("alphamab").text.index("In ONE, the hazard")
    assert f'data-key="alphamab" data-start="{start}"' in html
    assert 'aria-label="alphamab vs placebo, hazard ratio 0.76 (0.59 to 0.98), p = 0.03. Open source 1."' in html
    assert 'class="sure"' in html


def test_an_interval_over_one_is_drawn_open_and_one_beyond_the_axis_ends_in_an_arrow(source, assistant):
    wide = replace(source, outcomes=({**OUTCOME, "ci": [0.01, 40]},))
    html = forest_html(ratios([wide]), assistant.document)
    assert 'class="open" aria-hidden' in html
    assert html.count("<path") == 2


def test_a_plot_belongs_under_an_answer_only_when_treatments_are_compared(source):
    other = replace(source, key="b", outcomes=({**OUTCOME, "comparison": "betanib vs placebo"},))
    assert not compared(headlines([source]))
    assert compared(headlines([source, other]))


def test_a_primary_outcome_without_a_ratio_is_told_in_words(source, assistant):
    missed = {**OUTCOME, "effect": "none", "value": None, "ci": None, "direction": "no difference", "met": False}
    html = forest_html(headlines([replace(source, outcomes=(missed, OUTCOME))]), assistant.document)
    assert "no difference, p = 0.03</td>" in html
    assert "primary outcome not met" in html
    assert "HR 0.76" in html


def test_without_results_there_is_no_plot(assistant):
    assert forest_html(ratios(assistant.sources()), assistant.document) == ""


def test_the_table_has_a_row_for_each_source_and_its_choices_occur(assistant):
    sources = assistant.sources()
    assert table_html(sources).count("<tr data-") == len(sources) == 3
    assert choices(sources)["drug"] == ["alphamab", "betanib"]


def test_the_timeline_puts_decisions_and_trials_into_their_years_newest_first(source):
    html = timeline_html([source])
    assert html.index("<h3>2020</h3>") < html.index("primary outcome met") < html.index("<h3>2017</h3>")
    assert html.index("<h3>2017</h3>") < html.index("approved, US")
