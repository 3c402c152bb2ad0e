"""Runs for tests, with a clock that stands still until it is advanced."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from tests.manual_scheduler import ManualScheduler
from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import MessageRef, OutputFrame
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.protocol.run_state import RunState
from vizro_ws_chat.streams.deltas import DeltaBuffer
from vizro_ws_chat.streams.log import MemoryLog
from vizro_ws_chat.streams.run import Run, RunKey
from vizro_ws_chat.streams.scheduler import Scheduler

RUN_ID = "b2J4c0V5d1pqUm1uQ2hhdA"
KEY = RunKey("chat", "owner", RUN_ID)
EPOCH = 1_795_372_800_000
QUESTION = MessageRef(id="q" * 43, parent=None, role="user")


class Sealed:
    """Signs like the archive does and remembers what it signed."""

    def __init__(self) -> None:
        self.texts: list[Content] = []

    def __call__(self, content: Content) -> MessageRef:
        """Sign."""
        self.texts.append(content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(str(content).encode()).digest())
        return MessageRef(id=digest.rstrip(b"=").decode(), parent=QUESTION.id, role="assistant")


def new_key() -> RunKey:
    """Return the key of a run that there has never been."""
    return RunKey("chat", "owner", secrets.token_urlsafe(16))


def make_run(scheduler: Scheduler | None = None, **changed: Any) -> Run:
    """Return a run that sends every chunk at once, unless told otherwise."""
    arguments: dict[str, Any] = {
        "question": QUESTION,
        "epoch": EPOCH,
        "log": MemoryLog(RUN_ID, 1_000),
        "buffer": DeltaBuffer(0, 1_000),
        "seal": Sealed(),
        "scheduler": scheduler or ManualScheduler(),
        "max_chars": 1_000_000,
    }
    return Run(KEY, **{**arguments, **changed})


def frames_of(run: Run) -> list[OutputFrame]:
    """Return all frames of a run."""
    return run.log.read(None)


def fold(frames: Iterable[OutputFrame]) -> RunState:
    """Return what frames add up to."""
    state = RunState()
    state.apply(frames)
    return state


def text_of(frames: Iterable[OutputFrame]) -> str:
    """Return the text of the message that frames add up to."""
    return "".join(part.text for part in fold(frames).parts())


def check_is_complete(run: Run) -> RunState:
    """Check what holds for every run that has ended, and return its state."""
    frames = frames_of(run)
    assert [frame.frame_id for frame in frames] == [FrameId(EPOCH, seq) for seq in range(1, len(frames) + 1)]
    state = fold(frames)  # raises when anything follows a terminal frame, or a part
    assert state.status is run.status
    assert state.status.is_terminal
    assert run.log.is_closed
    assert all(part.ended for part in state.parts())
    return state
