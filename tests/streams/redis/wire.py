"""A wire between a process and Redis that fails as wires do, also between a command and its reply."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from types import TracebackType
from urllib.parse import urlsplit

_RESET = struct.pack("ii", 1, 0)
_CHUNK = 65_536


class Wire:
    """Passes bytes on between a client and a Redis server.

    Args:
        url: Where Redis is.
    """

    def __init__(self, url: str) -> None:
        self.delay = 0.0
        """How long a reply takes, in seconds."""
        self._target = ("127.0.0.1", urlsplit(url).port or 0)
        self._lock = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._is_down = False
        self._replies_pass = threading.Event()
        self._replies_pass.set()
        self._loses_replies = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"
        threading.Thread(target=self._accept, name="wire", daemon=True).start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        self.up()

    def point_to(self, url: str) -> None:
        """Lead new connections to another server."""
        self._target = ("127.0.0.1", urlsplit(url).port or 0)

    def cut(self) -> None:
        """Reset all connections, whatever is under way."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            _end(pair)

    def down(self) -> None:
        """Reset all connections, and take no new ones, until `up`."""
        self._is_down = True
        self.cut()

    def up(self) -> None:
        """Be a wire again."""
        self._is_down = self._loses_replies = False
        self._replies_pass.set()

    def hold_replies(self) -> None:
        """Let commands through, and keep their replies back, until `up`."""
        self._replies_pass.clear()

    def lose_replies(self) -> None:
        """Let commands through, and reset the connection instead of their replies, until `up`."""
        self._loses_replies = True

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                if self._is_down:
                    raise ConnectionError
                server = socket.create_connection(self._target)
            except OSError:
                client.close()
                continue
            pair = (client, server)
            with self._lock:
                self._pairs.add(pair)
            threading.Thread(target=self._carry, args=(pair, client, server), name="wire", daemon=True).start()
            threading.Thread(target=self._carry, args=(pair, server, client), name="wire", daemon=True).start()

    def _carry(self, pair: tuple[socket.socket, socket.socket], source: socket.socket, sink: socket.socket) -> None:
        is_reply = source is pair[1]
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                if is_reply and self._loses_replies:
                    break
                if is_reply:
                    self._replies_pass.wait()
                    time.sleep(self.delay)
                sink.sendall(data)
        with self._lock:
            self._pairs.discard(pair)
        _end(pair)


def _end(pair: tuple[socket.socket, socket.socket]) -> None:
    for end in pair:
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            end.close()
