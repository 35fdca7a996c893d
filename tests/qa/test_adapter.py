import numpy as np
import pytest

from eval.adapter import fit
from ingest.progress import silent
from qa.adapter import Adapter, LowRank, packaged_adapter


def test_a_map_of_nothing_leaves_vectors_as_they_are():
    same = LowRank(np.ones((4, 2), dtype=np.float32), np.zeros((2, 4), dtype=np.float32))
    vectors = np.eye(4, dtype=np.float32)
    assert same(vectors) == pytest.approx(vectors)


def test_mapped_vectors_have_unit_length():
    random = np.random.default_rng(0)
    moved = LowRank(random.normal(size=(4, 2)), random.normal(size=(2, 4)))(random.normal(size=(5, 4)))
    assert np.linalg.norm(moved, axis=1) == pytest.approx(np.ones(5))


def test_the_packaged_maps_fit_the_packaged_model_and_no_other():
    assert packaged_adapter().fits(np.zeros(384, dtype=np.float32))
    assert not packaged_adapter().fits(np.zeros(256, dtype=np.float32))


def test_maps_survive_writing_and_reading(tmp_path):
    random = np.random.default_rng(1)
    parts = [LowRank(random.normal(size=(6, 2)), random.normal(size=(2, 6))) for _ in range(2)]
    Adapter(*parts).save(tmp_path / "adapter.npz")
    read = Adapter.load(tmp_path / "adapter.npz")
    assert read.sentence.up == pytest.approx(parts[1].up, abs=1e-2)
    assert read.question.down == pytest.approx(parts[0].down, abs=1e-2)


def test_fitting_brings_questions_nearer_to_their_sentences():
    random = np.random.default_rng(2)
    sentences = random.normal(size=(40, 16)).astype(np.float32)
    sentences /= np.linalg.norm(sentences, axis=1, keepdims=True)
    turned = np.roll(sentences, 3, axis=1) + 0.3 * sentences  # what is asked says it in other words
    questions = (turned / np.linalg.norm(turned, axis=1, keepdims=True)).astype(np.float32)
    adapter = fit(questions, sentences, list(range(40)), silent)

    def found(asked, said):
        return float(np.mean(np.argmax(asked @ said.T, axis=1) == np.arange(40)))

    assert found(adapter.question(questions), adapter.sentence(sentences)) > found(questions, sentences)
