"""The score of a question's words among examples."""

import math

import pytest

from ingest.odds import WordOdds

HELD = ["Does alphamab slow MS?", "Does betanib slow MS?", "Who tested alphamab?"]
OTHERS = ["What is the price of alphamab?", "What is the price of betanib?"]


@pytest.fixture
def odds():
    return WordOdds.of([*HELD, *OTHERS], len(HELD)).odds


def test_words_of_one_kind_speak_for_it(odds):
    assert odds("Does gammacept slow anything?") > 0 > odds("And the price of gammacept?")


def test_the_score_is_the_sum_of_log_odds_over_the_root_of_their_number(odds):
    # "price" stands in none of 3 and 2 of 2, "alphamab" in 2 of 3 and 1 of 2, the pair in none of either
    alone = math.log(1 / 5 / (3 / 4)), math.log(3 / 5 / (2 / 4))
    assert odds("Price: alphamab") == pytest.approx(sum(alone) / math.sqrt(2))


@pytest.mark.parametrize("question", ["Zebras", "", "?"])
def test_words_that_no_example_has_tell_nothing(odds, question):
    assert odds(question) == 0.0


def test_what_is_known_of_the_question_itself_is_left_out():
    words = [*HELD, *OTHERS, "Which zebra?"]
    counted = WordOdds.of(words, len(HELD))
    assert counted.odds("Which zebra?") < 0
    assert counted.odds("Which zebra?", known=False) == 0.0


def test_a_kind_that_the_question_turns_out_not_to_be_of_is_never_counted_below_nothing(odds):
    assert math.isfinite(odds("What is the price of alphamab?", known=True))


def test_of_a_conversation_the_last_question_counts(odds):
    assert odds("What is the price of alphamab? >> Does it slow MS?") == odds("Does it slow MS?")


def test_capitals_and_repetition_change_nothing(odds):
    assert odds("SLOW MS") == odds("slow ms") == odds("slow ms, slow ms") != odds("ms slow")
