"""Waiting for what another thread is about to do."""

from __future__ import annotations

import time
from collections.abc import Callable

DEADLINE_SECONDS = 10.0
"""Far more than anything takes; only a test that fails waits for so long."""


def wait_until(
    predicate: Callable[[], object], what: str = "the condition", deadline: float = DEADLINE_SECONDS
) -> None:
    """Return when `predicate` is true.

    Raises:
        AssertionError: If it is not within `deadline` seconds.
    """
    end = time.monotonic() + deadline
    while not predicate():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come about within {deadline} s")
        time.sleep(0.001)
