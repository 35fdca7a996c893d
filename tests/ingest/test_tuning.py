import numpy as np
import pytest

import ingest.tuning
from ingest.embed import OnnxEmbedder, SentenceTransformerEmbedder
from ingest.errors import ModelError
from ingest.export import exported_model
from ingest.settings import DEFAULT_MODEL
from ingest.tuning import QUESTION_MODEL, Tuning, packaged_sentence_map, packaged_tuning, question_model


def test_factors_survive_writing_and_reading(tmp_path):
    random = np.random.default_rng(0)
    layer = random.normal(size=(6, 2)), random.normal(size=(2, 4))
    sentences = random.normal(size=(4, 3)), random.normal(size=(3, 4))
    Tuning({"encoder.0.dense": layer}, sentences).save(tmp_path / "tuning.npz")
    read = Tuning.load(tmp_path / "tuning.npz")
    assert list(read.layers) == ["encoder.0.dense"]
    for written, again in zip([*layer, *sentences], [*read.layers["encoder.0.dense"], *read.sentences], strict=True):
        assert again == pytest.approx(written, abs=1e-2)


def test_the_packaged_file_is_the_one_that_the_code_names():
    assert packaged_tuning().sentences[0].shape == packaged_sentence_map()[0].shape


@pytest.mark.parametrize("content", [pytest.param(None, id="missing"), pytest.param(b"PK", id="altered")])
def test_a_missing_or_altered_file_is_named_with_its_remedy(tmp_path, monkeypatch, content):
    if content:
        (tmp_path / "tuning.npz").write_bytes(content)
    monkeypatch.setattr(ingest.tuning, "FILE", tmp_path / "tuning.npz")
    with pytest.raises(ModelError, match=r"tuning\.npz.*Install the package again"):
        packaged_tuning()


def test_only_the_default_model_has_another_one_for_questions():
    assert question_model(DEFAULT_MODEL) == QUESTION_MODEL
    assert question_model("some/model") == "some/model"


@pytest.mark.models
def test_the_model_for_questions_lands_on_answers_that_share_no_word(tmp_path):
    folder, max_tokens = exported_model(QUESTION_MODEL, tmp_path)
    asking = OnnxEmbedder.open(folder, max_tokens=max_tokens)
    published = SentenceTransformerEmbedder.open(DEFAULT_MODEL)
    asked = ["will those pills keep me walking"]
    said = published.encode(
        ["Fampridine improved walking speed in people with MS.", "Pills for the bladder can cause a dry mouth."]
    )
    before, after = (said @ embedder.encode(asked)[0] for embedder in (published, asking))
    assert after[0] - after[1] > before[0] - before[1]
