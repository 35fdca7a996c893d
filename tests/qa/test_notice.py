from ingest.build import build_index
from ingest.settings import IndexSettings
from qa.abstain import DOUBT, Calibration
from qa.assistant import Assistant
from qa.notice import notices


def test_a_repaired_name_is_told(assistant):
    answer = assistant.ask("Does ocrelizimab or alphamab slow disability progression?")
    assert "“ocrelizimab” was read as ocrelizumab." in (answer.notice or "")


def test_evidence_from_another_form_of_ms_is_named_as_such(write_document, tmp_path, embedder):
    text = "Gammacept slowed progression compared with placebo in the NINE trial.\n"
    path = write_document("gammacept", 9, text, phenotypes=["RRMS"])
    build_index(tmp_path / "other", IndexSettings(), paths=[path], embedder=embedder)
    opened = Assistant.open(tmp_path / "other", embedder=embedder)
    notice = opened.ask("Did gammacept slow progression compared with placebo in PPMS in the NINE trial?").notice
    assert "do not concern PPMS; they concern RRMS" in (notice or "")


def test_evidence_of_the_form_asked_for_needs_no_notice(assistant):
    assert assistant.ask("Did alphamab slow disability progression in PPMS?").notice is None


def test_an_answer_about_approval_says_of_when_it_is(assistant):
    answer = assistant.ask("Is alphamab approved for disability progression in people with primary progressive MS?")
    assert "[1] 2020-01" in (answer.notice or "")


def test_a_drug_or_illness_that_nothing_quoted_names_is_told(assistant):
    asked = "Does alphamab slow disability progression in PPMS like tolebrutinib, and with Down syndrome?"
    assert "Nothing quoted here mentions tolebrutinib or Down syndrome." in (assistant.ask(asked).notice or "")


def test_a_drug_of_an_earlier_turn_need_not_be_quoted(assistant):
    from qa.answer import Turn

    answer = assistant.ask("And did it slow disability progression?", [Turn("Does alphamab or siponimod work?")])
    assert answer.statements
    assert "mentions" not in (answer.notice or "")


def test_a_trial_whose_own_document_is_quoted_need_not_be_named_there(write_document, tmp_path, embedder):
    text = "Antioxidant capsules slowed brain shrinking in people with SPMS.\n"
    path = write_document("lipoic-acid-pilot-2017", 1, text, phenotypes=["SPMS"])
    build_index(tmp_path / "pilot", IndexSettings(), paths=[path], embedder=embedder)
    answer = Assistant.open(tmp_path / "pilot", embedder=embedder, calibration=Calibration.unfitted()).ask(
        "Did antioxidant capsules slow brain shrinking in people with SPMS in NCT01188811?"
    )
    assert answer.statements
    assert "mentions" not in (answer.notice or "")


def test_that_nothing_quoted_is_about_children_is_told(assistant):
    asked = "My 14-year-old has primary progressive MS: does alphamab slow disability progression?"
    assert "Nothing quoted here is about children in particular." in (assistant.ask(asked).notice or "")


def test_a_misspelt_everyday_word_is_read_in_silence(assistant):
    asked = assistant.read("Wich people wiht PPMS get ocrelizimab?")
    assert ("wiht", "with") in asked.repairs
    assert [notice for notice in notices(asked, []) if "read as" in notice] == [
        "“ocrelizimab” was read as ocrelizumab."
    ]


def test_that_two_drugs_are_not_set_side_by_side_and_whom_each_concerns_is_told(write_document, tmp_path, embedder):
    texts = {
        "siponimod": ("SPMS", "Siponimod slowed disability progression in SPMS.\n"),
        "ocrelizumab": ("PPMS", "Ocrelizumab slowed disability progression in PPMS.\n"),
        "rituximab": ("SPMS", "Rituximab slowed disability progression in SPMS more than siponimod.\n"),
    }
    for number, (drug, (form, text)) in enumerate(texts.items(), start=1):
        folder = write_document(f"{drug}-trial", number, text, drugs=[drug], phenotypes=[form]).parent
    build_index(tmp_path / "two", IndexSettings(), paths=[folder], embedder=embedder)
    assistant = Assistant.open(tmp_path / "two", embedder=embedder, calibration=Calibration.unfitted())
    apart = assistant.ask("Is siponimod or ocrelizumab better at slowing disability progression in SPMS?").notice or ""
    assert "What is quoted here on ocrelizumab concerns PPMS." in apart
    assert "Nothing quoted here compares the two with each other." in apart
    assert "on siponimod concerns" not in apart
    side_by_side = assistant.ask("Is siponimod or rituximab better at slowing disability progression in SPMS?")
    assert "compares" not in (side_by_side.notice or "")
    assert "compares" not in (assistant.ask("Does siponimod slow disability progression in SPMS?").notice or "")


def test_what_nothing_quoted_is_about_makes_the_answer_doubtful(assistant):
    plain = assistant.ask("Does alphamab slow disability progression?")
    assert DOUBT not in (plain.notice or "")
    for asked in (
        "Does alphamab slow disability progression more than placebo in women or in men?",
        "Does alphamab slow disability progression with diabetes?",
    ):
        notice = assistant.ask(asked).notice or ""
        assert DOUBT in notice
        assert "Nothing quoted here" in notice


def test_an_illness_that_a_question_leans_on_is_missed_where_nothing_quoted_names_it(assistant):
    leaning = assistant.ask("Does it slow disability progression?", ["I have diabetes. What is alphamab?"])
    assert "Nothing quoted here mentions diabetes." in (leaning.notice or "")
