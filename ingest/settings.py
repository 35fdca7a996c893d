"""What is baked into an index: changing any of it means building the index anew."""

from dataclasses import asdict, dataclass
from typing import Literal

DEFAULT_MODEL = "all-MiniLM-L6-v2"
Runtime = Literal["int8", "torch"]


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Model, runtime and chunk size. `chunk_tokens` counts the text of a chunk, without title and heading."""

    model: str = DEFAULT_MODEL
    runtime: Runtime = "int8"
    chunk_tokens: int = 160

    def __post_init__(self) -> None:
        if self.runtime not in ("int8", "torch"):
            raise ValueError(f"runtime is {self.runtime!r}; choose int8 or torch")
        if self.chunk_tokens < 16:
            raise ValueError(f"chunk_tokens is {self.chunk_tokens}; choose at least 16")

    def to_dict(self) -> dict[str, str | int]:
        """The fields as plain JSON values."""
        return asdict(self)
