"""The reference model exported once to int8 ONNX, checked against the reference and kept beside the index."""

import json
import logging
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ingest.embed import OnnxEmbedder, SentenceTransformerEmbedder
from ingest.errors import ModelError
from ingest.graph import leave_masks_out, write_shapes_down
from ingest.weights import file_sha256

log = logging.getLogger(__name__)
LOWEST_COSINE = 0.97
# Sentences of the kinds that the model will see; the export must place each where the reference does.
PROBES = (
    "Does ocrelizumab slow primary progressive multiple sclerosis?",
    "The hazard ratio for 12-week confirmed disability progression was 0.79 (95% CI 0.65 to 0.95; p=0.013).",
    "Monitor liver enzymes before treatment starts and every three months afterwards.",
    "wheelchair",
    "Fatigue, bladder trouble and spasticity are common; " * 12,
    "Who won the 1998 football world cup?",
)


def exported_model(model: str, models_dir: Path) -> tuple[Path, int]:
    """Folder of the int8 export of `model` and the tokens that it reads; made first if it is not there.

    Raises ModelError when the stored export was altered or a new one strays from the reference.
    """
    folder = models_dir / (re.sub(r"[^A-Za-z0-9.-]+", "_", model).strip("_") + "-int8")
    if not (folder / "export.json").is_file():
        _export(model, folder)
    try:
        facts = json.loads((folder / "export.json").read_text(encoding="utf-8"))
        intact = file_sha256(folder / "model.onnx") == facts["sha256"]
        max_tokens = int(facts["max_tokens"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _altered(folder) from error
    if not intact:
        raise _altered(folder)
    return folder, max_tokens


def _altered(folder: Path) -> ModelError:
    return ModelError(f"The exported model in {folder} is damaged. Delete that folder; it is made again when needed.")


def _export(model: str, folder: Path) -> None:
    log.info("exporting %s to int8 ONNX (once, some 20 seconds)", model)
    reference = SentenceTransformerEmbedder.open(model)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder.parent) as name:
        scratch = Path(name) / "export"
        scratch.mkdir()
        _write_onnx(reference.model, Path(name) / "fp32.onnx", scratch / "model.onnx")
        reference.model.tokenizer.backend_tokenizer.save(str(scratch / "tokenizer.json"))
        export = OnnxEmbedder.open(scratch, max_tokens=reference.max_tokens)
        cosine = _agreement(reference, export)
        if cosine < LOWEST_COSINE:
            raise ModelError(
                f"The int8 export of {model!r} strays from the reference (lowest cosine {cosine:.3f}, "
                f"{LOWEST_COSINE} wanted). Use the reference itself: python -m ingest --rebuild --runtime torch"
            )
        _slim(scratch, export)
        facts = {
            "model": model,
            "max_tokens": reference.max_tokens,
            "lowest_cosine": round(cosine, 4),
            "probes": len(PROBES),
            "sha256": file_sha256(scratch / "model.onnx"),
        }
        (scratch / "export.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        scratch.rename(folder)


def _agreement(reference: SentenceTransformerEmbedder, export: OnnxEmbedder) -> float:
    """Lowest cosine between the two over the probes."""
    return float(np.min(np.sum(reference.encode(PROBES) * export.encode(PROBES), axis=1)))


def _slim(folder: Path, export: OnnxEmbedder) -> None:
    """Leave out of the model what one text a call does not need, a fifth of its time.

    `OnnxEmbedder` runs one text a call, so that there is no padding and every shape is known but for the text's
    length. Each step is kept where the vectors stay the same bit for bit: other masks, as of models that only look
    back, show in them.
    """
    for step in (lambda model: leave_masks_out(model.graph), write_shapes_down):
        _keep_if_equal(folder, export, step)


def _keep_if_equal(folder: Path, export: OnnxEmbedder, step: Callable[[Any], None]) -> None:
    import onnx

    model = onnx.load(str(folder / "model.onnx"))
    step(model)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        slim = Path(name)
        shutil.copy2(folder / "tokenizer.json", slim)
        onnx.save(model, str(slim / "model.onnx"))
        if np.array_equal(export.encode(PROBES), OnnxEmbedder.open(slim, max_tokens=export.max_tokens).encode(PROBES)):
            (slim / "model.onnx").replace(folder / "model.onnx")


def _write_onnx(model: Any, fp32: Path, int8: Path) -> None:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read when onnxruntime is imported
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Unit(torch.nn.Module):
        """Transformer and pooling as sentence-transformers stacks them, ending in a unit vector."""

        def __init__(self, inner: Any) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            pooled = self.inner({"input_ids": input_ids, "attention_mask": attention_mask})
            return torch.nn.functional.normalize(pooled["sentence_embedding"], dim=1)

    sample = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "text", 1: "token"}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the tracer warns of branches that inference never takes
        torch.onnx.export(
            Unit(model).eval(),
            (sample, sample),
            str(fp32),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "text"}},
            opset_version=17,
            dynamo=False,
        )
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # the quantiser advises pre-processing that gains nothing for this model
    try:
        quantize_dynamic(str(fp32), str(int8), weight_type=QuantType.QInt8, per_channel=True)
    finally:
        root.setLevel(level)
