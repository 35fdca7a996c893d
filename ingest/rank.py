"""The highest of many scores."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def highest(scores: NDArray[np.floating[Any]], count: int) -> list[int]:
    """Places of the `count` highest scores, highest first; of equal ones the earlier first.

    The same as the first of a stable sort of all, which takes milliseconds for 100,000 scores.
    """
    lowest = np.partition(scores, -count)[-count] if count < len(scores) else -np.inf
    likely = np.flatnonzero(scores >= lowest)
    found: list[int] = likely[np.argsort(-scores[likely], kind="stable")][:count].tolist()
    return found
