"""Entries of a run's stream: batches of frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vizro_ws_chat.exceptions import ProtocolError
from vizro_ws_chat.protocol.codec import decode_output, encode
from vizro_ws_chat.protocol.frames import OutputFrame, Snapshot, TextDelta, TextSplice
from vizro_ws_chat.protocol.ids import FrameId

LAST_WORDS = 10**14
"""The number of the first frame that is written by another process than the run's own, beyond all that a run gets to.
From then on Redis itself refuses what a process writes that was only thought to be dead: ids must grow."""


class Batch(NamedTuple):
    """Frames that were written at once.

    Attributes:
        frames: In order; a snapshot among them stands for all before it.
        is_asking: Whether the run waits for its reader after them.
    """

    frames: Sequence[OutputFrame]
    is_asking: bool

    @property
    def id(self) -> str:
        """The id of the entry."""
        return self.frames[-1].id

    @property
    def has_snapshot(self) -> bool:
        """Whether it stands for all before it."""
        return isinstance(self.frames[0], Snapshot)

    @property
    def chars(self) -> int:
        """How much text is in its frames, but for a snapshot."""
        return sum(len(frame.d) for frame in self.frames if isinstance(frame, TextDelta | TextSplice))

    def news(self, last: FrameId | None) -> list[OutputFrame]:
        """Return the frames after one.

        Args:
            last: The newest frame that is known; `None` without any.

        Raises:
            ProtocolError: When something is missing between, or it is of another execution of the run.
        """
        news: list[OutputFrame] = []
        for frame in self.frames:
            id_ = frame.frame_id
            if last is not None and id_.epoch != last.epoch:
                raise ProtocolError("the run was answered twice")
            if last is not None and id_.seq <= last.seq:
                continue
            if not isinstance(frame, Snapshot) and id_.seq != (last.seq if last else 0) + 1:
                raise ProtocolError(f"the frame {id_} does not follow {last}")
            news.append(frame)
            last = id_
        return news

    def fields(self) -> dict[str, str]:
        """Return the fields of the entry."""
        return {"f": encode(self.frames), **({"a": "1"} if self.is_asking else {})}


def read_batch(fields: Mapping[bytes, bytes], run_id: str) -> Batch:
    """Return the batch in an entry.

    Args:
        fields: The entry's.
        run_id: Of the run that the frames must be of.

    Raises:
        ProtocolError: When it is none.
    """
    frames = decode_output(fields.get(b"f", b""))
    if any(frame.run != run_id for frame in frames):
        raise ProtocolError("an entry of a run's stream holds a frame of another run")
    return Batch(frames, b"a" in fields)


def is_last_words(entry_id: bytes) -> bool:
    """Return whether an entry was written by another process than the run's own."""
    return FrameId.parse(entry_id.decode()).seq >= LAST_WORDS
