"""The stores of a new generation: what stays is carried over, what is new embedded and added."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from ingest.catalog import Catalog, StoredChunk
from ingest.document import Document
from ingest.embed import Embedder, Vectors
from ingest.errors import DocumentError
from ingest.examples import ExampleIndex
from ingest.index import EXAMPLES, QUESTIONS, Layout, open_stores
from ingest.manifest import Entry
from ingest.passages import embedded
from ingest.plan import Plan
from ingest.progress import Progress
from ingest.questions import FILES as QUESTIONS_FILES
from ingest.questions import Place, QuestionIndex, known_vectors, place_of
from ingest.remote import FILE as VECTORS_FILE
from ingest.remote import RemoteStore
from ingest.settings import IndexSettings
from ingest.sparse import SparseIndex
from ingest.store import DenseStore, VectorStore

AT_ONCE = 2000  # vectors added in one call


def write_stores(
    folder: Path, plan: Plan, settings: IndexSettings, embedder: Embedder, progress: Progress
) -> dict[str, Entry]:
    """Write catalog, vectors, BM25 and questions into `folder`; returns the manifest's entries."""
    if plan.base_folder and plan.base:
        own = VECTORS_FILE if plan.store else "chroma"
        _copy(plan.base_folder / own, folder / own)
        shutil.copy2(plan.base_folder / "catalog.db", folder / "catalog.db")
        there = replace(plan.base, store=plan.store)
        catalog, vectors = open_stores(folder, there, plan.index_dir, writable=True)
    else:
        catalog, vectors = Catalog.create(folder / "catalog.db"), _new_vectors(folder, plan)
    entries = _kept_entries(plan)
    try:
        vectors.remove(catalog.remove(plan.gone))
        entries |= _add_documents(plan, settings, embedder, (catalog, vectors), progress)
        vectors.save(folder)
        SparseIndex.build(catalog.texts()).save(folder / "bm25")
        questions = _write_questions(folder, plan, catalog, embedder, progress)
        _write_examples(folder, plan, embedder, questions, progress)
    finally:
        catalog.close()
        vectors.close()
    return entries


def _add_documents(
    plan: Plan, settings: IndexSettings, embedder: Embedder, stores: tuple[Catalog, DenseStore], progress: Progress
) -> dict[str, Entry]:
    """Cut, embed and add the plan's new documents; returns their entries."""
    catalog, vectors = stores
    entries: dict[str, Entry] = {}
    pending: list[tuple[list[str], Vectors]] = []
    for one, passages, sentences in embedded(plan.new, settings, embedder):
        progress("embedding documents", len(entries), len(plan.new))
        catalog.add(one.document, [StoredChunk(*pair) for pair in zip(one.chunks, sentences, strict=True)])
        entries[one.document.source.key] = _entry(one.document, len(one.chunks))
        pending.append(([chunk.chunk_id for chunk in one.chunks], passages))
        if sum(len(ids) for ids, _ in pending) >= AT_ONCE:
            _add_vectors(vectors, pending)
    _add_vectors(vectors, pending)
    plan.summary.embedded += sum(entry.chunks for entry in entries.values())
    progress("embedding documents", len(plan.new), len(plan.new))
    return entries


def _write_questions(
    folder: Path, plan: Plan, catalog: Catalog, embedder: Embedder, progress: Progress
) -> QuestionIndex:
    """Place and embed the questions written for sentences; one whose sentence is gone is told, the others stay."""
    if not plan.asked:
        return QuestionIndex.empty()
    placed: dict[Place, list[str]] = {}
    chunks: dict[str, list[StoredChunk]] = {}
    for done, asked in enumerate(plan.asked):
        progress("placing questions", done, len(plan.asked))
        if asked.key not in chunks:
            chunks[asked.key] = catalog.chunks_of(asked.key)
        place = place_of(asked, chunks[asked.key])
        if place is None:
            problem = f"no sentence of {asked.key} begins with {asked.opening!r}"
            plan.summary.failed.append(
                DocumentError(" or ".join(QUESTIONS_FILES), asked.key, problem, "Correct the opening words.")
            )
        else:
            placed.setdefault(place, []).append(asked.question)
    progress("placing questions", len(plan.asked), len(plan.asked))
    earlier = QuestionIndex.open(plan.base_folder / QUESTIONS) if plan.base_folder else QuestionIndex.empty()
    questions = QuestionIndex.build(placed, embedder, earlier, progress)
    questions.save(folder / QUESTIONS)
    return questions


def _write_examples(folder: Path, plan: Plan, embedder: Embedder, questions: QuestionIndex, progress: Progress) -> None:
    """Many examples are among the questions, and are embedded by then."""
    if plan.examples:
        earlier = ExampleIndex.open(plan.base_folder / EXAMPLES) if plan.base_folder else ExampleIndex.empty()
        known = known_vectors(earlier, embedder) | known_vectors(questions, embedder)
        ExampleIndex.build(plan.examples, embedder, known, progress).save(folder / EXAMPLES)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)


def _new_vectors(folder: Path, plan: Plan) -> DenseStore:
    if plan.store:
        return RemoteStore.create(plan.store, Layout(plan.index_dir).store_name())
    return VectorStore.create(folder / "chroma")


def _kept_entries(plan: Plan) -> dict[str, Entry]:
    base, gone = plan.base.documents if plan.base else {}, set(plan.gone)
    kept = {key: entry for key, entry in base.items() if key not in gone}
    return kept | {key: replace(kept[key], file_hash=stamp) for key, stamp in plan.stamps.items()}


def _entry(document: Document, chunks: int) -> Entry:
    place = (document.source.number, document.root, document.path)
    return Entry(*place, document.content_hash, chunks, document.file_hash, document.member)


def _add_vectors(vectors: DenseStore, pending: list[tuple[list[str], Vectors]]) -> None:
    """Add what is pending in one call (each is a transaction of Chroma), and forget it."""
    filled = [(ids, rows) for ids, rows in pending if ids]
    pending.clear()
    if filled:
        vectors.add([chunk_id for ids, _ in filled for chunk_id in ids], np.concatenate([rows for _, rows in filled]))
