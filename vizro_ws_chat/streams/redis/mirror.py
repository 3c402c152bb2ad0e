"""A run of another process, as it is seen from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vizro_ws_chat.exceptions import ProtocolError
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.log import MemoryLog
from vizro_ws_chat.streams.redis.batches import Batch, read_batch
from vizro_ws_chat.streams.redis.facts import RunFacts

logger = redacted_logger(__name__)

FROM_THE_START = FrameId(0, 0)

Entries = Iterable[tuple[bytes, Mapping[bytes, bytes]]]
"""Entries of a stream, as the package redis gives them: ids and fields."""


class Mirror:
    """A `ReadableRun` whose frames come from Redis.

    Args:
        name: What it is called in keys.
        facts: What is known of it.
        max_frames: As `MemoryLog` takes it.
    """

    def __init__(self, name: str, facts: RunFacts, max_frames: int) -> None:
        self.name = name
        self.worker = facts.worker
        self.key = facts.key
        self.id = facts.key.id
        self.question = facts.question
        self.question_view = facts.question_view
        self.log = MemoryLog(self.id, max_frames)
        self.is_asking = False
        self.is_lost = False
        self.readers = 0
        """How many connections read it here."""
        self.cursor = FROM_THE_START
        """The id of the entry that was read last."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.is_lost or self.log.is_closed

    @property
    def may_lag(self) -> bool:
        """Whether its readers elsewhere may have seen more of it than has come here."""
        return not self.is_over

    def take(self, entries: Entries) -> None:
        """Take what comes next in its stream, or what has come before: a frame is taken once."""
        for entry_id, fields in entries:
            if self.is_over:
                return
            try:
                self._take(FrameId.parse(entry_id.decode()), read_batch(fields, self.id))
            except (ProtocolError, ValueError) as error:
                logger.error("Run %s: what another process has written can't be read (%s)", self.id, error)  # noqa: TRY400
                self.lose()

    def _take(self, cursor: FrameId, batch: Batch) -> None:
        news = batch.news(self.log.last)
        self.is_asking = batch.is_asking
        self.log.append(news)
        self.cursor = cursor

    def lose(self) -> None:
        """Give it up: its readers are told so."""
        self.is_lost = True
        self.log.append([])  # wakes them
