"""What a follow-up is read as, with the glossary of the packaged corpus."""

import pytest

from qa.answer import Turn
from qa.follow_up import in_full, mentions_in
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
    ],
)
def test_a_follow_up_that_says_more_leans_on_the_question_before(before, question):
    assert read(question, before) == (before, question)


def test_a_question_that_stands_by_itself_leans_on_nothing():
    assert read("Is siponimod approved in Europe?", "Does Ocrevus slow PPMS?") == (
        "",
        "Is siponimod approved in Europe?",
    )


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
