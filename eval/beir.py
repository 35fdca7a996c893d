"""`python -m eval beir DIR`: the product's retriever on a folder in BEIR's format, beside its two halves alone."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.cached import cached_index, default_cache_dir, usable
from eval.collection import Collection, read_collection
from eval.metrics import Figure, graded_ndcg, mean_with_interval, recall_at_k
from eval.provenance import provenance
from eval.records import write_json
from eval.table import shown_figure
from ingest.embed import Embedder, open_embedder
from ingest.index import Index
from ingest.progress import Progress, progress_bar, silent
from ingest.settings import IndexSettings
from qa.answer import Hit
from qa.assistant import Assistant
from qa.retrieve import Retriever
from qa.settings import LONGEST_QUESTION, AskSettings

MEASURES = ("nDCG@10", "recall@100")
PASSAGES = 500  # taken for each query, so that 100 documents are among them
HYBRID = "hybrid"
Search = Callable[[str], Sequence[Hit]]
Scores = tuple[float, ...]  # one for each of MEASURES


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores of every query by system, the systems in the order in which they are shown."""

    about: Mapping[str, Any]
    queries: tuple[str, ...]
    scores: Mapping[str, Sequence[Scores]]

    def figures(self, system: str) -> dict[str, Figure]:
        """The mean of each measure for one system."""
        return _by_measure(self.scores[system])

    def lead(self, system: str) -> dict[str, Figure]:
        """By how much the hybrid is better than another system: the mean of the differences, query by query."""
        pairs = zip(self.scores[HYBRID], self.scores[system], strict=True)
        return _by_measure([tuple(a - b for a, b in zip(mine, other, strict=True)) for mine, other in pairs])

    def to_json(self) -> dict[str, Any]:
        """All figures, and the scores of every query, as plain JSON values."""
        return {
            "about": dict(self.about),
            "figures": {system: _plain(self.figures(system)) for system in self.scores},
            "hybrid better by": {system: _plain(self.lead(system)) for system in self.scores if system != HYBRID},
            "queries": {
                query: {system: dict(zip(MEASURES, rows[place], strict=True)) for system, rows in self.scores.items()}
                for place, query in enumerate(self.queries)
            },
        }


def _by_measure(rows: Sequence[Scores]) -> dict[str, Figure]:
    return {name: mean_with_interval([row[i] for row in rows]) for i, name in enumerate(MEASURES)}


def _plain(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in figures.items()}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m eval beir`."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="holds corpus.jsonl, queries.jsonl, qrels/<split>.tsv")
    parser.add_argument("--split", default="test", help="which judgements (default: %(default)s)")
    parser.add_argument(
        "--runtime", choices=["int8", "torch"], default="int8", help="embedding: int8 or torch, which is fp32"
    )
    parser.add_argument("--device", default="cpu", help="where torch runs, such as cuda (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures and every query's scores to FILE")
    parser.add_argument(
        "--cache", type=Path, default=default_cache_dir(), metavar="DIR", help="keeps indexes (default: %(default)s)"
    )


def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    collection = read_collection(options.folder, options.split)
    settings = IndexSettings(runtime=options.runtime)
    with progress_bar() as progress:
        progress("loading the embedding model", 0, 1)
        embedder = open_embedder(settings, usable(options.cache) / "models", device=options.device)
        progress("loading the embedding model", 1, 1)
        measured = measure(collection, options.cache, embedder, settings=settings, progress=progress)
    print_table(measured)
    if options.json:
        write_json(options.json, measured.to_json())
    return 0


def measure(
    collection: Collection,
    cache: Path,
    embedder: Embedder,
    *,
    settings: IndexSettings | None = None,
    progress: Progress = silent,
) -> Measured:
    """Search every query with every system, on one index of the collection that the cache keeps.

    A document's score is its best passage's. Like BEIR's own evaluation, a query never finds the document that
    bears its own id.
    """
    folder = cached_index(collection.documents, cache, embedder, settings=settings, progress=progress)
    with closing(Index.open(folder)) as index:
        systems = _systems(index, embedder, Assistant.open(folder, embedder=embedder))
        scores: dict[str, list[Scores]] = {system: [] for system in systems}
        for done, (query, text) in enumerate(collection.queries.items(), start=1):
            for system, search in systems.items():
                keys = dict.fromkeys(hit.source.key for hit in search(text) if hit.source.key != query)
                scores[system].append(_scores(list(keys), collection.judgements[query]))
            progress("searching", done, len(collection.queries))
        about = {**_about(collection), "passages": index.manifest.chunks, **provenance(folder, AskSettings())}
    return Measured(about, tuple(collection.queries), scores)


def _about(collection: Collection) -> dict[str, Any]:
    about = {"collection": collection.name, "split": collection.split, "queries": len(collection.queries)}
    lacking = collection.lacking
    return {**about, "relevant but not in the corpus": lacking} if lacking else about


def _systems(index: Index, embedder: Embedder, assistant: Assistant) -> dict[str, Search]:
    """The retriever with the weight all on one side, as it ships, and closer to how `ask` calls it.

    That is: no deeper than the settings say, which also changes what scores are scaled to; and understood first, so
    that BM25 searches other names for the same as well.
    """
    retriever = Retriever(index, embedder, index.catalog.sources())
    shipped = AskSettings()

    def search(text: str, settings: AskSettings = shipped, passages: int = PASSAGES) -> Sequence[Hit]:
        return retriever.retrieve(text, text, passages, settings).hits

    return {
        "dense": lambda text: [hit for hit in search(text, AskSettings(dense_weight=1.0)) if hit.dense],
        "BM25": lambda text: [hit for hit in search(text, AskSettings(dense_weight=0.0)) if hit.sparse],
        HYBRID: search,
        f"hybrid, {shipped.depth} passages deep": lambda text: search(text, passages=shipped.depth),
        "hybrid, query understood": lambda text: assistant.retrieve(text[:LONGEST_QUESTION], PASSAGES),
    }


def _scores(ranked: Sequence[str], gains: Mapping[str, float]) -> Scores:
    relevant = [key for key, gain in gains.items() if gain > 0]
    return graded_ndcg(ranked, gains, 10), recall_at_k(ranked, (), relevant, 100)


def print_table(measured: Measured) -> None:
    """The figures of each system, then the hybrid's lead over each other one, on standard output."""
    print(" · ".join(f"{name} {value}" for name, value in measured.about.items() if not isinstance(value, dict)))
    heads = "".join(f"{name:<40}" for name in MEASURES).rstrip()
    print(f"\n{'':<36}{heads}")
    for system in measured.scores:
        print(f"{system:<36}{_shown(measured.figures(system))}")
    print()
    for system in (name for name in measured.scores if name != HYBRID):
        print(f"{'hybrid - ' + system:<36}{_shown(measured.lead(system))}")


def _shown(figures: Mapping[str, Figure]) -> str:
    return "".join(f"{shown_figure(figure):<40}" for figure in figures.values()).rstrip()
