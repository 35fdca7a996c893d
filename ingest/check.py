"""Is what the index holds what it should hold? Behind `python -m ingest --check`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ingest.catalog import StoredChunk
from ingest.document import Document
from ingest.errors import DocumentError, IngestError
from ingest.index import Index
from ingest.load import find_clashes, find_files, load_document


def check_index(index_dir: Path) -> Iterator[str]:
    """Problems of the index and of the files behind it, one sentence each; none when all is well.

    Raises IngestError when the index cannot be opened at all.
    """
    index = Index.open(index_dir)
    try:
        yield from _check_files(index.manifest.roots)
        yield from _check_stores(index)
    finally:
        index.close()


def _check_files(roots: tuple[str, ...]) -> Iterator[str]:
    used = []
    try:
        files = find_files(roots)
    except IngestError as error:
        yield str(error)
        return
    for file in files:
        try:
            document = load_document(file)
        except DocumentError as error:
            yield str(error)
        else:
            used.append((document.source.key, document.source.number, str(file.location)))
    yield from (str(clash) for clash in find_clashes(used))


def _check_stores(index: Index) -> Iterator[str]:
    remedy = "Build the index anew with: python -m ingest --rebuild"
    ids = index.catalog.chunk_ids()
    if ids != index.sparse.chunk_ids:
        yield f"The catalog and the BM25 index name different chunks. {remedy}"
    stored = {key: index.catalog.document(key) for key in (source.key for source in index.catalog.sources())}
    for key in sorted(set(stored) ^ set(index.manifest.documents)):
        yield f"{key}: the manifest and the catalog disagree about this document. {remedy}"
    for chunk_id in ids:
        problem = _problem(index, chunk_id, stored)
        if problem:
            yield f"{chunk_id}: {problem}. {remedy}"


def _problem(index: Index, chunk_id: str, documents: Mapping[str, Document]) -> str | None:
    try:
        chunk = index.catalog.chunks([chunk_id])[chunk_id]
    except (ValueError, TypeError) as error:  # spans that are no JSON, vectors of another shape
        return f"its sentences and vectors do not fit each other ({error})"
    return None if _holds(chunk, documents[chunk.chunk.key]) else "its sentences lie outside its passage"


def _holds(stored: StoredChunk, document: Document) -> bool:
    chunk = stored.chunk
    inside = all(chunk.span.start <= s.start < s.end <= chunk.span.end for s in chunk.sentences)
    return inside and chunk.span.end <= len(document.text) and len(stored.vectors) == len(chunk.sentences)
