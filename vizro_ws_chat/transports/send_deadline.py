"""Disconnecting browsers that take nothing, on whose connection a write would block for ever."""

from __future__ import annotations

import socket
import threading
from typing import Self

from vizro_ws_chat.streams.scheduler import Scheduler, Timer
from vizro_ws_chat.streams.upstream import shut_down

PIECE_SIZE = 16_384
"""Bytes or characters to write under one deadline, so that a slow browser is not taken for one that takes nothing."""


class SendDeadline:
    """Shuts a connection down when a write takes too long, which wakes whoever is blocked on it.

    Use it as a context manager around each write, one at a time. A timer runs only while there is something to watch.

    Args:
        sock: The connection.
        scheduler: Watches the time.
        seconds: How long one write may take.
    """

    def __init__(self, sock: socket.socket, scheduler: Scheduler, seconds: float) -> None:
        self._sock = sock
        self._scheduler = scheduler
        self._seconds = seconds
        self._lock = threading.Lock()
        self._since: float | None = None
        self._timer: Timer | None = None
        self._closed = False

    def __enter__(self) -> Self:
        with self._lock:
            self._since = self._scheduler.clock()
            if self._timer is None and not self._closed:
                self._timer = self._scheduler.call_later(self._seconds, self._check)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._since = None

    def close(self) -> None:
        """Watch no longer; the connection may go on to serve something else."""
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()

    def _check(self) -> None:
        with self._lock:
            self._timer = None
            since = self._since  # a write that ends takes it away meanwhile
            if since is None or self._closed:
                return
            left = since + self._seconds - self._scheduler.clock()
            if left > 0:
                self._timer = self._scheduler.call_later(left, self._check)
            else:
                shut_down(self._sock)
