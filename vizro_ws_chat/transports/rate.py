"""How much a connection may send: a token bucket."""

from __future__ import annotations

from collections.abc import Callable

from vizro_ws_chat.exceptions import RefusedError

_BURST_SECONDS = 10.0


class RateLimit:
    """Allows `per_second` on average, and ten seconds' worth at once.

    Args:
        per_second: The average.
        clock: Monotonic time in seconds.
    """

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._clock = clock
        self._capacity = per_second * _BURST_SECONDS
        self._left = self._capacity
        self._at = clock()

    def spend(self) -> None:
        """Use one.

        Raises:
            RefusedError: `rate`, when none is left.
        """
        now = self._clock()
        self._left = min(self._capacity, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            raise RefusedError("rate", retry_ms=int(1000 / self._per_second) + 1)
        self._left -= 1
