from contextlib import closing

import numpy as np
import pytest
from chromadb.errors import NotFoundError

from ingest.store import BATCH, VectorStore

AXES = np.eye(4, dtype=np.float32)


def unit(*values):
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture
def store(tmp_path):
    """Four chunks, each along an axis of its own."""
    with closing(VectorStore.create(tmp_path / "chroma")) as store:
        store.add(["x/0", "y/0", "z/0", "w/0"], AXES)
        yield store


def test_the_nearest_come_first_with_their_cosines(store):
    found = store.nearest(unit(3, 4, 0, 0), 2)
    assert list(found) == ["y/0", "x/0"]
    assert list(found.values()) == pytest.approx([0.8, 0.6], abs=1e-6)


def test_the_cosine_of_an_opposite_is_minus_one_and_none_exceeds_one(store):
    store.add(["-x/0"], -AXES[:1])
    found = store.nearest(AXES[0], 5)
    assert (found["x/0"], found["-x/0"]) == pytest.approx((1.0, -1.0), abs=1e-6)
    assert max(found.values()) <= 1.0
    assert min(found.values()) >= -1.0


def test_asking_for_more_than_there_is_gives_all(store):
    assert len(store.nearest(AXES[0], 100)) == 4


def test_an_empty_store_finds_nothing(tmp_path):
    with closing(VectorStore.create(tmp_path / "chroma")) as empty:
        assert (empty.count(), empty.nearest(AXES[0], 3)) == (0, {})


def test_a_removed_chunk_is_not_found_again(store):
    store.remove(["x/0", "z/0"])
    assert store.count() == 2
    assert set(store.nearest(AXES[0], 4)) == {"y/0", "w/0"}


def test_removing_nothing_leaves_everything(store):
    store.remove([])
    assert store.count() == 4


def test_a_store_is_found_again_after_closing(tmp_path):
    with closing(VectorStore.create(tmp_path / "chroma")) as store:
        store.add(["x/0", "y/0"], AXES[:2])
    with closing(VectorStore.open(tmp_path / "chroma")) as again:
        assert list(again.nearest(AXES[1], 1)) == ["y/0"]


def test_opening_where_there_is_no_store_is_an_error(tmp_path):
    with pytest.raises(NotFoundError):
        VectorStore.open(tmp_path / "nowhere")


def test_more_than_chroma_takes_in_one_call_can_be_added_and_removed(tmp_path):
    ids = [f"many/{number}" for number in range(BATCH + 10)]
    vectors = np.stack([unit(1, number) for number in range(len(ids))])
    with closing(VectorStore.create(tmp_path / "chroma")) as store:
        store.add(ids, vectors)
        assert (store.count(), list(store.nearest(unit(1, 0), 1))) == (len(ids), ["many/0"])
        store.remove(ids[:-1])
        assert list(store.nearest(unit(1, 0), 3)) == [ids[-1]]


def test_the_search_finds_the_exact_nearest_of_many(tmp_path):
    vectors = np.random.default_rng(1).normal(size=(1020, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors, queries = vectors[:1000], vectors[1000:]
    with closing(VectorStore.create(tmp_path / "chroma")) as store:
        store.add([str(number) for number in range(len(vectors))], vectors)
        for query in queries:
            exact = np.argsort(-(vectors @ query), kind="stable")[:10]
            assert list(store.nearest(query, 10)) == [str(number) for number in exact]


def test_a_saved_store_is_searched_in_its_copy_as_in_chroma(tmp_path, store):
    query = unit(4, 3, 2, 1)
    here = store.nearest(query, 3)
    store.save(tmp_path)
    with closing(VectorStore.open(tmp_path / "chroma")) as again:
        assert again.count() == 4
        assert list(again.nearest(query, 3)) == list(here)
        assert again.nearest(query, 3) == pytest.approx(here, abs=1e-6)


def test_a_copy_is_left_behind_by_a_change(tmp_path, store):
    store.save(tmp_path)
    with closing(VectorStore.open(tmp_path / "chroma")) as again:
        again.add(["v/0"], unit(1, 1, 1, 1)[None])
        assert list(again.nearest(unit(1, 1, 1, 1), 1)) == ["v/0"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 torn", b"nothing"], ids=["empty", "torn", "other"])
def test_a_damaged_copy_is_told(tmp_path, store, damage):
    store.save(tmp_path)
    (tmp_path / "vectors.npz").write_bytes(damage)
    with pytest.raises((OSError, EOFError, ValueError)):
        VectorStore.open(tmp_path / "chroma")
