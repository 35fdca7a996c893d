import pytest

from qa.guard import guarded

QUOTE = (
    "Progression occurred in 33% of people on ocrelizumab and 39% on placebo, but walking did not change in ORATORIO."
)


@pytest.mark.parametrize(
    "text",
    [
        "Progression occurred in 34% of people on ocrelizumab and 39% on placebo.",
        "Progression occurred in 39% of people on ocrelizumab and 33% on placebo.",
        "Progression occurred in 33% of people on ocrelizumab and 33% on placebo.",
        "Progression did not occur in 33% of people on ocrelizumab but walking did not change.",
        "Progression occurred in 33% of people on ocrelizumab and 39% on placebo, but walking did change in ORATORIO.",
        "Quality of life and hand function improved with ocrelizumab in ORATORIO.",
    ],
    ids=["another number", "swapped numbers", "a number twice", "one denial more", "one denial less", "names alone"],
)
def test_a_sentence_that_its_quote_does_not_hold_is_stopped(text):
    assert guarded(text, QUOTE)


def test_a_sentence_that_says_part_of_its_quote_passes():
    assert guarded("In ORATORIO, progression occurred in 33% on Ocrevus and 39% on placebo.", QUOTE) is None


@pytest.mark.parametrize(
    ("text", "quote", "held"),
    [
        ("The infection risks of CAR-T treatment are substantial.", "Infections are risks of CAR-T treatment.", False),
        ("CAR-T treatment has a large infection risk.", "The infection risk of CAR-T treatment is substantial.", True),
        ("Severe infections are a risk of CAR-T treatment.", "Infections are a risk of CAR-T treatment.", False),
    ],
)
def test_a_degree_must_stand_in_the_quote(text, quote, held):
    assert (guarded(text, quote) is None) is held


@pytest.mark.parametrize(
    ("text", "quote", "held"),
    [
        ("Live vaccines are given 2 weeks before it.", "Non-live vaccines are given 2 weeks before it.", False),
        ("Non-live vaccines are given 2 weeks before it.", "Live vaccines are given 2 weeks before it.", False),
        ("Non-live vaccines are given 2 weeks before it.", "Non-live vaccines are given 2 weeks before it.", True),
        ("It did not slow SPMS.", "It did not significantly slow SPMS.", True),
    ],
)
def test_a_word_keeps_its_non(text, quote, held):
    assert (guarded(text, quote) is None) is held
