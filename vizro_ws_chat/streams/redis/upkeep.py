"""What a process does for shared runs with each heartbeat."""

from __future__ import annotations

from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.journal import Journal
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.link import Link
from vizro_ws_chat.streams.redis.mirrors import Mirrors
from vizro_ws_chat.streams.redis.succession import Succession

_RUNS_KEPT_MS = 3_600_000


class Upkeep:
    """Implements `heartbeat.Duties`: nothing of this process expires, nothing of others is waited for in vain.

    Args:
        link: Calls Redis.
        keys: Names keys.
        worker: This process's id.
        journal: Writes runs of this process.
        mirrors: Reads those of others.
        succession: Ends those of the dead.
        keep_ms: How long runs can be read after the last that was heard of them, in milliseconds.
        patience: For how long readers wait while Redis is away, in seconds.
    """

    def __init__(
        self,
        link: Link,
        keys: Keys,
        worker: str,
        *,
        journal: Journal,
        mirrors: Mirrors,
        succession: Succession,
        keep_ms: int,
        patience: float,
    ) -> None:
        self._link = link
        self._keys = keys
        self._worker = worker
        self._journal = journal
        self._mirrors = mirrors
        self._succession = succession
        self._keep_ms = keep_ms
        self._patience = patience

    def when_back(self) -> None:
        """Write what Redis has missed."""
        self._journal.catch_up()

    def when_beaten(self) -> None:
        """Keep what is in use."""
        self._link.call(self._renew)
        self._link.call(self._mirrors.look_after)

    def _renew(self, client: Client) -> None:
        pipe = client.pipeline(transaction=False)
        for name in self._journal.names():
            pipe.pexpire(self._keys.frames(name), self._keep_ms)
            pipe.pexpire(self._keys.facts(name), self._keep_ms)
        pipe.pexpire(self._keys.runs_of(self._worker), _RUNS_KEPT_MS)
        pipe.execute()

    def when_away(self) -> None:
        """Let readers of other processes' runs go, in the end."""
        self._journal.names()
        if self._link.away_seconds >= self._patience:
            self._mirrors.lose_all()

    def when_silent(self, worker: str) -> None:
        """End its runs."""
        self._link.call(lambda client: self._succession.end_all(client, worker))
