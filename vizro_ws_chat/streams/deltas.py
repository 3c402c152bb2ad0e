"""Batching: text is let through at once, then at most once per interval. Pure; the time is passed in."""

from __future__ import annotations

from vizro_ws_chat.streams.pace import UNHURRIED, Pace


class DeltaBuffer:
    """Collects chunks of text into deltas.

    The first chunk after a pause passes at once. What follows within the interval is held back and comes as one. When
    that becomes too much it passes too, and whoever writes is ahead of time.

    Args:
        interval: Seconds between two deltas.
        max_chars: Text that is held back at most.
        pace: Asked each time for how long it is to be, where that is more.
    """

    def __init__(self, interval: float, max_chars: int, pace: Pace = UNHURRIED) -> None:
        self._shortest = interval
        self._pace = pace
        self._max_chars = max_chars
        self._pieces: list[str] = []
        self._chars = 0
        self._carry = ""
        self._last = float("-inf")

    @property
    def _interval(self) -> float:
        return max(self._shortest, self._pace.interval())

    @property
    def due(self) -> float:
        """When what is held back should be taken."""
        return self._last + max(self._shortest, self._pace.patience())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held back."""
        return not (self._pieces or self._carry)

    def add(self, chunk: str, now: float) -> str:
        """Add a chunk and return the text that is to be sent now; empty when it is held back."""
        text = self._well_formed(chunk)
        if text:
            self._pieces.append(text)
            self._chars += len(text)
        interval = self._interval
        next_one = self._last + interval
        if self._pieces and now >= next_one:
            return self.take(now)
        if self._chars >= self._max_chars:
            return self.take(min(next_one, now + interval))
        return ""

    def ahead(self, now: float) -> float:
        """Return the seconds that the text so far is ahead of the pace of one full delta per interval."""
        return max(0.0, self._last - now)

    def take(self, now: float) -> str:
        """Return all that is held back."""
        if not self._pieces:
            return ""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._chars = 0
        self._last = now
        return text

    def close(self) -> str:
        """Return the last of the text. A half of a surrogate pair whose other half never came becomes U+FFFD."""
        if self._carry:
            self._pieces.append("\ufffd")
            self._carry = ""
        return self.take(self._last)

    def _well_formed(self, chunk: str) -> str:
        """Join surrogate pairs that were cut between two chunks: UTF-8 cannot carry the halves."""
        chunk = self._carry + chunk
        if chunk.isascii():
            self._carry = ""
            return chunk
        self._carry = chunk[-1] if "\ud800" <= chunk[-1] <= "\udbff" else ""
        if self._carry:
            chunk = chunk[:-1]
        return well_formed(chunk)


def well_formed(text: str) -> str:
    """Return the text without halves of surrogate pairs, which UTF-8 cannot carry: joined, or else U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
