"""A small server that sends the clients of a crowd what a test says, and so loses or repeats what it says."""

from __future__ import annotations

import base64
import contextlib
import itertools
import socket
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from benchmarks.load.dialects import BareWebSocket, Dialect, PeerSSE

SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
_PIECE = 65_536


def token(number: int, due: int = 1) -> str:
    """A token, as apps under load make it; `due` is in microseconds."""
    return f"#{number}@{due} "


def bare(tokens: Sequence[str], *, finish: bool = True) -> list[bytes]:
    """What the bare loop sends, a piece for each frame (of whose header clients take no notice)."""
    frames = [b'\x81\x7e[{"type":"text-delta","d":"%b"}]' % each.encode() for each in tokens]
    return [*frames, b'\x81\x20[{"type":"finish","message":null}]'] if finish else frames


def peer(tokens: Sequence[str], *, finish: bool = True) -> list[bytes]:
    """What the peer sends, a piece for each event."""
    events = [b"data: %b|END|\n\n" % base64.b64encode(each.encode()) for each in tokens]
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    return [head, *events, b"data: [DONE]|END|\n\n"] if finish else [head, *events]


class ScriptedServer:
    """Answers the connections in turns.

    Args:
        answers: What each connection is sent once it has asked, piece by piece; then it is closed, unless it `stays`.
        stays: Whether connections stay open until the other side closes them.

    Attributes:
        accepted: How many connections there have been.
    """

    def __init__(self, *answers: Sequence[bytes], stays: bool = True) -> None:
        self._answers = itertools.cycle(answers)
        self._stays = stays
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.accepted = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # shut down
                return
            self.accepted += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._start(self._serve, connection, next(self._answers))

    def _serve(self, connection: socket.socket, answer: Sequence[bytes]) -> None:
        with connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a client that has had enough
            if connection.recv(_PIECE).startswith(b"GET "):
                connection.sendall(SWITCHING)
                if not connection.recv(_PIECE):
                    return
            for piece in answer:
                connection.sendall(piece)
            while self._stays and connection.recv(_PIECE):
                pass


DIALECTS: dict[str, tuple[Callable[[], Dialect], Callable[..., list[bytes]]]] = {
    "bare": (BareWebSocket, bare),
    "peer": (PeerSSE, peer),
}
"""By name, how clients talk, and what such a server sends."""
