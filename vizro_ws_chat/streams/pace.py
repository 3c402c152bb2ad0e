"""How often answers send text: less often when many are written at once, so that their process keeps up."""

from __future__ import annotations

_FEW = 50
"""Answers that any process can write at once, as fast as they come."""

_WAIT = 2
"""What is held back waits for so many intervals for a chunk to go along with. Where chunks come regularly there is one
by then; sent just before it, the one would be hardly earlier, and the other later."""


class Pace:
    """What all answers of a process share.

    Args:
        per_second: Deltas that all of them together send at most, as long as each comes often enough.
        longest: Seconds that text is held back at most, however many there are.
    """

    def __init__(self, per_second: float, longest: float) -> None:
        self._per_second = per_second
        self._longest = longest
        self.writers = 0
        """How many answers are being written."""

    def interval(self) -> float:
        """Return the seconds after which a chunk of one of them passes at once."""
        if self.writers <= _FEW:
            return 0.0
        return min(self.writers / self._per_second, self._longest / _WAIT)

    def patience(self) -> float:
        """Return the seconds after which what was held back passes without one."""
        return self.interval() * _WAIT


UNHURRIED = Pace(1.0, 0.0)
"""That of an answer that is alone."""
