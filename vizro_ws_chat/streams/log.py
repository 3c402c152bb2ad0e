"""The log of one run: ordered, replayable frames, kept in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from vizro_ws_chat.protocol.frames import OutputFrame, Snapshot, TextDelta, TextSplice
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.protocol.run_state import RunState, status_after
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.frame_queue import FrameQueue

logger = redacted_logger(__name__)

Listener = Callable[[], None]

_WITH_TEXT = (TextDelta, TextSplice)

_MAX_CHARS = 1_000_000
"""Text kept in single frames: a part that changes all the time has far more of it in them than in what it became."""


class ReadableLog(Protocol):
    """Where readers get a run's frames."""

    def read(self, after: FrameId | None) -> list[OutputFrame]:
        """Return what follows the frame `after` (`None`: all), beginning with a snapshot where that is needed."""

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` after every append, on the writer's thread. It must be quick."""

    def unsubscribe(self, listener: Listener) -> None:
        """Stop calling `listener`."""

    @property
    def is_closed(self) -> bool:
        """Whether the terminal frame is in the log."""

    @property
    def last(self) -> FrameId | None:
        """The id of the newest frame."""


class StreamLog(ReadableLog, Protocol):
    """Where a run's frames go. One writer, any number of readers."""

    def append(self, frames: Sequence[OutputFrame]) -> None:
        """Add frames, in order, and wake the listeners. A snapshot takes the place of all that was before."""

    @property
    def chars(self) -> int:
        """About how much memory it takes, in characters."""

    @property
    def may_lag(self) -> bool:
        """Whether it is read elsewhere, too, where readers may have seen more of it already."""


class MemoryLog:
    """A `StreamLog` in this process.

    Args:
        run_id: The run whose frames these are.
        max_frames: Frames kept singly. When there are more, or more than a million characters in them, the older half
            is folded into a snapshot.
    """

    may_lag = False

    def __init__(self, run_id: str, max_frames: int) -> None:
        self._run_id = run_id
        self._max_frames = max_frames
        self._lock = threading.Lock()
        self._folded = RunState()
        self._frames: FrameQueue | None = None
        """What was not folded; `None` when there has been nothing."""
        self._listeners: tuple[Listener, ...] = ()
        self._closed = False
        self._unfolded_chars = 0

    def append(self, frames: Sequence[OutputFrame]) -> None:  # noqa: D102 - see StreamLog
        with self._lock:
            for frame in frames:
                self._add(frame)
            listeners = self._listeners
        for listener in listeners:
            try:
                listener()
            except Exception:  # the others are to hear of it, and the writer to go on
                logger.exception("A reader of run %s could not be told of what is new", self._run_id)

    def read(self, after: FrameId | None) -> list[OutputFrame]:  # noqa: D102
        with self._lock:
            if self._frames is None:
                return []
            before = self._frames.before
            if after is None or after.epoch != before.epoch or after.seq < before.seq:
                return [*self._snapshot(), *self._frames.read(before)]
            return self._frames.read(after)

    def subscribe(self, listener: Listener) -> None:  # noqa: D102
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def unsubscribe(self, listener: Listener) -> None:  # noqa: D102
        with self._lock:
            left = list(self._listeners)
            left.remove(listener)
            self._listeners = tuple(left)

    @property
    def is_closed(self) -> bool:  # noqa: D102
        return self._closed

    @property
    def last(self) -> FrameId | None:  # noqa: D102
        with self._lock:
            return self._frames.last if self._frames is not None else None

    def whole(self) -> RunState:
        """Return what all of it adds up to."""
        state = RunState()
        state.apply(self.read(None))
        return state

    @property
    def chars(self) -> int:  # noqa: D102
        overhead = self._frames.overhead if self._frames is not None else 0
        return self._folded.chars + self._unfolded_chars + overhead

    def _add(self, frame: OutputFrame) -> None:
        if isinstance(frame, Snapshot):
            self._folded = RunState()
            self._folded.apply([frame])
            self._frames = FrameQueue(self._run_id, frame.frame_id)
            self._unfolded_chars = 0
            return
        if self._frames is None:
            first = frame.frame_id
            self._frames = FrameQueue(self._run_id, FrameId(first.epoch, first.seq - 1))
        self._frames.append(frame)
        self._closed = self._closed or status_after(frame).is_terminal
        self._unfolded_chars += _text_chars(frame)
        while len(self._frames) > 1 and (len(self._frames) > self._max_frames or self._unfolded_chars > _MAX_CHARS):
            self._fold(self._frames)

    def _fold(self, frames: FrameQueue) -> None:
        # The newest frame stays, so that a terminal frame is never folded away.
        older = frames.take(len(frames) // 2)
        self._folded.apply(older)
        self._unfolded_chars -= sum(map(_text_chars, older))

    def _snapshot(self) -> list[OutputFrame]:
        if self._folded.last is None:
            return []
        return [Snapshot(run=self._run_id, id=str(self._folded.last), parts=self._folded.parts())]


def _text_chars(frame: OutputFrame) -> int:
    return len(frame.d) if isinstance(frame, _WITH_TEXT) else 0
