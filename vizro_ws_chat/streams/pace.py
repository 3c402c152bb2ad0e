"""How often answers send text: less often when many are written at once, so that their process keeps up."""

from __future__ import annotations

_FEW = 50
"""Answers that any process can write at once, as fast as they come."""


class Pace:
    """What all answers of a process share.

    Args:
        per_second: Deltas that all of them together send at most, as long as each comes often enough.
        longest: Seconds between two deltas of an answer, however many there are.
    """

    def __init__(self, per_second: float, longest: float) -> None:
        self._per_second = per_second
        self._longest = longest
        self.writers = 0
        """How many answers are being written."""

    def interval(self) -> float:
        """Return the seconds that should be between two deltas of one of them."""
        if self.writers <= _FEW:
            return 0.0
        return min(self.writers / self._per_second, self._longest)
