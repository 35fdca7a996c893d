import numpy as np
import pytest

from qa.adapter import LowRank, packaged_adapter


class Chunk:
    """Sentences' vectors, compared by identity as those of an index are."""

    def __init__(self, vectors):
        self.vectors = vectors


def random_map(size=6, rank=2):
    random = np.random.default_rng(1)
    return LowRank(random.normal(size=(size, rank)), random.normal(size=(rank, size)))


def test_a_map_of_nothing_leaves_vectors_as_they_are():
    same = LowRank(np.ones((4, 2), dtype=np.float32), np.zeros((2, 4), dtype=np.float32))
    vectors = np.eye(4, dtype=np.float32)
    assert same(vectors) == pytest.approx(vectors)


def test_mapped_vectors_have_unit_length():
    moved = random_map()(np.random.default_rng(0).normal(size=(5, 6)))
    assert np.linalg.norm(moved, axis=1) == pytest.approx(np.ones(5))


def test_cosines_are_those_with_the_mapped_sentences():
    random = np.random.default_rng(2)
    question = random.normal(size=6)
    question /= np.linalg.norm(question)
    chunks = [Chunk(random.normal(size=(sentences, 6))) for sentences in (3, 1)]
    expected = random_map()(np.concatenate([one.vectors for one in chunks])) @ question
    assert random_map().cosines(question, chunks) == pytest.approx(expected)


def test_the_packaged_map_is_for_the_packaged_model():
    assert packaged_adapter()(np.eye(384, dtype=np.float32)).shape == (384, 384)
