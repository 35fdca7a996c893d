"""An index of somebody's documents, built once and found again as long as documents and settings are the same."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from ingest.build import index_documents
from ingest.chunk import CHUNKER_VERSION
from ingest.document import Document
from ingest.embed import Embedder
from ingest.errors import IndexUnreadableError, IngestError
from ingest.index import Index
from ingest.manifest import FORMAT_VERSION
from ingest.progress import Progress, silent
from ingest.settings import IndexSettings


def default_cache_dir() -> Path:
    """The user's cache folder."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("progressive-ms-qa", appauthor=False)) / "eval"


def cached_index(
    documents: Sequence[Document],
    cache: Path,
    embedder: Embedder,
    *,
    settings: IndexSettings | None = None,
    progress: Progress = silent,
) -> Path:
    """Folder of an index of exactly these documents, built first when the cache holds none.

    Whatever changes the index names another folder: a document, the model and the other settings, the chunker. One
    that is damaged, or was left half done by a kill, is built anew.
    """
    chosen = settings or IndexSettings()
    folder = usable(cache) / _fingerprint(documents, chosen)
    try:
        Index.open(folder, expected=chosen).close()
    except IndexUnreadableError:
        index_documents(folder, documents, chosen, embedder=embedder, progress=progress)
    return folder


def usable(cache: Path) -> Path:
    """The cache folder, made if need be. Raises IngestError when that cannot be."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IngestError(f"{cache}: cannot be made ({error.strerror}). Name another folder with --cache.") from error
    return cache


def _fingerprint(documents: Sequence[Document], settings: IndexSettings) -> str:
    built_with = json.dumps([settings.to_dict(), CHUNKER_VERSION, FORMAT_VERSION], sort_keys=True)
    digest = hashlib.sha256(built_with.encode())
    for document in documents:
        digest.update(f"\n{document.source.key} {document.content_hash}".encode())
    return digest.hexdigest()[:16]
