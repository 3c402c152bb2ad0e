"""Breaking off the network read in which generate_response is blocked.

A generator that waits for its upstream can't be closed from outside. What can be done depends on what runs it:

* a thread: the socket that it reads from is found on its stack and shut down, and `RunCancelled` is raised at that
  read, so that the client library neither retries nor takes the end of the connection for the end of the answer;
* a greenlet (gevent): `RunCancelled` is raised where it waits.

Both happen only while the author's code runs, between `__enter__` and `__exit__`.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from typing import Any, Protocol, Self

from vizro_ws_chat.exceptions import RunCancelled
from vizro_ws_chat.streams.upstream import blocked_socket, shut_down


class Breaker(Protocol):
    """A region of code, entered by the thread that runs it, whose waiting others can break off."""

    def __enter__(self) -> Self:
        """Begin the region."""

    def __exit__(self, *exc_info: object) -> None:
        """End the region."""

    def attempt(self) -> bool:
        """Break off what the region waits for, if it waits for a network; return whether it did.

        Called from other threads.
        """


def breaker_for_current_thread() -> Breaker:
    """Return the breaker that fits what the current code runs on."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is not None and monkey.is_module_patched("threading"):
        return GreenletBreaker()
    return ThreadBreaker()


class ThreadBreaker:
    """Breaks reads of the thread that made it."""

    def __init__(self) -> None:
        self._thread_id = threading.get_ident()
        self._lock = threading.Lock()
        self._inside = False
        self._raised = False

    def __enter__(self) -> Self:
        with self._lock:
            self._inside = True
        return self

    def __exit__(self, *exc_info: object) -> None:
        while True:  # the exception may still be on its way and arrive just here
            try:
                with self._lock:
                    self._inside = False
                    if self._raised:
                        self._raised = False
                        _raise_in_thread(self._thread_id, None)
            except RunCancelled:
                continue
            return

    def attempt(self) -> bool:  # noqa: D102
        with self._lock:
            if not self._inside:
                return False
            # Without a variable for all frames: this one is among them, and would be a cycle that keeps them all.
            sock = blocked_socket(sys._current_frames().get(self._thread_id))  # noqa: SLF001 - no other way to a stack
            if sock is None:
                return False
            # In this order: the read wakes with the exception already waiting for it.
            self._raised = True
            _raise_in_thread(self._thread_id, RunCancelled)
            shut_down(sock)
            return True


def _raise_in_thread(thread_id: int, kind: type[BaseException] | None) -> None:
    """Raise an exception in a thread when it next runs Python code; `None` takes back one that has not come yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread_id), None if kind is None else ctypes.py_object(kind)
    )


class GreenletBreaker:
    """Breaks waits of the greenlet that made it (gevent, monkey-patched)."""

    def __init__(self) -> None:
        import gevent  # noqa: PLC0415 - only there when the server runs on it

        self._gevent: Any = gevent
        self._greenlet: Any = gevent.getcurrent()
        self._inside = False

    def __enter__(self) -> Self:
        self._inside = True
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._inside = False

    def attempt(self) -> bool:  # noqa: D102
        if not self._inside or self._greenlet.dead:
            return False
        self._gevent.kill(self._greenlet, RunCancelled)  # does not wait for it
        return True
