from dataclasses import replace

import pytest

from qa.answer import Support
from qa.verify import verify


@pytest.fixture
def statement(assistant):
    return assistant.ask("What was the hazard ratio for progression with alphamab in ONE?").statements[0]


@pytest.fixture
def read(assistant):
    return lambda key: assistant.document(key).text


def test_a_verbatim_statement_is_supported(statement, read):
    assert verify(statement, read).support is Support.SUPPORTED


def test_an_altered_number_is_unsupported(statement, read):
    assert verify(replace(statement, text=statement.text.replace("0.76", "0.67")), read).support is Support.UNSUPPORTED


def test_a_quote_that_does_not_stand_at_its_offsets_is_unsupported(statement, read):
    moved = replace(statement.citations[0], start=statement.citations[0].start + 1)
    assert verify(replace(statement, citations=(moved,)), read).support is Support.UNSUPPORTED


def test_a_quote_of_another_document_is_unsupported(statement, read, assistant):
    other = assistant.sources()[1]
    swapped = replace(statement.citations[0], source=other)
    assert verify(replace(statement, citations=(swapped,)), read).support is Support.UNSUPPORTED


def test_a_statement_without_citation_is_unsupported(statement, read):
    assert verify(replace(statement, citations=()), read).support is Support.UNSUPPORTED
