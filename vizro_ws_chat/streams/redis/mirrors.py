"""The runs of other processes that are read here."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.facts import FactsReader
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.mail import Letter, StillReading
from vizro_ws_chat.streams.redis.mirror import FROM_THE_START, Mirror
from vizro_ws_chat.streams.redis.succession import Succession
from vizro_ws_chat.streams.redis.tail import Tail
from vizro_ws_chat.streams.run import RunKey

logger = redacted_logger(__name__)

_MOST_MISSES = 4
"""Looks, within a lease, at which a run or its process was not in Redis. One that is alive writes both again."""


class Mirrors:
    """Finds runs of other processes, and keeps those that are read.

    Args:
        keys: Names keys.
        tail: Reads on in them.
        facts: Reads what is known of them.
        succession: Ends those whose process has died.
        post_all: Puts letters into the mail of processes.
        max_frames: As `MemoryLog` takes it.
    """

    def __init__(
        self,
        keys: Keys,
        tail: Tail,
        facts: FactsReader,
        succession: Succession,
        *,
        post_all: Callable[[Client, Mapping[str, Letter]], None],
        max_frames: int,
    ) -> None:
        self._keys = keys
        self._tail = tail
        self._facts = facts
        self._succession = succession
        self._post_all = post_all
        self._max_frames = max_frames
        self._lock = threading.Lock()
        self._mirrors: dict[str, Mirror] = {}
        self._misses: dict[str, int] = {}
        self._absent: dict[str, int] = {}

    def get(self, key: RunKey) -> Mirror | None:
        """Return a run that is being read here already."""
        mirror = self._mirrors.get(Keys.name(key))
        return None if mirror is None or mirror.is_lost else mirror

    def find(self, client: Client, key: RunKey) -> Mirror | None:
        """Return a run of another process; `None` when none has it, as far as Redis knows at the moment.

        Raises:
            AwayError: When another version has written it.
            RefusedError: `unknown-run`, when it has ended and its frames are gone.
        """
        name = Keys.name(key)
        pipe = client.pipeline()
        pipe.get(self._keys.claim(name))
        pipe.get(self._keys.facts(name))
        pipe.xrange(self._keys.frames(name))
        claim, facts, entries = pipe.execute()
        if facts is None:
            if claim is not None and not client.sismember(self._keys.runs_of(claim.decode()), name):
                raise RefusedError("unknown-run", "it has ended in another process, and its frames are gone")
            return None
        mirror = Mirror(name, self._facts.read(facts), self._max_frames)
        mirror.take(entries)
        with self._lock:
            known = self._mirrors.get(name)
            if known is not None and not known.is_lost:
                return known
            self._mirrors[name] = mirror
        return mirror

    def attach(self, mirror: Mirror) -> bool:
        """Count a reader; return whether it is the first."""
        with self._lock:
            self._mirrors.setdefault(mirror.name, mirror)
            mirror.readers += 1
            is_first = mirror.readers == 1
        if is_first and not mirror.is_over:
            self._tail.follow(mirror)
        return is_first and not mirror.is_over

    def detach(self, mirror: Mirror) -> None:
        """Count a reader less; what nobody reads is let go."""
        with self._lock:
            mirror.readers -= 1
            if mirror.readers:
                return
            self._drop(mirror)
            self._tail.leave(mirror)  # before somebody else comes, for whom it is followed

    def _drop(self, mirror: Mirror) -> None:
        if self._mirrors.get(mirror.name) is mirror:
            del self._mirrors[mirror.name]
            self._misses.pop(mirror.name, None)

    def look_after(self, client: Client) -> None:
        """Tell other processes what is read of them here, and see whether they are alive, and their frames there."""
        with self._lock:
            for mirror in list(self._mirrors.values()):
                if not mirror.readers:
                    self._drop(mirror)
            mirrors = [mirror for mirror in self._mirrors.values() if not mirror.is_over]
        read_of: defaultdict[str, list[RunKey]] = defaultdict(list)
        pipe = client.pipeline(transaction=False)
        for mirror in mirrors:
            read_of[mirror.worker].append(mirror.key)
            pipe.zscore(self._keys.workers, mirror.worker)
            pipe.exists(self._keys.facts(mirror.name))
            pipe.exists(self._keys.frames(mirror.name))
        found = iter(pipe.execute() if mirrors else ())
        absent: set[str] = set()
        for mirror, alive_until, has_facts, has_frames in zip(mirrors, found, found, found, strict=True):
            if alive_until is None:
                absent.add(mirror.worker)
            self._count_misses(mirror, is_there=bool(has_facts and (has_frames or mirror.cursor == FROM_THE_START)))
        self._absent = {worker: self._absent.get(worker, 0) + 1 for worker in absent}
        for mirror in mirrors:
            if self._absent.get(mirror.worker, 0) >= _MOST_MISSES:
                self._succession.end(client, mirror.name)
        # In one go: however many processes there are, this one has to say in time that it is alive itself.
        self._post_all(client, {worker: StillReading(runs=runs) for worker, runs in read_of.items()})

    def _count_misses(self, mirror: Mirror, *, is_there: bool) -> None:
        self._misses[mirror.name] = 0 if is_there else self._misses.get(mirror.name, 0) + 1
        if self._misses[mirror.name] >= _MOST_MISSES:
            logger.warning("Run %s: what another process writes of it is not in Redis any more", mirror.id)
            mirror.lose()

    def lose_all(self) -> None:
        """Give up all runs of which more is to come: Redis has been away for too long."""
        with self._lock:
            mirrors = [mirror for mirror in self._mirrors.values() if not mirror.is_over]
        for mirror in mirrors:
            logger.warning("Run %s is lost for its readers here: Redis has been away for too long", mirror.id)
            mirror.lose()
