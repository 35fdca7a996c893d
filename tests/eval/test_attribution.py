from dataclasses import replace

import pytest

from eval.attribution import DeterministicJudge, citation_precision, citation_recall
from eval.run import own_check
from qa.answer import Citation, Statement, Support


def cited(*quotes: str) -> Statement:
    """A statement whose citations are told apart by their quotes alone."""
    citations = tuple(Citation(place, None, quote, 0, len(quote), "") for place, quote in enumerate(quotes, start=1))
    return Statement("Alphamab slows MS.", citations, Support.SUPPORTED)


def holds_both(_statement, citations):
    """Carries when what was quoted says both "alphamab" and "slows", in one quote or in several."""
    read = " ".join(citation.quote for citation in citations)
    return "alphamab" in read and "slows" in read


@pytest.mark.parametrize(
    ("quotes", "recall", "precision"),
    [
        pytest.param(["alphamab slows"], 1.0, 1.0, id="one citation carries it"),
        pytest.param(["alphamab", "slows"], 1.0, 1.0, id="two carry it only together: both are needed"),
        pytest.param(["alphamab slows", "weather"], 1.0, 0.5, id="one of two does nothing"),
        pytest.param(["alphamab slows", "alphamab slows"], 1.0, 1.0, id="each carries it alone"),
        pytest.param(["alphamab", "weather"], 0.0, 0.0, id="not carried: no citation counts"),
        pytest.param([], 0.0, 0.0, id="no citation"),
    ],
)
def test_citation_recall_and_precision_of_one_statement(quotes, recall, precision):
    answer = [cited(*quotes)]
    assert (citation_recall(answer, holds_both), citation_precision(answer, holds_both)) == (
        recall,
        precision,
    )


def test_recall_counts_statements_and_precision_counts_citations():
    answer = [cited("alphamab slows", "weather", "news"), cited("weather")]
    assert citation_recall(answer, holds_both) == 1 / 2
    assert citation_precision(answer, holds_both) == 1 / 4


def test_an_answer_without_statements_has_neither():
    assert citation_recall([], holds_both) is None
    assert citation_precision([], holds_both) is None


def test_the_assistants_own_answers_pass_its_own_check(assistant):
    judge = DeterministicJudge(lambda key: assistant.document(key).text)
    statements = assistant.ask("Did alphamab slow disability progression in ONE?").statements
    assert citation_recall(statements, judge) == citation_precision(statements, judge) == 1.0


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda s: replace(s, text=s.text.replace("0.76", "0.67")), id="another number"),
        pytest.param(lambda s: replace(s, citations=()), id="no citation"),
        pytest.param(lambda s: replace(s, citations=(replace(s.citations[0], start=0, end=5),)), id="other offsets"),
    ],
)
def test_the_judge_trusts_no_recorded_verdict(assistant, alter):
    judge = DeterministicJudge(lambda key: assistant.document(key).text)
    first = assistant.ask("What was the hazard ratio for progression with alphamab in ONE?").statements[0]
    assert first.support is Support.SUPPORTED
    assert citation_recall([alter(first)], judge) == 0.0


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        pytest.param("With alphamab, the hazard ratio for progression in ONE was 0.76.", True, id="in other words"),
        pytest.param("With alphamab, the hazard ratio for progression in ONE was 0.67.", False, id="another number"),
        pytest.param("With betanib, the hazard ratio for progression in ONE was 0.76.", False, id="another drug"),
    ],
)
def test_a_statement_in_other_words_is_checked_against_its_quotes(assistant, text, carried):
    judge = own_check(assistant)
    first = assistant.ask("What was the hazard ratio for progression with alphamab in ONE?").statements[0]
    assert citation_recall([replace(first, text=text)], judge) == float(carried)


def test_a_statement_without_citation_is_not_carried_however_lenient_the_judge():
    assert citation_recall([cited()], lambda *_: True) == 0.0


def test_the_judge_reads_only_the_citations_it_is_given(assistant):
    judge = DeterministicJudge(lambda key: assistant.document(key).text)
    one = assistant.ask("What was the hazard ratio for progression with alphamab in ONE?").statements[0]
    other = assistant.ask("Did liver enzymes rise on betanib in TWO?").statements[0]
    assert judge(one, one.citations)
    assert not judge(one, other.citations)
