"""The text of an answer as it flows: held back for a moment, sent, and ended. Its run's lock guards it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vizro_ws_chat.protocol.content import StreamedKind
from vizro_ws_chat.streams.composition import Composition
from vizro_ws_chat.streams.deltas import DeltaBuffer
from vizro_ws_chat.streams.scheduler import Scheduler, Timer


@dataclass
class _OpenPart:
    kind: StreamedKind
    since: float
    index: int | None = None
    """None until there is text for it."""


class TextFlow:
    """Writes text into the part that is open.

    Args:
        parts: Where it goes.
        buffer: Decides which text is sent when.
        scheduler: Calls when text that was held back is due.
        when_due: Called then, from another thread.
    """

    def __init__(
        self, parts: Composition, buffer: DeltaBuffer, scheduler: Scheduler, when_due: Callable[[], None]
    ) -> None:
        self._parts = parts
        self._buffer = buffer
        self._scheduler = scheduler
        self._when_due = when_due
        self._timer: Timer | None = None
        self._open: _OpenPart | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held back."""
        return self._buffer.is_empty

    @property
    def seconds_ahead(self) -> float:
        """For how long who writes should pause."""
        return self._buffer.ahead(self._scheduler.clock())

    def add(self, chunk: str, kind: StreamedKind) -> bool:
        """Take text: it is sent at once, or is due later. Return whether there may be something new in the parts."""
        now = self._scheduler.clock()
        is_new = self._open is None or self._open.kind != kind
        if is_new:
            self.end()
            self._open = _OpenPart(kind, now)
        delta = self._buffer.add(chunk, now)
        if delta:
            self._cancel_timer()
            self._extend(delta)
            return True
        if self._timer is None and not self._buffer.is_empty:
            self._timer = self._scheduler.call_later(max(0.0, self._buffer.due - now), self._when_due)
        return is_new

    def send(self) -> None:
        """Send what is held back."""
        self._cancel_timer()
        self._extend(self._buffer.take(self._scheduler.clock()))

    def end(self) -> None:
        """End the part that is open."""
        self._cancel_timer()
        self._extend(self._buffer.close())
        if self._open is not None and self._open.index is not None:
            is_timed = self._open.kind == "reasoning"
            ms = round((self._scheduler.clock() - self._open.since) * 1000) if is_timed else None
            self._parts.end(self._open.index, ms)
        self._open = None

    def _extend(self, delta: str) -> None:
        if delta and self._open is not None:
            if self._open.index is None:
                self._open.index = self._parts.begin(self._open.kind)
            self._parts.extend(self._open.index, delta)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
