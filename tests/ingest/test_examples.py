import numpy as np
import pytest

from ingest.build import build_index
from ingest.errors import DocumentError
from ingest.examples import ExampleIndex, read_examples
from ingest.index import Index
from ingest.settings import IndexSettings
from ingest.vector_copy import Leading
from qa.assistant import Assistant

HEADER = "held\tquestion\n"
HELD = "".join(f"yes\tDoes a standing frame help people number {n}?\n" for n in range(6))
OTHERS = "".join(f"no\tWhat is the price of alphamab in country {n}?\n" for n in range(6))


@pytest.fixture
def folder(small_corpus):
    """The small corpus with one written question and twelve examples."""
    asked = "key\tsentence\tquestion\nwalking\tA standing frame\tWhat keeps me upright?\n"
    (small_corpus / "questions.tsv").write_text(asked, encoding="utf-8")
    (small_corpus / "examples.tsv").write_text(HEADER + HELD + OTHERS, encoding="utf-8")
    return small_corpus


@pytest.fixture
def build(tmp_path, embedder):
    def run(folder):
        return build_index(tmp_path / "index", IndexSettings(), paths=[folder], embedder=embedder)

    return run


def opened(tmp_path):
    index = Index.open(tmp_path / "index")
    index.close()
    return index.examples


def test_a_question_lies_nearer_to_examples_of_its_kind(folder, build, tmp_path, embedder):
    build(folder)
    examples = opened(tmp_path)
    held, other = embedder.encode(["Does a standing frame help?", "What is the price of alphamab?"])
    assert min(examples.margins(held, "?")) > 0 > max(examples.margins(other, "?"))


def test_the_question_itself_is_no_example():
    examples = ExampleIndex([f"q{n}" for n in range(12)], 6, np.eye(12, dtype=np.float32))
    vector = np.eye(12, dtype=np.float32)[0]
    assert examples.margins(vector, "another")[0] == 1.0
    assert examples.margins(vector, "q0")[0] == 0.0


def test_an_example_says_nothing_of_itself_by_its_words_either():
    texts = ["Does it help?", *(f"q{n}" for n in range(6)), "What price?"]
    examples = ExampleIndex(texts, 4, np.eye(8, dtype=np.float32))
    assert examples.odds("What price?", "another") < 0 == examples.odds("What price?", "What price?")
    assert examples.odds("Does it help?", "another") > 0 == examples.odds("Does it help?", "Does it help?")


def test_the_words_are_counted_once_and_read_again(folder, build, tmp_path, monkeypatch):
    build(folder)
    monkeypatch.setattr("ingest.odds.WordOdds.of", None)
    assert opened(tmp_path).odds("What is the price of it?", "?") < 0


def test_many_examples_are_compared_along_their_leading_directions(tmp_path):
    random = np.random.default_rng(0)
    vectors = random.normal(size=(6000, 8)).astype(np.float32) @ random.normal(size=(8, 120)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"q{n}" for n in range(6000)]
    whole = ExampleIndex(texts, 3000, vectors)
    ExampleIndex(texts, 3000, vectors, leading=Leading.of(vectors)).save(tmp_path / "examples.npz")
    read = ExampleIndex.open(tmp_path / "examples.npz")
    assert read.texts == texts
    for row in range(0, 6000, 600):
        assert read.margins(vectors[row], texts[row]) == pytest.approx(
            whole.margins(vectors[row], texts[row]), abs=5e-3
        )


def test_examples_reach_the_signals_of_what_they_were_written_for(folder, build, tmp_path, embedder, write_document):
    build(folder)
    assistant = Assistant.open(tmp_path / "index", embedder=embedder)
    signals = assistant.signals("What keeps a standing frame upright?")
    assert min(signals["held_margin"], signals["held_words"]) > 0
    write_document("parking", 99, "Parking at the clinic costs two euros.\n")
    build(folder)
    other = Assistant.open(tmp_path / "index", embedder=embedder)
    assert other.candidates("What does parking at the clinic cost?")[0].hit.source.key == "parking"
    signals = other.signals("What does parking at the clinic cost?")
    assert signals["held_margin"] == signals["held_words"] == 0.0


def test_a_changed_example_alone_is_embedded(folder, build, tmp_path, embedder):
    build(folder)
    embedder.encoded.clear()
    (folder / "examples.tsv").write_text(HEADER + HELD + OTHERS.replace("country 3", "Peru"), encoding="utf-8")
    build(folder)
    assert embedder.encoded == ["What is the price of alphamab in Peru?"]
    assert len(opened(tmp_path).texts) == 12


def test_too_few_of_one_kind_are_not_compared(folder, build, tmp_path, embedder):
    (folder / "examples.tsv").write_text(HEADER + HELD + OTHERS.replace("no\t", "yes\t"), encoding="utf-8")
    build(folder)
    assert not opened(tmp_path).fits(embedder)
    assert not ExampleIndex.empty().fits(embedder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("question\n", "Begin with: held <tab> question", id="other header"),
        pytest.param(HEADER + "maybe\tWhat?\n", "line 2", id="neither yes nor no"),
        pytest.param(HEADER + "yes\tWhat?\nno\t \n", "line 3", id="no question"),
    ],
)
def test_a_file_in_another_form_is_refused_with_line_and_remedy(tmp_path, content, message):
    (tmp_path / "examples.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(DocumentError, match=message):
        read_examples(tmp_path / "examples.tsv")


def test_an_example_that_is_a_written_question_is_embedded_once(folder, build, embedder):
    (folder / "examples.tsv").write_text(HEADER + HELD + OTHERS + "yes\tWhat keeps me upright?\n", encoding="utf-8")
    build(folder)
    assert embedder.encoded.count("What keeps me upright?") == 1
    assert embedder.encoded.count("Does a standing frame help people number 3?") == 1
