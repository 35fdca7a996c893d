from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest

from ingest.build import build_index
from ingest.document import Span
from ingest.settings import IndexSettings
from qa.answer import Turn
from qa.assistant import Assistant
from qa.compose import ASKED, compose
from qa.evidence import Features
from qa.understand import Understanding
from qa.wants import Want, gives, wants


def first(assistant, question, *earlier):
    return assistant.ask(question, [Turn(text) for text in earlier]).statements[0].text


def test_the_direct_answer_stands_first(assistant):
    assert first(assistant, "Does alphamab slow disability progression?").startswith("Alphamab slowed disability")


def test_each_of_two_compared_drugs_gets_a_sentence(write_document, tmp_path, embedder):
    for number, drug in enumerate(["siponimod", "ocrelizumab"], start=1):
        body = f"{drug.title()} slowed progression in people with progressive MS.\n" + (
            f"More people on {drug} than on placebo had infections in progressive MS.\n" * (drug == "siponimod")
        )
        folder = write_document(drug, number, body, drugs=[drug]).parent
    build_index(tmp_path / "two", IndexSettings(), paths=[folder], embedder=embedder)
    answer = Assistant.open(tmp_path / "two", embedder=embedder).ask("siponimod or ocrelizumab for progression?")
    assert {"siponimod", "ocrelizumab"} == {c.source.key for c in answer.citations}


def test_a_trial_whose_name_holds_anothers_does_not_stand_for_it(write_document, tmp_path, embedder):
    write_document("oratorio-2017", 1, "ORATORIO enrolled 732 adults of 18 to 55 years with PPMS.\n")
    body = "".join(f"People enrolled in ORATORIO-HAND had PPMS and group {name} differed.\n" for name in "ABCDEFGH")
    folder = write_document("oratorio-hand-2026", 2, body).parent
    build_index(tmp_path / "hand", IndexSettings(), paths=[folder], embedder=embedder)
    answer = Assistant.open(tmp_path / "hand", embedder=embedder).ask(
        "Which people enrolled in ORATORIO-HAND differed from those in ORATORIO?"
    )
    assert {"oratorio-2017", "oratorio-hand-2026"} == {c.source.key for c in answer.citations}


def test_a_source_on_another_form_of_ms_is_first_heard_on_the_form_asked_about(write_document, tmp_path, embedder):
    body = (
        "## Bottom line\n\nHigh-dose vitamin D reduced new attacks in people with a first attack.\n\n"
        "## Limits\n\nThe trial gives no evidence on the capsules for SPMS.\n"
    )
    folder = write_document("d-lay", 1, body, phenotypes=["RRMS"]).parent
    build_index(tmp_path / "form", IndexSettings(), paths=[folder], embedder=embedder)
    assistant = Assistant.open(tmp_path / "form", embedder=embedder)
    assert first(assistant, "Has high-dose vitamin D reduced new attacks in SPMS?").startswith("The trial gives no")
    assert first(assistant, "Has high-dose vitamin D reduced new attacks?").startswith("High-dose vitamin D")


def test_no_statement_is_repeated(assistant):
    texts = [statement.text for statement in assistant.ask("alphamab betanib progression liver infusion").statements]
    assert len(texts) == len(set(texts)) > 1


def candidate(text, score, *vector, effect=0, outcome=0, key="one", focus=0, names_drug=False, bottom_line=0, start=0):
    hit = SimpleNamespace(source=Mock(number=1, phenotypes=(), key=key), section="", page_of={}.get)
    features = SimpleNamespace(asked_effect=effect, asked_outcome=outcome, focus=focus, bottom_line=bottom_line)
    sentence, span = SimpleNamespace(names_drug=names_drug), Span(start, start + len(text))
    unit = np.array(vector) / np.linalg.norm(vector)
    told = {"text": text, "score": score, "vector": unit, "words": len(text.split()), "editorial": False, "span": span}
    told["values"] = np.zeros(len(Features.names()))
    return SimpleNamespace(**told, stems=frozenset(), held=frozenset(), hit=hit, sentence=sentence, features=features)


def composed(*candidates, wants=(), **further):
    asked = Understanding("?", "", "", (), (), (), frozenset(wants))
    return [statement.text for statement in compose(asked, candidates, 5, {"bias": 1.0, **further})]


def test_compared_trials_each_tell_their_primary_outcome_however_it_ranks():
    first = candidate("Alphamab helped.", 9, 1, 0, 0, effect=3, key="alpha")
    filler = candidate("Both were long.", 8, 0, 1, 0, effect=3, key="beta")
    outcomes = [
        candidate(f"{key} met its goal: 0.7{n}.", -9 - n, 0, 0, 1, effect=3, outcome=5, key=key)
        for n, key in enumerate(("alpha", "beta"))
    ]
    told = composed(first, filler, *outcomes, wants=[Want.SEVERAL])
    assert told[:3] == ["Alphamab helped.", "alpha met its goal: 0.70.", "beta met its goal: 0.71."]
    assert composed(first, filler, *outcomes)[:2] == ["Alphamab helped.", "Both were long."]


def test_a_compared_trial_without_a_number_is_summed_up_by_its_first_sentence():
    first = candidate("Alphamab helped: 0.70.", 9, 1, 0, 0, effect=3, outcome=5, key="alpha")
    rest = [
        candidate("Beta: scans were stable.", 8, 0, 1, 0, effect=3, key="beta"),
        candidate("Beta: walking fell as well.", 2, 0, 0, 1, effect=3, key="beta", bottom_line=1, start=90),
        candidate("Beta did not help.", 1, 0, 0, 1, effect=3, key="beta", bottom_line=1),
    ]
    assert composed(first, *rest, wants=[Want.SEVERAL])[:2] == ["Alphamab helped: 0.70.", "Beta did not help."]


def test_sentences_about_another_thing_are_left_out():
    best = candidate("Splints help.", 12, 1, 0, 0)
    drug = candidate("Another drug was tried.", 11, 0, 1, 0, names_drug=True)
    assert composed(best, drug) == ["Splints help."]
    assert composed(best, drug, wants=[Want.SEVERAL]) == ["Splints help.", "Another drug was tried."]
    trial = candidate("Another trial was run.", 20, 0, 1, 0, focus=-1)
    assert composed(best, trial) == composed(best, trial, wants=[Want.SEVERAL]) == ["Splints help."]
    exercises = candidate("So do exercises.", 11, 0, 1, 0)
    botulinum = candidate("Botulinum toxin helps.", 14, 0, 1, 0, names_drug=True)
    assert composed(best, exercises) == ["Splints help.", "So do exercises."]
    assert composed(best, botulinum) == ["Splints help.", "Botulinum toxin helps."]


def test_parallel_findings_with_other_numbers_are_both_told():
    titration, maintenance = candidate("Missed in the first 6 days.", 9, 1, 0.01), candidate("4 missed.", 8, 1, 0)
    again = candidate("Doses missed.", 8.5, 1, 0.02)
    assert composed(titration, again, maintenance) == ["Missed in the first 6 days.", "4 missed."]


def test_what_another_trial_found_is_no_repetition_where_it_is_asked_what_they_found():
    one, two = candidate("ONE slowed it.", 9, 1, 0, effect=3), candidate("TWO slowed it.", 8, 1, 0.01, effect=3)
    assert composed(one, two) == ["ONE slowed it.", "TWO slowed it."]
    assert composed(one, candidate("It slowed.", 8, 1, 0.01)) == ["ONE slowed it."]


FAR = [candidate(f"Finding {name}.", score, *(name == other for other in "abc"), key=key)
       for name, score, key in zip("abc", (9, 6, 3), ("one", "two", "one"), strict=True)]  # fmt: skip


@pytest.mark.parametrize(
    ("further", "told"),
    [
        pytest.param({}, "abc", id="every sentence"),
        pytest.param({"bias": -1.0}, "a", id="none but the best"),
        pytest.param({"below_best": -0.3}, "ab", id="not too far below the best"),
        pytest.param({"told": -0.6}, "ab", id="not too many"),
        pytest.param({"bias": -0.5, "same_source": 1.0}, "ac", id="of a source that is told already"),
        pytest.param({"bias": -0.5, "asked": 1.0}, "ab", id="near a written question"),
        pytest.param({"likeness": -2.0}, "abc", id="unlike what is told"),
    ],
)
def test_a_further_sentence_is_told_where_enough_speaks_for_it(further, told):
    FAR[1].values[ASKED] = 0.9
    assert composed(*FAR, **further) == [f"Finding {name}." for name in told]


def test_the_same_question_gets_the_same_answer_twice(assistant):
    question = "What did betanib do to the liver?"
    assert assistant.ask(question).text == assistant.ask(question).text


@pytest.mark.parametrize(
    ("question", "want"),
    [
        ("How many people took part?", Want.PEOPLE),
        ("When did the trial end?", Want.DATE),
        ("Where was it run?", Want.PLACE),
        ("What are the side effects?", Want.SAFETY),
        ("Why was it stopped?", Want.REASON),
        ("Which people with PPMS should not have it?", Want.AGAINST),
        ("who mustnt take alphamab", Want.AGAINST),
        ("Alphamab contraindications", Want.AGAINST),
        ("When should alphamab not be used?", Want.AGAINST),
        ("Is it approved in the US?", Want.STATUS),
        ("A versus B", Want.SEVERAL),
        ("How do these fit together?", Want.SEVERAL),
        ("Why do they tell different stories?", Want.SEVERAL),
        ("What is the latest on it?", Want.NEWEST),
    ],
)
def test_the_kind_of_answer_is_recognised(question, want):
    assert want in wants(question)


@pytest.mark.parametrize(
    "question",
    [
        "I can't get out of bed, what helps?",
        "I have not taken my tablets for 3 days. What now?",
        "What must be ruled out before steroids?",
        "What suffers when you can't get about?",
        "How many people told they have MS turn out not to have it?",
    ],
)
def test_what_somebody_cannot_do_is_no_question_whom_a_drug_is_not_for(question):
    assert Want.AGAINST not in wants(question)


@pytest.mark.parametrize(
    ("sentence", "want", "is_of_it"),
    [
        ("It enrolled 964 people with SPMS.", Want.PEOPLE, True),
        ("It ran for 964 days.", Want.PEOPLE, False),
        ("It ended in March 2024.", Want.DATE, True),
        ("It may end.", Want.DATE, False),
        ("It is contraindicated in pregnancy.", Want.AGAINST, True),
        ("People with hepatitis should not be treated.", Want.AGAINST, True),
        ("It may be used in pregnancy.", Want.AGAINST, False),
        ("It should not be withheld in pregnancy.", Want.AGAINST, False),
        ("It fell by 24%.", Want.PERCENT, True),
    ],
)
def test_a_sentence_is_of_a_kind_or_not(sentence, want, is_of_it):
    assert gives(sentence, want) is is_of_it
