"""The log of a run of this process, which others read from Redis."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vizro_ws_chat.protocol.frames import OutputFrame
from vizro_ws_chat.streams.log import MemoryLog
from vizro_ws_chat.streams.redis.facts import RunFacts
from vizro_ws_chat.streams.redis.keys import Keys


class JournaledLog(MemoryLog):
    """A log that shows frames to its readers when Redis has them, or at once while Redis is away.

    What is public here belongs to the journal.

    Args:
        facts: What is written of the run beside its frames.
        max_frames: As `MemoryLog` takes it.
        put: Takes what is appended to the journal.
    """

    def __init__(
        self, facts: RunFacts, max_frames: int, put: Callable[[JournaledLog, Sequence[OutputFrame]], None]
    ) -> None:
        super().__init__(facts.key.id, max_frames)
        self._put = put
        self.facts = facts
        self.name = Keys.name(facts.key)
        self.is_behind = False
        """Whether Redis may not have all of it."""
        self.is_succeeded = False
        """Whether another process has ended the run, or has it as well."""
        self.entries = 0
        """Those in Redis, since its last snapshot."""
        self.entry_chars = 0
        """Text in them."""

    @property
    def may_lag(self) -> bool:  # type: ignore[override]
        """Others see what is new as soon as Redis has it: before it is known here that it has."""
        return not self.is_closed

    def append(self, frames: Sequence[OutputFrame]) -> None:
        """Give frames to the journal."""
        self._put(self, frames)

    def publish(self, frames: Sequence[OutputFrame]) -> None:
        """Show frames to the readers in this process."""
        super().append(frames)
