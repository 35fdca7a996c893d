import pytest

from qa.answer import Turn
from qa.glossary import Kind, packaged_glossary
from qa.lexicon import Lexicon
from qa.understand import understand
from qa.unheard import asked_alone, tried_already

HELD = {"slow": 9, "progress": 500, "siponimod": 60, "edss": 40}
LEXICON = Lexicon(1000, lambda stem: HELD.get(stem, 0), list(HELD), {"slow": 4030, "progression": 14903}.get)


def read(question, *earlier, lexicon=LEXICON):
    return understand(question, [Turn(text) for text in earlier], packaged_glossary(), lexicon)


@pytest.mark.parametrize(
    "question",
    [
        "Bisoprolol does nothing for me. What else slows progression?",
        "bisoprolol works some. what else slows progression",
        "I am on zorbatinib. Are there other options that slow progression?",
    ],
)
def test_what_was_tried_already_is_not_what_something_else_asks_about(question):
    asked = read(question)
    assert asked.unknown == ()
    assert asked.unheard != ()
    assert asked.unheard[0] not in asked.query


def test_others_than_an_unknown_name_of_an_earlier_turn_can_be_asked_for():
    assert read("What else slows progression?", "Does zorbatinib help?").unknown == ()


def test_what_somebody_takes_besides_is_no_reason_to_refuse():
    asked = read("Which dose of siponimod fits a man with EDSS 6 and on bisoprolol?")
    assert (asked.unknown, asked.unheard) == ((), ("bisoprolol",))


@pytest.mark.parametrize(
    "question", ["Is siponimod safe in a man on bisoprolol?", "Does it slow EDSS, and on bisoprolol?"]
)
def test_what_is_asked_about_an_unknown_name_is_about_it(question):
    assert read(question).unknown == ("bisoprolol",)


def test_an_english_word_that_ends_like_a_drug_is_no_name():
    with_words = Lexicon(1000, LEXICON.frequency, LEXICON.stems, LEXICON.rank, dictionary=lambda: {"cholesterol": 1896})
    assert read("Does siponimod raise cholesterol?", lexicon=with_words).unknown == ()
    assert read("Does siponimod raise zorbasterol?", lexicon=with_words).unknown == ("zorbasterol",)


def test_somebody_who_takes_it_is_no_reason_to_refuse_either_unless_both_together_are_asked_about():
    assert read("Is monitoring of siponimod needed in a patient on bisoprolol?").unheard == ("bisoprolol",)
    assert read("Is siponimod contraindicated in a patient on bisoprolol?").unknown == ("bisoprolol",)


def test_a_question_that_says_enough_stands_by_itself_though_it_says_that():
    asked = read("We tried bisoprolol. Is that slow siponimod infusion ratio any good in EDSS 6")
    assert (asked.unknown, asked.unheard) == ((), ("bisoprolol",))
    assert read("We tried bisoprolol. Is that slow").unknown == ("bisoprolol",)


def test_what_is_taken_besides_may_be_what_the_question_asks_about():
    told = "He was given siponimod and takes bisoprolol. Is it safe with that?"
    assert read(told).unknown == ("bisoprolol",)


@pytest.mark.parametrize(
    "asking",
    [
        "Is it safe for older people with slow progression who still walk?",
        "Should I take it instead of siponimod?",
        "Any proof that it slows the progression of EDSS in older people?",
        "Do they slow progression better than siponimod, or should I switch to them?",
    ],
)
def test_a_pronoun_may_be_the_name_that_was_told(asking):
    assert read(f"My neighbour swears by zorbatinib. {asking}").unknown == ("zorbatinib",)


@pytest.mark.parametrize(
    ("message", "alone"),
    [
        ("Does siponimod slow it? I was on Tysabri for years.", "Does siponimod slow it?"),
        ("I was on Tysabri. Does siponimod slow progression?", "Does siponimod slow progression?"),
        ("I was on Tysabri. Is siponimod any better?", ""),
        ("I was on Tysabri for years. How soon after stopping may siponimod be started?", ""),
        ("I have had MS for years. Does siponimod slow it?", ""),
        ("My doctor spoke of Mayzent. Does siponimod slow it?", ""),
        ("Does siponimod slow it?", ""),
    ],
)
def test_a_question_stands_alone_where_another_drug_is_only_told_beside_it(message, alone):
    assert asked_alone(message, packaged_glossary()) == alone


def test_what_was_taken_before_is_no_subject_of_a_follow_up():
    asked = read("is it different since I was on Tysabri for 4 years", "How often does PML occur on Ocrevus?")
    named = [c.surface for c in asked.subjects if any(name.kind is Kind.DRUG for name in c.names)]
    assert named == ["Ocrevus"]
    asked = read("Is it worse than Tysabri?", "How often does PML occur on Ocrevus?")
    assert len([c for c in asked.subjects if any(name.kind is Kind.DRUG for name in c.names)]) == 2


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("I've tried bisoprolol and zorbatinib, whats next", ()),
        ("zorbatinib for ppms - I saw the study. was there a placebo group?", ("zorbatinib",)),
        ("I take zorbatinib. What slows PPMS?", ()),
        ("i go once a week and tried zorbatinib and prunes. What do people with MS usually do", ()),
        ("standing frames in EXPAND, effect on QWRTZ?", ()),
        ("effect on progression in the QWRTZ trial of siponimod?", ("QWRTZ",)),
        ("Does shouting AHHH slow it?", ()),
    ],
)
def test_what_was_tried_or_measured_is_told_and_the_only_thing_named_is_asked_about(question, unknown):
    assert read(question).unknown == unknown


@pytest.mark.parametrize(
    ("question", "before", "tried"),
    [
        ("Modafinil made him jittery. What else works for fatigue?", "", {"Modafinil"}),
        ("if none of them works what am I supposed to do about it?", "amantadine or modafinil for fatigue?",
         {"amantadine", "modafinil"}),
        ("Pregabalin made me foggy. What else is there?", "", set()),
        ("Modafinil made him jittery. What else does amantadine do for fatigue?", "", set()),
        ("Modafinil made him jittery. Does it work for fatigue?", "", set()),
    ],
)  # fmt: skip
def test_something_other_than_what_was_tried_is_searched_where_it_is_said_what_for(question, before, tried):
    assert tried_already(question, before, packaged_glossary()) == tried
    if tried:
        query = read(question, *filter(None, [before])).query
        assert "treatment" in query
        assert not any(name in query for name in tried)
