"""How long a request's body is waited for, and when it is not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from werkzeug.exceptions import ClientDisconnected

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.streams.upstream import shut_down
from vizro_ws_chat.uploads.store import Readable


@contextmanager
def body_patience(sock: socket.socket | None, size: int, settings: Settings, scheduler: Scheduler) -> Iterator[None]:
    """Wait for a request's body only as long as it comes; servers wait for ever, and it holds a thread.

    Args:
        sock: The connection, if the server hands it out.
        size: Bytes of the body.
        settings: How long to wait.
        scheduler: Breaks the connection off.
    """
    pause = settings.dead_seconds
    in_all = pause + size / settings.min_upload_bytes_per_second
    with _patience(sock, pause), _deadline(sock, in_all, scheduler):
        yield


@contextmanager
def _patience(sock: socket.socket | None, seconds: float) -> Iterator[None]:
    """Wait no longer for each piece of what comes over a connection."""
    before = sock.gettimeout() if sock else None
    try:
        if sock:
            sock.settimeout(seconds)
        yield
    finally:
        if sock:
            sock.settimeout(before)


@contextmanager
def _deadline(sock: socket.socket | None, seconds: float, scheduler: Scheduler) -> Iterator[None]:
    """Break a connection off when it takes too long, although each piece comes in time."""
    timer = scheduler.call_later(seconds, lambda: shut_down(sock)) if sock else None
    try:
        yield
    finally:
        if timer:
            timer.cancel()


@contextmanager
def refusing_unread(sock: socket.socket | None) -> Iterator[None]:
    """Receive nothing more of a request that is refused before its body was read.

    A server that keeps connections alive waits for the rest of it, on a thread, before it takes the next request.
    """
    try:
        yield
    except RefusedError:
        if sock:
            with suppress(OSError):  # not connected any more
                socket.socket.shutdown(sock, socket.SHUT_RD)
        raise


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
