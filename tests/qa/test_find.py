import pytest

from qa.abstain import Calibration
from qa.answer import Turn
from qa.events import Stopwatch
from qa.find import Finder
from qa.settings import AskSettings
from qa.signals import Signals

BEFORE = [Turn("How does alphamab do in the ONE trial?")]


@pytest.fixture
def find(assistant):
    def run(question, turns, **weights):
        plain = Calibration.unfitted()
        calibration = Calibration({**plain.weights, **weights}, 0.0, 0.0, 0.0, plain.ranking, plain.further, "nothing")
        finder = Finder(assistant._current(), lambda _: calibration, AskSettings(), Stopwatch())
        return finder.find(question, turns)

    return run


@pytest.mark.parametrize(
    ("weight", "before"), [(1.0, "How does alphamab do in the ONE trial"), (-1.0, "")], ids=["longer", "shorter"]
)
def test_of_two_readings_the_likelier_to_be_answered_counts(find, weight, before):
    assert "length" in Signals.list_names()
    assert find("Which infusion reactions happened there overall?", BEFORE, length=weight).asked.before == before


def test_a_question_that_leans_in_its_words_is_read_in_one_way(find):
    assert find("And its infusion reactions?", BEFORE, length=-1.0).asked.before.startswith("How does alphamab")
