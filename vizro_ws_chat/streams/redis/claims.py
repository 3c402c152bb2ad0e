"""Taking runs for this process, so that each is executed once."""

from __future__ import annotations

import threading

from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.facts import RunFacts
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.link import Link
from vizro_ws_chat.streams.redis.scripts import run_script
from vizro_ws_chat.streams.run import RunKey

logger = redacted_logger(__name__)

TAKEN, CANCELLED = -1, 1
"""What claim.lua returns."""


class Claims:
    """Claims runs in Redis, and gives those back that are not started after all.

    Args:
        link: Calls Redis.
        keys: Names keys.
        worker: This process's id.
        keep_ms: How long runs can be read after the last that was heard of them, in milliseconds.
        claim_ms: How long it is remembered that they were, in milliseconds.
    """

    def __init__(self, link: Link, keys: Keys, worker: str, *, keep_ms: int, claim_ms: int) -> None:
        self._link = link
        self._keys = keys
        self._worker = worker
        self._keep_ms = keep_ms
        self._claim_ms = claim_ms
        self._lock = threading.Lock()
        self._owed: set[str] = set()
        """Names of runs that could not be given back: Redis was away."""

    def take(self, facts: RunFacts) -> int | None:
        """Take a run, as claim.lua says; `None` while Redis is away: ours as far as can be known."""
        name = Keys.name(facts.key)
        with self._lock:  # from now on nobody else gives it back
            is_owed = name in self._owed
            self._owed.discard(name)
        try:
            return self._link.call(lambda client: self._take(client, name, facts, is_owed=is_owed))
        except AwayError:
            return None

    def _take(self, client: Client, name: str, facts: RunFacts, *, is_owed: bool) -> int:
        if is_owed:
            self._give_back(client, name)
        keys = [
            self._keys.claim(name),
            self._keys.facts(name),
            self._keys.cancelled(name),
            self._keys.runs_of(self._worker),
        ]
        arguments = (self._worker, self._claim_ms, self._keep_ms, facts.model_dump_json(), name)
        return int(run_script(client, "claim", keys, *arguments))

    def give_back(self, key: RunKey) -> None:
        """Let a run be as if it had never been, now or when Redis is back: it may be sent again."""
        name = Keys.name(key)
        try:
            self._link.call(lambda client: self._give_back(client, name))
        except AwayError:
            logger.debug("Run %s is given back when Redis is back", key.id)
            with self._lock:
                self._owed.add(name)

    def give_back_owed(self, client: Client) -> None:
        """Give back what could not be given back before."""
        with self._lock:  # until it is done: who takes one again would lose it
            while self._owed:
                name = next(iter(self._owed))
                self._give_back(client, name)
                self._owed.discard(name)

    def _give_back(self, client: Client, name: str) -> None:
        keys = [self._keys.claim(name), self._keys.facts(name), self._keys.runs_of(self._worker)]
        run_script(client, "unclaim", keys, self._worker, name)
