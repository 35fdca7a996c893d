import numpy as np
import pytest

from ingest.document import Document, Source
from ingest.passages import HEADING, TITLE, batches, cut, embedded_texts, encoded
from ingest.settings import IndexSettings

TEXT = "Alphamab works well. Betanib fails.\n\n## Safety\n\nNewts swim."


def document(text, title="Frogs"):
    source = Source("trial", 1, title, "Doe J", "Journal", 2020, "review", "https://example.org", "2020")
    return Document(source, text, "root", "trial.md", "hash")


def vectors_of(made, embedder):
    (found,) = encoded([cut(made, IndexSettings(), embedder)], embedder)
    return found


def unit(vector):
    return vector / np.linalg.norm(vector)


def test_each_sentence_has_the_vector_of_its_own_text(embedder):
    _, said = vectors_of(document(TEXT), embedder)
    assert [len(chunk) for chunk in said] == [2, 1]
    assert np.array_equal(
        np.concatenate(said), embedder.encode(["Alphamab works well.", "Betanib fails.", "Newts swim."])
    )


def test_a_passage_is_the_mean_of_its_sentences_by_length_with_title_and_heading(embedder):
    passages, _ = vectors_of(document(TEXT), embedder)
    works, fails, swim, title, heading = embedder.encode(
        ["Alphamab works well.", "Betanib fails.", "Newts swim.", "Frogs", "Safety"]
    )
    assert passages[0] == pytest.approx(unit((20 * works + 14 * fails) / 34 + TITLE * title), abs=1e-6)
    assert passages[1] == pytest.approx(unit(swim + TITLE * title + HEADING * heading), abs=1e-6)


def test_titles_and_headings_are_embedded_once(embedder):
    made = [cut(document(TEXT), IndexSettings(), embedder), cut(document(TEXT), IndexSettings(), embedder)]
    lines, sentences = embedded_texts(made)
    assert lines == ["Frogs", "Safety"]
    assert len(sentences) == 6


@pytest.mark.parametrize("text", ["", "## Results"], ids=["empty", "a heading alone"])
def test_a_document_without_sentences_has_no_vectors(embedder, text):
    passages, said = vectors_of(document(text), embedder)
    assert len(passages) == len(said) == 0


def test_a_text_without_title_and_heading_is_its_sentences(embedder):
    passages, said = vectors_of(document("Newts swim.", title=""), embedder)
    assert passages[0] == pytest.approx(said[0][0], abs=1e-6)


def test_batches_hold_every_document_once_and_no_more_sentences_than_needed(embedder):
    many = [document("Newts swim. " * 120) for _ in range(11)]
    found = list(batches(many, IndexSettings(), embedder))
    assert [len(batch) for batch in found] == [5, 5, 1]
