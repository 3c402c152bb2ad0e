"""Where a run is that is not in this process: in which other one, perhaps in one that Redis has forgotten."""

from __future__ import annotations

from vizro_ws_chat.exceptions import AwayError, RefusedError
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.facts import FactsReader
from vizro_ws_chat.streams.redis.heartbeat import BEATS_PER_LEASE
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.link import Link
from vizro_ws_chat.streams.redis.mirror import Mirror
from vizro_ws_chat.streams.redis.mirrors import Mirrors
from vizro_ws_chat.streams.redis.missing import Missing
from vizro_ws_chat.streams.run import RunKey

_LATE_BEATS = 1.5
"""Heartbeats without which a process may be cut off from Redis, and have runs that are not there."""


class Whereabouts:
    """Finds the process of a run, and tells those that may still come from those that are nowhere.

    Args:
        link: Knows how well Redis could be reached.
        keys: Names keys.
        worker: This process's id.
        facts: Reads what is known of runs.
        mirrors: The runs of others that are read here.
        missing: Says for how long to be patient where there is a reason.
        lease: For how long a process is taken for alive after it was last heard of, in seconds.
    """

    def __init__(
        self,
        link: Link,
        keys: Keys,
        worker: str,
        facts: FactsReader,
        *,
        mirrors: Mirrors,
        missing: Missing,
        lease: float,
    ) -> None:
        self._link = link
        self._keys = keys
        self._worker = worker
        self._facts = facts
        self._mirrors = mirrors
        self._missing = missing
        self._lease = lease

    def find(self, client: Client, key: RunKey) -> Mirror | None:
        """Return a run of another process; `None` when it is nowhere, or nothing of it can be read any more.

        Raises:
            AwayError: When that can't be known at the moment.
        """
        try:
            run = self._mirrors.find(client, key)
        except RefusedError:  # it has ended, unless Redis was flushed just when it was asked
            run = None
        if run is not None:
            self._missing.forget(key)
        elif self.may_come(client, key):
            raise AwayError
        return run

    def process_of(self, client: Client, key: RunKey) -> str:
        """Return the id of the other process that a run is in.

        Raises:
            AwayError: When that can't be known at the moment.
            RefusedError: `unknown-run`, when it is nowhere.
        """
        mirror = self._mirrors.get(key)
        if mirror is not None and not mirror.is_over:  # then it is known also when Redis has just lost it
            return mirror.worker
        facts = client.get(self._keys.facts(Keys.name(key)))
        worker = self._listed_by(client, key) if facts is None else self._facts.read(facts).worker
        if worker is None and self.may_come(client, key):
            raise AwayError
        if worker is None or worker == self._worker:
            raise RefusedError("unknown-run", "what something is said to is no longer anywhere")
        return worker

    def may_come(self, client: Client, key: RunKey) -> bool:
        """Return whether a run that is not in Redis may still come there: not for longer than a lease."""
        return self._is_in_doubt(client, key) and self._missing.may_come(key)

    def _is_in_doubt(self, client: Client, key: RunKey) -> bool:
        if self._link.steady_seconds < self._lease:
            return True
        pipe = client.pipeline()
        pipe.time()
        pipe.exists(self._keys.lost)
        pipe.zrange(self._keys.workers, 0, -1, withscores=True)
        (seconds, microseconds), has_lost, workers = pipe.execute()
        until = {worker.decode(): milliseconds / 1000 for worker, milliseconds in workers}
        if has_lost or self._worker not in until:  # flushed; nobody else may have noticed it yet
            return True
        expected = seconds + microseconds / 1e6 + self._lease * (1 - _LATE_BEATS / BEATS_PER_LEASE)
        return min(until.values()) < expected or self._listed_by(client, key) is not None

    def _listed_by(self, client: Client, key: RunKey) -> str | None:
        """Return the process that has a run among those that are alive: it writes it again if it was evicted."""
        workers = [worker.decode() for worker in client.zrange(self._keys.workers, 0, -1)]
        pipe = client.pipeline(transaction=False)
        for worker in workers:
            pipe.sismember(self._keys.runs_of(worker), Keys.name(key))
        return next((worker for worker, has_it in zip(workers, pipe.execute(), strict=True) if has_it), None)
