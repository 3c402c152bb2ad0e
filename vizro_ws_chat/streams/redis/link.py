"""Whether Redis can be reached: while it can't, nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import redis

from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.redis.client import Client

logger = redacted_logger(__name__)

T = TypeVar("T")


class Link:
    """Calls Redis while it answers. Once it does not, calls fail at once, until `probe` has found it again.

    Args:
        client: Connects to it.
        clock: Monotonic time in seconds.
    """

    def __init__(self, client: Client, clock: Callable[[], float]) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._away_since: float | None = None
        self._steady_since = float("-inf")

    @property
    def is_up(self) -> bool:
        """Whether it answered when it was last asked."""
        return self._away_since is None

    @property
    def away_seconds(self) -> float:
        """For how long it has not answered."""
        since = self._away_since
        return 0.0 if since is None else self._clock() - since

    @property
    def steady_seconds(self) -> float:
        """For how long nothing was amiss with it."""
        return self._clock() - self._steady_since if self.is_up else 0.0

    def falter(self) -> None:
        """Take note that something was amiss: it may have been restarted, and have lost what it had."""
        self._steady_since = self._clock()

    def call(self, function: Callable[[Client], T]) -> T:
        """Return what a function gets from Redis.

        Raises:
            AwayError: When Redis can't be reached, or does not do what is asked.
        """
        if not self.is_up:
            raise AwayError
        try:
            return function(self._client)
        except redis.RedisError as error:
            self.went_away(error)
            raise AwayError from error

    def probe(self, function: Callable[[Client], T]) -> tuple[T, bool]:
        """As `call`, but also when it could not be reached before.

        Returns:
            What the function gets, and whether Redis has just come back.

        Raises:
            AwayError: When Redis still can't be reached.
        """
        try:
            result = function(self._client)
        except redis.RedisError as error:
            self.went_away(error)
            raise AwayError from error
        with self._lock:
            was_away = self._away_since is not None
            if was_away:
                self.falter()
            self._away_since = None
        if was_away:
            logger.warning("Redis is back: answers can be read in other processes again")
        return result, was_away

    def went_away(self, error: Exception) -> None:
        """Take note that Redis does not do what it is asked."""
        # By its name it may be another machine by now, while this one lives on as its replica.
        self._client.connection_pool.disconnect(inuse_connections=False)
        with self._lock:
            if self._away_since is not None:
                return
            self._away_since = self._clock()
        logger.error("Redis is away (%s): answers go on, but can't be read in other processes", error)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()
