"""Set up what all tests share."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.run_threads import run_threads
from tests.waiting import wait_until

# The same examples in every run, and no verdict from the clock: a loaded machine is not a failing test.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def no_run_is_left() -> Iterator[None]:
    """Fail the test that leaves a run's thread behind, rather than whichever comes after it and counts them."""
    yield
    wait_until(lambda: not run_threads(), "the end of all threads of runs")
