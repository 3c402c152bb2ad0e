"""What each process has to make for itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerProcess(Generic[T]):
    """Something that is made when it is first needed in a process.

    An app may be loaded before its workers are forked (gunicorn's `--preload`). Threads do not survive that, and locks
    made before gevent's patches know nothing of greenlets.

    Args:
        make: Makes it. May be called twice at first, by two requests at once; one of the results is dropped.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[int, T] = {}

    def get(self) -> T:
        """Return this process's."""
        made = self._made.get(os.getpid())
        # No lock: it would have been made too early itself.
        return self._made.setdefault(os.getpid(), self._make()) if made is None else made
