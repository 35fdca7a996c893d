"""The 109 real files of ../shared/data/docs: every one gets the outcome that its manifest expects."""

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from ingest.errors import DocumentError
from ingest.reading import Budget, Reading

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "docs"
MANIFEST = FOLDER / "manifest.json"
ENTRIES = json.loads(MANIFEST.read_text(encoding="utf-8")) if MANIFEST.is_file() else []
pytestmark = pytest.mark.skipif(not ENTRIES, reason=f"there is no {MANIFEST}; it lies beside the project's checkout")
# Files of an "office" or "pdf_layout" kind whose text is nothing but a picture, or that say nothing at all.
WITHOUT_TEXT = {"office/mammoth__empty.docx", "office/mammoth__external-picture.docx"}
REFUSED_OFFICE = {
    "office/unstructured__fake-doc-emphasized-text.doc": "old Office format",
    "office/unstructured__stanley-cups.xlsx": "is a spreadsheet",
    "office/unstructured__password_protected.xlsx": "protected by a password",
}
# Least share of the gold file's words that the text holds. Gold files of docling write numbers of headings, LaTeX and
# picture marks that are no text of the document.
LEAST_RECALL = {"jats_ms": 0.95, "pdf_layout": 0.85, "office": 0.65}


def outcome(reading, path):
    """The drafts of a file, or the problem with it."""
    try:
        return reading.read(path)
    except DocumentError as error:
        return error.problem


@pytest.fixture(scope="module")
def outcomes():
    with Reading(Budget()) as reading:
        return {entry["file"]: outcome(reading, FOLDER / entry["file"]) for entry in ENTRIES}


def of(category):
    return [entry["file"] for entry in ENTRIES if entry["category"] == category]


def test_no_document_is_silently_empty(outcomes):
    read = [drafts for drafts in outcomes.values() if not isinstance(drafts, str)]
    assert all(re.search(r"\w", draft.text) for drafts in read for draft in drafts)


def test_protected_files_ask_for_their_password(outcomes):
    assert {outcomes[file] for file in of("pdf_encrypted_needs_password")} == {"needs a password"}


def test_files_that_open_without_a_password_are_read(outcomes):
    edge = {"pypdf__r5-user-password.pdf", "pypdf__r6-user-password.pdf"}  # either outcome is right, says the manifest
    wanted = [file for file in of("pdf_encrypted_opens_without_password") if Path(file).name not in edge]
    assert [file for file in wanted if isinstance(outcomes[file], str)] == []


def test_scans_are_reported_as_without_a_text_layer(outcomes):
    assert [file for file in of("pdf_scanned") if not str(outcomes[file]).startswith("no text layer")] == []


def test_broken_files_are_read_or_reported(outcomes):
    assert all(outcomes[file] for file in of("pdf_corrupt"))


@pytest.mark.parametrize("category", ["pdf_layout", "html", "epub", "jats_ms"])
def test_every_file_of_a_readable_kind_is_read(outcomes, category):
    assert [file for file in of(category) if isinstance(outcomes[file], str)] == []


def test_office_files_are_read_or_refused_by_name_of_their_kind(outcomes):
    refused = {file: outcomes[file] for file in of("office") if isinstance(outcomes[file], str)}
    assert {file for file, problem in refused.items() if problem == "holds no text"} == WITHOUT_TEXT
    assert all(REFUSED_OFFICE[file] in refused[file] for file in set(refused) - WITHOUT_TEXT)


def test_encodings_are_right_and_empty_files_reported(outcomes):
    refused = [file for file in of("text_encodings") if isinstance(outcomes[file], str)]
    assert {outcomes[file] for file in refused} == {"is empty"}
    assert len(refused) == 2
    umlauts = outcomes["text_encodings/unstructured__umlauts-non-utf8.md"][0].text
    wide = [outcomes[f"text_encodings/unstructured__fake-text-utf-{name}.txt"][0].text for name in ("16-le", "32")]
    assert "ü" in umlauts
    assert wide[0] == wide[1]


def test_articles_have_title_authors_year_and_an_address(outcomes):
    drafts = [outcomes[file][0] for file in of("jats_ms")]
    assert all(draft.title and draft.authors and draft.container and draft.year and draft.url for draft in drafts)


def test_the_text_of_a_pdf_has_as_many_page_ends_as_the_pdf_has_pages(outcomes):
    import pypdfium2

    read = {file: drafts for file, drafts in outcomes.items() if file.endswith(".pdf") and not isinstance(drafts, str)}
    counts = {}
    for file in read:
        with pypdfium2.PdfDocument(FOLDER / file) as document:
            counts[file] = len(document)
    assert {file: drafts[0].text.count("\f") for file, drafts in read.items()} == counts


def words(text):
    return Counter(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.get("gold")], ids=lambda entry: Path(entry["file"]).name)
def test_the_words_of_the_gold_file_are_there(outcomes, entry):
    drafts = outcomes[entry["file"]]
    if isinstance(drafts, str):
        pytest.skip("a scan: needs OCR")
    gold = words((FOLDER / entry["gold"]).read_text(encoding="utf-8"))
    held = words("".join(draft.text for draft in drafts))
    assert (gold & held).total() / gold.total() >= LEAST_RECALL[entry["category"]]


def test_mutated_files_are_read_or_reported(tmp_path):
    rng = random.Random(500)
    with Reading(Budget()) as reading:
        for number in range(40):
            entry = rng.choice(ENTRIES)
            data = bytearray((FOLDER / entry["file"]).read_bytes())
            for _ in range(rng.choice([1, 30]) if data else 0):
                data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            path = tmp_path / f"{number}{Path(entry['file']).suffix}"
            path.write_bytes(data[: rng.choice([len(data), rng.randrange(len(data) + 1)])])
            found = outcome(reading, path)
            assert found
            assert isinstance(found, str) or all(draft.text.strip() for draft in found)
