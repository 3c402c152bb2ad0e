"""Many clients in one thread, which only count what they get: far cheaper than the server that they are to load."""

from __future__ import annotations

import contextlib
import random
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from benchmarks.load.dialects import CONNECTED, Dialect

_PIECE = 262_144
_KEPT = 64
"""Of what has no token in it yet: longer than a token and than all that is looked for."""
_MOST_UNANSWERED = 64
"""Connections that are being made at once: fewer than servers queue."""
_PATIENCE_SECONDS = 120.0


class StalledError(Exception):
    """Clients have waited for too long. The message says for what, and how many."""


class Client:
    """One client and what it has got.

    Attributes:
        dialect: How it talks.
        sock: Its connection, once that is made.
        is_ready: Whether it may ask.
        got: The number of its last token.
        is_in_order: Whether each token was the next one.
        is_done: Whether its answer is complete.
        is_cut_off: Whether its connection has ended.
        end: What says that its answer is complete.
        late: Of each token since this was last cleared, from being due to being here, in microseconds.
    """

    def __init__(self, dialect: Dialect, url: str) -> None:
        self.dialect = dialect
        self._url = url
        self.sock = socket.socket()
        self.is_ready = not dialect.greets
        self.got = 0
        self.is_in_order = True
        self.is_done = False
        self.is_cut_off = False
        self.end = dialect.end
        self.late: list[int] = []
        self._is_open = False
        self._rest = b""

    def connect(self) -> None:
        """Make the connection, and greet."""
        address = urlsplit(self._url)
        self.sock.connect((address.hostname, address.port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.sendall(self.dialect.greeting(self._url))
        self.sock.setblocking(False)

    def ask(self, text: str) -> None:
        """Ask a question."""
        self.say(self.dialect.question(self._url, text))

    def say(self, data: bytes) -> None:
        """Send something short."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # which is noticed when reading
            self.sock.send(data)

    def _introduce(self, data: bytes) -> None:
        if not self._is_open and CONNECTED in data:
            self._is_open = True
            self.say(self.dialect.introduction)
        self.is_ready = self.dialect.ready in data

    def take(self) -> None:
        """Read what came."""
        try:
            data = self.sock.recv(_PIECE)
        except ConnectionResetError:
            data = b""
        now = time.monotonic_ns() // 1000
        if not data:
            self.is_cut_off = True
            return
        data = self._rest + data
        tokens, end = self.dialect.tokens(data)
        for number, due in tokens:
            self.is_in_order &= int(number) == self.got + 1
            self.got = int(number)
            self.late.append(now - int(due))
        if not self.is_ready:
            self._introduce(data)
        self.is_done = self.is_done or self.end in data
        self._rest = data[max(end, len(data) - _KEPT) :] if end else data[-_PIECE:]


class Crowd:
    """Clients of one server, or of several.

    Args:
        dialects: One for each client.
        urls: Of the servers, which take turns.
    """

    def __init__(self, dialects: Sequence[Dialect], *urls: str) -> None:
        self._dialects = dialects
        self._urls = urls
        self._selector = selectors.DefaultSelector()
        self._chance = random.Random(1)  # seeded: each run asks at the same times
        self.clients: list[Client] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._selector.close()
        for client in self.clients:
            client.sock.close()

    def connect(self) -> None:
        """Make the connections of those that greet, as fast as the server takes them.

        The others connect when they ask, as a page does: servers close connections on which nothing comes.
        """
        for number, dialect in enumerate(self._dialects):
            client = Client(dialect, self._urls[number % len(self._urls)])
            self.clients.append(client)
            if dialect.greets:
                self._open(client)
                self.listen_until(lambda: self._unready() < _MOST_UNANSWERED, "making connections")
        self.listen_until(lambda: self._unready() == 0, "making connections")

    def _open(self, client: Client) -> None:
        client.connect()
        self._selector.register(client.sock, selectors.EVENT_READ, client)

    def _unready(self) -> int:
        return sum(not client.is_ready for client in self.clients)

    def ask(self, text: str, seconds: float = 0.0, clients: Sequence[Client] = ()) -> None:
        """Ask all of them (or some) the same, at random over some time, so not in step with their tokens."""
        begin = time.monotonic()
        asking = clients or self.clients
        times = sorted(self._chance.uniform(0, seconds) for _ in asking)
        for client, after in zip(asking, times, strict=True):
            self.listen(begin + after)
            if not client.dialect.greets:
                self._open(client)
            client.ask(text)

    def listen(self, until: float) -> None:
        """Take what comes, until a time of the monotonic clock."""
        while (left := until - time.monotonic()) > 0:
            self._take(left)

    def listen_until(self, condition: Callable[[], bool], doing: str) -> None:
        """Take what comes, until a condition holds.

        Raises:
            StalledError: When that takes too long.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                done = sum(client.is_done for client in self.clients)
                raise StalledError(f"{doing}: {len(self.clients)} clients, {self._unready()} not ready, {done} done")
            self._take(0.1)

    def finish(self) -> None:
        """Take what comes, until all answers are complete or have been cut off; stragglers are not waited for."""
        with contextlib.suppress(StalledError):
            self.listen_until(lambda: all(client.is_done or client.is_cut_off for client in self.clients), "answers")

    def _take(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            client: Client = key.data
            client.take()
            if client.is_cut_off:
                self._selector.unregister(client.sock)

    def take_late(self) -> list[float]:
        """Return how late each token was since this was last asked, in milliseconds."""
        late = [microseconds / 1000 for client in self.clients for microseconds in client.late]
        for client in self.clients:
            client.late.clear()
        return late

    def complete(self, tokens: int) -> int:
        """How many have a whole answer: its end, and each of its tokens, once and in order."""
        return sum(client.is_done and client.is_in_order and client.got == tokens for client in self.clients)
