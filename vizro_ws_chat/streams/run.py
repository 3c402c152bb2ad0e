"""One run: its state, and the frames that it writes to its log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

from vizro_ws_chat.protocol.codes import ERRORS, ErrorCode
from vizro_ws_chat.protocol.content import Content, ContentPart, OutputKind, content_of
from vizro_ws_chat.protocol.frames import (
    ErrorFrame,
    Finish,
    Interrupted,
    MessageRef,
    OutputFrame,
    PartEnd,
    PartStart,
    Stopped,
    TerminalFrame,
    TextDelta,
)
from vizro_ws_chat.protocol.ids import FrameId
from vizro_ws_chat.protocol.run_state import TRANSITIONS, RunStatus, status_after
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.cancel import CancelToken
from vizro_ws_chat.streams.deltas import DeltaBuffer, well_formed
from vizro_ws_chat.streams.log import StreamLog
from vizro_ws_chat.streams.scheduler import Scheduler, Timer

logger = redacted_logger(__name__)

_PIECE_CHARS = 32_768
"""Of a part that is there at once, what goes into a frame: no message of the wire is to be much longer than others."""

Seal = Callable[[Content], MessageRef]
"""Signs the assistant message with this content and returns its reference."""


class RunKey(NamedTuple):
    """What a run is found by. Another chat's or owner's run of the same id is another run.

    Attributes:
        chat: The chat's id.
        owner: Whose it is, as `transports.owner` tells.
        id: Chosen by the browser.
    """

    chat: str
    owner: str
    id: str


class Run:
    """One generation of one assistant message.

    The runner calls `write` and then one of the ends. Whoever ends the run first decides how it ended: later ends and
    writes have no effect and return `False`. Ending never blocks and is right at once for every reader; the token
    tells the runner to stop the work.

    Args:
        key: Whose it is, and its id.
        question: The signed user message that is answered.
        epoch: Start of the run in milliseconds since 1970.
        log: Where the frames go.
        buffer: Decides which text is sent when.
        seal: Signs the answer.
        scheduler: Sends text that was held back.
        max_chars: Text after which the run is ended.
    """

    def __init__(
        self,
        key: RunKey,
        *,
        question: MessageRef,
        epoch: int,
        log: StreamLog,
        buffer: DeltaBuffer,
        seal: Seal,
        scheduler: Scheduler,
        max_chars: int,
    ) -> None:
        self.key = key
        self.id = key.id
        self.question = question
        self.question_view: str | None = None
        """How the author shows the question; `None`: as the chat does."""
        self.log = log
        self.token = CancelToken()
        self.status = RunStatus.SUBMITTED
        self._epoch = epoch
        self._buffer = buffer
        self._seal = seal
        self._scheduler = scheduler
        self._chars_left = max_chars
        self._lock = threading.RLock()
        self._seq = 0
        self._timer: Timer | None = None
        self._parts: list[tuple[OutputKind, list[str]]] = []
        self._open_text: int | None = None
        self._when_ended: list[Callable[[], None]] = []

    # ---- writing ----

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not self._parts and self._buffer.is_empty

    @property
    def seconds_ahead(self) -> float:
        """For how long a writer who is faster than anybody can read should pause, to leave time for others."""
        return self._buffer.ahead(self._scheduler.clock())

    def write(self, chunk: str | ContentPart) -> bool:
        """Add text, or a whole part, to the answer and return whether the run still wants more."""
        with self._lock:
            if self.status.is_terminal:
                return False
            if isinstance(chunk, ContentPart):
                fits = self._take(len(chunk.text)) == len(chunk.text)
                if fits:
                    self._add_part(chunk.kind, chunk.text)
            else:
                fitting = chunk[: self._take(len(chunk))]
                fits = len(fitting) == len(chunk)
                self._add(fitting)
        if fits:
            return True
        if self.fail("output-limit", ref=self.id):
            logger.warning("Run %s ended: its answer is longer than max_output_chars", self.id)
            self.token.cancel()
        return False

    def _take(self, chars: int) -> int:
        """Return how many of the characters may still be written, and count them as written."""
        taken = min(chars, self._chars_left)
        self._chars_left -= taken
        return taken

    def _add_part(self, kind: OutputKind, text: str) -> None:
        self._cancel_timer()
        frames = self._end_of_text()
        index = self._begin(kind, frames)
        for start in range(0, len(text), _PIECE_CHARS):
            self._extend(index, text[start : start + _PIECE_CHARS], frames)
        self._append([*frames, PartEnd(run=self.id, id=self._next_id(), part=index)])

    def add_view(self, make: Callable[[Content], str | None]) -> None:
        """Add how the author shows the answer, which is complete, behind it.

        Args:
            make: The author's code: returns it for the answer's content; `None`: as the chat does.
        """
        with self._lock:
            if self.status.is_terminal:
                return
            self._cancel_timer()
            if rest := self._end_of_text():
                self._append(rest)
            content = self._content()
        view = make(content)  # without the lock: it may take its time
        with self._lock:
            if view is None or self.status.is_terminal:
                return
            if self._take(len(view)) == len(view):
                self._add_part("view", view)
            else:
                logger.warning("Run %s: how its answer is to be shown is longer than max_output_chars", self.id)

    def _add(self, chunk: str) -> None:
        now = self._scheduler.clock()
        delta = self._buffer.add(chunk, now)
        if delta:
            self._cancel_timer()
            self._append(self._delta_frames(delta))
        elif self._timer is None and not self._buffer.is_empty:
            self._timer = self._scheduler.call_later(max(0.0, self._buffer.due - now), self._send_held_back)

    def _send_held_back(self) -> None:
        with self._lock:
            self._timer = None
            if not self.status.is_terminal and (delta := self._buffer.take(self._scheduler.clock())):
                self._append(self._delta_frames(delta))

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # ---- ending ----

    def finish(self, suggestions: Sequence[str] = ()) -> bool:
        """End the run as complete.

        Args:
            suggestions: What could be asked next.
        """
        offered = [well_formed(suggestion) for suggestion in suggestions] or None
        return self._end(lambda id_, message: Finish(run=self.id, id=id_, message=message, suggestions=offered))

    def stop(self) -> bool:
        """End the run because the user pressed Stop."""
        return self._end(lambda id_, message: Stopped(run=self.id, id=id_, message=message))

    def interrupt(self) -> bool:
        """End the run because the server does not go on: shutdown, nobody reads."""
        return self._end(lambda id_, message: Interrupted(run=self.id, id=id_, message=message))

    def fail(self, code: ErrorCode, *, ref: str, text: str | None = None) -> bool:
        """End the run with an error.

        Args:
            code: What kind.
            ref: The reference id under which the server's log has more.
            text: The author's own sentence for the user, with code `user`.
        """
        sentence = ERRORS[code] if text is None else well_formed(text)
        return self._end(
            lambda id_, message: ErrorFrame(run=self.id, id=id_, code=code, text=sentence, ref=ref, message=message)
        )

    def when_ended(self, function: Callable[[], None]) -> None:
        """Call `function` once, when the run has ended; now, if it has."""
        with self._lock:
            if not self.status.is_terminal:
                self._when_ended.append(function)
                return
        function()

    def _end(self, terminal: Callable[[str, MessageRef | None], TerminalFrame]) -> bool:
        with self._lock:
            if self.status.is_terminal:
                return False
            self._cancel_timer()
            frames = self._end_of_text()
            message = self._sealed()
            # In one append, so that the end can never be seen without the text before it.
            self._append([*frames, terminal(self._next_id(), message)])
            self._parts.clear()
            functions, self._when_ended = self._when_ended, []
        for function in functions:
            function()
        return True

    def _sealed(self) -> MessageRef | None:
        try:
            if not self._parts:
                return None
            return self._seal(self._content())
        except Exception:  # the run must end for its readers, even when its answer can't be kept
            logger.exception("Run %s: its answer could not be signed", self.id)
            return None

    def _content(self) -> Content:
        return content_of(ContentPart(kind, "".join(pieces)) for kind, pieces in self._parts if kind != "view")

    # ---- frames ----

    def _delta_frames(self, delta: str) -> list[OutputFrame]:
        frames: list[OutputFrame] = []
        if self._open_text is None:
            self._open_text = self._begin("text", frames)
        self._extend(self._open_text, delta, frames)
        return frames

    def _end_of_text(self) -> list[OutputFrame]:
        rest = self._buffer.close()
        frames = self._delta_frames(rest) if rest else []
        if self._open_text is not None:
            frames.append(PartEnd(run=self.id, id=self._next_id(), part=self._open_text))
            self._open_text = None
        return frames

    def _begin(self, kind: OutputKind, frames: list[OutputFrame]) -> int:
        index = len(self._parts)
        self._parts.append((kind, []))
        frames.append(PartStart(run=self.id, id=self._next_id(), part=index, kind=kind))
        return index

    def _extend(self, index: int, delta: str, frames: list[OutputFrame]) -> None:
        self._parts[index][1].append(delta)
        frames.append(TextDelta(run=self.id, id=self._next_id(), part=index, d=delta))

    def _next_id(self) -> str:
        self._seq += 1
        return str(FrameId(self._epoch, self._seq))

    def _append(self, frames: list[OutputFrame]) -> None:
        status = status_after(frames[-1])
        if status not in TRANSITIONS[self.status]:
            raise AssertionError(f"a run cannot go from {self.status} to {status}")
        self.status = status
        self.log.append(frames)
