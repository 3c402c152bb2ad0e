"""What a run can be, and what its frames add up to.

Everything that affects the state of a run lives here: the statuses, the table of transitions between them, and the
fold of frames into the message that they describe.

    submitted ──► streaming ──► done
        │             ├───────► stopped
        │             ├───────► error
        │             └───────► interrupted
        └─────────────────────► (each of these four)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from vizro_ws_chat.protocol.content import OutputKind
from vizro_ws_chat.protocol.frames import (
    ErrorFrame,
    Finish,
    Interrupted,
    OutputFrame,
    PartEnd,
    PartStart,
    Snapshot,
    SnapshotPart,
    Stopped,
    TextDelta,
    TextSplice,
)
from vizro_ws_chat.protocol.ids import FrameId


class RunStatus(StrEnum):
    """Where a run stands."""

    SUBMITTED = "submitted"
    STREAMING = "streaming"
    DONE = "done"
    STOPPED = "stopped"
    ERROR = "error"
    INTERRUPTED = "interrupted"

    @cached_property
    def is_terminal(self) -> bool:
        """Whether nothing follows."""
        return not TRANSITIONS[self]


_ENDS = frozenset({RunStatus.DONE, RunStatus.STOPPED, RunStatus.ERROR, RunStatus.INTERRUPTED})
TRANSITIONS: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.SUBMITTED: _ENDS | {RunStatus.STREAMING},
    RunStatus.STREAMING: _ENDS | {RunStatus.STREAMING},
    RunStatus.DONE: frozenset(),
    RunStatus.STOPPED: frozenset(),
    RunStatus.ERROR: frozenset(),
    RunStatus.INTERRUPTED: frozenset(),
}

_STATUS_AFTER: dict[type[OutputFrame], RunStatus] = {
    PartStart: RunStatus.STREAMING,
    TextDelta: RunStatus.STREAMING,
    TextSplice: RunStatus.STREAMING,
    PartEnd: RunStatus.STREAMING,
    Snapshot: RunStatus.STREAMING,
    Finish: RunStatus.DONE,
    Stopped: RunStatus.STOPPED,
    ErrorFrame: RunStatus.ERROR,
    Interrupted: RunStatus.INTERRUPTED,
}


def status_after(frame: OutputFrame) -> RunStatus:
    """Return the status that a frame leads to."""
    return _STATUS_AFTER[type(frame)]


@dataclass
class _Part:
    kind: OutputKind
    pieces: list[str]
    ended: bool
    ms: int | None = None

    @property
    def text(self) -> str:
        self.pieces = ["".join(self.pieces)]
        return self.pieces[0]


class RunState:
    """The fold of a run's frames: the message so far.

    Frames must come in order and without gaps; whoever reads from a connection checks that first.
    """

    def __init__(self) -> None:
        self.status = RunStatus.SUBMITTED
        self.last: FrameId | None = None
        self.message_id: str | None = None
        self._parts: list[_Part] = []

    def apply(self, frames: Iterable[OutputFrame]) -> None:
        """Add frames.

        Raises:
            ValueError: If a frame cannot follow what came before.
        """
        for frame in frames:
            status = status_after(frame)
            if status not in TRANSITIONS[self.status]:
                raise ValueError(f"{frame.type!r} cannot follow the status {self.status!r}")
            self._apply_one(frame)
            self.status = status
            self.last = frame.frame_id

    def _apply_one(self, frame: OutputFrame) -> None:
        match frame:
            case PartStart():
                if frame.part != len(self._parts):
                    raise ValueError(f"part {frame.part} begins, but the next part is {len(self._parts)}")
                self._parts.append(_Part(frame.kind, [], ended=False))
            case TextDelta():
                self._open_part(frame.part).pieces.append(frame.d)
            case TextSplice():
                self._splice(frame)
            case PartEnd():
                part = self._open_part(frame.part)
                part.ended, part.ms = True, frame.ms
            case Snapshot():
                self._parts = [_Part(part.kind, [part.text], part.ended, part.ms) for part in frame.parts]
            case _:
                self.message_id = frame.message.id if frame.message else None

    def _open_part(self, index: int) -> _Part:
        if index >= len(self._parts) or self._parts[index].ended:
            raise ValueError(f"part {index} is not open")
        return self._parts[index]

    def _splice(self, frame: TextSplice) -> None:
        part = self._parts[frame.part] if frame.part < len(self._parts) else None
        end = frame.at + frame.remove
        if part is None or end > len(part.text):
            raise ValueError(f"there is no character {end} in part {frame.part}")
        part.pieces = [part.text[: frame.at], frame.d, part.text[end:]]
        part.ended = False

    def parts(self) -> list[SnapshotPart]:
        """Return the parts so far, as a snapshot carries them."""
        return [SnapshotPart(kind=part.kind, text=part.text, ended=part.ended, ms=part.ms) for part in self._parts]

    @property
    def chars(self) -> int:
        """How much text the parts have."""
        return sum(len(piece) for part in self._parts for piece in part.pieces)
