"""What a run must come to: a plain model of it, without logs, buffers, timers or threads."""

from __future__ import annotations

import re

from vizro_ws_chat.protocol.run_state import RunStatus

_PAIR_OR_HALF = re.compile("([\ud800-\udbff])([\udc00-\udfff])|[\ud800-\udfff]")


def as_text(code_units: str) -> str:
    """Return the text that UTF-16 code units spell, with U+FFFD for a half without its other half."""

    def spell(match: re.Match[str]) -> str:
        high, low = match.groups()
        return chr(0x10000 + (ord(high) - 0xD800) * 0x400 + ord(low) - 0xDC00) if high else "\ufffd"

    return _PAIR_OR_HALF.sub(spell, code_units)


class ExpectedRun:
    """The outcome of what was done to a run.

    Args:
        conversation: Roles and texts from the first message to the question.
        now: When it begins.
        max_chars: Text after which it is ended.
        grace: Seconds that it goes on unread.
        max_seconds: Seconds that it may take.
    """

    def __init__(
        self, conversation: list[tuple[str, str]], *, now: float, max_chars: int, grace: float, max_seconds: float
    ) -> None:
        self.conversation = conversation
        self.status = RunStatus.SUBMITTED
        self.calls = 1
        self.last_write = now
        self._max_chars = max_chars
        self._grace = grace
        self._deadline = now + max_seconds
        self._unread_since: float | None = now
        self._written = ""

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return not self.status.is_terminal

    @property
    def text(self) -> str:
        """What readers may have by now: all but half a character whose other half may still come."""
        pending = self.is_alive and self._written and "\ud800" <= self._written[-1] <= "\udbff"
        return as_text(self._written[:-1] if pending else self._written)

    def write(self, chunk: str, now: float) -> None:
        """The author's code yields."""
        if self.is_alive:
            self.last_write = now
            self._written += chunk
            if len(self._written) > self._max_chars:
                self._written = self._written[: self._max_chars]
                self.end(RunStatus.ERROR)

    def end(self, status: RunStatus) -> bool:
        """End it, and return whether this was its first end, which decides."""
        if not self.is_alive:
            return False
        self.status = status
        return True

    def stop_before_it_begins(self) -> None:
        """Stop comes before the question: nobody is to be asked."""
        self.calls = 0
        self.end(RunStatus.STOPPED)

    def return_(self) -> None:
        """The author's code comes to its end; an answer without any text is an error."""
        self.end(RunStatus.DONE if self._written else RunStatus.ERROR)

    def count_readers(self, readers: int, now: float) -> None:
        """Note down how many connections read it now."""
        if readers:
            self._unread_since = None
        elif self._unread_since is None:
            self._unread_since = now

    def pass_time(self, now: float) -> bool:
        """It is `now`; what has become due on the way has happened, the earliest first. Return whether it ended it."""
        dues = [(self._deadline, RunStatus.ERROR)]
        if self._unread_since is not None:
            dues.append((self._unread_since + self._grace, RunStatus.INTERRUPTED))
        due, status = min(dues)
        return due <= now and self.end(status)
