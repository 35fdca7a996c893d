import calendar
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import corpus
from ingest.chunk import sections
from ingest.document import Document
from ingest.load import PACKAGED, find_clashes, find_files, load_document
from ingest.sentences import split_sentences

HEADINGS = {"Bottom line", "Who and how", "Results", "Safety", "Monitoring", "Status", "Limits", "Reading"}
LONGEST_SENTENCE = 48  # words
LEANS_ON_ANOTHER = re.compile(r"(?:It|They|This|These|Those|Both|Such|The trial|The study|The drug)\b")
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
# Trials whose front matter has no outcomes, with the sentence of the body that says why.
WITHOUT_RESULTS = {"inspire-dmf-spms-2016": "No participant with SPMS completed INSPIRE."}


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return [load_document(file) for file in find_files([PACKAGED])]


@pytest.fixture(scope="module")
def by_key(documents) -> dict[str, Document]:
    return {document.source.key: document for document in documents}


def sentences(document: Document) -> list[str]:
    spans = (section.span for section in sections(document.text))
    return [s.of(document.text) for span in spans for s in split_sentences(document.text, span.start, span.end)]


def numbers(text: str) -> list[float]:
    """The numbers of a text without their signs: the text may say "24% lower" where the data say -24."""
    return [float(number.replace(",", "")) for number in re.findall(NUMBER, text)]


def outcomes(documents: list[Document]) -> Iterator[tuple[Document, Mapping[str, Any]]]:
    return ((document, outcome) for document in documents for outcome in document.source.outcomes)


def stated_together(outcome: Mapping[str, Any], texts: list[str]) -> bool:
    """Whether one text holds the outcome's value, both ends of its interval and its p."""
    values = [abs(value) for value in (outcome["value"], *(outcome["ci"] or ())) if value is not None]
    wanted = {*values, *numbers(outcome["p"] or "")}
    return any(wanted <= set(numbers(text)) for text in texts)


def withdrawn() -> set[int]:
    (listed,) = re.findall(r"^Withdrawn numbers: (.+)\.$", (corpus.ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    return {int(number) for number in re.findall(r"\d+", listed)}


def test_every_packaged_document_loads_from_a_folder_that_the_wheel_takes_along(documents):
    packed = {path.stem for path in corpus.documents_dir().glob("*/*.md")}
    assert len(documents) > 100
    assert {document.source.key for document in documents} == packed


def test_no_two_documents_share_key_or_number(documents):
    assert find_clashes((d.source.key, d.source.number, d.path) for d in documents) == []


def test_numbers_run_from_one_without_gaps_but_those_withdrawn(documents):
    used = sorted({document.source.number for document in documents} | withdrawn())
    assert used == list(range(1, len(documents) + len(withdrawn()) + 1))


def test_related_documents_exist_and_are_others(documents, by_key):
    related = [(d.source.key, key) for d in documents for key in d.source.see_also]
    assert [(key, other) for key, other in related if other not in by_key or other == key] == []


def test_a_document_is_superseded_by_a_newer_one(documents, by_key):
    older = [d.source for d in documents if d.source.superseded_by]
    assert [s.key for s in older if s.superseded_by not in by_key] == []
    assert [s.key for s in older if by_key[s.superseded_by].source.year <= s.year] == []


def test_one_sentence_states_value_interval_and_p_of_each_outcome(documents):
    apart = [(d.source.key, o["measure"]) for d, o in outcomes(documents) if not stated_together(o, sentences(d))]
    assert apart == []


def test_the_text_states_how_many_people_each_outcome_counts(documents):
    counted = [(d, o["n"]) for d, o in outcomes(documents) if o["n"] is not None]
    assert [(d.source.key, n) for d, n in counted if n not in numbers(d.text)] == []


def test_the_text_gives_each_interval_from_low_to_high(documents):
    pairs = re.compile(rf"({NUMBER}) to [-+−]?({NUMBER})")
    given = {d.source.key: [numbers(" ".join(pair)) for pair in pairs.findall(d.text)] for d in documents}
    intervals = [(d.source.key, o["ci"]) for d, o in outcomes(documents) if o["ci"]]
    assert [(key, ci) for key, ci in intervals if [abs(end) for end in ci] not in given[key]] == []


def test_the_text_gives_each_p_with_its_relation(documents):
    unequal = []
    for document, p in ((d, o["p"]) for d, o in outcomes(documents) if o["p"]):
        shown = re.escape(f"p{p}" if p[0] in "<>=" else f"p={p}")
        if not re.search(rf"{shown}(?!\d)", document.text.replace(" ", "").replace("≤", "<="), re.IGNORECASE):
            unequal.append((document.source.key, p))
    assert unequal == []


def test_an_interval_holds_its_value(documents):
    measured = [
        (d.source.key, o["value"], o["ci"]) for d, o in outcomes(documents) if o["ci"] and o["value"] is not None
    ]
    assert [case for case in measured if not case[2][0] <= case[1] <= case[2][1]] == []


def test_the_text_gives_the_date_of_each_decision(documents):
    missing = []
    for document, date in ((d, s["date"]) for d in documents for s in d.source.status if s["date"]):
        year, *month = date.split("-")
        shown = f"{calendar.month_name[int(month[0])]} {year}" if month else year
        if shown not in document.text:
            missing.append((document.source.key, shown))
    assert missing == []


def test_every_trial_has_outcomes_or_says_that_there_are_no_results(documents):
    trials = [d for d in documents if d.source.kind in ("randomized trial", "extension study")]
    bare = {d.source.key: sentences(d) for d in trials if not d.source.outcomes}
    assert bare.keys() == WITHOUT_RESULTS.keys()
    assert [key for key, reason in WITHOUT_RESULTS.items() if reason not in bare[key]] == []


def test_every_label_and_decision_has_a_status(documents):
    decided = [d.source for d in documents if d.source.kind in ("label", "regulator decision")]
    assert decided
    assert [source.key for source in decided if not source.status] == []


def test_no_sentence_is_too_long(documents):
    counted = [(d.source.key, s, len(s.split())) for d in documents for s in sentences(d)]
    assert [case for case in counted if case[2] > LONGEST_SENTENCE] == []


def test_every_sentence_stands_alone(documents):
    assert [(d.source.key, s) for d in documents for s in sentences(d) if LEANS_ON_ANOTHER.match(s)] == []


def test_every_line_is_one_whole_sentence(documents):
    lines = [(d, line) for d in documents for line in d.text.splitlines() if line.strip() and not line.startswith("#")]
    assert [(d.source.key, line) for d, line in lines if len(split_sentences(line)) != 1] == []
    assert [(d.source.key, line) for d, line in lines if not re.search(r"[.!?][\"”’)]*$", line)] == []


def test_headings_are_those_of_the_contract_and_the_first_is_the_bottom_line(documents):
    headings = {d.source.key: [section.heading for section in sections(d.text)] for d in documents}
    assert [key for key, found in headings.items() if found[:2] != ["", "Bottom line"]] == []
    assert [key for key, found in headings.items() if not set(found[1:]) <= HEADINGS] == []
