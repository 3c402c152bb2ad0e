"""Writing to Redis what it has missed of runs, or has lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.streams.redis.batches import LAST_WORDS, Batch
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.journaled_log import JournaledLog
from vizro_ws_chat.streams.redis.keys import Keys

_MAX_CHARS = 1_000_000
"""Text that is written in one go, and a little more."""


class Kept(NamedTuple):
    """What Redis has of a run.

    Attributes:
        newest: The id of its newest frame; `None` without any.
        has_facts: Whether others can find it.
        is_listed: Whether it is among those that are alive in its process, where it is.
        claimed_by: The process that it was started in, as far as Redis knows.
        is_cancelled: Whether it was stopped, perhaps while Redis knew nothing of it.
    """

    newest: FrameId | None
    has_facts: bool
    is_listed: bool
    claimed_by: str | None
    is_cancelled: bool

    def is_anothers(self, log: JournaledLog) -> bool:
        """Whether the run was ended by another process, or was sent to one as well, and is answered there."""
        if self.claimed_by not in (None, log.facts.worker):
            return True
        last = log.last
        if self.newest is None or last is None:
            return self.newest is not None
        return self.newest.epoch != last.epoch or self.newest.seq >= LAST_WORDS

    def is_all(self, log: JournaledLog) -> bool:
        """Whether nothing is missing."""
        is_listed = self.is_listed or log.is_closed
        return self.has_facts and is_listed and self.claimed_by is not None and self.newest == log.last


class Restorer:
    """Compares what Redis has of runs with what they are, and writes what is missing.

    Args:
        keys: Names keys.
        keep_ms: How long runs can be read after the last that was heard of them, in milliseconds.
        claim_ms: How long it is remembered that they were, in milliseconds.
    """

    def __init__(self, keys: Keys, keep_ms: int, claim_ms: int) -> None:
        self._keys = keys
        self._keep_ms = keep_ms
        self._claim_ms = claim_ms

    def look(self, client: Client, logs: Sequence[JournaledLog]) -> list[Kept]:
        """Return what Redis has of each run."""
        pipe = client.pipeline(transaction=False)
        for log in logs:
            pipe.xrevrange(self._keys.frames(log.name), count=1)
            pipe.exists(self._keys.facts(log.name))
            pipe.sismember(self._keys.runs_of(log.facts.worker), log.name)
            pipe.get(self._keys.claim(log.name))
            pipe.exists(self._keys.cancelled(log.name))
        found = iter(pipe.execute() if logs else ())
        return [
            Kept(
                _id(newest[0][0]) if newest else None,
                bool(has_facts),
                bool(is_listed),
                claim.decode() if claim is not None else None,
                bool(is_cancelled),
            )
            for newest, has_facts, is_listed, claim, is_cancelled in zip(found, found, found, found, found, strict=True)
        ]

    def write(
        self, client: Client, lost: Mapping[JournaledLog, Kept], is_asking: Callable[[JournaledLog], bool]
    ) -> None:
        """Write what is missing of runs that are ours, of many in one go: their readers wait for the end of it.

        Args:
            client: Connects to Redis.
            lost: The runs, and what Redis has of them.
            is_asking: Tells whether one waits for its reader.
        """
        pipe, chars = client.pipeline(), 0
        for log, kept in lost.items():
            self._write(pipe, log, kept, is_asking=is_asking(log))
            chars += log.chars
            if chars > _MAX_CHARS:
                pipe.execute()
                chars = 0
        pipe.execute()
        for log in lost:
            log.entries, log.entry_chars = int(log.last is not None), 0

    def _write(self, pipe: Client, log: JournaledLog, kept: Kept, *, is_asking: bool) -> None:
        stream, facts = self._keys.frames(log.name), log.facts
        frames, last = log.read(None), log.last
        pipe.set(self._keys.claim(log.name), facts.worker, px=self._claim_ms)
        pipe.set(self._keys.facts(log.name), facts.model_dump_json(), px=self._keep_ms)
        if log.is_closed:
            pipe.srem(self._keys.runs_of(facts.worker), log.name)
        else:
            pipe.sadd(self._keys.runs_of(facts.worker), log.name)
        if last is not None and (kept.newest is None or kept.newest < last):
            batch = Batch(frames, is_asking)
            pipe.xadd(stream, batch.fields(), id=batch.id)
            pipe.xtrim(stream, minid=batch.id, approximate=False)
        pipe.pexpire(stream, self._keep_ms)


def _id(entry_id: bytes) -> FrameId:
    try:
        return FrameId.parse(entry_id.decode())
    except ValueError:  # none of ours, and nothing can be written after it
        return FrameId(0, LAST_WORDS)
