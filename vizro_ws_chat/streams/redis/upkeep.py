"""What a process does for shared runs with each heartbeat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from vizro_ws_chat.streams.redis.claims import Claims
from vizro_ws_chat.streams.redis.journal import Journal
from vizro_ws_chat.streams.redis.link import Link
from vizro_ws_chat.streams.redis.mirrors import Mirrors
from vizro_ws_chat.streams.redis.succession import Succession


class Upkeep:
    """Implements `heartbeat.Duties`: nothing of this process expires, nothing of others is waited for in vain.

    Args:
        link: Calls Redis.
        claims: Gives back runs that this process has not started.
        journal: Writes those that it has.
        mirrors: Reads those of others.
        succession: Ends those of the dead.
        patience: For how long readers wait while Redis is away, in seconds.
    """

    def __init__(
        self,
        link: Link,
        *,
        claims: Claims,
        journal: Journal,
        mirrors: Mirrors,
        succession: Succession,
        patience: float,
    ) -> None:
        self._link = link
        self._claims = claims
        self._journal = journal
        self._mirrors = mirrors
        self._succession = succession
        self._patience = patience

    def when_back(self) -> None:
        """Write what Redis has missed."""
        self._journal.restore_all()

    def when_beaten(self) -> None:
        """Keep what is in use, and nothing else."""
        self._link.call(self._claims.give_back_owed)
        self._journal.renew()
        self._link.call(self._mirrors.look_after)

    def when_away(self) -> None:
        """Let readers of other processes' runs go, in the end."""
        self._journal.alive()
        if self._link.away_seconds >= self._patience:
            self._mirrors.lose_all()

    def when_silent(self, workers: Sequence[str], is_time_up: Callable[[], bool]) -> None:
        """End their runs."""
        for worker in workers:
            self._link.call(partial(self._succession.end_all, worker=worker, is_time_up=is_time_up))
