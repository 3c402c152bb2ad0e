"""How many connections a process takes, so that the dashboard itself always answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.codes import ByeCode
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.transports.owner import NOBODY
from vizro_ws_chat.transports.server import WebServer, find_server

logger = redacted_logger(__name__)

_UNKNOWN_SERVER_LIMIT = 1_000


class Place(Protocol):
    """A connection, as far as its place among the others is concerned."""

    @property
    def browser(self) -> str:
        """Whose it is, as the browser's cookie tells."""

    @property
    def idle_since(self) -> float | None:
        """Monotonic time since which it has had nothing to do; `None` while it has."""

    def make_room(self) -> bool:
        """Begin to say goodbye, if it has nothing to do and takes up nothing from now on; return whether that is so."""

    def ask_to_leave(self, reason: ByeCode) -> None:
        """Make it say goodbye as soon as it is idle. Its browser comes back when it has something to do."""


class Capacity:
    """Counts connections and refuses those that are too many; idle ones make room first.

    Args:
        settings: The limit, or the share of the server's threads.
        find: Finds out about the server; asked once, from within the first request.
    """

    def __init__(self, settings: Settings, find: Callable[[], WebServer] = find_server) -> None:
        self._settings = settings
        self._find = find
        self._server: WebServer | None = None
        self._lock = threading.Lock()
        self._places: list[Place] = []
        self._readings = 0

    @property
    def server(self) -> WebServer:
        """The server. Must be asked from within a request first."""
        if self._server is None:
            self._server = self._find()
            if not self._server.can_hold_sockets:
                logger.warning(
                    "This server process serves one request at a time, so WebSockets are refused and every answer "
                    "blocks it. Start gunicorn with --threads 16 or --worker-class gevent."
                )
        return self._server

    @property
    def limit(self) -> int:
        """How many connections there may be."""
        if self._settings.max_connections is not None:
            return self._settings.max_connections
        if self.server.threads is None:
            return _UNKNOWN_SERVER_LIMIT
        return max(1, int(self.server.threads * self._settings.connection_share))

    @property
    def reading_limit(self) -> int:
        """How many requests may be on their way at once: half of the threads that connections leave."""
        if self.server.threads is None:
            return _UNKNOWN_SERVER_LIMIT
        return max(1, (self.server.threads - self.limit) // 2)

    @property
    def taken(self) -> int:
        """How many connections there are."""
        return len(self._places)

    def enter(self, place: Place) -> None:
        """Take a place; the connection that has been idle for the longest makes room when none is free.

        One owner has a limit of their own. It does not count for who has no owner: they may be many.

        Raises:
            RefusedError: `busy`, when all connections have something to do, or the server is stopping.
        """
        if self.server.is_stopping():
            raise self._busy("the server is stopping")
        limit = self.limit
        with self._lock:
            mine = [other for other in self._places if other.browser == place.browser != NOBODY]
            leaving = self._one_to_leave(mine, self._settings.max_owner_connections)
            if leaving is None:
                leaving = self._one_to_leave(self._places, limit)
            if leaving is not None:
                self._places.remove(leaving)
            self._places.append(place)

    def _one_to_leave(self, places: Sequence[Place], limit: int) -> Place | None:
        """Return who makes room for one more, where there is none."""
        if len(places) < limit:
            return None
        idle = [(since, index) for index, place in enumerate(places) if (since := place.idle_since) is not None]
        for _, index in sorted(idle):
            if places[index].make_room():  # it may have got something to do since it was asked
                return places[index]
        raise self._busy("no free connection")

    def _busy(self, detail: str) -> RefusedError:
        return RefusedError("busy", detail, retry_ms=int(self._settings.busy_retry_seconds * 1000))

    def enter_with_socket(self, place: Place) -> None:
        """Take a place for a connection that stays open while it is idle.

        Raises:
            RefusedError: `busy`, also where such a connection would leave nothing for other requests.
        """
        if not self.server.can_hold_sockets:
            raise RefusedError("busy", "this server can't hold a WebSocket")
        self.enter(place)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Wait for a request's body: whoever sends slowly holds a thread, so the dashboard keeps some for itself.

        Raises:
            RefusedError: `busy`, when too many are on their way.
        """
        limit = self.reading_limit
        with self._lock:
            if self._readings >= limit:
                raise self._busy("too many requests are on their way")
            self._readings += 1
        try:
            yield
        finally:
            with self._lock:
                self._readings -= 1

    def leave(self, place: Place) -> None:
        """Give the place back. No effect when it was taken away before."""
        with self._lock:
            if place in self._places:
                self._places.remove(place)

    def ask_all_to_leave(self, reason: ByeCode) -> None:
        """Make every connection say goodbye as soon as it is idle."""
        with self._lock:
            places = list(self._places)
        for place in places:
            place.ask_to_leave(reason)
