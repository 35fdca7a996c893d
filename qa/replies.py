"""Replies of language models, kept in a folder: the same question over the same documents costs nothing again."""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from qa import prompts
from qa.settings import ModelSettings


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A reply as it was written, before any check: it is checked anew each time."""

    text: str
    finish: str | None
    input_tokens: int | None
    output_tokens: int | None


class Replies:
    """A folder of replies, one file each. What is damaged or cannot be written counts as not kept."""

    def __init__(self, folder: Path, key: str) -> None:
        self._file = folder / f"{key}.json"

    def find(self) -> KeptReply | None:
        """The reply under this key, None when there is none."""
        try:
            return KeptReply(**json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, reply: KeptReply) -> None:
        """Write the reply; in one rename, so that no reader sees half of it."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, scratch = tempfile.mkstemp(dir=self._file.parent, suffix=".new")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(reply), file, ensure_ascii=False)
            Path(scratch).replace(self._file)
        except OSError:
            return  # a full or read-only disk costs the next question a call, no more


def key_of(messages: Sequence[tuple[str, str]], corpus_hash: str, settings: ModelSettings) -> str:
    """The key of a reply: question and passages as sent, corpus, model, address, length, version of the prompt."""
    parts = [prompts.VERSION, list(messages), corpus_hash, settings.name, settings.base_url, settings.reply_tokens]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
