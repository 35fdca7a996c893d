"""How the trials in a form of MS ended, told trial by trial."""

import pytest

from ingest.build import build_index
from ingest.settings import IndexSettings
from qa.assistant import Assistant
from tests.qa.test_trials import PRIMARY

# key, drug, form, whether a primary outcome was met, year, kind
TRIALS = [
    ("natalizumab-trial", "natalizumab", "SPMS", False, 2018, "randomized trial"),
    ("siponimod-trial", "siponimod", "SPMS", True, 2018, "randomized trial"),
    ("simvastatin-trial", "simvastatin", "SPMS", False, 2025, "press release"),
    ("ocrelizumab-trial", "ocrelizumab", "PPMS", True, 2017, "randomized trial"),
    ("simvastatin-cohort", "simvastatin", "SPMS", True, 2026, "observational study"),
    ("fingolimod-trial", "fingolimod", "RRMS", True, 2010, "randomized trial"),
]


@pytest.fixture
def ended(write_document, tmp_path, embedder):
    """Six documents, four of them on trials of a drug in a progressive form."""
    for number, (key, drug, form, met, year, kind) in enumerate(TRIALS, start=1):
        design = "\n\n## Who and how\n\nIt was a phase 2 trial." if key == "natalizumab-trial" else ""
        body = f"## Results\n\nOf {drug} much was hoped.{design}\n\n## Bottom line\n\nThe {key} ended.\nNothing more.\n"
        outcomes = [{**PRIMARY, "comparison": f"{drug} vs placebo", "met": met}]
        fields = {"drugs": [drug], "phenotypes": [form], "outcomes": outcomes, "year": year, "kind": kind}
        folder = write_document(key, number, body, **fields).parent
    build_index(tmp_path / "ended", IndexSettings(), paths=[folder], embedder=embedder)
    return Assistant.open(tmp_path / "ended", embedder=embedder)


def told(assistant, question):
    return [
        (s.group.split(" (")[0], s.text) for s in assistant.ask(question).statements if s.group.startswith("Trials")
    ]


MET, MISSED = "Trials that met their main goal", "Trials that did not meet their main goal"


def test_both_ways_to_end_are_told_newer_trials_first(ended):
    assert told(
        ended, "Which drugs were tested in phase III trials for SPMS, and which succeeded and which failed?"
    ) == [
        (MET, "The siponimod-trial ended."),
        (MISSED, "The simvastatin-trial ended."),
    ]


def test_without_a_phase_trials_of_all_phases_are_told(ended):
    assert told(ended, "Which drugs were tested in trials for SPMS, and which succeeded and which failed?") == [
        (MET, "The siponimod-trial ended."),
        (MISSED, "The simvastatin-trial ended."),
        (MISSED, "The natalizumab-trial ended."),
    ]


@pytest.mark.parametrize(
    ("question", "group", "number"),
    [
        ("Which drugs have failed in SPMS trials?", MISSED, 2),
        ("What has been tried in SPMS and worked?", MET, 1),
        ("Which treatments were successful in progressive MS?", MET, 2),
        ("Which medicines for relapsing MS were tried in PPMS and worked?", MET, 1),
    ],
)
def test_one_way_to_end_is_told_where_it_is_asked_about(ended, question, group, number):
    assert [heading for heading, _ in told(ended, question)] == [group] * number


def test_a_list_says_how_many_there_are(ended, monkeypatch):
    monkeypatch.setattr("qa.tried.MOST", 1)
    first, *others = ended.ask("Which drugs have failed in SPMS trials?").statements
    assert "1 of the 2" in first.group
    assert others == []


@pytest.mark.parametrize(
    "question",
    [
        "Which drugs failed in relapsing MS?",
        "Did siponimod fail in SPMS?",
        "Which drugs failed for spasticity in SPMS?",
        "What treatments are there for SPMS?",
        "Why do trials in SPMS fail so often?",
    ],
)
def test_a_question_for_something_else_gets_no_list(ended, question):
    assert told(ended, question) == []
