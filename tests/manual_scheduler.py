"""A clock that stands still until it is advanced."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

from vizro_ws_chat.streams.scheduler import Scheduler, Timer


class ManualScheduler(Scheduler):
    """A scheduler whose time passes only in `advance`, on the caller's thread."""

    def __init__(self) -> None:
        self.now = 1_000.0
        super().__init__(clock=lambda: self.now)
        self._calls: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()

    def call_later(self, seconds: float, function: Callable[[], None]) -> Timer:
        """Note the call down."""
        timer = Timer(function)
        heapq.heappush(self._calls, (self.now + seconds, next(self._count), timer))
        return timer

    def call_soon(self, function: Callable[[], None]) -> None:
        """Make the call."""
        function()

    def sleep(self, seconds: float) -> None:
        """Return at once; the time stands still."""

    @property
    def waiting(self) -> int:
        """How many calls are due some time, those that were taken back left out."""
        return sum(not timer.is_cancelled for _, _, timer in self._calls)

    def advance(self, seconds: float) -> None:
        """Let time pass and make the calls that come due, each at its time."""
        end = self.now + seconds
        while self._calls and self._calls[0][0] <= end:
            due, _, timer = heapq.heappop(self._calls)
            self.now = max(self.now, due)
            timer.fire()
        self.now = end
