"""The model that embeds questions: the default embedding model with low-rank changes fitted on written questions.

Documents are embedded by the published model as it is, so that their vectors depend on nothing that was fitted here.
A question is put into words that its answer does not use; its vector is therefore made by a copy of that model that
`python -m eval tune` has fitted to land on the sentence that answers it (LoRA, Hu et al. 2021; two encoders as in DPR,
Karpukhin et al. 2020). Fitted with it is a linear map of the sentences' vectors (see `qa.adapter`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelError
from ingest.settings import DEFAULT_MODEL
from ingest.weights import file_sha256

FILE = Path(__file__).with_name("tuning.npz")
SHA256 = "d6593239ae56fb339c5172e7dd4d8fd2f3e1c836fae48d097a5434363803907f"
QUESTION_MODEL = f"{DEFAULT_MODEL}-questions-{SHA256[:8]}"
"""Its name; another file has another name, so that no export and no vectors of an earlier one are taken for its."""
SENTENCES = "sentences"
# The linear layers of a BERT block that are changed, by their names within it.
LAYERS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
Factor = NDArray[np.float32]


def question_model(model: str) -> str:
    """The model that embeds questions about what `model` embeds: itself, but for the default one."""
    return QUESTION_MODEL if model == DEFAULT_MODEL else model


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was fitted, as factors of matrices.

    `layers`: for each changed layer, by its name, what is added to its weights: up, shape (out, rank), times down,
    shape (rank, in). `sentences`: down and up of the map of sentences' vectors, (dimension, rank), (rank, dimension).
    """

    layers: Mapping[str, tuple[Factor, Factor]]
    sentences: tuple[Factor, Factor]

    @classmethod
    def load(cls, file: Path) -> Self:
        """What `save` wrote."""
        with np.load(file, allow_pickle=False) as values:
            names = [name.removesuffix("/up") for name in values.files if name.endswith("/up")]
            names.remove(SENTENCES)
            layers = {name: (_read(values, name, "up"), _read(values, name, "down")) for name in names}
            return cls(layers, (_read(values, SENTENCES, "down"), _read(values, SENTENCES, "up")))

    def save(self, file: Path) -> None:
        """Write the factors as 16-bit floats."""
        parts = {f"{SENTENCES}/down": self.sentences[0], f"{SENTENCES}/up": self.sentences[1]}
        for name, (up, down) in self.layers.items():
            parts |= {f"{name}/up": up, f"{name}/down": down}
        halves: dict[str, Any] = {name: values.astype(np.float16) for name, values in parts.items()}
        np.savez(file, **halves)

    def add_to(self, model: Any) -> None:
        """Change the weights of a sentence-transformers model for good."""
        import torch

        blocks = model[0].auto_model
        with torch.no_grad():
            for name, (up, down) in self.layers.items():
                weight = blocks.get_submodule(name).weight
                weight += torch.from_numpy(up @ down).to(weight.device, weight.dtype)


def packaged_tuning() -> Tuning:
    """What comes with the package. Raises ModelError when the file is missing or was altered."""
    return Tuning.load(_packaged_file())


def packaged_sentence_map() -> tuple[Factor, Factor]:
    """The map of sentences' vectors alone: the rest of the file is not read. Raises ModelError as well."""
    with np.load(_packaged_file(), allow_pickle=False) as values:
        return _read(values, SENTENCES, "down"), _read(values, SENTENCES, "up")


def _packaged_file() -> Path:
    if not FILE.is_file() or file_sha256(FILE) != SHA256:
        remedy = "Install the package again, or restore the file from the repository."
        raise ModelError(f"{FILE.name}, which fits the embedding model to questions, is missing or altered. {remedy}")
    return FILE


def _read(values: Any, name: str, half: str) -> Factor:
    return np.asarray(values[f"{name}/{half}"], dtype=np.float32)
