"""The runs that one connection reads: how far it has come with each, and how much of them makes a message."""

from __future__ import annotations

from collections.abc import Callable

from vizro_ws_chat.protocol.codes import refusal_text
from vizro_ws_chat.protocol.frames import Frame, OutputFrame, RefusedFrame, Snapshot, TextDelta, TextSplice
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.streams.runs import ReadableRun, Runs

MESSAGE_CHARS = 65_536
"""Text after which a message of the wire is full: a reader that is far behind catches up in steps, so that what is on
its way to slow browsers takes little memory, and they hear something all the time."""

_BESIDE_ANSWERS_CHARS = 8_192
"""Text that goes along with answers to the browser: over a slow link more of it would keep them waiting."""


_LOST = RefusedFrame(code="unknown-run", text=refusal_text("unknown-run"))
"""What a reader is told of a run whose end can't be had."""


class _Reader:
    """A run that the connection reads, and how far it has come."""

    def __init__(self, run: ReadableRun, after: FrameId | None) -> None:
        self.run = run
        self.after = after

    @property
    def is_up_to_date(self) -> bool:
        return self.after == self.run.log.last


class RunReaders:
    """Reads runs for one connection. All methods belong to its thread.

    Args:
        runs: Where they are; it is told who reads them.
        wake: Called, from any thread, when there is something to read.
    """

    def __init__(self, runs: Runs, wake: Callable[[], None]) -> None:
        self._runs = runs
        self._wake = wake
        self._readers: dict[str, _Reader] = {}

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._readers

    @property
    def is_empty(self) -> bool:
        """Whether all that was read has come to its end."""
        return not self._readers

    @property
    def is_awaiting(self) -> bool:
        """Whether more is to come. A run that asks its reader something goes on when that has answered."""
        # In this order: what asks is in the log before it asks.
        return any(not (reader.run.is_asking and reader.is_up_to_date) for reader in self._readers.values())

    def read(self, run: ReadableRun, after: FrameId | None) -> None:
        """Read a run from behind a frame on, or anew from there; `None` for its beginning."""
        self._stop(run.id)
        self._readers[run.id] = _Reader(run, after)
        self._runs.attach(run)
        run.log.subscribe(self._wake)

    def fill(self, frames: list[Frame]) -> None:
        """Add to a message what is new in the runs, as much as it has room for, and count it as sent."""
        room = _BESIDE_ANSWERS_CHARS if frames else MESSAGE_CHARS
        for reader in list(self._readers.values()):
            # Asked before reading: when the log was closed by then, what is read is all there is.
            is_complete, is_lost = reader.run.log.is_closed, reader.run.is_lost
            sent: OutputFrame | None = None
            for frame in reader.run.log.read(reader.after):
                if room <= 0 or (frames and _chars(frame) > room):
                    is_complete = is_lost = False
                    if sent is not None:  # those that got nothing come first next time
                        self._readers[reader.run.id] = self._readers.pop(reader.run.id)
                    self._wake()  # for the rest
                    break
                frames.append(frame)
                room -= _chars(frame)
                sent = frame
            if sent is not None:
                reader.after = sent.frame_id
            if is_lost and not is_complete:
                frames.append(_LOST.model_copy(update={"run": reader.run.id}))
            if is_complete or is_lost:
                self._stop(reader.run.id)

    def close(self) -> None:
        """Stop reading. The runs go on."""
        for run_id in list(self._readers):
            self._stop(run_id)

    def _stop(self, run_id: str) -> None:
        reader = self._readers.pop(run_id, None)
        if reader is not None:
            reader.run.log.unsubscribe(self._wake)
            self._runs.detach(reader.run)


def _chars(frame: OutputFrame) -> int:
    match frame:
        case TextDelta() | TextSplice():
            return len(frame.d)
        case Snapshot():
            return sum(len(part.text) for part in frame.parts)
        case _:
            return 0
