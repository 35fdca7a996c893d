"""Fit the adapter: a written question shall lie nearer to its own sentence than to any other of the index."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ingest.embed import Vectors
from ingest.index import Index
from ingest.progress import Progress
from qa.adapter import Adapter, LowRank

if TYPE_CHECKING:
    from torch import Tensor

RANK, EPOCHS, BATCH = 128, 12, 256
TEMPERATURE, RATE, DECAY = 0.05, 2e-3, 0.5


def written_pairs(index: Index) -> tuple[Vectors, Vectors, list[int]]:
    """Vectors of all written questions, of all sentences, and for each question the row of its sentence."""
    stored = index.catalog.chunks(index.catalog.chunk_ids())
    places = [(name, span.start) for name, one in stored.items() for span in one.chunk.sentences]
    row = {place: number for number, place in enumerate(places)}
    sentences = np.concatenate([one.vectors for one in stored.values()])
    return index.questions.vectors, sentences, [row[place] for place in index.questions.places]


def fit(questions: Vectors, sentences: Vectors, answers: Sequence[int], progress: Progress) -> Adapter:
    """Minimise the cross-entropy of each question's sentence among all (InfoNCE, van den Oord et al. 2018)."""
    import torch

    torch.manual_seed(0)
    torch.use_deterministic_algorithms(mode=True)
    size = sentences.shape[1]
    shapes = [(size, RANK), (RANK, size)] * 2
    parts = [torch.nn.Parameter(torch.randn(s) * 0.02 if s[0] == size else torch.zeros(s)) for s in shapes]
    asked, said, right = torch.tensor(questions), torch.tensor(sentences), torch.tensor(answers)
    optimiser = torch.optim.AdamW(parts, lr=RATE, weight_decay=DECAY)
    for epoch in range(EPOCHS):
        progress("fitting the adapter", epoch, EPOCHS)
        for batch in torch.split(torch.randperm(len(asked)), BATCH):
            cosines = _moved(asked[batch], parts[0], parts[1]) @ _moved(said, parts[2], parts[3]).T
            loss = torch.nn.functional.cross_entropy(cosines / TEMPERATURE, right[batch])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch does not type it
            optimiser.step()
    progress("fitting the adapter", EPOCHS, EPOCHS)
    fitted = [part.detach().numpy() for part in parts]
    return Adapter(LowRank(fitted[0], fitted[1]), LowRank(fitted[2], fitted[3]))


def _moved(vectors: "Tensor", down: "Tensor", up: "Tensor") -> "Tensor":
    moved = vectors + vectors @ down @ up
    lengths: Tensor = moved.norm(dim=1, keepdim=True)
    return moved / lengths
