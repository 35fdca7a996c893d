"""The collections of one index, each opened when it is first asked for and kept open."""

import threading
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from ingest.errors import UnknownCollectionError
from ingest.index import Layout, collection_dir, collections
from ingest.load import PACKAGED
from ingest.manifest import Manifest
from ingest.settings import IndexSettings
from qa.assistant import Assistant

MAIN = "@main"  # the index itself: no collection can be called that, as names hold no '@'


class Library:
    """Assistants by the name of their collection. Thread-safe: while one is being opened, the others answer.

    `first` is there from the start and is what an empty name means. Without `others` it is the only one.
    """

    def __init__(self, first: Assistant, *, others: bool = True) -> None:
        self.first = first
        layout = Layout(first.index_dir)
        self._whole = layout.whole
        self.start = layout.collection or MAIN
        self._others = others
        self._opened = {self.start: first}
        self._opening: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def names(self) -> list[str]:
        """What can be chosen at this moment: the index itself where there is one, then its collections."""
        if not self._others:
            return [self.start]
        main = [MAIN] if Layout(self._whole).pointer.is_file() else []
        found = [*main, *collections(self._whole)]
        return found if self.start in found else [self.start, *found]

    def name_of(self, wanted: str | None) -> str:
        """The name that a request means. Raises UnknownCollectionError."""
        if not wanted or wanted == self.start:
            return self.start
        known = self.names()
        if wanted not in known:
            raise UnknownCollectionError(wanted, known)
        return wanted

    def is_open(self, wanted: str | None) -> bool:
        """Whether `get` has nothing to load. Raises UnknownCollectionError."""
        return self.name_of(wanted) in self._opened

    def get(self, wanted: str | None = None) -> Assistant:
        """The assistant of a collection, opened in the calling thread if need be.

        Raises UnknownCollectionError, and IngestError where it cannot be opened; a later call tries again.
        """
        name = self.name_of(wanted)
        with self._opening[name]:
            if name not in self._opened:
                self._opened[name] = self._open(name)
            return self._opened[name]

    def label(self, name: str) -> str:
        """What the reader sees."""
        return self._label_of_main if name == MAIN else name

    @cached_property
    def _label_of_main(self) -> str:
        return "Progressive MS" if PACKAGED in self._manifest(self._whole).roots else "Main index"

    def _open(self, name: str) -> Assistant:
        collection = None if name == MAIN else name
        # one embedding model in memory serves all collections that were built with it
        embedder = self.first.embedder if self._settings(collection) == self._settings_of_first() else None
        return Assistant.open(self._whole, collection=collection, settings=self.first.settings, embedder=embedder)

    def _settings(self, collection: str | None) -> IndexSettings:
        return self._manifest(collection_dir(self._whole, collection)).settings

    def _settings_of_first(self) -> IndexSettings:
        return self._manifest(self.first.index_dir).settings

    @staticmethod
    def _manifest(folder: Path) -> Manifest:
        layout = Layout(folder)
        return Manifest.read(layout.generations / layout.current(), folder)
