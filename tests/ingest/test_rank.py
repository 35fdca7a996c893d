import numpy as np
import pytest

from ingest.rank import highest


@pytest.mark.parametrize("count", [1, 3, 7, 50, 60])
def test_the_highest_are_those_of_a_stable_sort(count):
    scores = np.random.default_rng(0).integers(0, 9, 50).astype(np.float32)  # many are equal
    assert highest(scores, count) == np.argsort(-scores, kind="stable")[:count].tolist()
