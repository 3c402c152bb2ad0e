"""All runs of an app, in this process and in others: the same as `RunHub`, by way of Redis."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from vizro_ws_chat.exceptions import AwayError, RefusedError
from vizro_ws_chat.protocol.frames import MessageRef
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.redis.claims import CANCELLED, TAKEN, Claims
from vizro_ws_chat.streams.redis.client import Client, open_client
from vizro_ws_chat.streams.redis.correspondence import Correspondence
from vizro_ws_chat.streams.redis.facts import FactsReader, RunFacts
from vizro_ws_chat.streams.redis.heartbeat import Heartbeat
from vizro_ws_chat.streams.redis.journal import Journal
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.link import Link
from vizro_ws_chat.streams.redis.mail import CancelRun, StillReading
from vizro_ws_chat.streams.redis.mirror import Mirror
from vizro_ws_chat.streams.redis.mirrors import Mirrors
from vizro_ws_chat.streams.redis.missing import Missing
from vizro_ws_chat.streams.redis.restoring import Restorer
from vizro_ws_chat.streams.redis.succession import SealFor, Succession
from vizro_ws_chat.streams.redis.tail import BLOCK_SECONDS, Tail
from vizro_ws_chat.streams.redis.upkeep import Upkeep
from vizro_ws_chat.streams.redis.whereabouts import Whereabouts
from vizro_ws_chat.streams.run import RunKey, Seal
from vizro_ws_chat.streams.runner import Producer
from vizro_ws_chat.streams.runs import ReadableRun
from vizro_ws_chat.streams.scheduler import Scheduler

logger = redacted_logger(__name__)

_LOCKS = 64
_CANCELLED_MS = 3_600_000
_LEAST_KEEP_SECONDS = 60.0
"""Frames outlive what their process may be busy with, and what it takes to notice its death."""
_LEASES_READ = 2
"""For how many leases it counts that a run was read elsewhere."""


class SharedRuns:
    """Implements `Runs`: those of this process are in its hub, those of others come by way of Redis.

    While Redis is away, runs of this process go on, and others are refused as `busy`.

    Args:
        settings: Limits and times; `redis_url` is set.
        scheduler: As `RunHub` takes it.
        app: Tells apps apart that share a Redis, the same in all processes of one.
        seal_for: Signs answers of processes that have died.

    Raises:
        ConfigurationError: When `redis_url` is no address, or the package is missing.
    """

    def __init__(self, settings: Settings, scheduler: Scheduler, *, app: str, seal_for: SealFor) -> None:
        self._settings = settings
        self._worker = secrets.token_hex(8)
        self._process = os.getpid()
        self._keys = Keys(settings.redis_prefix, app)
        self._keep_ms = int(max(settings.log_ttl_seconds, _LEAST_KEEP_SECONDS) * 1000)
        self._starting = [threading.Lock() for _ in range(_LOCKS)]
        url, timeout = settings.redis_url or "", settings.redis_timeout_seconds
        self._link = Link(open_client(url, timeout), scheduler.clock)
        self.hub = RunHub(settings, scheduler)
        """The runs of this process."""
        self._facts = FactsReader()
        succession = Succession(self._keys, self._facts, seal_for, self._keep_ms)
        remember_ms = int(settings.remember_seconds * 1000)
        self._claims = Claims(self._link, self._keys, self._worker, keep_ms=self._keep_ms, claim_ms=remember_ms)
        self._journal = Journal(
            self._link,
            self._keys,
            self._worker,
            self.hub,
            Restorer(self._keys, self._keep_ms, remember_ms),
            max_entries=settings.max_log_frames,
            keep_ms=self._keep_ms,
        )
        self._letters = Correspondence(
            self._link,
            self._keys,
            self._worker,
            self.hub,
            keep_ms=self._keep_ms,
            keep_seconds=_LEASES_READ * settings.lease_seconds,
        )
        self._tail = Tail(
            open_client(url, timeout + BLOCK_SECONDS),
            self._keys,
            self._worker,
            take_letter=self._letters.take,
            wake=self._letters.wake,
            when_failed=self._falter,
        )
        self._mirrors = Mirrors(
            self._keys,
            self._tail,
            self._facts,
            succession,
            post_all=self._letters.post_all,
            max_frames=settings.max_log_frames,
        )
        self._whereabouts = Whereabouts(
            self._link,
            self._keys,
            self._worker,
            self._facts,
            mirrors=self._mirrors,
            missing=Missing(settings.lease_seconds, scheduler.clock),
            lease=settings.lease_seconds,
        )
        upkeep = Upkeep(
            self._link,
            claims=self._claims,
            journal=self._journal,
            mirrors=self._mirrors,
            succession=succession,
            patience=_LEASES_READ * settings.lease_seconds,
        )
        self._heartbeat = Heartbeat(
            self._link, self._keys, self._worker, upkeep, lease=settings.lease_seconds, clock=scheduler.clock
        )
        self._heartbeat.start()

    @property
    def is_away(self) -> bool:
        """Whether Redis can't be reached at the moment."""
        return not self._link.is_up

    # ---- see Runs ----

    def get(self, key: RunKey) -> ReadableRun | None:  # noqa: D102
        run = self.hub.get(key) or self._mirrors.get(key)
        if run is not None:
            return run
        with self._needing_redis():
            return self._link.call(lambda client: self._whereabouts.find(client, key))

    def find(self, key: RunKey) -> ReadableRun | None:  # noqa: D102
        run = self.hub.find(key) or self._mirrors.get(key)
        if run is not None:
            return run
        try:
            return self._link.call(lambda client: self._mirrors.find(client, key))
        except AwayError:
            return None  # as far as can be known

    def start(  # noqa: D102
        self,
        key: RunKey,
        *,
        question: MessageRef,
        seal: Seal,
        producer: Producer,
        question_view: str | None = None,
        owner_limit: int | None = None,
    ) -> ReadableRun:
        facts = RunFacts(worker=self._worker, key=key, question=question, question_view=question_view)
        with self._starting[hash(key) % _LOCKS]:  # of one run; the others do not wait for Redis with it
            known = self.hub.find(key)
            if known is not None:
                return known
            claimed = self._claims.take(facts)
            if claimed != TAKEN:
                if claimed == CANCELLED:
                    self.hub.cancel(key)
                log = self._journal.open(facts, self._settings.max_log_frames, is_known=claimed is not None)
                try:
                    return self.hub.start(
                        key,
                        question=question,
                        seal=seal,
                        producer=producer,
                        question_view=question_view,
                        owner_limit=owner_limit,
                        log=log,
                    )
                except RefusedError:  # as if it had never been: it may be sent again
                    self._journal.drop(key)
                    self._claims.give_back(key)
                    raise
        run = self.find(key)
        if run is None:
            raise self._busy("another process has it, and Redis does not, or it can't be read here")
        return run

    def cancel(self, key: RunKey) -> None:  # noqa: D102
        is_here = self.hub.get(key) is not None
        self.hub.cancel(key)  # also of one that is yet to come
        if not is_here:
            with self._needing_redis():
                self._link.call(lambda client: self._cancel_elsewhere(client, key))

    def answer(self, key: RunKey, part: int, value: object) -> None:  # noqa: D102
        if self.hub.get(key) is not None:
            self.hub.answer(key, part, value)
        else:
            with self._needing_redis():
                self._letters.answer(self._process_of(key), key, part, value)

    def deliver(self, key: RunKey, delivery: Delivery) -> None:  # noqa: D102
        if self.hub.get(key) is not None:
            self.hub.deliver(key, delivery)
        else:
            with self._needing_redis():
                self._letters.deliver(self._process_of(key), key, delivery)

    def attach(self, run: ReadableRun) -> None:  # noqa: D102
        if not isinstance(run, Mirror):
            self.hub.attach(run)
        elif self._mirrors.attach(run):
            self._letters.tell(run.worker, StillReading(runs=[run.key]))

    def detach(self, run: ReadableRun) -> None:  # noqa: D102
        if isinstance(run, Mirror):
            self._mirrors.detach(run)
        else:
            self.hub.detach(run)

    def close(self) -> None:
        """End all runs of this process, write that, and end the threads. Closing twice is closing once.

        In a process that was forked from this one it does nothing: it is not that one's to end.
        """
        if os.getpid() != self._process:
            return
        self.hub.interrupt_all()
        self._journal.close()
        self._tail.close()
        self._heartbeat.close()
        self._link.close()

    # ---- Redis ----

    def _falter(self) -> None:
        """Redis may have been restarted, or be another one: what this process has not asked since is to be seen to."""
        self._link.falter()
        self._journal.restore_all()

    @contextmanager
    def _needing_redis(self) -> Iterator[None]:
        try:
            yield
        except AwayError as error:
            raise self._busy("Redis is away or was, or another process does not reply") from error

    def _busy(self, detail: str) -> RefusedError:
        return RefusedError("busy", detail, retry_ms=int(self._settings.busy_retry_seconds * 1000))

    def _process_of(self, key: RunKey) -> str:
        """Return the other process that has a run."""
        return self._link.call(lambda client: self._whereabouts.process_of(client, key))

    def _cancel_elsewhere(self, client: Client, key: RunKey) -> None:
        name = Keys.name(key)
        pipe = client.pipeline()
        # First: who claims it from now on sees it. Who has claimed it before is told.
        pipe.set(self._keys.cancelled(name), "1", px=_CANCELLED_MS)
        pipe.get(self._keys.facts(name))
        facts = pipe.execute()[1]
        if facts is not None:
            self._letters.post(client, self._facts.read(facts).worker, CancelRun(run=key))
