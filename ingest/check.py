"""Is what the index holds what it should hold? Behind `python -m ingest --check`."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from ingest.catalog import UNIT
from ingest.document import Document
from ingest.errors import DocumentError, IngestError
from ingest.index import Index, Layout
from ingest.load import HEAD, File, find_clashes, find_files, is_ours, load_document
from ingest.manifest import Manifest, file_hashes
from ingest.store import chroma_error

REBUILD = "Build the index anew with: python -m ingest --rebuild"


def check_index(index_dir: Path) -> Iterator[str]:
    """Problems of the index and of the files behind it, one sentence each; none when all is well.

    Raises IngestError when the index cannot be opened at all.
    """
    index = Index.open(index_dir)
    try:
        yield from _check_files(index.manifest)
        found = False
        for problem in _check_stores(index):
            found = True
            yield problem
        if not found:  # else the altered file has shown itself already
            yield from _check_hashes(index.manifest, Layout(index_dir).generations / index.name)
    finally:
        index.close()


def content_hash(index_dir: Path) -> str:
    """One hash over numbers, texts, passages and vectors of an index, whatever the order they were written in."""
    index = Index.open(index_dir)
    try:
        digest = hashlib.sha256()
        for key, entry in sorted(index.manifest.documents.items()):
            document = index.catalog.document(key)
            digest.update(f"{key}\0{entry.number}\0{document.source}\0{document.text}\0".encode())
            for stored in index.catalog.chunks_of(key):
                digest.update(f"{stored.chunk.chunk_id} {stored.chunk.span} {stored.chunk.sentences}".encode())
                digest.update(stored.vectors.tobytes())
        for chunk_id, vector in sorted(index.vectors.all().items()):
            digest.update(chunk_id.encode() + vector.tobytes())
        return digest.hexdigest()[:16]
    finally:
        index.close()


def _check_files(manifest: Manifest) -> Iterator[str]:
    """Documents that break the contract. Other people's files are judged when they are read, not here."""
    used = []
    try:
        files = find_files(manifest.roots)
    except IngestError as error:
        yield str(error)
        return
    contracted = {File(e.root, e.path).location for e in manifest.documents.values() if not e.file_hash}
    for file in files:
        try:
            if file.location not in contracted and not is_ours(file, file.head(HEAD)):
                continue
            document = load_document(file)
        except DocumentError as error:
            yield str(error)
        else:
            used.append((document.source.key, document.source.number, str(file.location)))
    yield from (str(clash) for clash in find_clashes(used))


def _check_stores(index: Index) -> Iterator[str]:
    if index.catalog.chunk_ids() != index.sparse.chunk_ids:
        yield f"The catalog and the BM25 index name different chunks. {REBUILD}"
    stored = {source.key: source for source in index.catalog.sources()}
    documents = index.manifest.documents
    for key in sorted(set(stored) ^ set(documents)):
        yield f"{key}: the manifest and the catalog disagree about this document. {REBUILD}"
    for key in sorted(set(stored) & set(documents)):
        if stored[key].number != documents[key].number:
            numbers = (documents[key].number, stored[key].number)
            yield f"{key}: its number is %d in the manifest, %d in the catalog. {REBUILD}" % numbers
        yield from _check_chunks(index, index.catalog.document(key))
    yield from _check_vectors(index)


def _check_chunks(index: Index, document: Document) -> Iterator[str]:
    key = document.source.key
    for chunk_id, fault in index.catalog.faults_of(key, len(document.text)).items():
        yield f"{chunk_id}: {fault}. {REBUILD}"
    entry = index.manifest.documents[key]
    count = index.catalog.count_of(key)
    if count != entry.chunks:
        yield f"{key}: it has {count} passages where the manifest names {entry.chunks}. {REBUILD}"


def _check_vectors(index: Index) -> Iterator[str]:
    try:
        vectors = index.vectors.all()
    except (OSError, chroma_error()) as error:
        yield f"The vectors cannot be read ({error}). Free some space if the disk is full. {REBUILD}"
        return
    for chunk_id in index.catalog.chunk_ids():
        vector = vectors.get(chunk_id)
        if vector is None:
            yield f"{chunk_id}: its vector is missing. {REBUILD}"
        elif not abs(float(np.linalg.norm(vector)) - 1) < UNIT:
            yield f"{chunk_id}: its vector is damaged. {REBUILD}"


def _check_hashes(manifest: Manifest, folder: Path) -> Iterator[str]:
    if not manifest.files:  # an index of an earlier version
        return
    found: Mapping[str, str] = file_hashes(folder)
    for name in sorted({*manifest.files, *found}):
        if manifest.files.get(name) != found.get(name):
            yield f"{name} was altered since it was written. {REBUILD}"
