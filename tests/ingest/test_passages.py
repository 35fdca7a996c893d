import threading

import numpy as np
import pytest

from ingest.document import Document, Source
from ingest.passages import HEADING, TITLE, batches, cut, embedded, embedded_texts, encoded
from ingest.settings import IndexSettings

TEXT = "Alphamab works well. Betanib fails.\n\n## Safety\n\nNewts swim."


def document(text, title="Frogs"):
    source = Source("trial", 1, title, "Doe J", "Journal", 2020, "review", "https://example.org", "2020")
    return Document(source, text, "root", "trial.md", "hash")


def vectors_of(made, embedder):
    ((_, *found),) = encoded([cut(made, IndexSettings(), embedder)], embedder)
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


class Watched:
    """An embedder that does something before it embeds."""

    def __init__(self, inner, before):
        self.inner, self.before = inner, before
        self.max_tokens, self.count_tokens = inner.max_tokens, inner.count_tokens

    def encode(self, texts):
        self.before()
        return self.inner.encode(texts)


def test_documents_come_in_their_order_each_with_its_own_vectors(embedder):
    many = [document(f"Newts of pond {number} swim. " * 120) for number in range(11)]
    found = list(embedded(many, IndexSettings(), embedder))
    assert [one.document for one, _, _ in found] == many
    for one, passages, said in found:
        ((_, alone, apart),) = encoded([one], embedder)
        assert np.array_equal(passages, alone)
        assert np.array_equal(np.concatenate(said), np.concatenate(apart))


def test_the_next_documents_are_cut_while_some_are_embedded(embedder):
    many = [document("Newts swim. " * 120) for _ in range(11)]
    beyond_the_first = threading.Event()

    def documents():
        for place, one in enumerate(many):
            if place > 5:
                beyond_the_first.set()
            yield one

    met = []
    watched = Watched(embedder, lambda: met.append(beyond_the_first.wait(timeout=30)))
    assert len(list(embedded(documents(), IndexSettings(), watched))) == len(many)
    assert all(met)


def test_a_failure_while_embedding_is_told_and_nothing_more_embedded(embedder):
    tried = []

    def fail():
        tried.append(1)
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        list(embedded([document("Newts swim. " * 120) for _ in range(40)], IndexSettings(), Watched(embedder, fail)))
    assert len(tried) < 4
