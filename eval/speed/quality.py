"""What int8 costs in quality: the retriever on a judged collection with either embedding, query by query."""

from collections.abc import Iterator

from eval.beir import HYBRID, MEASURES, Measured, measure
from eval.collection import Collection, read_collection
from eval.metrics import mean_with_interval
from eval.speed.bench import Bench
from eval.speed.figures import OURS, Row, Spread
from eval.speed.targets import LOSS
from ingest.embed import open_embedder
from ingest.settings import IndexSettings, Runtime

SPLITS = ("dev", "test", "train")


def embedding(bench: Bench) -> Iterator[Row]:
    """nDCG@10 with int8 and with fp32, and the mean of the differences with its 95 % interval as the spread."""
    if bench.scope.quality is None:
        return
    folder = bench.scope.quality
    split = next((name for name in SPLITS if (folder / "qrels" / f"{name}.tsv").is_file()), SPLITS[0])
    collection = read_collection(folder, split)
    int8, fp32 = (_measured(bench, collection, runtime) for runtime in ("int8", "torch"))
    for system in (HYBRID, "dense"):
        for name, found in (("int8", int8), ("fp32", fp32)):
            yield _row(f"{name}, {system}: {MEASURES[0]}", [scores[0] for scores in found.scores[system]])
    pairs = zip(int8.scores[HYBRID], fp32.scores[HYBRID], strict=True)
    yield _row(LOSS, [mine[0] - other[0] for mine, other in pairs])


def _measured(bench: Bench, collection: Collection, runtime: Runtime) -> Measured:
    settings = IndexSettings(runtime=runtime)
    embedder = open_embedder(settings, bench.models)
    return measure(collection, bench.cache, embedder, settings=settings, progress=bench.progress)


def _row(name: str, values: list[float]) -> Row:
    found = mean_with_interval(values)
    assert found.value is not None  # a collection without a judged query is refused when it is read
    assert found.low is not None
    assert found.high is not None
    return Row(name, "", {OURS: Spread(found.value, found.low, found.high, 1, found.n)})
