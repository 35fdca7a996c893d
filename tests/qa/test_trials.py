from collections import defaultdict
from dataclasses import replace

import pytest

from ingest.build import build_index
from ingest.load import find_files, load_document
from ingest.settings import IndexSettings
from qa.assistant import Assistant
from qa.features import EFFECT_UNIT
from qa.glossary import packaged_glossary
from qa.lexicon import Lexicon
from qa.trials import main_trials, trials
from qa.understand import understand

HELD = defaultdict(lambda: 9)
LEXICON = Lexicon(1000, HELD.__getitem__, [], defaultdict(lambda: 3000).__getitem__)
PRIMARY = {
    "measure": "confirmed progression",
    "population": "SPMS",
    "comparison": "siponimod vs placebo",
    "effect": "HR",
    "value": 0.79,
    "ci": [0.65, 0.95],
    "p": "0.013",
    "n": 1651,
    "direction": "better",
    "met": True,
}


@pytest.fixture
def source(write_document):
    """A source with one outcome, fields and outcome as the test wants them."""

    def make(key="expand", number=1, outcome=PRIMARY, **fields):
        path = write_document(key, number, drugs=["siponimod"], outcomes=[outcome], **fields)
        (file,) = find_files([str(path)])
        return load_document(file).source

    return make


def asked(question):
    return understand(question, [], packaged_glossary(), LEXICON)


def test_whether_its_primary_outcome_was_met_tells_whether_a_drug_works(source):
    (trial,) = trials([source()])
    assert (trial.drugs, trial.numbers) == ({"siponimod"}, {"0.79", "0.65", "0.95"})
    (undecided,) = trials([source("second", 2, PRIMARY | {"met": None})])
    assert (undecided.drugs, undecided.numbers) == (frozenset(), frozenset())


def test_trials_without_such_an_outcome_are_told_where_they_are_named(source):
    named = trials([source("discoms-2023", 1, PRIMARY | {"met": None}), source("dot-ms-2025", 2)])
    assert main_trials(asked("DISCOMS and DOT-MS tell different stories, can one stop at 60?"), named) == named
    assert main_trials(asked("Does siponimod work?"), named) == named[1:]


def test_a_share_that_names_the_outcome_is_a_number_of_it(source):
    told = PRIMARY | {"measure": "improved by month 12, 13 people (12.6%) vs 0", "value": None, "ci": None}
    assert trials([source(outcome=told)])[0].numbers == {"12.6"}


def test_another_dose_of_the_same_drug_does_not_tell_whether_it_works(source):
    (trial,) = trials([source(outcome=PRIMARY | {"comparison": "high siponimod vs siponimod 2 mg"})])
    assert trial.drugs == frozenset()


@pytest.mark.parametrize(
    "question",
    ["How well does siponimod work?", "Is Mayzent any good in SPMS?", "Did siponimod slow progression in the trial?"],
)
def test_whether_a_drug_works_is_told_by_its_trials(source, question):
    known = trials([source()])
    assert main_trials(asked(question), known) == known


@pytest.mark.parametrize(
    "question",
    [
        "Does siponimod help with fatigue?",
        "What are the side effects of siponimod?",
        "Does ocrelizumab work?",
        "Does a standing frame help?",
    ],
)
def test_a_question_for_something_else_is_left_to_the_search(source, question):
    assert main_trials(asked(question), trials([source()])) == []


def test_trials_in_the_form_of_ms_asked_about_come_first_and_three_are_enough(source):
    relapsing = source("relapsing", 1, phenotypes=["RRMS"], year=2026)
    others = [source(f"spms-{year}", year, phenotypes=["SPMS"], year=year) for year in (2001, 2003, 2002)]
    found = main_trials(asked("Does siponimod work in SPMS?"), trials([relapsing, *others]))
    assert [trial.source.year for trial in found] == [2003, 2002, 2001]


def test_a_trial_in_the_form_asked_about_leaves_no_place_for_one_in_another(source):
    relapsing = source("relapsing", 1, phenotypes=["RRMS"], year=2026)
    progressive = source("spms", 2, phenotypes=["SPMS"], year=2001)
    known = trials([relapsing, progressive])
    assert [trial.source for trial in main_trials(asked("Does siponimod work in SPMS?"), known)] == [progressive]
    assert [trial.source for trial in main_trials(asked("Does siponimod work in PPMS?"), known)] == [
        relapsing,
        progressive,
    ]


def test_trials_are_compared_however_the_question_is_framed(source):
    named = [source("expand-2018", 1), source("oratorio-2017", 2)]
    for framed in ("EXPAND good, ORATORIO bad??", "put EXPAND and ORATORIO side by side"):
        assert [trial.source for trial in main_trials(asked(framed), trials(named))] == named
    told = main_trials(asked("EXPAND and ASCEND: which is true?"), trials(named))
    assert [trial.source for trial in told] == named[:1]
    assert main_trials(asked("EXPAND and ORATORIO: macular oedema?"), trials(named)) == []


def test_what_its_trial_found_is_among_the_evidence_though_the_search_misses_it(write_document, tmp_path, embedder):
    for number in range(2, 40):
        write_document(f"other-{number}", number, f"How well siponimod does work is asked by person {number}.\n")
    text = "## Bottom line\n\nThe risk fell by a fifth.\n\n## Safety\n\nThe pulse fell.\n"
    folder = write_document("expand", 1, text, drugs=["siponimod"], outcomes=[PRIMARY]).parent
    build_index(tmp_path / "trials", IndexSettings(), paths=[folder], embedder=embedder)
    assistant = Assistant.open(tmp_path / "trials", embedder=embedder)
    found = [c.text for c in assistant.candidates("How well does siponimod work?") if c.hit.source.key == "expand"]
    assert found == ["The risk fell by a fifth."]
    (told,) = [c for c in assistant.candidates("How well does siponimod work?") if c.text in found]
    assert (told.features.asked_effect, told.features.asked_outcome) == (EFFECT_UNIT, 0.0)
    only = replace(assistant.settings, only=replace(assistant.settings.only, since=2026))
    assert not assistant.ask("How well does siponimod work?", settings=only).statements


def test_a_sentence_on_another_drug_than_the_one_asked_about_is_known_as_such(write_document, tmp_path, embedder):
    text = (
        "Macular oedema was seen with fingolimod in MS.\nMacular oedema was seen with siponimod in MS.\nIt was seen.\n"
    )
    folder = write_document("eyes", 1, text).parent
    build_index(tmp_path / "eyes-index", IndexSettings(), paths=[folder], embedder=embedder)
    assistant = Assistant.open(tmp_path / "eyes-index", embedder=embedder)
    found = {c.text: c.features.other_drug for c in assistant.candidates("Macular oedema with Mayzent?")}
    assert list(found.values()).count(-1.0) == 1
    assert found["Macular oedema was seen with fingolimod in MS."] == -1.0
    assert not any(c.features.other_drug for c in assistant.candidates("Is macular oedema seen in MS?"))


def test_a_trial_that_is_asked_about_stands_for_its_drug(write_document, tmp_path, embedder):
    own = "The benefit of rituximab was found afterwards.\nIt was found afterwards.\n"
    write_document("olympus-2009", 1, own, drugs=["rituximab"])
    other = "The benefit of siponimod was found afterwards.\nUnlike siponimod OLYMPUS found a benefit afterwards.\n"
    folder = write_document("other", 2, other, drugs=["siponimod"]).parent
    build_index(tmp_path / "afterwards", IndexSettings(), paths=[folder], embedder=embedder)
    assistant = Assistant.open(tmp_path / "afterwards", embedder=embedder)
    found = {
        c.text: c.features.other_drug for c in assistant.candidates("Was the benefit in OLYMPUS found afterwards?")
    }
    assert [text for text, value in found.items() if value] == ["The benefit of siponimod was found afterwards."]
    assert len(found) == 4
