"""What may change from question to question."""

from dataclasses import dataclass

LONGEST_QUESTION = 2000  # characters


@dataclass(frozen=True, slots=True)
class AskSettings:
    """How an answer is found and how long it gets. Scores lie between 0 and 1."""

    depth: int = 60
    """Chunks taken from each of the two rankings before they are fused."""
    dense_weight: float = 0.6
    """Weight of the dense ranking; BM25 gets the rest."""
    passages: int = 12
    """Best chunks whose sentences are considered."""
    max_statements: int = 4
    """Statements of an answer; lists and comparisons get two more."""
    related: int = 3
    """Hits shown when the sources do not answer."""

    def __post_init__(self) -> None:
        if not 0 <= self.dense_weight <= 1:
            raise ValueError(f"dense_weight is {self.dense_weight}; choose a value from 0 to 1")
        for name in ("depth", "passages", "max_statements", "related"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; choose at least 1")
