"""How many threads the linear algebra of one question takes."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any


def single_threaded() -> AbstractContextManager[Any]:
    """Products of matrices in one thread while this is entered.

    Those of a question last a fraction of a millisecond. OpenBLAS would share them out, wait for the slowest thread,
    and let its threads spin for many milliseconds after, beside the embedder's.
    """
    limited: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limited


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
