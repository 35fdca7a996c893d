"""Texts to unit vectors. The reference is sentence-transformers; its int8 ONNX export is what runs by default."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelError
from ingest.settings import DEFAULT_MODEL, IndexSettings
from ingest.tuning import QUESTION_MODEL, packaged_tuning, question_model
from ingest.weights import locate_weights

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Vectors = NDArray[np.float32]


KEPT = 5000  # texts of which the tokens are kept: what is cut into chunks is embedded soon after
LONG = 2000  # characters of a text of which they are not


class Embedder(Protocol):
    """What the index and the retriever need of an embedding model."""

    max_tokens: int
    for_questions: "Embedder | None"
    """What embeds questions, users' and written ones, where the model has another one for them (`ingest.tuning`)."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimension), float32. Equal texts give equal vectors in any batch."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` as the model will see them, special tokens included, before any truncation."""
        ...

    def vocabulary_rank(self, word: str) -> int | None:
        """Place of a word in the model's vocabulary, None for a word that it cuts into pieces.

        WordPiece vocabularies are ordered by frequency, so that a low rank means a common word.
        """
        ...

    def vocabulary(self) -> Sequence[str]:
        """The whole words of the model's vocabulary, lower case, commonest first."""
        ...


class SentenceTransformerEmbedder:
    """The reference: the model as sentence-transformers runs it (seconds to import, needs torch)."""

    for_questions: Embedder | None = None

    def __init__(self, model: Any) -> None:
        self.model = model
        self.max_tokens = int(model.max_seq_length)
        self._tokenizer = deepcopy(model.tokenizer)  # one may not count in a thread and encode in another

    @classmethod
    def open(cls, name: str, *, device: str = "cpu") -> "SentenceTransformerEmbedder":
        """Load a model by name or folder; the default model comes from its package, without the network."""
        folder = locate_weights(DEFAULT_MODEL if name == QUESTION_MODEL else name)
        import os

        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        from sentence_transformers import SentenceTransformer  # seconds to import, so not at the top
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers is half typed
        try:
            model = SentenceTransformer(folder, device=device, local_files_only=Path(folder).is_dir())
        except (OSError, ValueError, RuntimeError, AssertionError) as error:  # the last two: no such device
            reason = str(error).splitlines()[0]
            raise ModelError(
                f"The embedding model {name!r} cannot be loaded: {reason}. Check the name, or give a folder that holds "
                f"the model; check the device ({device}). Models other than the default are fetched from the model "
                "hub, which needs the network."
            ) from error
        if name == QUESTION_MODEL:
            packaged_tuning().add_to(model)
        return cls(model)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        vectors = self.model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """See `Embedder.count_tokens`."""
        return len(self._ids(text))

    def vocabulary_rank(self, word: str) -> int | None:
        """See `Embedder.vocabulary_rank`."""
        ids = self._ids(word)[1:-1]
        return ids[0] if len(ids) == 1 else None

    def vocabulary(self) -> list[str]:
        """See `Embedder.vocabulary`."""
        return _whole_words(self.model.tokenizer.get_vocab())

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer(text, truncation=False, verbose=False)["input_ids"])


class OnnxEmbedder:
    """The exported model on a CPU: onnxruntime and tokenizers only, a fraction of a second to load."""

    for_questions: Embedder | None = None

    def __init__(self, session: Any, tokenizer: Any, max_tokens: int, *, workers: int) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.max_tokens = max_tokens
        self._workers = workers
        self._kept_ids = lru_cache(KEPT)(self._tokenized)

    @classmethod
    def open(cls, folder: Path, *, max_tokens: int) -> "OnnxEmbedder":
        """Load `model.onnx` and `tokenizer.json` from a folder that `ingest.export` made."""
        import os

        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read at import; or it reports to its maker
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # parallel over texts instead: see encode
        options.log_severity_level = 3
        # a sum and its normalisation as one operation (SkipLayerNormalization) take three times as long as apart
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(session, tokenizer, max_tokens, workers=os.cpu_count() or 1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`. One text a call of the session, several calls at a time.

        Dynamic int8 quantisation scales activations over the whole batch, so a text's vector would depend on its
        neighbours; and without a batch there is no padding to compute. Long texts come first, so that no thread is
        left with one when the others have finished.
        """
        if len(texts) <= 1:
            return np.stack([self._encode_one(text) for text in texts]) if texts else np.zeros((0, 0), np.float32)
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        vectors = np.stack(list(self._pool.map(self._encode_one, [texts[place] for place in order])))
        return vectors[np.argsort(order)]

    @cached_property
    def _pool(self) -> "ThreadPoolExecutor":
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(self._workers)  # kept: starting threads takes as long as a short text

    def _encode_one(self, text: str) -> Vectors:
        ids = self._ids(text)
        if len(ids) > self.max_tokens:
            ids = np.append(ids[: self.max_tokens - 1], ids[-1])
        row = ids[None]
        (vectors,) = self._session.run(None, {"input_ids": row, "attention_mask": np.ones_like(row)})
        return np.asarray(vectors[0], dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """See `Embedder.count_tokens`."""
        return len(self._ids(text))

    def vocabulary_rank(self, word: str) -> int | None:
        """See `Embedder.vocabulary_rank`."""
        ids = self._ids(word)[1:-1]
        return int(ids[0]) if len(ids) == 1 else None

    def vocabulary(self) -> list[str]:
        """See `Embedder.vocabulary`."""
        return _whole_words(self._tokenizer.get_vocab())

    def _ids(self, text: str) -> NDArray[np.int64]:
        return self._tokenized(text) if len(text) > LONG else self._kept_ids(text)

    def _tokenized(self, text: str) -> NDArray[np.int64]:
        return np.array(self._tokenizer.encode(text).ids, dtype=np.int64)


def _whole_words(vocabulary: Mapping[str, int]) -> list[str]:
    """Without pieces of words, signs and special tokens."""
    return sorted((word for word in vocabulary if word.isalpha() and len(word) > 1), key=vocabulary.__getitem__)


def open_embedder(settings: IndexSettings, models_dir: Path, *, device: str = "cpu") -> Embedder:
    """The embedder that the settings name; an export is made on first use and kept under `models_dir`."""

    def opened(model: str) -> SentenceTransformerEmbedder | OnnxEmbedder:
        if settings.runtime == "torch":
            return SentenceTransformerEmbedder.open(model, device=device)
        from ingest.export import exported_model

        folder, max_tokens = exported_model(model, models_dir)
        return OnnxEmbedder.open(folder, max_tokens=max_tokens)

    embedder = opened(settings.model)
    if question_model(settings.model) != settings.model:
        embedder.for_questions = opened(question_model(settings.model))
    return embedder
