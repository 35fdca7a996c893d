import re
from pathlib import Path

import pytest
import yaml

import corpus
from ingest.document import Source
from ingest.errors import DocumentError, UnknownPathError
from ingest.load import PACKAGED, File, content_hash, find_clashes, find_files, load_document


def load(path):
    return load_document(File(str(path.parent), path.name))


def refusal(path):
    with pytest.raises(DocumentError) as caught:
        load(path)
    return caught.value


def edit(path, old, new):
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    return path


def test_a_document_holds_its_text_as_written(write_document):
    text = "## Results\n\nOne.  Ω\n\n   Two.\n"
    assert load(write_document("trial", 7, text)).text == text


def test_the_front_matter_becomes_the_source(write_document):
    source = load(write_document("trial", 7, title="On A", drugs=["a", "b"], superseded_by="newer")).source
    assert (source.key, source.number, source.title, source.drugs) == ("trial", 7, "On A", ("a", "b"))
    assert (source.year, source.nct, source.superseded_by, source.see_also) == (2020, None, "newer", ())


OUTCOME = {
    "measure": "progression",
    "population": "PPMS",
    "comparison": "a vs placebo",
    "effect": "HR",
    "value": 0.76,
    "ci": [0.59, 0.98],
    "p": 0.03,
    "n": 732,
    "direction": "better",
    "met": True,
}
STATUS = {"region": "EU", "decision": "approved", "population": "adults with PPMS", "date": "2018-01"}


def test_outcomes_and_decisions_are_kept_as_data(write_document):
    source = load(write_document("trial", 7, outcomes=[OUTCOME], status=[STATUS])).source
    assert source.outcomes == ({**OUTCOME, "p": "0.03"},)
    assert source.status == (STATUS,)


def test_a_source_survives_being_written_as_plain_values(write_document):
    source = load(write_document("trial", 7, outcomes=[OUTCOME], status=[STATUS], see_also=["a"])).source
    assert Source.from_dict(source.to_dict()) == source


@pytest.mark.parametrize(
    ("container", "reference"),
    [
        pytest.param("Journal", "Doe J. On A. Journal, 2021.", id="without the year"),
        pytest.param("Journal 2021;1:1-9", "Doe J. On A. Journal 2021;1:1-9.", id="with the year"),
    ],
)
def test_the_reference_names_authors_title_container_and_year_once(write_document, container, reference):
    fields = {"title": "On A.", "authors": "Doe J.", "container": container, "year": 2021}
    assert load(write_document("trial", 7, **fields)).source.reference == reference


@pytest.mark.parametrize(
    ("written", "read"),
    [("2025", "2025"), ("2025-08", "2025-08"), ("2025-08-01", "2025-08-01"), ("'2025-08'", "2025-08")],
)
def test_a_date_may_be_written_without_quotes(write_document, written, read):
    path = edit(write_document("trial", 7), b"as_of: 2020-01", f"as_of: {written}".encode())
    assert load(path).source.as_of == read


@pytest.mark.parametrize("text", ["One.\r\nTwo.\r\n", "One.\nTwo.\n"], ids=["CRLF", "LF"])
def test_lines_end_alike_however_the_file_was_saved(write_document, text):
    path = write_document("trial", 7, "TEXT")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").replace(b"TEXT", text.encode()))
    assert load(path).text == "One.\nTwo.\n"


def test_a_byte_order_mark_is_no_part_of_the_document(write_document):
    path = write_document("trial", 7)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(path).source.key == "trial"


def with_fields(path, fields):
    _, front, text = path.read_text().split("---\n")
    path.write_text(f"---\n{yaml.safe_dump({**yaml.safe_load(front), **fields})}---\n{text}")
    return path


BROKEN_FIELDS = [
    pytest.param({"kind": "blog"}, "kind", "'blog'", "Use one of the values named", id="wrong kind"),
    pytest.param({"phenotypes": ["XPMS"]}, "phenotypes.0", "'XPMS'", "Use one of the values", id="wrong phenotype"),
    pytest.param({"phenotypes": []}, "phenotypes", "at least 1", "Name at least one", id="no phenotype"),
    pytest.param({"colour": "red"}, "colour", "'red'", "Remove the field or correct its spelling", id="unknown field"),
    pytest.param({"number": 0}, "number", "'0'", "Correct the value", id="number below one"),
    pytest.param({"number": "ten"}, "number", "'ten'", "Write a whole number", id="number in words"),
    pytest.param({"year": 20}, "year", "'20'", "Correct the value", id="year of two digits"),
    pytest.param({"key": "A Key"}, "key", "'A Key'", "Write it as corpus/README.md shows", id="key with capitals"),
    pytest.param({"url": "ftp://x"}, "url", "'ftp://x'", "Write it as corpus/README.md shows", id="url"),
    pytest.param({"as_of": "May"}, "as_of", "'May'", "Write it as corpus/README.md shows", id="date in words"),
    pytest.param({"topics": "legs"}, "topics", "'legs'", "Write a list", id="text for a list"),
    pytest.param({"title": ""}, "title", "at least 1 character", "Correct the value", id="empty title"),
    pytest.param({"title": True}, "title", "'True'", "Correct the value", id="title true"),
    pytest.param({"outcomes": [{**OUTCOME, "effect": "big"}]}, "outcomes.0.effect", "'big'", "Use one", id="effect"),
    pytest.param({"status": [{"region": "EU"}]}, "status.0.decision", "required", "Add the field", id="status"),
]


@pytest.mark.parametrize(("fields", "field", "problem", "remedy"), BROKEN_FIELDS)
def test_a_wrong_field_is_named_with_its_remedy(write_document, fields, field, problem, remedy):
    path = with_fields(write_document("trial", 7), fields)
    error = refusal(path)
    assert (error.path, error.field) == (path, field)
    assert problem in error.problem
    assert remedy in error.remedy
    assert all(part in str(error) for part in (str(path), field, problem, remedy))


FIELDS = "number title authors container year kind doi pmid nct url topics phenotypes drugs as_of".split()


@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_field_is_named_with_its_remedy(write_document, field):
    path = write_document("trial", 7)
    path.write_text(re.sub(rf"^{field}:.*\n(?:- .*\n)*", "", path.read_text(), flags=re.MULTILINE))
    error = refusal(path)
    assert (error.path, error.field, "Add the field" in error.remedy) == (path, field, True)


def test_the_number_of_further_faults_is_told(write_document):
    assert "(2 more fields are at fault)" in str(refusal(write_document("trial", 7, kind="blog", year=1, url="x")))


BROKEN_FILES = [
    pytest.param(b"Just text.\n", "front matter", "missing", "Begin the file with a line '---'", id="no front matter"),
    pytest.param(b"---\nkey: trial\n", "front matter", "missing", "Begin the file", id="front matter without end"),
    pytest.param(b"---\nkey: [\n---\nText.\n", "front matter", "not valid YAML", "Quote values", id="broken YAML"),
    pytest.param(b"---\ntitle: A: B\n---\nText.\n", "front matter", "not valid YAML", "Quote values", id="colon"),
    pytest.param(b"---\n- a\n---\nText.\n", "front matter", "not a mapping", "'field: value'", id="a list"),
    pytest.param(b"---\n\n---\nText.\n", "front matter", "not a mapping", "'field: value'", id="no fields"),
    pytest.param(b"---\nkey: \xff\n---\nText.\n", "text", "not UTF-8 (byte 9)", "Save the file as UTF-8", id="bytes"),
    pytest.param(b"", "front matter", "missing", "Begin the file", id="empty file"),
]


@pytest.mark.parametrize(("content", "field", "problem", "remedy"), BROKEN_FILES)
def test_a_file_that_is_no_document_is_named_with_its_remedy(tmp_path, content, field, problem, remedy):
    path = tmp_path / "trial.md"
    path.write_bytes(content)
    error = refusal(path)
    assert (error.path, error.field) == (path, field)
    assert problem in error.problem
    assert remedy in error.remedy


@pytest.mark.parametrize("text", ["", " \n\t\n"], ids=["nothing", "white space"])
def test_a_document_without_text_is_refused(write_document, text):
    path = write_document("trial", 7, text)
    error = refusal(path)
    assert (error.path, error.field, error.problem) == (path, "text", "is empty")
    assert "Write the digest" in error.remedy


def test_a_date_that_is_not_in_the_calendar_is_refused_like_any_wrong_value(write_document):
    path = edit(write_document("trial", 7), b"as_of: 2020-01", b"as_of: 2025-13-01")
    assert refusal(path).path == path


def test_a_key_that_differs_from_the_file_name_is_refused(write_document):
    path = write_document("trial", 7)
    renamed = path.rename(path.with_name("other.md"))
    error = refusal(renamed)
    assert (error.path, error.field) == (renamed, "key")
    assert "Name the file trial.md or change the key" in error.remedy


def test_a_key_used_twice_is_named_with_both_files():
    (error,) = find_clashes([("trial", 1, "a/trial.md"), ("trial", 2, "b/trial.md")])
    assert (error.path, error.field) == (Path("b/trial.md"), "key")
    assert "'trial' is already used by a/trial.md. Rename one of the two" in str(error)


def test_a_number_used_twice_is_named_with_both_files():
    (error,) = find_clashes([("one", 4, "one.md"), ("two", 4, "two.md")])
    assert (error.path, error.field) == (Path("two.md"), "number")
    assert "4 is already used by one.md. Take the next free number" in str(error)


def test_different_keys_and_numbers_do_not_clash():
    assert find_clashes([("one", 1, "one.md"), ("two", 2, "two.md")]) == []


def test_a_path_that_is_not_there_is_named_with_its_remedy(tmp_path):
    with pytest.raises(UnknownPathError, match=r"no such file or folder\. Check the spelling.* --remove ") as caught:
        find_files([str(tmp_path / "nowhere")])
    assert str(tmp_path / "nowhere") in str(caught.value)


def test_files_are_found_in_folders_of_folders_in_a_stable_order(tmp_path):
    for name in ("b.md", "a/z.md", "a/b/c.md", "a/note.txt", "a/README.md", ".hidden.md", "a/.git/x.md", "cover.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    files = find_files([str(tmp_path)])
    assert [file.path for file in files] == ["a/b/c.md", "a/note.txt", "a/z.md", "b.md"]
    assert [file.read().decode() for file in files] == [file.path for file in files]


def test_a_file_under_two_roots_is_found_once_under_the_first(small_corpus):
    roots = [str(small_corpus / "walking.md"), str(small_corpus)]
    assert [(file.root, file.path) for file in find_files(roots)] == [
        (roots[0], "walking.md"),
        (roots[1], "alphamab.md"),
        (roots[1], "betanib.md"),
    ]


def test_a_found_file_knows_where_it_is(small_corpus):
    roots = [str(small_corpus / "walking.md"), str(small_corpus)]
    assert [file.location.name for file in find_files(roots) if file.location.is_file()] == [
        "walking.md",
        "alphamab.md",
        "betanib.md",
    ]


def test_the_hash_of_a_file_follows_its_bytes(small_corpus):
    before = {file.path: content_hash(file.read()) for file in find_files([str(small_corpus)])}
    edit(small_corpus / "walking.md", b"balance", b"footing")
    after = {file.path: content_hash(file.read()) for file in find_files([str(small_corpus)])}
    assert {path for path in before if before[path] != after[path]} == {"walking.md"}


def test_the_packaged_root_stands_for_the_documents_of_the_package():
    files = find_files([PACKAGED])
    assert files
    assert all(file.root == PACKAGED and file.location.is_relative_to(corpus.documents_dir()) for file in files)
    assert all(not Path(file.path).is_absolute() for file in files)
