"""What a follow-up is read as, with the glossary of the packaged corpus."""

import pytest

from qa.answer import Turn
from qa.follow_up import in_full, last_asked_for_medicine, may_lean, medicines_in, mentions_in
from qa.glossary import packaged_glossary, words_of


def read(question, *before):
    """(what it leans on, the question itself)."""
    return in_full(question, [Turn(text) for text in before], packaged_glossary())


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        (
            ["Does Ocrevus slow early PPMS?"],
            "And siponimod?",
            "Does siponimod slow early PPMS?",
        ),
        (["Does Ocrevus slow early PPMS?"], "What about in SPMS?", "Does Ocrevus slow SPMS?"),
        (["What was the hazard ratio in EXPAND?"], "And in ORATORIO?", "What was the hazard ratio in ORATORIO?"),
        (["Is siponimod approved in Europe?"], "and in the US?", "Is siponimod approved in US?"),
        (["Does Ocrevus slow PPMS?", "And siponimod?"], "And in SPMS?", "Does siponimod slow SPMS?"),
        (["Does Ocrevus slow PPMS?"], "And siponimod in SPMS?", "Does siponimod slow SPMS?"),
        (["Does Ocrevus slow PPMS?"], "And siponimod? Saw both on Facebook", "Does siponimod slow PPMS?"),
        (["Is stopping smoking worth it?"], "And in SPMS?", "Is stopping smoking worth it in SPMS?"),
        (
            ["Does vitamin D help?"],
            "no i mean for the progressive type, not for stopping relapses",
            "Does vitamin D help in progressive type?",
        ),
    ],
)
def test_a_follow_up_of_names_is_the_question_before_about_these(before, question, full):
    assert read(question, *before) == ("", full)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("How does siponimod work?", "And its side effects?"),
        ("Does simvastatin work in SPMS?", "Is it better than siponimod?"),
        ("Does simvastatin work in SPMS?", "How does that compare with siponimod?"),
        ("Does simvastatin work in SPMS?", "What about the UK?"),
        ("What is PML?", "And with natalizumab?"),
        ("Does vitamin D help?", "no i mean for the progressive type when walking"),
        ("Does vitamin D help?", "And people with SPMS not on treatment?"),
    ],
)
def test_a_follow_up_that_says_more_leans_on_the_question_before(before, question):
    assert read(question, before) == (before, question)


def test_what_is_told_between_two_questions_leaves_the_subject_as_it_was():
    tested, told = "What tests come before siponimod?", "my heart is slow already and i take bisoprolol"
    assert read("ok and if I miss a few days of it?", tested, told)[0] == f"{tested} {told}"
    treated = "How is spasticity of the legs treated when tablets fail?"
    assert read("ok and how often?", tested, treated)[0] == treated


def test_a_short_question_for_a_medicine_in_a_form_of_ms_is_whole():
    assert read("What is the only medicine licensed for PPMS?", "Is Gilenya safe?")[0] == ""
    assert read("Which dose in PPMS?", "Is Gilenya safe?")[0] == "Is Gilenya safe?"
    asked = ("Is Gilenya safe?", "What is the only medicine licensed for PPMS?")
    assert read("And its side effects?", *asked)[0] == asked[1]


def test_a_question_that_stands_by_itself_leans_on_nothing():
    assert read("Is siponimod approved in Europe?", "Does Ocrevus slow PPMS?") == (
        "",
        "Is siponimod approved in Europe?",
    )


@pytest.mark.parametrize(
    ("question", "may"),
    [
        pytest.param("What happens on the first day in hospital?", True, id="names nothing"),
        pytest.param("Where does mitoxantrone fit in nowadays?", False, id="names a drug"),
        pytest.param("What was the main result of HERCULES then?", False, id="names a trial"),
        pytest.param("And its side effects?", False, id="leans in its words"),
    ],
)
def test_a_question_that_names_nothing_may_be_a_follow_up(question, may):
    assert may_lean(question, [Turn("Starting Gilenya")], packaged_glossary()) is may
    assert not may_lean(question, [], packaged_glossary())


def test_a_question_taken_for_a_follow_up_leans_on_the_one_before():
    question, before = "What happens on the first day in hospital?", [Turn("Starting Gilenya")]
    assert in_full(question, before, packaged_glossary()) == ("", question)
    assert in_full(question, before, packaged_glossary(), leans=True) == ("Starting Gilenya", question)


@pytest.mark.parametrize(
    ("question", "same_message", "leans"),
    [
        pytest.param(
            "How many weeks must effective contraception continue afterwards?", True, True, id="names nothing"
        ),
        pytest.param(
            "How many weeks must effective contraception continue afterwards?", False, False, id="another message"
        ),
        pytest.param("How many weeks must contraception continue after ocrelizumab?", True, False, id="names a drug"),
    ],
)
def test_a_further_part_of_a_message_is_about_what_the_parts_before_name(question, same_message, leans):
    said = ("Just been prescribed Mayzent, I am 38.", "Which tests have to be done before the start?")
    before = [Turn(text, same_message=same_message) for text in said]
    assert in_full(question, before, packaged_glossary()) == (" ".join(said) if leans else "", question)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did the WHO say on siponimod in the US?", ["WHO", "siponimod", "US"]),
        ("who told us?", []),
        ("WHO IS ON IT?", []),
    ],
)
def test_everyday_words_are_names_in_capitals_alone(text, names):
    found = mentions_in(words_of(text), packaged_glossary())
    assert [mention.surface for mention in found] == names


@pytest.mark.parametrize(
    ("turns", "place"),
    [
        (["Which drug is approved for PPMS?"], 0),
        (["is there anything for stiff legs"], 0),
        (["What is PIRA?", "and what tablets lower it?", "I am 52 and was diagnosed in May"], 1),
        (["Is ocrelizumab approved for PPMS?"], None),
        (["Which BTK inhibitor is approved?"], None),
        (["Which drug is approved for PPMS?", "How common is PPMS?"], None),
        (["I take tablets for my legs"], None),
        ([], None),
    ],
)
def test_the_last_question_that_asks_for_a_medicine_without_naming_it(turns, place):
    assert last_asked_for_medicine([Turn(text) for text in turns], packaged_glossary()) == place


@pytest.mark.parametrize(
    ("sentence", "medicines"),
    [
        ("Ocrevus (ocrelizumab) is the one medicine approved for PPMS.", ["ocrelizumab"]),
        ("NICE gives baclofen or gabapentin first.", ["baclofen", "gabapentin"]),
        ("Drugs for nerve pain are amitriptyline, duloxetine and gabapentin.", []),
        ("Stretching helps.", []),
    ],
)
def test_a_sentence_names_a_medicine_or_two_or_lists_them(sentence, medicines):
    assert medicines_in(sentence, packaged_glossary()) == medicines
