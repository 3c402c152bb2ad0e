"""A socket that several threads may write to and that never blocks for ever."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Mapping

from vizro_ws_chat.streams.scheduler import Scheduler, Timer

logger = logging.getLogger(__name__)

_SOCKET_NAMES = ("werkzeug.socket", "gunicorn.socket")


class GuardedSocket:
    """Stands in for the server's socket under simple-websocket.

    simple-websocket writes from two threads (data from ours, pongs and closes from its own) without a lock, ignores
    how much `send` has taken, and blocks for as long as the browser takes nothing. Here a send is whole, one at a
    time, and past the deadline the connection is shut down, which wakes whoever is blocked on it.

    Args:
        sock: The server's socket.
        scheduler: Watches the deadline.
        deadline: Seconds that one send may take.
        max_unread: Bytes that may come before the connection's owner has looked at what is there.
    """

    def __init__(self, sock: socket.socket, scheduler: Scheduler, *, deadline: float, max_unread: int) -> None:
        self._sock = sock
        self._scheduler = scheduler
        self._deadline = deadline
        self._max_unread = max_unread
        self._unread = 0
        self._lock = threading.Lock()
        self._sending_since: float | None = None
        self._timer: Timer | None = None
        self._watch()

    def send(self, data: bytes) -> int:
        """Send all of `data`.

        Raises:
            OSError: When the connection is gone, or was shut down because of the deadline.
        """
        with self._lock:
            self._sending_since = self._scheduler.clock()
            try:
                self._sock.sendall(data)
            finally:
                self._sending_since = None
        return len(data)

    def recv(self, size: int) -> bytes:
        """Receive up to `size` bytes.

        Raises:
            OSError: When the connection is gone, or more has come than its owner looks at.
        """
        data = self._sock.recv(size)
        self._unread += len(data)
        if self._unread > self._max_unread:
            raise ConnectionAbortedError("the browser sends faster than it is answered")
        return data

    def mark_read(self) -> None:
        """Say that all that came was looked at."""
        self._unread = 0

    def close(self) -> None:
        """Close the socket, on the thread that reads from it."""
        self.release()
        self._shut_down(socket.SHUT_RDWR)  # wakes a sender that is blocked on it
        self._sock.close()

    def end(self, linger: float) -> None:
        """Say that nothing more will be sent; after `linger` seconds end the other direction too.

        The reading thread ends when the browser closes its side, or at the latest then.
        """
        self.release()
        self._shut_down(socket.SHUT_WR)
        self._scheduler.call_later(linger, lambda: self._shut_down(socket.SHUT_RDWR))

    def release(self) -> None:
        """Watch the deadline no longer."""
        if self._timer is not None:
            self._timer.cancel()

    def _watch(self) -> None:
        since = self._sending_since
        if since is not None and self._scheduler.clock() - since > self._deadline:
            self._shut_down(socket.SHUT_RDWR)
            return
        self._timer = self._scheduler.call_later(self._deadline / 4, self._watch)

    def _shut_down(self, how: int) -> None:
        try:
            self._sock.shutdown(how)
        except OSError:
            logger.debug("The connection was closed already")


def replace_socket(environ: dict[str, object], wrap: Callable[[socket.socket], GuardedSocket]) -> GuardedSocket | None:
    """Put a guarded socket into a WSGI environment, where simple-websocket will look for it.

    Returns:
        The guarded socket; `None` when the server does not hand out its socket under a known name.
    """
    for name in _SOCKET_NAMES:
        sock = environ.get(name)
        if isinstance(sock, socket.socket):
            guarded = wrap(sock)
            environ[name] = guarded
            return guarded
    return None


def send_small_packets_at_once(environ: Mapping[str, object]) -> None:
    """Switch off Nagle's algorithm (RFC 896), which holds back a token until the one before is acknowledged: 40 ms."""
    for name in _SOCKET_NAMES:
        sock = environ.get(name)
        if isinstance(sock, socket.socket) and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
