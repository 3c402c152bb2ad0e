"""Ending politely when the server was told to: browsers are sent elsewhere, answers get their last sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable

from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.transports.server import WebServer

logger = redacted_logger(__name__)

_LOOK_EVERY_SECONDS = 0.5
"""There is no signal to hook into: those of the process are gunicorn's, and a worker under gevent has none."""
_PAUSE_SECONDS = 0.1


def _never() -> bool:
    return False


class Shutdown:
    """Looks whether the server is stopping, while there is anything that would have to end.

    Args:
        scheduler: Calls back.
        is_busy: Whether there is anything that would have to end.
        begin: Called once, when the server stops.
        finish: Called once, when `share` of the server's patience is over.
        share: Of the time that the server gives its requests.
        goes_on: Whether anything is left that the server does not know of when its last request has ended: it is waited
            for, but not for longer than `finish` would let it go on.
        pause: Lets so many seconds pass; by default as the scheduler does.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        *,
        is_busy: Callable[[], bool],
        begin: Callable[[], None],
        finish: Callable[[], None],
        share: float,
        goes_on: Callable[[], bool] = _never,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._is_busy = is_busy
        self._begin = begin
        self._finish = finish
        self._share = share
        self._goes_on = goes_on
        self._pause = pause or scheduler.sleep
        self._lock = threading.Lock()
        self._is_looking = False
        self._has_begun = False
        self._is_known_to_server = False

    def watch(self, server: WebServer) -> None:
        """Begin to look, if that is not so already. A server of which it can't be known is not watched."""
        with self._lock:
            if server.grace_seconds is None or self._is_looking or self._has_begun:
                return
            self._look_later(server, server.grace_seconds)
            self._is_looking = True
            if not self._is_known_to_server:
                self._is_known_to_server = True
                most = server.grace_seconds * self._share
                server.call_at_end(lambda: self._wait(most))

    def _wait(self, most: float) -> None:
        """Wait for what goes on without a request."""
        end = self._scheduler.clock() + most
        while self._goes_on() and self._scheduler.clock() < end:
            self._pause(_PAUSE_SECONDS)

    def _look_later(self, server: WebServer, grace_seconds: float) -> None:
        self._scheduler.call_later(_LOOK_EVERY_SECONDS, lambda: self._look(server, grace_seconds))

    def _look(self, server: WebServer, grace_seconds: float) -> None:
        if server.is_stopping():
            self._has_begun = True
            logger.info("The server is stopping: idle browsers are sent away, answers may go on for a while")
            self._scheduler.call_later(grace_seconds * self._share, self._finish)
            self._begin()
            return
        with self._lock:
            self._is_looking = self._is_busy()
            if not self._is_looking:
                return
        self._look_later(server, grace_seconds)
