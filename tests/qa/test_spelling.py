import pytest

from qa.spelling import Spellings


def test_two_errors_are_forgiven_only_in_long_words():
    assert Spellings(["relapse"]).nearest("relpse") == [(1, "relapse")]
    assert Spellings(["relapse"]).nearest("rlpse") == []
    assert Spellings(["progression", "regression"]).nearest("progresion") == [(1, "progression")]


def test_the_nearest_word_comes_first_and_the_first_letter_is_right():
    known = Spellings(["siponimod", "ponesimod", "sipponimodd"])
    assert known.nearest("sipponimod") == [(1, "siponimod"), (1, "sipponimodd")]


@pytest.mark.parametrize(
    ("beginning", "begins"), [("neuro", True), ("neurology", True), ("neurose", False), ("z", False)]
)
def test_a_beginning_is_found(beginning, begins):
    assert Spellings(["neurology", "apple"]).any_begins(beginning) is begins
