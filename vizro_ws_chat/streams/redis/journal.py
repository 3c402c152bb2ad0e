"""Writing what runs append to Redis: all of them at once, and then to their readers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import redis

from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.protocol.frames import OutputFrame, Snapshot
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.protocol.run_state import status_after
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.log import MemoryLog
from vizro_ws_chat.streams.redis.batches import Batch, is_last_words
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.facts import RunFacts
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.link import Link
from vizro_ws_chat.streams.run import RunKey

logger = redacted_logger(__name__)

_REFUSED_ID = "equal or smaller"
"""What Redis says of an entry whose id does not grow."""
_MAX_CHARS = 1_000_000
_END_SECONDS = 5.0


class JournaledLog(MemoryLog):
    """A log that shows frames to its readers when Redis has them, or at once while Redis is away.

    What is public here belongs to the journal.

    Args:
        facts: What is written of the run beside its frames.
        max_frames: As `MemoryLog` takes it.
        put: Takes what is appended to the journal.
        is_asking: Tells whether the run waits for its reader.
        when_succeeded: Called when another process has ended the run.
    """

    def __init__(
        self,
        facts: RunFacts,
        max_frames: int,
        *,
        put: Callable[[JournaledLog, Sequence[OutputFrame]], None],
        is_asking: Callable[[], bool],
        when_succeeded: Callable[[], None],
    ) -> None:
        super().__init__(facts.key.id, max_frames)
        self._put = put
        self.facts = facts
        self.name = Keys.name(facts.key)
        self.is_asking = is_asking
        self.when_succeeded = when_succeeded
        self.is_behind = False
        """Whether Redis may not have all of it."""
        self.is_succeeded = False
        """Whether another process has ended the run."""
        self.entries = 0
        """Those in Redis, since its last snapshot."""
        self.entry_chars = 0
        """Text in them."""

    def append(self, frames: Sequence[OutputFrame]) -> None:
        """Give frames to the journal."""
        self._put(self, frames)

    def publish(self, frames: Sequence[OutputFrame]) -> None:
        """Show frames to the readers in this process."""
        super().append(frames)


class Journal:
    """Writes the logs of this process to Redis, on a thread of its own: whatever has come up in one go.

    Args:
        link: Calls Redis.
        keys: Names keys.
        max_entries: Entries that a stream may have. When there are more, a snapshot takes their place.
        keep_ms: How long runs can be read after the last that was heard of them, in milliseconds.
        claim_ms: How long it is remembered that they were, in milliseconds.
        is_kept: Tells whether a run that has ended can still be read here.
    """

    def __init__(
        self,
        link: Link,
        keys: Keys,
        *,
        max_entries: int,
        keep_ms: int,
        claim_ms: int,
        is_kept: Callable[[RunKey], bool],
    ) -> None:
        self._link = link
        self._keys = keys
        self._max_entries = max_entries
        self._keep_ms = keep_ms
        self._claim_ms = claim_ms
        self._is_kept = is_kept
        self._changed = threading.Condition()
        self._pending: list[tuple[JournaledLog, Sequence[OutputFrame]]] = []
        self._open: dict[str, JournaledLog] = {}
        self._is_stale = False
        self._is_closed = False
        self._thread = threading.Thread(target=self._main, name="vizro-ws-chat-journal", daemon=True)
        self._thread.start()

    def open(
        self, facts: RunFacts, max_frames: int, *, is_asking: Callable[[], bool], when_succeeded: Callable[[], None]
    ) -> JournaledLog:
        """Return the log of a run that begins, of which Redis has the facts already."""
        log = JournaledLog(facts, max_frames, put=self._put, is_asking=is_asking, when_succeeded=when_succeeded)
        log.is_behind = not self._link.is_up
        with self._changed:
            self._open[log.name] = log
        return log

    def drop(self, key: RunKey) -> None:
        """Write no more of a run, as if it had never been."""
        with self._changed:
            self._open.pop(Keys.name(key), None)

    def names(self) -> list[str]:
        """Return what the runs are called that are being written. Those that nobody can read any more are let go."""
        with self._changed:
            for name, log in list(self._open.items()):
                if log.is_closed and not self._is_kept(log.facts.key):
                    del self._open[name]
            return list(self._open)

    def catch_up(self) -> None:
        """Write what Redis has missed while it was away, or has lost."""
        with self._changed:
            self._is_stale = True
            self._changed.notify()

    def close(self) -> None:
        """Write what there is, and end. What is appended from then on is shown, and not written."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join(_END_SECONDS)

    def _put(self, log: JournaledLog, frames: Sequence[OutputFrame]) -> None:
        with self._changed:
            if not self._is_closed:
                self._pending.append((log, frames))
                self._changed.notify()
                return
        log.publish(frames)

    # ---- on its thread ----

    def _main(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._is_stale or self._is_closed)
                pending, self._pending = self._pending, []
                is_stale, self._is_stale = self._is_stale, False
                logs = list(self._open.values())
            if not pending and not is_stale:
                return
            if is_stale:
                self._rewrite(logs)
            batches: dict[JournaledLog, list[OutputFrame]] = {}
            for log, frames in pending:
                batches.setdefault(log, []).extend(frames)
            self._write(batches)

    def _write(self, new: Mapping[JournaledLog, Sequence[OutputFrame]]) -> None:
        batches = {
            log: self._batch(log, frames) for log, frames in new.items() if not (log.is_behind or log.is_succeeded)
        }
        try:
            results = self._link.call(lambda client: self._send(client, batches)) if batches else []
        except AwayError:
            results = []
            for log in batches:
                log.is_behind = True
        finally:
            # Whatever becomes of them in Redis: its readers here have them.
            for log, frames in new.items():
                log.publish(frames)
        for (log, batch), result in zip(batches.items(), results, strict=False):
            self._take_note(log, batch, result)

    def _batch(self, log: JournaledLog, frames: Sequence[OutputFrame]) -> Batch:
        """Return the next entry of a stream, which begins with a snapshot when there would be too many."""
        before = log.last
        if before is not None and (log.entries >= self._max_entries or log.entry_chars > _MAX_CHARS):
            snapshot = Snapshot(run=log.facts.key.id, id=str(before), parts=log.whole().parts())
            frames = [snapshot, *frames]
        return Batch(frames, log.is_asking())

    def _send(self, client: Client, batches: Mapping[JournaledLog, Batch]) -> list[Any]:
        """Write entries, and return what Redis says of each."""
        pipe = client.pipeline(transaction=False)
        for log, batch in batches.items():
            # One that has vanished is not to begin anew in the middle.
            pipe.xadd(self._keys.frames(log.name), batch.fields(), id=batch.id, nomkstream=log.entries > 0)
        for log, batch in batches.items():
            self._tidy(pipe, log, batch)
        results: list[Any] = pipe.execute(raise_on_error=False)
        return results[: len(batches)]

    def _tidy(self, pipe: Client, log: JournaledLog, batch: Batch) -> None:
        frames = self._keys.frames(log.name)
        is_end = status_after(batch.frames[-1]).is_terminal
        if batch.has_snapshot:
            pipe.xtrim(frames, minid=batch.id, approximate=False)
        if log.entries == 0 or is_end:
            pipe.pexpire(frames, self._keep_ms)
        if is_end:
            pipe.pexpire(self._keys.facts(log.name), self._keep_ms)
            pipe.srem(self._keys.runs_of(log.facts.worker), log.name)

    def _take_note(self, log: JournaledLog, batch: Batch, result: object) -> None:
        if isinstance(result, redis.ResponseError) and _REFUSED_ID in str(result):
            self._succeed(log)
        elif isinstance(result, Exception):
            log.is_behind = True
            self._link.went_away(result)
        elif result is None:
            logger.warning("Run %s: Redis has lost what was written of it, and gets it again", log.facts.key.id)
            self._rewrite([log])
        else:
            log.entries, log.entry_chars = (1, 0) if batch.has_snapshot else (log.entries + 1, log.entry_chars)
            log.entry_chars += batch.chars
            self._let_go_of_ended(log)

    def _succeed(self, log: JournaledLog) -> None:
        logger.warning(
            "Run %s was ended by another process, which had heard nothing from this one for too long", log.facts.key.id
        )
        log.is_succeeded = True
        with self._changed:
            self._open.pop(log.name, None)
        log.when_succeeded()

    def _let_go_of_ended(self, log: JournaledLog) -> None:
        if log.is_closed:
            with self._changed:
                self._open.pop(log.name, None)

    def _rewrite(self, logs: Iterable[JournaledLog]) -> None:
        """Write all that Redis must know of runs, which may have lost it, or never had it."""
        for log in logs:
            try:
                if self._link.call(partial(self._rewrite_one, log)):
                    self._let_go_of_ended(log)
                else:
                    self._succeed(log)
            except AwayError:
                log.is_behind = True

    def _rewrite_one(self, log: JournaledLog, client: Client) -> bool:
        """Write all of a run, and return whether it is still ours."""
        stream, facts = self._keys.frames(log.name), log.facts
        newest = client.xrevrange(stream, count=1)
        if newest and is_last_words(newest[0][0]):
            return False
        frames, last = log.read(None), log.last
        pipe = client.pipeline()
        pipe.set(self._keys.claim(log.name), facts.worker, px=self._claim_ms)
        pipe.set(self._keys.facts(log.name), facts.model_dump_json(), px=self._keep_ms)
        if log.is_closed:
            pipe.srem(self._keys.runs_of(facts.worker), log.name)
        else:
            pipe.sadd(self._keys.runs_of(facts.worker), log.name)
        if last is not None and (not newest or FrameId.parse(newest[0][0].decode()) < last):
            batch = Batch(frames, log.is_asking())
            pipe.xadd(stream, batch.fields(), id=batch.id)
            pipe.xtrim(stream, minid=batch.id, approximate=False)
        pipe.pexpire(stream, self._keep_ms)
        pipe.execute()
        log.is_behind, log.entries, log.entry_chars = False, int(last is not None), 0
        return True
