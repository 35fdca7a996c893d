"""What may change from question to question."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from qa.filters import ALL_SOURCES, SourceFilter

LONGEST_QUESTION = 2000  # characters
REPLY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """A chat model that writes the answers. Its key is no setting: it stays in the environment."""

    name: str
    """"provider:model", such as "ollama:qwen2.5:3b"."""
    base_url: str | None = None
    """Address of the server, for any that is not the provider's own."""
    seconds: float = REPLY_SECONDS
    """The whole reply must be there by then; else the composed answer is given."""
    stall_seconds: float = 15.0
    """Longest silence once a reply has begun."""
    retries: int = 1
    passages: int = 4
    """Passages that the model is shown, fewer if they do not fit `prompt_tokens`."""
    prompt_tokens: int = 3000
    reply_tokens: int = 400
    cache: str | None = None
    """Folder where replies are kept, so that the same question over the same documents costs nothing again."""

    def __post_init__(self) -> None:
        for name in ("seconds", "stall_seconds", "passages", "prompt_tokens", "reply_tokens"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is {getattr(self, name)}; choose a number above 0")
        if self.retries < 0:
            raise ValueError(f"retries is {self.retries}; choose 0 or more")
        address = urlsplit(self.base_url or "http://localhost")
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(f"base_url is {self.base_url!r}; write it like http://127.0.0.1:8080/v1")
        if "@" in address.netloc:
            raise ValueError("base_url holds a user name or key; keys belong into the environment")


@dataclass(frozen=True, slots=True)
class AskSettings:
    """How an answer is found and how long it gets. Scores lie between 0 and 1."""

    depth: int = 60
    """Chunks taken from each of the two rankings before they are fused."""
    dense_weight: float = 0.6
    """Weight of the dense ranking; BM25 gets the rest."""
    passages: int = 12
    """Best chunks whose sentences are considered."""
    question_passages: int = 6
    """Further chunks, whose sentences answer written questions like the one asked."""
    written_questions: bool = True
    """Whether the questions written for sentences (see `ingest.questions`) are used."""
    besides: str = ""
    """A written question or example that is left out, as if nobody had asked it: to fit and measure with it."""
    max_statements: int = 5
    """Statements of an answer; lists and comparisons get three more."""
    related: int = 3
    """Hits shown when the sources do not answer."""
    model: ModelSettings | None = None
    """The chat model that writes the answers; None: they are composed of sentences of the sources."""
    only: SourceFilter = ALL_SOURCES
    """The sources that may be quoted."""

    def __post_init__(self) -> None:
        if not 0 <= self.dense_weight <= 1:
            raise ValueError(f"dense_weight is {self.dense_weight}; choose a value from 0 to 1")
        for name in ("depth", "passages", "max_statements", "related"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; choose at least 1")
