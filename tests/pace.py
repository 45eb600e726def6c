"""Room and quiet for the interpreter while tests run.

Python 3.11 keeps frames in pieces of 16 KB, and asks the system for the next one, and gives it back, at every
call that crosses into another: a loop just there took a quarter of the suite's time. A frame that is large
itself is given a piece with as much room again, in which every test fits.
"""

import gc
from collections.abc import Callable

import pytest
from _pytest import runner

WORDS = 70_000
YOUNG = 10_000


def _roomy(run: Callable[[], bool]) -> bool:
    return run()


_roomy.__code__ = _roomy.__code__.replace(co_stacksize=WORDS)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run a test as pytest does, from a frame with room."""
    return _roomy(lambda: runner.pytest_runtest_protocol(item, nextitem))


def pytest_collection_finish() -> None:
    """Let the collector pass over what stays to the end: modules, and nine thousand tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
