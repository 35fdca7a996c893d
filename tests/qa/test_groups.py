import pytest

from qa.groups import untold_groups

WHOLE_TRIAL = ["Of the people on alphamab 32.9% and of those on placebo 39.3% had confirmed progression."]


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("What was the hazard ratio in people with and without gadolinium enhancing lesions?", "enhancing lesions"),
        ("How did Gd-negative patients do?", "enhancing lesions"),
        ("Did it work as well in women as in men?", "women or men"),
        ("What did the trial show in people over 50?", "that age"),
        ("Does it help older people?", "that age"),
        ("Was the effect the same in Black people?", "ethnic group"),
        ("Does it work in obese patients?", "that weight"),
        ("Which dose does a 9 year old get?", "children"),
        ("Is it used in children?", "children"),
    ],
)
def test_an_answer_about_everybody_tells_nothing_of_a_group(question, group):
    (missing,) = untold_groups(question, WHOLE_TRIAL)
    assert group in missing


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("How did Gd-negative patients do?", "Without enhancing lesions the hazard ratio was 0.84."),
        ("Did it work as well in women as in men?", "The effect was alike in both sexes."),
        ("What did the trial show in people over 50?", "People older than 45 had no benefit."),
        ("Is it used in children?", "It is approved from 10 years of age."),
    ],
)
def test_a_group_that_is_quoted_is_not_missing(question, quoted):
    assert untold_groups(question, [*WHOLE_TRIAL, quoted]) == []


@pytest.mark.parametrize(
    "question",
    [
        "I am 55 and have PPMS. Does it help?",
        "How long after over 20 mg a day may it be stopped?",
        "And my hands? That is what I need for the kids.",
        "A friend says there is a new black box warning.",
        "Which men with PPMS were in the trial?",
        "Did my son, a man of 40, inherit it?",
        "Can he stay on it for over 30 weeks?",
    ],
)
def test_what_is_told_of_somebody_singles_out_no_group(question):
    assert untold_groups(question, WHOLE_TRIAL) == []
