"""Writing what runs append to Redis: all of them at once, and then to their readers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import redis

from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.protocol.frames import OutputFrame, Snapshot
from vizro_ws_chat.protocol.run_state import status_after
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.redis.batches import Batch
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.facts import RunFacts
from vizro_ws_chat.streams.redis.journaled_log import JournaledLog
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.link import Link
from vizro_ws_chat.streams.redis.restoring import Restorer
from vizro_ws_chat.streams.run import RunKey

logger = redacted_logger(__name__)

_REFUSED_ID = "equal or smaller"
"""What Redis says of an entry whose id does not grow."""
_MAX_CHARS = 1_000_000
_MOST_LOOKS = 500
"""Runs that are compared with Redis at once."""
_RUNS_KEPT_MS = 3_600_000
_END_SECONDS = 5.0


class Journal:
    """Writes the logs of this process to Redis, on a thread of its own: whatever has come up in one go.

    Args:
        link: Calls Redis.
        keys: Names keys.
        worker: This process's id.
        hub: Has the runs.
        restorer: Writes what Redis has missed.
        max_entries: Entries that a stream may have. When there are more, a snapshot takes their place.
        keep_ms: How long runs can be read after the last that was heard of them, in milliseconds.
    """

    def __init__(
        self, link: Link, keys: Keys, worker: str, hub: RunHub, restorer: Restorer, *, max_entries: int, keep_ms: int
    ) -> None:
        self._link = link
        self._keys = keys
        self._worker = worker
        self._hub = hub
        self._restorer = restorer
        self._max_entries = max_entries
        self._keep_ms = keep_ms
        self._changed = threading.Condition()
        self._pending: list[tuple[JournaledLog, Sequence[OutputFrame]]] = []
        self._logs: dict[str, JournaledLog] = {}
        self._suspects: dict[str, JournaledLog] = {}
        """Those of which Redis may not have all."""
        self._is_closed = False
        self._thread = threading.Thread(target=self._main, name="vizro-ws-chat-journal", daemon=True)
        self._thread.start()

    def open(self, facts: RunFacts, max_frames: int, *, is_known: bool) -> JournaledLog:
        """Return the log of a run that begins.

        Args:
            facts: What is written of it beside its frames.
            max_frames: As `MemoryLog` takes it.
            is_known: Whether Redis has the facts already.
        """
        log = JournaledLog(facts, max_frames, self._put)
        log.is_behind = not is_known
        with self._changed:
            self._logs[log.name] = log
        return log

    def drop(self, key: RunKey) -> None:
        """Write no more of a run, as if it had never been."""
        with self._changed:
            self._logs.pop(Keys.name(key), None)

    def alive(self) -> list[JournaledLog]:
        """Return the logs of runs that have not ended. Those that nobody can read any more are let go."""
        with self._changed:
            for name, log in list(self._logs.items()):
                if log.is_closed and self._hub.get(log.facts.key) is None:
                    del self._logs[name]
            return [log for log in self._logs.values() if not log.is_closed]

    def renew(self) -> None:
        """Let nothing of the runs that are alive expire, and write again what Redis has lost of them.

        Raises:
            AwayError: When Redis is away.
        """
        logs = self.alive()
        lost = self._link.call(lambda client: self._renew(client, logs))
        with self._changed:
            behind = [log for log in self._logs.values() if log.is_behind]
            self._suspects |= {log.name: log for log in (*lost, *behind)}
            self._changed.notify()

    def _renew(self, client: Client, logs: Sequence[JournaledLog]) -> list[JournaledLog]:
        """Return the runs of which something was not there."""
        pipe = client.pipeline(transaction=False)
        for log in logs:
            pipe.pexpire(self._keys.frames(log.name), self._keep_ms)
            pipe.pexpire(self._keys.facts(log.name), self._keep_ms)
            pipe.exists(self._keys.claim(log.name))
            pipe.sismember(self._keys.runs_of(self._worker), log.name)
        pipe.pexpire(self._keys.runs_of(self._worker), _RUNS_KEPT_MS)
        found = iter(pipe.execute()[:-1])
        return [
            log
            for log, has_frames, has_facts, has_claim, is_listed in zip(logs, found, found, found, found, strict=True)
            if not (has_facts and has_claim and is_listed and (has_frames or not log.entries))
        ]

    def restore_all(self) -> None:
        """Write what Redis has missed, or has lost, of all runs that can be read here, ended ones among them."""
        with self._changed:
            self._suspects |= self._logs
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
                self._changed.wait_for(lambda: self._pending or self._suspects or self._is_closed)
                pending, self._pending = self._pending, []
                suspects, self._suspects = list(self._suspects.values()), {}
            if not pending and not suspects:
                return
            for start in range(0, len(suspects), _MOST_LOOKS):
                self._restore(suspects[start : start + _MOST_LOOKS])
            batches: dict[JournaledLog, list[OutputFrame]] = {}
            for log, frames in pending:
                batches.setdefault(log, []).extend(frames)
            self._write(batches)

    def _write(self, new: Mapping[JournaledLog, Sequence[OutputFrame]]) -> None:
        behind = [log for log in new if log.is_behind or log.is_succeeded]
        batches: dict[JournaledLog, Batch] = {}
        results: list[Any] = []
        try:
            batches = {log: self._batch(log, frames) for log, frames in new.items() if log not in behind}
            if batches:
                results = self._link.call(lambda client: self._send(client, batches))
        except AwayError:
            self._are_behind(batches)
        except Exception:  # whatever it is: all answers of this process depend on this thread
            logger.exception("Answers could not be written to Redis")
            self._are_behind(new)
        # Whatever becomes of them in Redis: its readers here have them.
        for log, frames in new.items():
            self._publish(log, frames)
        lost = []
        for (log, batch), result in zip(batches.items(), results, strict=False):
            if result is None:
                logger.warning("Run %s: Redis has lost what was written of it, and gets it again", log.facts.key.id)
                lost.append(log)
            else:
                self._take_note(log, batch, result)
        if lost:
            self._restore(lost)

    @staticmethod
    def _are_behind(logs: Iterable[JournaledLog]) -> None:
        for log in logs:
            log.is_behind = True

    @staticmethod
    def _publish(log: JournaledLog, frames: Sequence[OutputFrame]) -> None:
        try:
            log.publish(frames)
        except Exception:  # of one who listens
            logger.exception("Run %s: a reader could not be told of what is new", log.facts.key.id)

    def _batch(self, log: JournaledLog, frames: Sequence[OutputFrame]) -> Batch:
        """Return the next entry of a stream, which begins with a snapshot when there would be too many."""
        before = log.last
        if before is not None and (log.entries >= self._max_entries or log.entry_chars > _MAX_CHARS):
            snapshot = Snapshot(run=log.facts.key.id, id=str(before), parts=log.whole().parts())
            frames = [snapshot, *frames]
        return Batch(frames, self._is_asking(log))

    def _is_asking(self, log: JournaledLog) -> bool:
        run = self._hub.get(log.facts.key)
        return run is not None and run.is_asking

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
        if is_end:  # from now on nobody looks after them
            pipe.set(self._keys.facts(log.name), log.facts.model_dump_json(), px=self._keep_ms)
            pipe.srem(self._keys.runs_of(self._worker), log.name)

    def _take_note(self, log: JournaledLog, batch: Batch, result: object) -> None:
        if isinstance(result, redis.ResponseError) and _REFUSED_ID in str(result):
            self._succeed(log)
        elif isinstance(result, Exception):
            log.is_behind = True
            self._link.went_away(result)
        else:
            log.entries, log.entry_chars = (1, 0) if batch.has_snapshot else (log.entries + 1, log.entry_chars)
            log.entry_chars += batch.chars

    def _succeed(self, log: JournaledLog) -> None:
        log.is_succeeded = True
        if not log.is_closed:
            logger.warning(
                "Run %s was ended by another process, which had heard nothing from this one for too long",
                log.facts.key.id,
            )
            self._hub.interrupt(log.facts.key, "another process has ended it")

    def _restore(self, suspects: Sequence[JournaledLog]) -> None:
        """Write all that Redis must know of runs, which may have lost it, or never had it."""
        logs = [log for log in suspects if not log.is_succeeded]
        complete = {log for log in logs if not log.is_behind}
        self._are_behind(logs)
        try:
            kept = dict(zip(logs, self._link.call(lambda client: self._restorer.look(client, logs)), strict=True))
            anothers = [log for log in logs if kept[log].is_anothers(log)]
            for log in anothers:
                self._succeed(log)
            lost = {
                log: kept[log]
                for log in logs
                if log not in anothers and not (log in complete and kept[log].is_all(log))
            }
            self._link.call(lambda client: self._restorer.write(client, lost, self._is_asking))
            for log in logs:
                log.is_behind = False
                if kept[log].is_cancelled:
                    self._hub.cancel(log.facts.key)
        except AwayError:
            logger.debug("Redis is away again: what it has missed is written later")
        except Exception:  # whatever it is: all answers of this process depend on this thread
            logger.exception("What Redis has missed could not be written")
