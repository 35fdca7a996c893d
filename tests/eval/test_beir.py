import argparse
import json
import math
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from eval.beir import HYBRID, Measured, add_arguments, main, measure
from eval.cached import cached_index
from eval.collection import make_document, read_collection
from eval.metrics import graded_ndcg
from eval.records import DataFileError
from ingest.errors import IngestError
from ingest.index import Index
from ingest.settings import IndexSettings

CORPUS = {
    "a1": ("Steroid infusions", "Methylprednisolone shortens relapses."),
    "b2": ("Standing frames", "A standing frame helped balance at home."),
    "c3": ("", "Vitamin tablets changed nothing. A standing desk was not studied."),
    "d4": ("Cold weather and spasticity", ""),
}
QUERIES = {"1": "standing frame for balance", "2": "spasticity in cold weather", "3": "never judged"}
QRELS = "query-id\tcorpus-id\tscore\n1\tb2\t2\n1\tc3\t1\n2\td4\t1\n2\ta1\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A collection of four documents and two judged queries."""
    return write_collection(tmp_path / "collection", CORPUS, QUERIES, QRELS)


def write_collection(folder: Path, corpus: Mapping[str, tuple[str, str]], queries: Mapping[str, str], qrels: str):
    (folder / "qrels").mkdir(parents=True)
    documents = [{"_id": key, "title": title, "text": text} for key, (title, text) in corpus.items()]
    asked = [{"_id": key, "text": text} for key, text in queries.items()]
    for name, records in (("corpus", documents), ("queries", asked)):
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    (folder / "qrels" / "test.tsv").write_text(qrels)
    return folder


@pytest.fixture
def measured(folder, tmp_path, embedder) -> Measured:
    return measure(read_collection(folder, "test"), tmp_path / "cache", embedder)


@pytest.mark.parametrize(
    ("ranked", "gains", "k", "expected"),
    [
        pytest.param("ab", {"a": 2, "b": 1}, 2, 1.0, id="the best order"),
        pytest.param("ba", {"a": 2, "b": 1}, 2, (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)), id="gains are linear"),
        pytest.param("b", {"a": 3, "b": 1}, 1, 1 / 3, id="the ideal holds what was not found"),
        pytest.param("xa", {"a": 1, "x": -1}, 2, 1 / math.log2(3), id="a judgement below 0 gains nothing"),
        pytest.param("xxa", {"a": 5}, 2, 0.0, id="beyond k"),
        pytest.param("a", {"a": 0}, 1, 0.0, id="nothing is relevant"),
    ],
)
def test_graded_ndcg_takes_judgements_as_gains(ranked, gains, k, expected):
    assert graded_ndcg(list(ranked), gains, k) == pytest.approx(expected)


def test_a_collection_holds_its_documents_and_its_judged_queries(folder):
    collection = read_collection(folder, "test")
    assert [document.source.key for document in collection.documents] == list(CORPUS)
    assert collection.queries == {"1": QUERIES["1"], "2": QUERIES["2"]}
    assert collection.judgements == {"1": {"b2": 2.0, "c3": 1.0}, "2": {"d4": 1.0, "a1": 0.0}}


def test_a_query_without_a_relevant_document_is_left_out(folder):
    (folder / "qrels" / "test.tsv").write_text("1\tb2\t1\n2\ta1\t0\n")
    assert list(read_collection(folder, "test").queries) == ["1"]


def test_relevant_documents_that_the_corpus_lacks_are_counted(folder):
    (folder / "qrels" / "test.tsv").write_text("1\tb2\t1\n1\tgone\t1\n2\tlost\t0\n2\td4\t1\n")
    assert read_collection(folder, "test").lacking == 1


def test_ids_may_be_numbers(folder):
    (folder / "corpus.jsonl").write_text('{"_id": 7, "title": "", "text": "Some words."}\n')
    assert read_collection(folder, "test").documents[0].source.key == "7"


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        pytest.param("corpus.jsonl", '{"_id": "a", "text": "b"}\n{"_id"', r"line 2: is not JSON .*one JSON", id="JSON"),
        pytest.param("corpus.jsonl", '["a"]', r"line 1: is no JSON object\. Write one", id="a list"),
        pytest.param("corpus.jsonl", '\n{"_id": "a"}', r"line 2: 'text' is missing\. Every line needs", id="no text"),
        pytest.param(
            "corpus.jsonl", '{"_id": "a", "text": ["b"]}', r"line 1: 'text' is .*no text", id="text is a list"
        ),
        pytest.param(
            "corpus.jsonl", '{"_id": "a", "text": "b"}\n' * 2, r"line 2: the id 'a' is used twice", id="twice"
        ),
        pytest.param("corpus.jsonl", '{"_id": "", "text": "b"}', r"line 1: the id is empty\. Give", id="empty id"),
        pytest.param("corpus.jsonl", "", r"corpus.jsonl: holds no document", id="empty"),
        pytest.param("queries.jsonl", '{"_id": "1", "text": " "}', r"line 1: the query is empty", id="empty query"),
        pytest.param("queries.jsonl", '{"_id": "1", "text": "x"}', r"holds no query '2', which is judged", id="query"),
        pytest.param(
            "qrels/test.tsv", "1\tb2\t1\n2 d4 1\n", r"test.tsv, line 2: is no judgement: '2 d4 1'", id="blanks"
        ),
        pytest.param("qrels/test.tsv", "1\tb2\t1\n2\td4\thigh\n", r"line 2: is no judgement.*a number", id="a word"),
        pytest.param("qrels/test.tsv", "1\tb2\t0\n", r"test.tsv: judges no document as relevant", id="no relevant one"),
    ],
)
def test_a_broken_file_is_named_with_line_and_remedy(folder, file, content, message):
    (folder / file).write_text(content)
    with pytest.raises(DataFileError, match=message):
        read_collection(folder, "test")


def test_bytes_that_are_no_text_are_named_with_their_line(folder):
    (folder / "queries.jsonl").write_bytes(b'{"_id": "1", "text": "x"}\n{"_id": "2", "text": "\xff"}\n')
    with pytest.raises(DataFileError, match=r"queries.jsonl, line 2: is not UTF-8"):
        read_collection(folder, "test")


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl"])
def test_a_missing_file_is_named_with_the_layout(folder, file):
    (folder / file).unlink()
    with pytest.raises(DataFileError, match=rf"{file}: is missing\. A folder in BEIR format holds"):
        read_collection(folder, "test")


def test_a_missing_split_is_told_with_those_that_are_there(folder):
    with pytest.raises(DataFileError, match=r"dev.tsv: is missing\. Choose .*--split test"):
        read_collection(folder, "dev")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataFileError, match="nowhere: there is no such folder"):
        read_collection(tmp_path / "nowhere", "test")


def test_every_system_is_measured_on_every_query(measured):
    assert measured.queries == ("1", "2")
    assert {len(scores) for scores in measured.scores.values()} == {2}
    assert [figure.n for figure in measured.figures(HYBRID).values()] == [2, 2]


def test_documents_that_hold_the_words_are_found_by_both_halves_and_together(measured):
    for system in ("dense", "BM25", HYBRID):
        assert measured.figures(system)["recall@100"].value == 1.0, system


def test_a_title_without_text_is_found(measured):
    assert measured.scores["BM25"][1] == (1.0, 1.0)


def test_a_document_counts_once_however_many_of_its_passages_match(tmp_path, embedder):
    many = " ".join(f"Frames help number {number}." + " word" * 40 for number in range(30))
    corpus = {"long": ("Frames", many), "short": ("", "Frames help.")}
    folder = write_collection(tmp_path / "long", corpus, {"1": "frames help"}, "1\tlong\t1\n1\tshort\t1\n")
    found = measure(read_collection(folder, "test"), tmp_path / "cache", embedder)
    assert [found.figures(system)["nDCG@10"].value for system in ("dense", "BM25", HYBRID)] == [1.0] * 3


def test_a_hundred_documents_are_within_reach(tmp_path, embedder):
    corpus = {f"d{number}": ("", f"Frames help number {number}.") for number in range(100)}
    qrels = "".join(f"1\t{key}\t1\n" for key in corpus)
    folder = write_collection(tmp_path / "hundred", corpus, {"1": "frames help"}, qrels)
    found = measure(read_collection(folder, "test"), tmp_path / "cache", embedder)
    assert found.figures(HYBRID)["recall@100"].value == 1.0


def test_a_query_does_not_find_the_document_that_bears_its_id(tmp_path, embedder):
    corpus = {"same": ("", "Frames help."), "other": ("", "Frames help too.")}
    folder = write_collection(tmp_path / "self", corpus, {"same": "frames help"}, "same\tother\t1\n")
    found = measure(read_collection(folder, "test"), tmp_path / "cache", embedder)
    assert found.scores[HYBRID] == [(1.0, 1.0)]


def test_a_query_longer_than_a_question_may_be_is_searched(tmp_path, embedder):
    folder = write_collection(tmp_path / "long", CORPUS, {"1": "standing frame " * 200}, "1\tb2\t1\n")
    found = measure(read_collection(folder, "test"), tmp_path / "cache", embedder)
    assert found.scores["hybrid, query understood"] == [(1.0, 1.0)]


def test_the_lead_is_the_mean_difference_query_by_query():
    scores = {HYBRID: [(1.0, 1.0), (0.5, 1.0)], "dense": [(0.8, 1.0), (0.5, 0.0)]}
    lead = Measured({}, ("1", "2"), scores).lead("dense")
    assert [figure.value for figure in lead.values()] == pytest.approx([0.1, 0.5])


def test_results_tell_what_they_were_made_with(measured):
    about = json.loads(json.dumps(measured.to_json()))["about"]
    assert (about["collection"], about["split"], about["documents"], about["queries"]) == ("collection", "test", 4, 2)
    assert about["index settings"] == IndexSettings().to_dict()
    assert about["ask settings"]["dense_weight"] == 0.6


def test_results_hold_the_scores_of_every_query(measured):
    queries = measured.to_json()["queries"]
    assert queries["2"]["BM25"] == {"nDCG@10": 1.0, "recall@100": 1.0}


DOCUMENTS = [make_document("a", 1, "Frames", "Frames help."), make_document("b", 2, "", "Vitamins did not.")]


def test_an_index_is_built_once(tmp_path, embedder):
    first = cached_index(DOCUMENTS, tmp_path, embedder)
    embedder.encoded.clear()
    assert (cached_index(DOCUMENTS, tmp_path, embedder), embedder.encoded) == (first, [])


@pytest.mark.parametrize(
    ("documents", "settings"),
    [
        pytest.param([DOCUMENTS[0], make_document("b", 2, "", "Vitamins did.")], IndexSettings(), id="a text"),
        pytest.param([DOCUMENTS[0], make_document("b", 2, "New", "Vitamins did not.")], IndexSettings(), id="a title"),
        pytest.param(DOCUMENTS[:1], IndexSettings(), id="fewer documents"),
        pytest.param(DOCUMENTS, IndexSettings(model="other"), id="the model"),
        pytest.param(DOCUMENTS, IndexSettings(chunk_tokens=32), id="the size of passages"),
    ],
)
def test_whatever_changes_the_index_builds_another(tmp_path, embedder, documents, settings):
    first = cached_index(DOCUMENTS, tmp_path, embedder)
    assert cached_index(documents, tmp_path, embedder, settings=settings) != first


def test_an_index_left_half_done_is_built_anew(tmp_path, embedder):
    folder = cached_index(DOCUMENTS, tmp_path, embedder)
    (folder / "CURRENT").unlink()
    assert cached_index(DOCUMENTS, tmp_path, embedder) == folder
    with closing(Index.open(folder)) as index:
        assert len(index.manifest.documents) == 2


def test_a_cache_that_cannot_be_made_is_an_error_with_a_remedy(tmp_path, embedder):
    (tmp_path / "file").write_text("")
    with pytest.raises(IngestError, match=r"file/cache: cannot be made .*--cache"):
        cached_index(DOCUMENTS, tmp_path / "file" / "cache", embedder)


@pytest.mark.models
def test_the_command_prints_and_writes_every_figure_with_its_n(folder, tmp_path, capsys):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert (
        main(parser.parse_args([str(folder), "--cache", str(tmp_path / "c"), "--json", str(tmp_path / "f.json")])) == 0
    )
    printed = capsys.readouterr().out
    assert all(line.count("n=2") == 2 for line in printed.splitlines() if line.startswith(("dense", "BM25", "hybrid")))
    assert json.loads((tmp_path / "f.json").read_text())["figures"][HYBRID]["nDCG@10"]["n"] == 2
