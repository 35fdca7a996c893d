import json
import re

import pytest

from eval.checking import Checked, check_all, measures, to_json, worth
from eval.claims import (
    PARAPHRASES,
    Claim,
    altered,
    read_directions,
    read_paraphrases,
    read_scifact,
    split_of,
    verbatim_sentences,
)
from eval.records import DataFileError
from ingest.load import PACKAGED, find_files, load_document
from ingest.progress import silent
from qa.checker import Check, Problem, Quote
from qa.glossary import packaged_glossary

TRUE = "Siponimod slowed progression in people with SPMS."
NUMBER, DRUG = Problem(Check.NUMBER, "another number"), Problem(Check.DRUG, "another drug")


def claim(id_: str, label: str, statement: str = TRUE, *, supported: bool = False) -> Claim:
    return Claim(id_, label, statement, (Quote(TRUE),), supported)


def same_words(one: str, other: str) -> float:
    first, second = set(one.lower().split()), set(other.lower().split())
    return len(first & second) / len(first | second)


@pytest.fixture
def write_lines(tmp_path):
    """Write JSON Lines files and return the folder."""

    def write(**files):
        for name, records in files.items():
            lines = (r if isinstance(r, str) else json.dumps(r) for r in records)
            (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return tmp_path

    return write


ABSTRACT = {"_id": "7", "title": "A trial", "text": "Relapses fell. Snow lay on the hills. Rain fell. The sun shone."}
SCIFACT = {"claim_id": "1", "claim": "Relapses fell.", "doc_id": 7, "label": "SUPPORT", "evidence": [["A.", "B."]]}
DIRECTION = {
    "id": "1",
    "pmcid": "7",
    "intervention": "GH (4 mg)",
    "comparator": "placebo",
    "outcome": "fat",
    "answer": "significantly decreased",
    "evidence": ["Fat fell with GH."],
}


def test_claims_fall_into_two_splits_by_their_id():
    ids = [str(number) for number in range(200)]
    assert 80 <= sum(split_of(id_) == "dev" for id_ in ids) <= 120
    assert [claim(id_, "x").split for id_ in ("p001", "p002", "p003")] == ["test", "dev", "test"]


def test_an_altered_claim_stays_in_the_split_of_its_sentence():
    false = altered([claim(f"s{n}", "verbatim", supported=True) for n in range(20)], packaged_glossary(), at_most=5)
    assert {c.label for c in false} == {"drug", "phenotype", "direction", "negation"}
    assert all(c.split == split_of(c.id.partition("/")[0]) and not c.supported for c in false)
    assert len(false) == 4 * 5


def test_altering_twice_gives_the_same_claims():
    claims = [claim(f"s{n}", "verbatim", supported=True) for n in range(5)]
    assert altered(claims, packaged_glossary(), at_most=3) == altered(claims, packaged_glossary(), at_most=3)


def test_every_packaged_paraphrase_quotes_its_document():
    claims = read_paraphrases(PARAPHRASES, [load_document(file) for file in find_files([PACKAGED])])
    assert len({c.id for c in claims}) == len(claims) > 150
    assert all(c.supported and c.quotes for c in claims)


def test_a_paraphrase_of_a_sentence_that_is_gone_is_named(tmp_path):
    file = tmp_path / "paraphrases.yaml"
    file.write_text('- {id: p1, from: [{key: gone, sentence: "It helps."}], paraphrase: "It does."}', encoding="utf-8")
    with pytest.raises(DataFileError, match=r"p1: gone holds no sentence 'It helps\.'"):
        read_paraphrases(file, [])


def test_a_claim_without_evidence_quotes_the_sentences_most_like_it(write_lines):
    folder = write_lines(corpus=[ABSTRACT], claims=[{**SCIFACT, "label": "NOT_ENOUGH_INFO", "evidence": []}])
    (found,) = read_scifact(folder / "claims.jsonl", split_of("1"), same_words)
    assert [quote.text for quote in found.quotes][:2] == ["Relapses fell.", "Rain fell."]
    assert (len(found.quotes), found.supported) == (3, False)


def test_claims_of_the_other_split_are_left_out(write_lines):
    folder = write_lines(corpus=[ABSTRACT], claims=[{**SCIFACT, "claim_id": str(n)} for n in range(20)])
    read = {split: read_scifact(folder / "claims.jsonl", split, same_words) for split in ("dev", "test")}
    assert all(c.split == split and c.supported for split, claims in read.items() for c in claims)
    assert len(read["dev"]) + len(read["test"]) == 20


def test_a_question_about_a_direction_becomes_one_right_and_two_wrong_statements(write_lines):
    folder = write_lines(corpus=[ABSTRACT], questions=[DIRECTION])
    claims = read_directions(folder / "questions.jsonl")
    assert [c.label for c in claims] == ["wrong", "right", "wrong"]
    assert claims[1].statement == "GH significantly decreased fat compared with placebo."
    assert len({c.split for c in claims}) == 1


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        pytest.param("[", "line 1: is not JSON", id="no JSON"),
        pytest.param({**SCIFACT, "label": "MAYBE"}, "'label' is 'MAYBE'. Use one of: SUPPORT", id="label"),
        pytest.param({**SCIFACT, "evidence": "A."}, "'evidence' is no list of passages", id="evidence as text"),
        pytest.param({**SCIFACT, "evidence": [7]}, "'evidence' is no list of passages", id="evidence of numbers"),
        pytest.param({**SCIFACT, "doc_id": "8"}, "document 8 is missing", id="unknown document"),
        pytest.param({"claim_id": "1"}, "'claim' is missing", id="no claim"),
    ],
)
def test_a_scifact_file_in_another_format_says_where_and_why(write_lines, record, complaint):
    folder = write_lines(corpus=[ABSTRACT], claims=[record])
    with pytest.raises(DataFileError, match=re.escape(complaint)):
        read_scifact(folder / "claims.jsonl", split_of("1"), same_words)


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        pytest.param({**DIRECTION, "answer": "up"}, "'answer' is 'up'. Use one of: significantly", id="answer"),
        pytest.param({**DIRECTION, "evidence": {}}, "'evidence' is no list of passages", id="evidence"),
        pytest.param({**DIRECTION, "outcome": None}, "'outcome' is missing", id="no outcome"),
    ],
)
def test_a_file_of_directions_in_another_format_says_where_and_why(write_lines, record, complaint):
    folder = write_lines(corpus=[ABSTRACT], questions=[record])
    with pytest.raises(DataFileError, match=re.escape(complaint)):
        read_directions(folder / "questions.jsonl")


@pytest.mark.parametrize(("there", "missing"), [("corpus", "claims"), ("claims", "corpus")])
def test_a_file_that_is_not_there_is_named(write_lines, there, missing):
    folder = write_lines(**{there: []})
    with pytest.raises(DataFileError, match=rf"{missing}\.jsonl: cannot be read \(No such file"):
        read_scifact(folder / "claims.jsonl", "dev", same_words)
    with pytest.raises(DataFileError, match=rf"{missing}\.jsonl: cannot be read \(No such file"):
        read_directions(folder / "claims.jsonl")


CHECKED = [
    Checked("verbatim", claim("a", "verbatim", supported=True), ()),
    Checked("altered", claim("a/number", "number"), (NUMBER,)),
    Checked("altered", claim("b/number", "number"), ()),
    Checked("altered", claim("a/drug", "drug"), (NUMBER, DRUG)),
    Checked("SciFact", claim("1", "SUPPORT", supported=True), (DRUG,)),
    Checked("SciFact", claim("2", "CONTRADICT"), ()),
]


def test_figures_are_shares_of_what_they_name():
    found = {measure.name.strip(): measure.of(CHECKED) for measure in measures(CHECKED)}
    assert {name: (round(figure.value, 3), figure.n) for name, figure in found.items()} == {
        "verbatim sentences: false alarms": (0.0, 1),
        "altered sentences: detected": (0.667, 3),
        "number": (0.5, 2),
        "drug": (1.0, 1),
        "SciFact: accepted, not supported": (1.0, 1),
        "contradicted": (1.0, 1),
        "SciFact: accepted, supported": (0.0, 1),
    }


def test_a_check_is_worth_what_is_lost_without_it():
    found = worth(CHECKED)
    assert found[Check.NUMBER] == {"altered sentences: detected": pytest.approx(-1 / 3)}
    assert found[Check.DRUG] == {"SciFact: accepted, supported": 1.0}


def test_json_names_every_figure_and_every_verdict():
    values = json.loads(json.dumps(to_json(CHECKED, {m: m.of(CHECKED) for m in measures(CHECKED)}, {"split": "dev"})))
    assert values["figures"]["altered sentences: detected, number"]["n"] == 2
    assert [c["accepted"] for c in values["claims"]] == [True, False, True, False, False, True]


def test_true_sentences_pass_and_false_ones_do_not():
    sets = {
        "verbatim": [claim("a", "verbatim", supported=True)],
        "altered": [claim("a/x", "x", TRUE.replace("S", "Z"))],
    }
    assert [c.accepted() for c in check_all(sets, None, silent)] == [True, False]


def test_headings_are_no_statements():
    document = load_document(find_files([PACKAGED])[0])
    assert all(not c.statement.startswith("#") and c.supported for c in verbatim_sentences([document]))
