"""A run's frames in order, which take little memory."""

from __future__ import annotations

from collections import deque
from itertools import islice

from vizro_ws_chat.protocol.frames import OutputFrame, TextDelta
from vizro_ws_chat.protocol.ids import FrameId

_MODEL_CHARS = 500
"""What a frame takes beside its text, in characters."""
_STRING_CHARS = 70
"""What a string does, in the same way."""


class FrameQueue:
    """Frames of one run, the oldest first. Their ids count without gaps.

    The newest is kept as it is, for those who wait for it. Of a `TextDelta` before it there is only a string, which is
    nothing that Python's garbage collector keeps an eye on: with some hundred thousand models, its collections stop
    the process for a good part of a second.

    Args:
        run_id: The run's.
        before: The id before the first of the frames.
    """

    def __init__(self, run_id: str, before: FrameId) -> None:
        self._run_id = run_id
        self._frames: deque[str | OutputFrame] = deque()
        """A string: part and text of a `TextDelta`, with a colon between them."""
        self._strings = 0
        """How many of them are."""
        self._newest: OutputFrame | None = None
        self.before = before

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def overhead(self) -> int:
        """About how much memory they take beside their text, in characters."""
        return self._strings * _STRING_CHARS + (len(self._frames) - self._strings) * _MODEL_CHARS

    @property
    def last(self) -> FrameId:
        """The id of the newest frame; of the one before the first, when there is none."""
        return FrameId(self.before.epoch, self.before.seq + len(self._frames))

    def append(self, frame: OutputFrame) -> None:
        """Add a frame."""
        if isinstance(self._newest, TextDelta):
            self._frames[-1] = f"{self._newest.part}:{self._newest.d}"
            self._strings += 1
        self._frames.append(frame)
        self._newest = frame

    def read(self, after: FrameId) -> list[OutputFrame]:
        """Return the frames that follow one of them."""
        skipped = after.seq - self.before.seq
        if self._newest is not None and skipped == len(self._frames) - 1:
            return [self._newest]
        left = islice(self._frames, skipped, None)
        return [self._frame(after.seq + place, kept) for place, kept in enumerate(left, 1)]

    def take(self, count: int) -> list[OutputFrame]:
        """Take the oldest frames out; not the newest, which is kept as it is."""
        kept = [self._frames.popleft() for _ in range(count)]
        taken = [self._frame(self.before.seq + place, one) for place, one in enumerate(kept, 1)]
        self._strings -= sum(isinstance(one, str) for one in kept)
        self.before = FrameId(self.before.epoch, self.before.seq + count)
        return taken

    def _frame(self, seq: int, kept: str | OutputFrame) -> OutputFrame:
        if not isinstance(kept, str):
            return kept
        part, _, text = kept.partition(":")
        return TextDelta(run=self._run_id, id=str(FrameId(self.before.epoch, seq)), part=int(part), d=text)
