import pytest

from ingest.document import Source
from qa.answer import Citation
from qa.references import to_bibtex, to_ris

SOURCE = Source("one-2020", 7, "A & B in MS", "Doe J, Roe RR, et al.", "Journal 2020;1:2", 2020, "randomized trial",
                "https://doi.org/10.1/x", "2020-01", doi="10.1/x", pmid="12")  # fmt: skip
BODY = Source(
    "nice", 8, "Guidance 100%", "National Institute", "NICE", 2022, "guideline", "https://nice.example", "2022"
)


def cite(*sources):
    return [Citation(source.number, source, "quote", 0, 5, "Results") for source in sources]


def test_bibtex_of_an_article():
    entry = to_bibtex(cite(SOURCE))
    assert entry.startswith("@article{one-2020,")
    assert "author = {Doe, J and Roe, RR and others}," in entry
    assert r"title = {A \& B in MS}," in entry


def test_bibtex_of_a_body_keeps_its_name_whole():
    assert "author = {{National Institute}}," in to_bibtex(cite(BODY))
    assert to_bibtex(cite(BODY)).startswith("@misc{nice,")


def test_ris_has_a_record_with_type_first_and_end_last():
    lines = to_ris(cite(SOURCE)).splitlines()
    assert lines[0] == "TY  - JOUR"
    assert lines[-1] == "ER  - "
    assert "AU  - Doe, J" in lines


@pytest.mark.parametrize("export", [to_bibtex, to_ris])
def test_a_source_cited_twice_is_exported_once(export):
    assert export(cite(SOURCE, SOURCE)) == export(cite(SOURCE))
