import numpy as np
import pytest

import ingest.vector_copy
from ingest.vector_copy import FILE, WHOLE, VectorCopy, products


def unit_vectors(count, dimension=32, seed=0):
    """Most of their weight lies in a few directions, as with embeddings of texts."""
    weights = 1 / np.arange(1, dimension + 1)
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)) * weights
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def vectors():
    return unit_vectors(3000)


@pytest.fixture
def many(vectors, monkeypatch):
    """A copy that counts as large."""
    monkeypatch.setattr(ingest.vector_copy, "SEARCHED_WHOLE", 100)
    monkeypatch.setattr(ingest.vector_copy, "DIRECTIONS", 12)
    return VectorCopy.of([str(number) for number in range(len(vectors))], vectors)


def exact(vectors, wanted, k):
    return [[str(n) for n in np.argsort(-row, kind="stable")[:k]] for row in wanted @ vectors.T]


def test_few_vectors_are_searched_exactly(vectors):
    wanted = unit_vectors(5, seed=1)
    found = VectorCopy.of([str(number) for number in range(len(vectors))], vectors).nearest(wanted, 10)
    assert [list(one) for one in found] == exact(vectors, wanted, 10)


def test_among_many_nearly_all_of_the_nearest_are_found_with_their_true_cosines(many, vectors):
    wanted = unit_vectors(50, seed=2)
    found = many.nearest(wanted, 10)
    right = [len(set(one) & set(names)) for one, names in zip(found, exact(vectors, wanted, 10), strict=True)]
    assert np.mean(right) >= 9.9
    for vector, one in zip(wanted, found, strict=True):
        assert one == pytest.approx({name: float(vectors[int(name)] @ vector) for name in one}, abs=1e-6)


def test_a_large_copy_is_the_same_after_writing_and_reading(many, tmp_path):
    many.save(tmp_path)
    wanted = unit_vectors(3, seed=3)
    assert VectorCopy.open(tmp_path).nearest(wanted, 5) == many.nearest(wanted, 5)


def test_more_are_wanted_than_there_are(many):
    assert len(many.nearest(unit_vectors(1), 5000)[0]) == 3000


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive"])
def test_a_damaged_file_is_a_clear_error(many, tmp_path, damage):
    many.save(tmp_path)
    (tmp_path / FILE).write_bytes(damage)
    with pytest.raises((ValueError, EOFError)):
        VectorCopy.open(tmp_path)


def test_a_missing_half_is_an_error_of_the_file_system(many, tmp_path):
    many.save(tmp_path)
    (tmp_path / WHOLE).unlink()
    with pytest.raises(OSError, match=WHOLE):
        VectorCopy.open(tmp_path)


@pytest.mark.parametrize("rows", [0, 1, 4])
def test_products_by_blocks_are_those_of_the_matrices(vectors, rows):
    wanted = unit_vectors(max(rows, 1), seed=3)[:rows]
    assert products(wanted, vectors) == pytest.approx(wanted @ vectors.T, abs=1e-6)
