import pytest

from ingest.document import Source
from qa.assistant import Assistant
from qa.filters import SourceFilter
from qa.settings import AskSettings


def source(**fields):
    values = {"kind": "label", "year": 2020, "phenotypes": ("SPMS",), **fields}
    rest = dict.fromkeys(["title", "authors", "container", "url", "as_of"], "x")
    return Source("k", 1, **rest, **values)


@pytest.mark.parametrize(
    ("only", "admitted"),
    [
        (SourceFilter(), True),
        (SourceFilter(phenotypes=("SPMS",)), True),
        (SourceFilter(phenotypes=("active SPMS",)), True),
        (SourceFilter(phenotypes=("PPMS",)), False),
        (SourceFilter(kinds=("label", "review")), True),
        (SourceFilter(kinds=("review",)), False),
        (SourceFilter(since=2020), True),
        (SourceFilter(since=2021), False),
        (SourceFilter(regions=("EU",)), True),
    ],
)
def test_a_source_is_admitted_when_it_fits_every_field(only, admitted):
    assert only.admits(source()) == admitted


def test_a_decision_of_another_region_is_left_out():
    american = source(status=({"region": "US"},))
    assert SourceFilter(regions=("US",)).admits(american)
    assert not SourceFilter(regions=("EU",)).admits(american)


def test_evidence_on_ms_as_such_concerns_every_form():
    assert SourceFilter(phenotypes=("PPMS",)).admits(source(phenotypes=("MS",)))


def test_an_empty_filter_is_false():
    assert not SourceFilter()
    assert SourceFilter(since=2000)


def test_only_admitted_sources_are_quoted(assistant: Assistant):
    question = "What happened in the TWO trial with betanib?"
    assert assistant.ask(question).citations
    only = AskSettings(only=SourceFilter(since=2021))
    assert assistant.ask(question, settings=only).citations == []
