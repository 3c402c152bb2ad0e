"""Saying that this process is alive, and noticing which others are not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.link import Link
from vizro_ws_chat.streams.redis.scripts import run_script

logger = redacted_logger(__name__)

BEATS_PER_LEASE = 4
"""How often a process says that it is alive, while one lease lasts."""
_AWAY_SECONDS = 0.5
_END_SECONDS = 5.0


class Duties(Protocol):
    """What is to be done beside saying that one is alive. Each may raise `AwayError`."""

    def when_back(self) -> None:
        """Redis has been away, or has lost what it had, or this process was asleep."""

    def when_beaten(self) -> None:
        """Redis is there: at each beat."""

    def when_away(self) -> None:
        """Redis is away: at each beat."""

    def when_silent(self, workers: Sequence[str], is_time_up: Callable[[], bool]) -> None:
        """Processes have not been heard of for too long.

        When time is up, this one has to say that it is alive itself; what is left to do comes with the next beat.
        """


class Heartbeat:
    """Renews this process's lease, on a thread of its own, and looks for Redis while that is away.

    Args:
        link: Calls Redis.
        keys: Names keys.
        worker: This process's id.
        duties: What else is to be done.
        lease: For how long a process is taken for alive after it was last heard of, in seconds.
        clock: Monotonic time in seconds.
    """

    def __init__(
        self, link: Link, keys: Keys, worker: str, duties: Duties, *, lease: float, clock: Callable[[], float]
    ) -> None:
        self._link = link
        self._keys = keys
        self._worker = worker
        self._duties = duties
        self._lease = lease
        self._clock = clock
        self._believe_from = float("inf")
        """When all others have had the time to be heard of."""
        self._has_beaten = False
        self._has_warned = False
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._main, name="vizro-ws-chat-heartbeat", daemon=True)

    def start(self) -> None:
        """Beat for the first time, on this thread, and go on beating."""
        self._beat()
        self._thread.start()

    def close(self) -> None:
        """End, and give the lease back."""
        self._closed.set()
        self._thread.join(_END_SECONDS)
        try:
            self._link.call(self._leave)
        except AwayError:
            logger.debug("Redis is away: the lease of this process runs out by itself")

    def _leave(self, client: Client) -> None:
        pipe = client.pipeline()
        pipe.zrem(self._keys.workers, self._worker)
        pipe.delete(self._keys.runs_of(self._worker), self._keys.mail_of(self._worker))
        pipe.execute()

    def _main(self) -> None:
        while not self._closed.wait(self._lease / BEATS_PER_LEASE if self._link.is_up else _AWAY_SECONDS):
            self._beat()

    def _beat(self) -> None:
        try:
            (was_alive, silent, apps), is_back = self._link.probe(self._renew)
            if is_back or not was_alive:
                # What has kept this process from being heard of may have kept others from it, too: a Redis that hung
                # or was restarted, a clock that was set, a machine that slept.
                self._believe_from = self._clock() + self._lease
                self._duties.when_back()
            self._duties.when_beaten()
            if silent and self._clock() >= self._believe_from:
                until = self._clock() + self._lease / BEATS_PER_LEASE
                self._duties.when_silent([worker.decode() for worker in silent], lambda: self._clock() >= until)
            self._warn_of(apps)
        except AwayError:
            self._duties.when_away()
        except Exception:
            logger.exception("A heartbeat failed")

    def _renew(self, client: Client) -> tuple[int, Sequence[bytes], Sequence[bytes]]:
        keys = [self._keys.workers, self._keys.apps, self._keys.lost]
        arguments = (self._worker, int(self._lease * 1000), self._keys.app, int(self._has_beaten))
        was_alive, silent, apps = run_script(client, "beat", keys, *arguments)
        self._has_beaten = True
        return was_alive, silent, apps

    def _warn_of(self, apps: Sequence[bytes]) -> None:
        if len(apps) > 1 and not self._has_warned:
            self._has_warned = True
            logger.warning(
                "Other processes use this Redis with another secret. If they serve the same dashboard, they can't read "
                "each other's answers: give all of them the same SECRET_KEY. If not, give them another redis_prefix."
            )
