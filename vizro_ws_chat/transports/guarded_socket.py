"""A socket that several threads may write to and that never blocks for ever."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping, MutableMapping

from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.scheduler import Scheduler, Timer
from vizro_ws_chat.transports.send_deadline import PIECE_SIZE, SendDeadline

logger = redacted_logger(__name__)

_DROPPED_BYTES = 262_144
_AWAITED_BYTES = 128
"""For so much there is room while nothing comes, which is most of the time. What is longer comes in two pieces."""
_WITHOUT_WAITING = getattr(socket, "MSG_DONTWAIT", 0)  # Windows has none

_SOCKET_NAMES = ("werkzeug.socket", "gunicorn.socket")


class GuardedSocket:
    """Stands in for the server's socket under simple-websocket.

    simple-websocket writes from two threads (data from ours, pongs and closes from its own) without a lock, ignores
    how much `send` has taken, blocks for as long as the browser takes nothing, and reads without bound. Here a send is
    whole, one at a time, and past the deadline the connection is shut down, which wakes whoever is blocked on it. What
    is not looked at stays in the network, where it holds the sender back.

    Args:
        sock: The server's socket.
        scheduler: Watches the times.
        deadline: Seconds for which a send may make no progress.
        max_unread: Bytes to receive before the connection's owner has looked at what is there.
        linger: Seconds to wait, once nothing more will be sent, for the browser to close its side.
    """

    def __init__(
        self, sock: socket.socket, scheduler: Scheduler, *, deadline: float, max_unread: int, linger: float = 2.0
    ) -> None:
        # A handle of our own: the server closes its own when the request is over, while the library's thread may still
        # be reading, and could not be woken any more.
        self._servers = sock
        self._sock = _duplicate(sock)
        self._blocks = not _WITHOUT_WAITING or os.get_blocking(self._sock.fileno())
        self._scheduler = scheduler
        self._deadline = SendDeadline(self._sock, scheduler, deadline)
        self._max_unread = max_unread
        self._linger = linger
        self._send_lock = threading.Lock()
        self._left: list[bytes | memoryview] = []  # a deque takes 700 bytes when it is empty
        self._changed = threading.Condition()
        self._unread = 0
        self._is_flowing = False
        """Whether more may have come than was taken."""
        self._lingering: Timer | None = None
        self._closed = False
        self._is_read = True
        self._when_closed: Callable[[], object] = lambda: None

    def fileno(self) -> int:
        """Return the file descriptor, for selectors."""
        return self._sock.fileno()

    def send(self, data: bytes) -> int:
        """Send all of `data`.

        Raises:
            OSError: When the connection is gone, or was shut down because of the deadline.
        """
        self._left.append(data)
        with self._send_lock:
            while self._left:
                piece = memoryview(self._left[0])
                while piece:
                    with self._deadline:
                        piece = piece[self._sock.send(piece[:PIECE_SIZE]) :]
                del self._left[0]
        return len(data)

    def send_now(self, data: bytes) -> bool:
        """Send as much of `data` as can be sent without waiting.

        Returns:
            Whether that was all. What is left goes with the next `send`; the caller is to see to it.
        """
        self._left.append(data)
        if not self._send_lock.acquire(blocking=False):
            return False
        try:
            while self._left:
                piece = self._left[0]
                sent = self._send_without_waiting(piece)
                if sent < len(piece):
                    self._left[0] = memoryview(piece)[sent:]
                    return False
                del self._left[0]
        except OSError:  # whoever sends the rest is told
            return False
        finally:
            self._send_lock.release()
        return True

    @property
    def is_behind(self) -> bool:
        """Whether something is left to be sent."""
        return bool(self._left)

    def _send_without_waiting(self, data: bytes | memoryview) -> int:
        if self._servers is self._sock:  # TLS has its own idea of when to wait
            return 0
        try:
            if self._blocks:
                return self._sock.send(data, _WITHOUT_WAITING) if _WITHOUT_WAITING else 0
            return os.write(self._sock.fileno(), data)  # gevent's own `send` would wait
        except BlockingIOError:
            return 0

    def recv(self, size: int) -> bytes:
        """Receive up to `size` bytes, as soon as not too much is waiting to be looked at.

        Returns:
            What came; nothing once the connection was ended, since nobody will look at it.

        Raises:
            OSError: When the connection is gone.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._unread < self._max_unread or self._lingering is not None)
            if self._lingering is not None:
                return b""
        room = size if self._is_flowing else min(size, _AWAITED_BYTES)
        data = self._sock.recv(room)
        self._is_flowing = len(data) == room
        with self._changed:
            self._unread += len(data)
        return data

    def mark_read(self) -> None:
        """Say that all that came was looked at."""
        if not self._unread:
            return
        with self._changed:
            self._unread = 0
            self._changed.notify_all()

    def when_closed(self, function: Callable[[], object]) -> None:
        """Call `function` when nothing will be received any more; now, if that is so."""
        with self._changed:
            if not self._closed:
                self._when_closed = function
                return
        function()

    def wait_closed(self) -> None:
        """Wait until the reading thread, which has noticed the end, has said its last word; not for ever."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, self._linger)

    def end(self) -> None:
        """Say that nothing more will be sent. Ending twice is ending once.

        The reading thread ends when the browser closes its side, or at the latest after the lingering time.
        """
        with self._changed:
            if self._lingering is not None:
                return
            # Under the lock: who comes second returns to a server that may write a response behind the last frame.
            self._shut_down(socket.SHUT_WR)  # wakes a sender that is blocked on it
            if self._servers is not self._sock:
                # Lingering is up to us. Gunicorn would do it too: on its main thread, which accepts nothing meanwhile.
                self._take_from_server()
            self._lingering = self._scheduler.call_later(self._linger, lambda: self._shut_down(socket.SHUT_RDWR))
            self._changed.notify_all()
        self._deadline.close()

    def close(self) -> None:
        """End and close, on the thread that reads."""
        self.end()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._when_closed()
        self._drop_the_rest()
        if self._lingering is not None:
            self._lingering.cancel()
        if self._sock is not self._servers:
            self._sock.close()
        with self._changed:
            self._is_read = False
            self._changed.notify_all()

    def wait_unshared(self) -> None:
        """Wait, after the end, until the server may close its socket.

        Where that is also ours (TLS), the reading thread would go on with a descriptor that is another connection's by
        then. The end of the lingering time wakes it.
        """
        if self._sock is self._servers:
            with self._changed:
                self._changed.wait_for(lambda: not self._is_read, 2 * self._linger)

    def discard(self) -> None:
        """Let go of the connection, which nothing was sent to or received from, and leave it to the server."""
        self._deadline.close()
        if self._sock is not self._servers:
            self._sock.close()

    def _drop_the_rest(self) -> None:
        """Read until the browser closes its side.

        Closing with something unread resets the connection, and the browser would never see why it was closed.
        """
        dropped = bytearray(_DROPPED_BYTES)  # much at once: it may be a lot, and each time takes time from others
        try:
            while self._sock.recv_into(dropped):
                pass
        except OSError as error:
            logger.debug("The connection was reset: %r", error)

    def _take_from_server(self) -> None:
        """Leave the server a connection whose other side has closed it.

        Where its socket is closed when Gunicorn's `gthread` comes to that, it counts one connection too few from then
        on: it takes more than it should, and ends without waiting for requests.
        """
        if not (_WITHOUT_WAITING and self._blocks):  # Windows has no gunicorn; gevent remembers what it watches
            self._servers.close()
            return
        try:
            closed, other = socket.socketpair()
            with closed, other:
                os.dup2(closed.fileno(), self._servers.fileno(), inheritable=False)
        except OSError:  # no descriptor is left for it, or the server has closed its own
            self._servers.close()

    def _shut_down(self, how: int) -> None:
        try:
            socket.socket.shutdown(self._sock, how)
        except OSError:
            logger.debug("The connection was closed already")


def _duplicate(sock: socket.socket) -> socket.socket:
    try:
        return sock.dup()
    except NotImplementedError:  # TLS keeps its state in the object
        return sock


def find_socket(environ: Mapping[str, object]) -> socket.socket | None:
    """Return the connection's socket, if the server hands it out under a known name."""
    for name in _SOCKET_NAMES:
        sock = environ.get(name)
        if isinstance(sock, socket.socket):
            return sock
    return None


def replace_socket(
    environ: MutableMapping[str, object], wrap: Callable[[socket.socket], GuardedSocket]
) -> GuardedSocket | None:
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
