"""Calls that may take long, for those who can't wait long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from typing import Any, TypeVar

T = TypeVar("T")


class BriefCalls:
    """Makes calls on threads of their own, and waits for each for a short time.

    While one has not come back for which nobody waits any more, no others are made: they would not either.

    Args:
        seconds: How long to wait.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._late: set[Future[Any]] = set()

    def call(self, function: Callable[[], T]) -> T | None:
        """Return what a function returns; `None` when it takes longer, or can't be called now."""
        if self._late:
            return None
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(function())
            except BaseException as error:  # noqa: BLE001 - is raised where it is waited for
                future.set_exception(error)

        try:
            threading.Thread(target=copy_context().run, args=(run,), name="vizro-ws-chat-look-up", daemon=True).start()
        except RuntimeError:  # the system has none to give
            return None
        try:
            return future.result(self._seconds)
        except TimeoutError:
            if future.done():  # with one of its own
                raise
            self._late.add(future)
            future.add_done_callback(self._late.discard)
            return None
