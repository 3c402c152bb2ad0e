"""All runs of this process: started once per id, found, cancelled, given up and forgotten."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.frames import MessageRef
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.deltas import DeltaBuffer
from vizro_ws_chat.streams.event_loop import EventLoopThread
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.log import MemoryLog, StreamLog
from vizro_ws_chat.streams.pace import Pace
from vizro_ws_chat.streams.retention import Retention
from vizro_ws_chat.streams.run import Run, RunKey, Seal
from vizro_ws_chat.streams.runner import Producer, start_runner
from vizro_ws_chat.streams.runs import ReadableRun
from vizro_ws_chat.streams.scheduler import Scheduler, Timer

logger = redacted_logger(__name__)

_REMEMBERED_EARLY_CANCELS = 1_000
_SHORTEST_LOOK_SECONDS = 1.0


@dataclass
class _Entry:
    run: Run
    readers: int = 0
    kept_until: float = float("-inf")
    """Until when it counts as read elsewhere."""
    timers: dict[str, Timer] = field(default_factory=dict)


class RunHub:
    """Owns the runs of one process.

    Args:
        settings: Limits and times.
        scheduler: Calls for grace times, limits and expiry.
        epoch_ms: The wall clock in milliseconds since 1970.
    """

    def __init__(
        self,
        settings: Settings,
        scheduler: Scheduler,
        epoch_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._settings = settings
        self._scheduler = scheduler
        self._epoch_ms = epoch_ms
        self._event_loop = EventLoopThread()
        self._lock = threading.RLock()
        self._entries: dict[RunKey, _Entry] = {}
        self._alive: Counter[str] = Counter()
        self._pace = Pace(settings.max_deltas_per_second, settings.busy_batch_seconds)
        self._is_closed = False
        self._retention = Retention(settings.max_kept_chars, settings.max_remembered_runs)
        self._cancelled_early: OrderedDict[RunKey, None] = OrderedDict()

    def get(self, key: RunKey) -> Run | None:
        """Return a run that is alive or can still be read."""
        entry = self._entries.get(key)
        return entry.run if entry else None

    def find(self, key: RunKey) -> Run | None:
        """Return a run that was sent before; `None` when it is new.

        Raises:
            RefusedError: `unknown-run`, when it has ended and its log is gone.
        """
        with self._lock:
            if key in self._entries:
                return self._entries[key].run
            if self._retention.is_past(key):
                raise RefusedError("unknown-run", "it was sent again after its log had been let go")
        return None

    @property
    def alive(self) -> int:
        """How many runs have not ended."""
        return self._alive.total()

    def start(
        self,
        key: RunKey,
        *,
        question: MessageRef,
        seal: Seal,
        producer: Producer,
        question_view: str | None = None,
        owner_limit: int | None = None,
        log: StreamLog | None = None,
    ) -> Run:
        """Start a run; when it is known already, return that run: a repeated send is the same send.

        Args:
            key: Whose it is, and its id.
            question: The message that it answers.
            seal: Signs the answer.
            producer: Makes it.
            question_view: How the author shows the question.
            owner_limit: How many runs of this owner may be alive; `None` for one who is many.
            log: Where its frames go; `None`: into this process's memory.

        Raises:
            RefusedError: `busy`, when too many runs are alive; `unknown-run`, when it has ended and its log is gone.
        """
        settings = self._settings
        with self._lock:
            known = self.find(key)
            if known is not None:
                return known
            if self.alive >= settings.max_runs:
                raise self._busy("too many runs")
            if owner_limit is not None and self._alive[key.owner] >= owner_limit:
                raise self._busy("too many runs of one owner")
            if self._is_closed:
                raise self._busy("the server is shutting down")
            run = Run(
                key,
                question=question,
                epoch=self._epoch_ms(),
                log=MemoryLog(key.id, settings.max_log_frames) if log is None else log,
                buffer=DeltaBuffer(settings.batch_seconds, settings.max_delta_chars, self._pace),
                seal=seal,
                scheduler=self._scheduler,
                max_chars=settings.max_output_chars,
            )
            run.question_view = question_view
            run.keep = producer.keep
            producer.keep_question()  # under the lock: nobody finds the run yet, to stop it
            entry = self._entries[key] = _Entry(run)
            self._alive[key.owner] += 1
            self._pace.writers += 1
            cancelled_early = key in self._cancelled_early
        try:
            run.observe(producer.observe())
            self._watch(entry)
            if cancelled_early:
                self.cancel(key)
            else:
                start_runner(run, producer, self._scheduler, self._event_loop)
        except RuntimeError as error:  # the system has no thread to give
            with self._lock:  # as if it had never been: it may be sent again
                del self._entries[key]
                self._retention.drop(key)
            run.interrupt()
            raise self._busy("no thread can be started") from error
        return run

    def _busy(self, detail: str) -> RefusedError:
        return RefusedError("busy", detail, retry_ms=int(self._settings.busy_retry_seconds * 1000))

    def cancel(self, key: RunKey) -> None:
        """Stop a run. Idempotent; a run that is yet to come (its send is still on its way) will not start."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                self._cancelled_early[key] = None
                if len(self._cancelled_early) > _REMEMBERED_EARLY_CANCELS:
                    self._cancelled_early.popitem(last=False)
                return
        # Not when it has ended already: the connections that it used may serve other runs by now.
        if entry.run.stop():
            entry.run.token.cancel()

    def answer(self, key: RunKey, part: int, value: object) -> None:
        """Take the reader's answer to the question that a part of a run asks. Idempotent.

        Raises:
            RefusedError: `unknown-run`, when it is not here; `not-asked` or `not-offered`, as `Run.answer` says.
        """
        self._here(key).answer(part, value)

    def deliver(self, key: RunKey, delivery: Delivery) -> None:
        """Take what the reader says into a run. Idempotent.

        Raises:
            RefusedError: `unknown-run`, when it is not here; `not-delivered` or `inbox-full`, as `Inbox.put` says.
        """
        self._here(key).inbox.put(delivery, self._settings.max_run_messages)

    def _here(self, key: RunKey) -> Run:
        run = self.get(key)
        if run is None:
            raise RefusedError("unknown-run", "what something is said to is no longer here")
        return run

    def interrupt(self, key: RunKey, reason: str) -> None:
        """End a run because this process may not go on with it."""
        run = self.get(key)
        if run is not None:
            self._interrupt(run, reason)

    def interrupt_all(self) -> None:
        """End every run because the server ends, and start no other."""
        with self._lock:
            self._is_closed = True
            runs = [entry.run for entry in self._entries.values()]
        for run in runs:
            self._interrupt(run, "the server is shutting down")

    def _watch(self, entry: _Entry) -> None:
        run, settings = entry.run, self._settings
        with self._lock:
            run.when_ended(lambda: self._when_ended(entry))  # first: no thread may be left for the timers
            if run.status.is_terminal:
                return
            self._set_timer(entry, "limit", settings.max_run_seconds, lambda: self._out_of_time(entry, 0.0))
            if not entry.readers:
                self._set_timer(entry, "grace", settings.grace_seconds, lambda: self._give_up(entry))

    # ---- readers ----

    def keep(self, key: RunKey, seconds: float) -> None:
        """Let a run count as read for a while: it is, in another process. Grace begins after that."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                entry.kept_until = self._scheduler.clock() + seconds

    def attach(self, run: ReadableRun) -> None:
        """Count a reader of a run."""
        with self._lock:
            entry = self._entry_of(run)
            if entry is not None:
                entry.readers += 1
                self._take_timer(entry, "grace")

    def detach(self, run: ReadableRun) -> None:
        """Count a reader less; without readers the run goes on for the grace time."""
        with self._lock:
            entry = self._entry_of(run)
            if entry is not None:
                entry.readers -= 1
                if entry.readers == 0 and not entry.run.status.is_terminal:
                    self._set_timer(entry, "grace", self._settings.grace_seconds, lambda: self._give_up(entry))

    def _entry_of(self, run: ReadableRun) -> _Entry | None:
        entry = self._entries.get(run.key)
        return entry if entry is not None and entry.run is run else None

    # ---- ends ----

    def _give_up(self, entry: _Entry) -> None:
        with self._lock:
            if entry.readers:
                return
            grace = self._settings.grace_seconds
            # A reader may take as long to answer as the question lasts; who reads elsewhere has the grace time, too.
            left = grace if entry.run.is_asking else entry.kept_until + grace - self._scheduler.clock()
            if left > 0:
                self._set_timer(entry, "grace", left, lambda: self._give_up(entry))
                return
        self._interrupt(entry.run, "nobody was reading it")

    @staticmethod
    def _interrupt(run: Run, reason: str) -> None:
        if run.interrupt():
            logger.info("Run %s ended: %s", run.id, reason, extra=run.log_fields)
            run.token.cancel()

    def _out_of_time(self, entry: _Entry, granted: float) -> None:
        """End a run that has taken too long, but for the time in which it has waited for its reader."""
        run = entry.run
        is_asking, asked = run.is_asking, run.asked_seconds
        if is_asking or asked > granted:
            # While it asks, it is looked at again and again: not too often, however short it has been.
            more = max(asked - granted, _SHORTEST_LOOK_SECONDS if is_asking else 0.0)
            with self._lock:
                if not run.status.is_terminal:
                    self._set_timer(entry, "limit", more, lambda: self._out_of_time(entry, asked))
            return
        if run.fail("run-time", ref=run.id):
            logger.warning(
                "Run %s ended: it took longer than %s s", run.id, self._settings.max_run_seconds, extra=run.log_fields
            )
            run.token.cancel()

    def _when_ended(self, entry: _Entry) -> None:
        with self._lock:
            self._take_timer(entry, "grace")
            self._take_timer(entry, "limit")
            self._alive[entry.run.key.owner] -= 1
            self._pace.writers -= 1
            if not self._alive[entry.run.key.owner]:
                del self._alive[entry.run.key.owner]
            if self._entry_of(entry.run) is not entry:
                return
            for key in self._retention.keep(entry.run.key, entry.run.log.chars):
                self._let_go(self._entries[key])
            self._set_timer(entry, "expiry", self._settings.log_ttl_seconds, lambda: self._let_go(entry))

    def _let_go(self, entry: _Entry) -> None:
        """Forget an ended run, but for that it was. Who is still reading it has it in hand."""
        with self._lock:
            self._take_timer(entry, "expiry")
            if self._entry_of(entry.run) is entry:
                del self._entries[entry.run.key]
                self._retention.let_go(entry.run.key)

    def _set_timer(self, entry: _Entry, name: str, seconds: float, function: Callable[[], None]) -> None:
        self._take_timer(entry, name)
        entry.timers[name] = self._scheduler.call_later(seconds, function)

    @staticmethod
    def _take_timer(entry: _Entry, name: str) -> None:
        if timer := entry.timers.pop(name, None):
            timer.cancel()
