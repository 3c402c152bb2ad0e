"""How long a request's body is waited for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import ClientDisconnected

from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.streams.upstream import shut_down
from vizro_ws_chat.uploads.store import Readable


@contextmanager
def patience(sock: socket.socket | None, seconds: float) -> Iterator[None]:
    """Wait no longer for each piece of what comes over a connection; servers wait for ever."""
    before = sock.gettimeout() if sock else None
    try:
        if sock:
            sock.settimeout(seconds)
        yield
    finally:
        if sock:
            sock.settimeout(before)


@contextmanager
def deadline(sock: socket.socket | None, seconds: float, scheduler: Scheduler) -> Iterator[None]:
    """Break a connection off when it takes too long, although each piece comes in time."""
    timer = scheduler.call_later(seconds, lambda: shut_down(sock)) if sock else None
    try:
        yield
    finally:
        if timer:
            timer.cancel()


class Body:
    """What a browser sends, as long as it is there.

    Args:
        stream: The request's.
    """

    def __init__(self, stream: Readable) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """Return up to so many bytes; none at the end.

        Raises:
            ClientDisconnected: When the browser has gone, or takes too long.
        """
        try:
            return self._stream.read(size)
        except OSError as error:
            raise ClientDisconnected from error
