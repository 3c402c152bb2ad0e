"""Ending the runs of a process that has died, with their text kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from vizro_ws_chat.exceptions import AwayError, RefusedError
from vizro_ws_chat.protocol.content import Content, ContentPart, content_of, is_said
from vizro_ws_chat.protocol.frames import Interrupted, MessageRef, OutputFrame, Snapshot, SnapshotPart
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.redis.batches import LAST_WORDS, Batch
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.facts import FactsReader, RunFacts
from vizro_ws_chat.streams.redis.keys import Keys
from vizro_ws_chat.streams.redis.mirror import Mirror
from vizro_ws_chat.streams.redis.scripts import run_script
from vizro_ws_chat.streams.run import RunKey

logger = redacted_logger(__name__)

SealFor = Callable[[RunKey, MessageRef, Content], MessageRef]
"""Signs the answer of a run to a question and returns its reference."""

_AS_IT_COMES = frozenset({"text", "reasoning"})
"""Parts of which a beginning is of use."""
_MAX_FRAMES = 1_000


class Succession:
    """Ends runs in the name of processes that can't.

    Args:
        keys: Names keys.
        facts: Reads what is known of runs.
        seal_for: Signs answers.
        keep_ms: How long runs can be read after they have ended, in milliseconds.
    """

    def __init__(self, keys: Keys, facts: FactsReader, seal_for: SealFor, keep_ms: int) -> None:
        self._keys = keys
        self._facts = facts
        self._seal_for = seal_for
        self._keep_ms = keep_ms

    def end_all(self, client: Client, worker: str, is_time_up: Callable[[], bool]) -> None:
        """End all runs of a process, and forget it. What two others do at once is done once.

        What another version has written is left to those who can read it.

        Args:
            client: Connects to Redis.
            worker: The process.
            is_time_up: Whether to leave the rest for another time.
        """
        runs = self._keys.runs_of(worker)
        names = list(client.smembers(runs))
        random.shuffle(names)  # so that several share the work
        is_all = True
        for name in names:
            if is_time_up():
                return
            try:
                self.end(client, name.decode())
            except AwayError:
                is_all = False
                continue
            except (ValueError, RefusedError):
                logger.exception("A run of a process that has died could not be read, and is left as it is")
            client.srem(runs, name)
        if not is_all:
            return
        pipe = client.pipeline()
        pipe.delete(runs, self._keys.mail_of(worker))
        pipe.zrem(self._keys.workers, worker)
        pipe.execute()

    def end(self, client: Client, name: str) -> None:
        """End a run as interrupted, unless it has ended.

        Raises:
            AwayError: When another version has written it.
        """
        facts_text = client.get(self._keys.facts(name))
        if facts_text is None:  # expired, or evicted: nobody can read it
            return
        facts = self._facts.read(facts_text)
        stream = self._keys.frames(name)
        while True:
            entries = client.xrange(stream)
            if not entries:  # nothing was written, or it was evicted: readers keep what they have
                client.delete(self._keys.facts(name))
                return
            mirror = Mirror(name, facts, _MAX_FRAMES)
            mirror.take(entries)
            if mirror.is_over or mirror.log.last is None:
                return
            so_far = mirror.log.whole().parts()
            batch = Batch(self._last_words(facts, mirror.log.last.epoch, so_far), is_asking=False)
            arguments = (str(mirror.cursor), batch.id, batch.fields()["f"], self._keep_ms)
            if run_script(client, "succeed", [stream], *arguments):
                logger.warning("Run %s ended: the process that it was in has died", facts.key.id)
                return

    def _last_words(self, facts: RunFacts, epoch: int, so_far: Sequence[SnapshotPart]) -> list[OutputFrame]:
        run_id = facts.key.id
        parts = [
            SnapshotPart(kind=part.kind, text=part.text, ended=True, ms=part.ms)
            for part in so_far
            if part.ended or part.kind in _AS_IT_COMES
        ]
        return [
            Snapshot(run=run_id, id=str(FrameId(epoch, LAST_WORDS)), parts=parts),
            Interrupted(run=run_id, id=str(FrameId(epoch, LAST_WORDS + 1)), message=self._sealed(facts, parts)),
        ]

    def _sealed(self, facts: RunFacts, parts: list[SnapshotPart]) -> MessageRef | None:
        said = [ContentPart(part.kind, part.text) for part in parts if is_said(part.kind)]
        return self._seal_for(facts.key, facts.question, content_of(said)) if said else None
