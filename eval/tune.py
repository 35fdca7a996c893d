"""Fit the model for questions to the written ones: `python -m eval tune` writes ingest/tuning.npz (half an hour)."""

import argparse
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.calibrate import as_people_ask
from eval.suite import load_questions
from eval.training import Example, from_suite, read_training
from ingest.conversation import TURN
from ingest.embed import SentenceTransformerEmbedder, Vectors
from ingest.index import Index, configured_index_dir
from ingest.progress import Progress, progress_bar
from ingest.settings import DEFAULT_MODEL
from ingest.tuning import FILE, LAYERS, Tuning
from ingest.weights import file_sha256
from qa.adapter import LowRank

if TYPE_CHECKING:
    from torch import Tensor

EPOCHS, BATCH, TOGETHER = 4, 64, 32  # questions of a step, and of them embedded in one call, alike in length
TEMPERATURE = 0.05
RANK, SCALE, DROPOUT = 32, 2.0, 0.1  # of the changes to the layers
RATE, DECAY = 1e-3, 0.01
SENTENCE_RANK, SENTENCE_RATE, SENTENCE_DECAY = 128, 2e-3, 0.5  # of the map of the sentences
WARM_UP, LAST = 50, 0.02  # steps until the full rate is reached; share of it that is left at the end
MOST_TOKENS = 128


@dataclass(frozen=True, slots=True)
class Pairs:
    """Written questions, for each the rows of its sentences, and all sentences: their vectors, keys and texts."""

    questions: Sequence[str]
    answers: Sequence[Sequence[int]]
    vectors: Vectors
    sentences: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, index: Index, besides: Container[str] = ()) -> "Pairs":
        """Those of an index but for the questions of `besides`, which are to measure or to fit what comes after."""
        stored = index.catalog.chunks(index.catalog.chunk_ids())
        spans = [(one.chunk, span) for one in stored.values() for span in one.chunk.sentences]
        row = {(chunk.chunk_id, span.start): number for number, (chunk, span) in enumerate(spans)}
        start = [chunk.span.start for chunk, _ in spans]
        texts = [c.text[s.start - at : s.end - at] for (c, s), at in zip(spans, start, strict=True)]
        sentences = [(chunk.key, text) for (chunk, _), text in zip(spans, texts, strict=True)]
        answers: dict[str, list[int]] = {}
        for text, place in zip(index.questions.texts, index.questions.places, strict=True):
            # by themselves: fitted to conversations as well, it was worse for single questions
            if text not in besides and TURN not in text:
                answers.setdefault(text, []).append(row[place])
        vectors = np.concatenate([one.vectors for one in stored.values()])
        return cls(list(answers), list(answers.values()), vectors, sentences)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval tune`."""
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index whose questions are learnt")
    parser.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help="default: %(default)s")
    parser.add_argument("--to", type=Path, default=FILE, metavar="FILE", help="default: %(default)s")


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    index = Index.open(options.index or configured_index_dir())
    examples = measuring()
    pairs = Pairs.of(index, {example.question for example in examples})
    index.close()
    if not pairs.questions:
        print("This index has no written questions (questions.tsv) to learn from.")
        return 2
    with progress_bar() as progress:
        report("the published model", SentenceTransformerEmbedder.open(DEFAULT_MODEL), examples, pairs, pairs.vectors)
        tuning, embedder = fit(SentenceTransformerEmbedder.open(DEFAULT_MODEL), pairs, options.epochs, progress)
        tuning.save(options.to)
        down, up = tuning.sentences
        report("the model for questions", embedder, examples, pairs, LowRank(down, up)(pairs.vectors))
    print(f"{options.to.name} is written. In ingest/tuning.py set SHA256 to {file_sha256(options.to)}, then")
    print("run python -m ingest and python -m eval calibrate.")
    return 0


def fit(
    embedder: SentenceTransformerEmbedder, pairs: Pairs, epochs: int, progress: Progress
) -> tuple[Tuning, SentenceTransformerEmbedder]:
    """Maximise the share of each question's own sentences among all (InfoNCE, van den Oord et al. 2018).

    Of several right sentences any will do. The sentences keep the vectors of the published model but for one linear map
    of low rank. Returns what was fitted and the embedder with it.
    """
    import torch

    torch.manual_seed(0)
    blocks = embedder.model[0].auto_model.requires_grad_(requires_grad=False)
    blocks.set_attn_implementation("eager")  # on CPUs the fused one is slow to differentiate: half of all the time
    changes = {name: _changed(blocks, name) for name in _layer_names(blocks)}
    size = pairs.vectors.shape[1]
    down = torch.nn.Parameter(torch.randn(size, SENTENCE_RANK) * 0.02)
    up = torch.nn.Parameter(torch.zeros(SENTENCE_RANK, size))
    factors = [factor for change in changes.values() for factor in (change.up, change.down)]
    groups = [
        {"params": factors, "lr": RATE, "weight_decay": DECAY},
        {"params": [down, up], "lr": SENTENCE_RATE, "weight_decay": SENTENCE_DECAY},
    ]
    optimiser = torch.optim.AdamW(groups)
    batches = list(_batches(len(pairs.questions), epochs))
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARM_UP) * max(LAST, 1 - step / len(batches))
    )
    said = torch.tensor(pairs.vectors)
    blocks.train()
    for done, batch in enumerate(batches):
        progress("fitting the model", done, len(batches))
        asked = _embedded(embedder.model, [pairs.questions[n] for n in batch])
        moved = torch.nn.functional.normalize(said + said @ down @ up, dim=1)
        likeness = asked @ moved.T / TEMPERATURE
        own = [(place, row) for place, n in enumerate(batch) for row in pairs.answers[n]]
        wrong = torch.ones_like(likeness, dtype=torch.bool)
        wrong[tuple(torch.tensor(own).T)] = False
        right = likeness.masked_fill(wrong, -torch.inf)
        loss = (torch.logsumexp(likeness, 1) - torch.logsumexp(right, 1)).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not type it
        optimiser.step()
        rate.step()
    progress("fitting the model", len(batches), len(batches))
    blocks.eval()
    layers = {n: (SCALE * c.up.detach().numpy(), c.down.detach().numpy()) for n, c in changes.items()}
    return Tuning(layers, (down.detach().numpy(), up.detach().numpy())), embedder


def measuring() -> list[Example]:
    """The questions with an answer that ranking and abstaining are fitted on: none of them may be learnt from here."""
    examples = [*from_suite(load_questions(split="dev")), *read_training(), *as_people_ask()]
    return [example for example in examples if example.answerable and not example.history]


def report(
    name: str, embedder: SentenceTransformerEmbedder, alone: Sequence[Example], pairs: Pairs, vectors: Vectors
) -> None:
    """Print how high cosines alone rank the first right sentence for questions that are not learnt from."""
    cosines = embedder.encode([example.question for example in alone]) @ vectors.T
    ranks = [_rank(row, example, pairs.sentences) for row, example in zip(cosines, alone, strict=True)]
    print(f"{name}: first right sentence among all, mean reciprocal rank {np.mean(1 / np.array(ranks)):.3f}", end="  ")
    print(f"n={len(ranks)}")


def _rank(cosines: Vectors, example: Example, sentences: Sequence[tuple[str, str]]) -> int:
    right = [number for number, sentence in enumerate(sentences) if example.is_right(*sentence)]
    return 1 + int((cosines > cosines[right].max()).sum()) if right else len(sentences)


def _batches(count: int, epochs: int) -> Iterator[list[int]]:
    random = np.random.default_rng(0)
    for _ in range(epochs):
        order = random.permutation(count)
        yield from (order[start : start + BATCH].tolist() for start in range(0, count, BATCH))


def _layer_names(blocks: Any) -> list[str]:
    return [f"encoder.layer.{number}.{name}" for number in range(len(blocks.encoder.layer)) for name in LAYERS]


def _changed(blocks: Any, name: str) -> Any:
    """Put a layer that adds a product of low rank into the place of a linear one; its `up` begins as zeros."""
    import torch

    class Changed(torch.nn.Module):
        """x -> inner(x) + scale * up @ down @ x."""

        def __init__(self, inner: Any) -> None:
            super().__init__()
            self.inner = inner
            self.down = torch.nn.Parameter(torch.randn(RANK, inner.in_features) / inner.in_features**0.5)
            self.up = torch.nn.Parameter(torch.zeros(inner.out_features, RANK))
            self.dropout = torch.nn.Dropout(DROPOUT)

        def forward(self, given: Any) -> Any:
            low = torch.nn.functional.linear(self.dropout(given), self.down)
            return self.inner(given) + SCALE * torch.nn.functional.linear(low, self.up)

    parent, _, last = name.rpartition(".")
    changed = Changed(blocks.get_submodule(name))
    setattr(blocks.get_submodule(parent), last, changed)
    return changed


def _embedded(model: Any, texts: Sequence[str]) -> "Tensor":
    """Unit vectors with their gradients, texts of like length together: what pads the shorter ones costs as well."""
    import torch

    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    vectors = []
    for start in range(0, len(order), TOGETHER):
        part = [texts[n] for n in order[start : start + TOGETHER]]
        given = model.tokenizer(part, padding=True, truncation=True, max_length=MOST_TOKENS, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16):
            states = model[0].auto_model(**given).last_hidden_state.float()
        weights = given["attention_mask"].unsqueeze(-1).float()
        vectors.append((states * weights).sum(1) / weights.sum(1))
    back = torch.argsort(torch.tensor(order))
    return torch.nn.functional.normalize(torch.cat(vectors)[back], dim=1)
