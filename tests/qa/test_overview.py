import pytest

from ingest.build import build_index
from ingest.settings import IndexSettings
from qa.assistant import Assistant
from tests.qa.test_trials import PRIMARY

TEXT = "## Status\n\n{0} is approved in the EU for adults with SPMS.\n{0} is not approved for PPMS.\n"


def status(decision, population, region="EU"):
    return [{"region": region, "decision": decision, "population": population, "date": "2024"}]


@pytest.fixture
def overview(write_document, tmp_path, embedder):
    """Three labels: one for SPMS, one for PPMS, one refused."""
    write_document("siponimod-label", 1, TEXT.format("Siponimod"), drugs=["siponimod"], kind="label",
                   status=status("approved", "adults with SPMS"))  # fmt: skip
    text = "## Status\n\nOcrelizumab is approved in the EU for adults with PPMS.\n"
    write_document("ocrelizumab-label", 2, text, drugs=["ocrelizumab"], kind="label",
                   status=status("approved", "adults with PPMS; not SPMS"))  # fmt: skip
    text = "## Status\n\nFingolimod is indicated for relapsing forms, and its use in SPMS was refused.\n"
    folder = write_document("fingolimod-label", 3, text, drugs=["fingolimod"], kind="label",
                            status=status("not approved", "SPMS")).parent  # fmt: skip
    build_index(tmp_path / "o", IndexSettings(), paths=[folder], embedder=embedder)
    return Assistant.open(tmp_path / "o", embedder=embedder)


def decided(assistant, question):
    statements = assistant.ask(question).statements
    return [s.text for s in statements if s.group.startswith("Decisions")]


def test_only_positive_decisions_for_the_form_asked_about_are_listed(overview):
    assert decided(overview, "What drugs are approved for SPMS?") == [
        "Siponimod is approved in the EU for adults with SPMS."
    ]


def test_without_a_form_both_progressive_ones_are_covered(overview):
    assert len(decided(overview, "What is the best drug approved for progressive MS?")) == 2


def test_no_winner_is_named(overview):
    assert "no single best drug" in overview.ask("What is the best drug approved for progressive MS?").text


def test_a_question_that_names_a_drug_is_no_overview(overview):
    assert decided(overview, "Is siponimod the best drug for SPMS?") == []


def test_each_line_of_an_overview_is_cited(overview):
    statements = overview.ask("What drugs are approved for SPMS?").statements
    assert statements
    assert all(s.citations and s.support == "supported" for s in statements)


@pytest.mark.parametrize(
    "question",
    [
        "Is there any treatment that slows SPMS?",
        "Can SPMS be treated?",
        "Is there hope for SPMS?",
        "My dad has SPMS. Is there anything that slows it down?",
    ],
)
def test_plain_words_for_any_treatment_ask_for_the_whole_picture(overview, question):
    assert decided(overview, question) == ["Siponimod is approved in the EU for adults with SPMS."]


@pytest.mark.parametrize(
    "question",
    [
        "Are there drugs for stiff legs in SPMS?",
        "Are there any trials in SPMS?",
        "I can't sleep with my SPMS. Is there a tablet?",
    ],
)
def test_a_symptom_or_another_subject_is_no_overview(overview, question):
    assert decided(overview, question) == []


def test_what_a_turn_before_asked_of_a_symptom_is_no_overview(overview):
    asked = "is there anything that treats it in PPMS?"
    assert not any(s.group for s in overview.ask(asked, ["What helps with choking at meals?"]).statements)
    assert any(s.group for s in overview.ask(asked, ["What is PPMS?"]).statements)


def test_what_trials_of_a_decided_drug_found_comes_after_the_decisions(overview, write_document, tmp_path, embedder):
    folder = write_document("expand", 4, "## Bottom line\n\nIn EXPAND, siponimod slowed disability in SPMS.\n",
                            drugs=["siponimod"], kind="randomized trial", phenotypes=["SPMS"]).parent  # fmt: skip
    build_index(tmp_path / "o", IndexSettings(), paths=[folder], embedder=embedder)
    groups = {s.group.split()[0]: s.text for s in overview.ask("What drugs are approved for SPMS?").statements}
    assert list(groups)[:2] == ["Decisions", "What"]
    assert groups["What"] == "In EXPAND, siponimod slowed disability in SPMS."


def test_what_there_is_for_people_like_oneself_asks_for_the_whole_picture(overview):
    asked = "I'm 57 with secondary progressive MS, scans quiet. What is there for people like me, officially I mean?"
    assert decided(overview, asked) == ["Siponimod is approved in the EU for adults with SPMS."]


def label(write_document, number, region, drug="siponimod"):
    text = f"## Status\n\n{drug.capitalize()} is approved in the {region} for adults with SPMS.\n"
    return write_document(f"{drug}-{region.lower()}", number, text, drugs=[drug], kind="label",
                          status=status("approved", "adults with SPMS", region)).parent  # fmt: skip


def test_decisions_are_those_of_the_region_asked_about(overview, write_document, tmp_path, embedder):
    label(write_document, 5, "US")
    folder = label(write_document, 6, "US", "mitoxantrone")
    build_index(tmp_path / "o", IndexSettings(), paths=[folder], embedder=embedder)
    european = "Siponimod is approved in the EU for adults with SPMS."
    american = {f"{drug} is approved in the US for adults with SPMS." for drug in ("Siponimod", "Mitoxantrone")}
    assert decided(overview, "What drugs are approved for SPMS in the eu?") == [european]
    assert decided(overview, "What drugs are approved for SPMS in Germany?") == [european]
    assert set(decided(overview, "What drugs are approved for SPMS in the us?")) == american
    assert set(decided(overview, "List all drugs approved for SPMS in the EU and the US.")) == {european, *american}
    assert len(decided(overview, "What drugs are approved for SPMS in Japan?")) == 2  # of each drug, wherever


def test_drugs_that_were_tried_in_the_form_come_before_others(overview, write_document, tmp_path, embedder):
    relapsing = "relapsing forms of MS, including active SPMS"
    for number, drug in ((7, "ozanimod"), (8, "ofatumumab")):
        text = f"## Status\n\n{drug.capitalize()} is approved in the US for {relapsing}.\n"
        write_document(f"{drug}-us", number, text, drugs=[drug], kind="label",
                       status=status("approved", relapsing, "US"))  # fmt: skip
    folder = write_document("trial", 9, "## Bottom line\n\nOfatumumab slowed disability in SPMS.\n",
                            drugs=["ofatumumab"], kind="randomized trial", phenotypes=["SPMS"]).parent  # fmt: skip
    build_index(tmp_path / "o", IndexSettings(), paths=[folder], embedder=embedder)
    listed = decided(overview, "What drugs are approved for SPMS in the US?")
    assert [text.split()[0] for text in listed] == ["Ofatumumab", "Ozanimod"]


def test_who_was_told_that_there_is_nothing_is_told_what_there_is(overview):
    asked = "I have SPMS and years ago I was told there was nothing for me. Is that still true? I use two sticks."
    assert decided(overview, asked) == ["Siponimod is approved in the EU for adults with SPMS."]
    assert decided(overview, "I have SPMS. My doctor says there is nothing for the tremor. Is that true?") == []


def test_a_list_that_is_cut_says_so(overview, monkeypatch):
    monkeypatch.setattr("qa.overview.MOST", 1)
    (group,) = {
        s.group for s in overview.ask("What drugs are there for progressive MS?").statements if "Dec" in s.group
    }
    assert "1 of 2 are shown" in group


def test_of_drugs_for_relapsing_ms_that_reach_the_form_one_whose_trial_succeeded_comes_first(
    write_document, tmp_path, embedder
):
    population = "adults with relapsing forms of MS, including active SPMS"
    trials = (("natalizumab", False, 2024), ("siponimod", True, 2020), ("ozanimod", None, 2025))
    for number, (drug, met, year) in enumerate(trials):
        text = f"## Status\n\nIn the EU {drug} is indicated for adults with relapsing forms of MS and active SPMS.\n"
        decision = [{**status("approved", population)[0], "date": str(year)}]
        write_document(f"{drug}-label", 10 + number, text, drugs=[drug], kind="label", status=decision)
        if met is not None:
            text = f"## Bottom line\n\nIn SPMS {drug} was tried.\n"
            outcomes = [{**PRIMARY, "comparison": f"{drug} vs placebo", "met": met}]
            write_document(f"{drug}-trial", 20 + number, text, drugs=[drug], kind="randomized trial",
                           outcomes=outcomes, phenotypes=["SPMS"])  # fmt: skip
    folder = write_document("one", 30, "## Status\n\nNothing.\n").parent
    build_index(tmp_path / "r", IndexSettings(), paths=[folder], embedder=embedder)
    shown = decided(Assistant.open(tmp_path / "r", embedder=embedder), "What drugs are approved for SPMS?")
    assert [text.split()[3] for text in shown] == ["siponimod", "natalizumab", "ozanimod"]
