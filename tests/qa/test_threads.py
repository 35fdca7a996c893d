import numpy as np  # its library is what is limited
from threadpoolctl import threadpool_info

from qa.threads import _controller, single_threaded


def threads():
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def test_products_take_one_thread_only_while_it_is_entered():
    assert np.ones(2) @ np.ones(2) == 2
    _controller.cache_clear()  # libraries that other tests have loaded since are none that a question uses
    before = threads()
    with single_threaded():
        assert set(threads()) <= {1}
    assert threads() == before
