"""Time: a clock, and one thread that calls functions later: batching, grace times, expiry, deadlines."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable

from vizro_ws_chat.redaction import redacted_logger

logger = redacted_logger(__name__)


class Timer:
    """A call that is due later and can be taken back."""

    __slots__ = ("_function", "_when_cancelled")

    def __init__(
        self, function: Callable[[], None], when_cancelled: Callable[[Timer], object] = lambda _: None
    ) -> None:
        self._function: Callable[[], None] | None = function
        self._when_cancelled = when_cancelled

    @property
    def is_cancelled(self) -> bool:
        """Whether the call was taken back, or made."""
        return self._function is None

    def cancel(self) -> None:
        """Take the call back. No effect once it has been made."""
        self._function = None
        self._when_cancelled(self)

    def fire(self) -> None:
        """Make the call, unless it was taken back."""
        function, self._function = self._function, None
        if function is not None:
            function()


class Scheduler:
    """Calls functions at their time, one after the other, on a thread of its own.

    The thread exists only while calls are due. Functions must be quick and must not block.

    Args:
        clock: Monotonic time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._condition = threading.Condition()
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._thread: threading.Thread | None = None

    def call_later(self, seconds: float, function: Callable[[], None]) -> Timer:
        """Call `function` after `seconds`."""
        timer = Timer(function, self._drop)
        entry = (self.clock() + seconds, next(self._order), timer)
        with self._condition:
            heapq.heappush(self._heap, entry)
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="vizro-ws-chat-scheduler", daemon=True)
                thread.start()
                self._thread = thread
            elif self._heap[0] is entry:
                self._condition.notify()
        return timer

    def sleep(self, seconds: float) -> None:
        """Let time pass on the caller's thread."""
        time.sleep(seconds)

    def _drop(self, timer: Timer) -> None:
        """Let the thread see that what it waits for was cancelled: it may have nothing left to wait for."""
        with self._condition:
            if self._heap and self._heap[0][2] is timer:
                self._condition.notify()

    def _run(self) -> None:
        while True:
            with self._condition:
                while self._heap and (wait := self._heap[0][0] - self.clock()) > 0:
                    if self._heap[0][2].is_cancelled:  # cancelled: do not stay alive for it
                        heapq.heappop(self._heap)
                        continue
                    self._condition.wait(min(wait, threading.TIMEOUT_MAX))
                if not self._heap:
                    self._thread = None
                    return
                timer = heapq.heappop(self._heap)[2]
            try:
                timer.fire()
            except Exception:
                logger.exception("A scheduled call of the chat failed")
