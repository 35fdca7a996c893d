"""The vectors of questions and queries."""

import threading
from collections.abc import Callable, Sequence

from ingest.embed import Vectors

KEPT = 500  # texts


class QueryVectors:
    """Encodes each text once, several at the same time, and keeps the vectors of the latest. Thread-safe."""

    def __init__(self, encode: Callable[[Sequence[str]], Vectors]) -> None:
        self._encode = encode
        self._kept: dict[str, Vectors] = {}
        self._lock = threading.Lock()

    def of(self, *texts: str) -> list[Vectors]:
        """The vector of each text."""
        found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found.update(zip(missing, self._encode(missing), strict=True))
            self._keep({text: found[text] for text in missing})
        return [found[text] for text in texts]

    def of_one(self, text: str) -> Vectors:
        """The vector of one text."""
        return self.of(text)[0]

    def _keep(self, new: dict[str, Vectors]) -> None:
        with self._lock:
            kept = {**self._kept, **new}
            self._kept = {text: kept[text] for text in list(kept)[-KEPT:]}
