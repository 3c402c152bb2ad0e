"""How many connections a process takes, so that the dashboard itself always answers."""

from __future__ import annotations

import inspect
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Protocol

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.settings import Settings

logger = logging.getLogger(__name__)

_UNKNOWN_SERVER_LIMIT = 1_000


class Place(Protocol):
    """A connection, as far as its place among the others is concerned."""

    @property
    def idle_since(self) -> float | None:
        """Monotonic time since which it has had nothing to do; `None` while it reads a run."""

    def ask_to_leave(self) -> None:
        """Make it say goodbye soon. Its browser comes back when it has something to do."""


@dataclass(frozen=True)
class ServerThreads:
    """What the web server has to offer.

    Attributes:
        count: Requests that one process serves at once; `None` when that is not known or not limited.
    """

    count: int | None

    @property
    def can_hold_sockets(self) -> bool:
        """Whether an open WebSocket leaves anything for other requests."""
        return self.count is None or self.count > 1


def find_server_threads(frame: FrameType | None = None) -> ServerThreads:
    """Look for a gunicorn worker among the callers of a request handler and ask for its configuration.

    A WSGI environment does not tell how many threads there are.
    """
    frame = frame or inspect.currentframe()
    while frame is not None:
        worker = frame.f_locals.get("self")
        config = getattr(worker, "cfg", None)
        if config is not None and type(worker).__module__.startswith("gunicorn.workers."):
            greenlets = type(worker).__module__.endswith(("ggevent", "geventlet"))
            return ServerThreads(int(config.worker_connections if greenlets else config.threads))
        frame = frame.f_back
    return ServerThreads(None)


class Capacity:
    """Counts connections and refuses those that are too many; idle ones make room first.

    Args:
        settings: The limit, or the share of the server's threads.
        threads: Finds out about the server; asked once, from within the first request.
    """

    def __init__(self, settings: Settings, threads: Callable[[], ServerThreads] = find_server_threads) -> None:
        self._settings = settings
        self._find_threads = threads
        self._threads: ServerThreads | None = None
        self._lock = threading.Lock()
        self._places: list[Place] = []

    @property
    def threads(self) -> ServerThreads:
        """What the server has to offer."""
        if self._threads is None:
            self._threads = self._find_threads()
            if not self._threads.can_hold_sockets:
                logger.warning(
                    "This server process serves one request at a time, so WebSockets are refused and every answer "
                    "blocks it. Start gunicorn with --threads 16 or --worker-class gevent."
                )
        return self._threads

    @property
    def limit(self) -> int:
        """How many connections there may be."""
        if self._settings.max_connections is not None:
            return self._settings.max_connections
        if self.threads.count is None:
            return _UNKNOWN_SERVER_LIMIT
        return max(1, int(self.threads.count * self._settings.connection_share))

    @property
    def taken(self) -> int:
        """How many connections there are."""
        return len(self._places)

    def enter(self, place: Place) -> None:
        """Take a place; the connection that has been idle for the longest makes room when none is free.

        Raises:
            RefusedError: `busy`, when all connections have something to do.
        """
        limit = self.limit
        with self._lock:
            leaving = self._longest_idle() if len(self._places) >= limit else None
            if leaving is None and len(self._places) >= limit:
                raise RefusedError("busy", "no free connection", retry_ms=int(self._settings.busy_retry_seconds * 1000))
            if leaving is not None:
                self._places.remove(leaving)
            self._places.append(place)
        if leaving is not None:
            leaving.ask_to_leave()

    def enter_with_socket(self, place: Place) -> None:
        """Take a place for a connection that stays open while it is idle.

        Raises:
            RefusedError: `busy`, also where such a connection would leave nothing for other requests.
        """
        if not self.threads.can_hold_sockets:
            raise RefusedError("busy", "this server can't hold a WebSocket")
        self.enter(place)

    def leave(self, place: Place) -> None:
        """Give the place back. No effect when it was taken away before."""
        with self._lock:
            if place in self._places:
                self._places.remove(place)

    def _longest_idle(self) -> Place | None:
        idle = [(since, index) for index, place in enumerate(self._places) if (since := place.idle_since) is not None]
        return self._places[min(idle)[1]] if idle else None
