import pytest

from qa.abstain import Calibration
from qa.answer import Turn
from qa.events import Stopwatch
from qa.find import Finder
from qa.glossary import Kind
from qa.retrieve import Retriever
from qa.settings import AskSettings
from qa.signals import Signals

BEFORE = [Turn("How does alphamab do in the ONE trial?")]


@pytest.fixture
def find(assistant):
    def run(question, turns, *, threshold=0.0, **weights):
        plain = Calibration.unfitted()
        rest = (0.0, threshold, 0.0, plain.ranking, plain.further, "nothing")
        calibration = Calibration({**plain.weights, **weights}, *rest)
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


@pytest.fixture
def small_corpus(small_corpus, write_document):
    write_document("ocre", 4, "Ocrelizumab is the drug approved for PPMS.\n\nRashes are side effects of ocrelizumab.")
    write_document("sipo", 5, "Siponimod is a tablet for SPMS.\n\nColds are side effects of siponimod.")
    return small_corpus


def drugs(found):
    return [name.canonical for name in found.asked.named(Kind.DRUG)]


@pytest.mark.parametrize(
    ("before", "follow_up", "named"),
    [
        ("Which drug is approved for PPMS?", "And its side effects?", ["ocrelizumab"]),
        ("Which tablet is there for SPMS?", "what are its side effects", ["siponimod"]),
        ("Which tablet is there for SPMS?", "And the side effects of ocrelizumab?", ["ocrelizumab"]),
        ("Which standing frame keeps one's balance at home?", "And its side effects?", []),
    ],
)
def test_a_follow_up_asks_of_the_medicine_that_answered_the_question_before(find, before, follow_up, named):
    assert drugs(find(follow_up, [Turn(before)])) == named


def test_what_is_refused_names_no_medicine(find):
    assert drugs(find("And its side effects?", [Turn("Which drug is approved for PPMS?")], threshold=1.1)) == []


def test_what_was_found_for_a_part_of_the_message_is_not_looked_for_again(assistant, monkeypatch):
    searched = []
    retrieve = Retriever.retrieve_for_answer
    monkeypatch.setattr(Retriever, "retrieve_for_answer", lambda *given: searched.append(given[1]) or retrieve(*given))
    assistant.ask("Which drug is approved for PPMS, and what are its side effects?")
    assert [[name.canonical for name in one.named(Kind.DRUG)] for one in searched] == [[], ["ocrelizumab"]]
