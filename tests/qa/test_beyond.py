import pytest

from qa.beyond import goes_beyond, other_illnesses

NEAR = ["Ocrelizumab is given every 6 months.", "NICE found fampridine not cost-effective at the price offered."]
STATED = ["Group rehabilitation cost about 808 pounds less than usual care."]


@pytest.mark.parametrize(
    "question",
    [
        "How much does Ocrevus cost in Germany?",
        "price of rituximab in India",
        "What list price has Sanofi set for Cenrifki?",
        "How much will I pay out of pocket each month?",
        "I have no insurance. What does a month of Mayzent cost?",
        "AHSCT PPMS cost per QALY?",
        "If I went private, how much would a year of it cost?",
        "By how many years does PPMS shorten your life?",
        "Do people with SPMS die younger?",
        "Do people actually die of primary progressive MS?",
        "What medicines are recommended for Parkinson's tremor?",
        "Would it help my rheumatoid arthritis as well?",
        "what is the life expectancy with primary progressive ms",
        "What is the waiting time for a transplant in Sheffield?",
        "How long is the wait for an infusion?",
    ],
)
def test_a_price_or_length_of_life_that_no_sentence_states_is_not_answered(question):
    assert goes_beyond(question, NEAR)


def test_a_length_of_life_that_a_sentence_states_may_be_answered():
    assert not goes_beyond("Does PPMS shorten life?", ["Survival with PPMS was 7 years shorter."])


def test_a_price_that_a_sentence_states_may_be_answered():
    assert not goes_beyond("What does group rehabilitation cost?", STATED)


@pytest.mark.parametrize(
    "question",
    [
        "What are the opening hours of the infusion unit?",
        "Which neurologist is the best in my town?",
        "Is there an MS clinic near me?",
    ],
)
def test_what_there_is_where_the_reader_lives_is_not_answered(question):
    assert goes_beyond(question, NEAR)


@pytest.mark.parametrize(
    "question",
    [
        "Why was the walking drug turned down by NICE?",
        "Is group cognitive rehabilitation cost-effective for the NHS?",
        "who decides if i can get ocrevus in my country and what it costs",
        "In which hospital is alemtuzumab given?",
        "How much did ocrelizumab lower the risk of progression?",
        "What share of people had progressed?",
    ],
)
def test_other_questions_are_left_to_what_was_found(question):
    assert not goes_beyond(question, NEAR)


def test_other_illnesses_are_named_as_typed_and_once():
    asked = "My son has Down syndrome, diabetes and SPMS. Does diabetes matter with siponimod?"
    assert other_illnesses(asked) == ["Down syndrome", "diabetes"]
    assert other_illnesses("Does ocrelizumab slow PPMS, and is also the false alarm rate low?") == []


def test_a_treatment_of_another_illness_that_a_sentence_names_may_be_answered():
    assert not goes_beyond("Does it help with gout?", ["It eased gout in a trial."])
    assert not goes_beyond("Is it safe for people with diabetes?", ["It is given every 6 months."])
    assert not goes_beyond("Can you die of a pump that runs dry?", ["A sudden stop has been fatal."])
