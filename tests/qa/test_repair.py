import pytest

from qa.repair import EverydayWords, slip

COUNTS = {"quiet": 60_000, "quite": 500_616, "hurt": 400_000, "with": 12_309_955, "which": 3_000_000, "apodosis": 50}


def nearest(typed, here=(), share=lambda _: 0.0):
    return EverydayWords(COUNTS, set(here), share).nearest(typed)


def test_slips_cost_more_the_rarer_they_are():
    swapped, doubled, vowel, neighbour, other = (
        slip(typed, "tablet") for typed in ("tabelt", "tabblet", "tablit", "rablet", "tabmet")
    )
    assert swapped == doubled < vowel < neighbour < other
    assert slip("tble", "tablet") > slip("tblet", "tablet")


def test_the_commoner_of_equally_near_words_is_meant():
    assert nearest("quitte") == "quite"


def test_a_word_of_the_field_is_likelier():
    assert nearest("quitee") == "quite"
    assert nearest("quieet", share=lambda word: float(word == "quiet")) == "quiet"
    assert nearest("excersise") is None
    assert EverydayWords({"exercise": 28_000}, {"exercise"}, lambda _: 0.0).nearest("excersise") == "exercise"


@pytest.mark.parametrize("typed", ["hrt", "apoptosis", "ms", "zorblat"])
def test_a_word_that_is_no_likely_misspelling_is_left(typed):
    assert nearest(typed) is None


def test_short_words_and_swapped_first_letters_are_mended():
    assert (nearest("wiht"), nearest("wih"), nearest("hwich")) == ("with", "with", "which")
