"""Time: a clock, and one thread that calls functions later: batching, grace times, expiry, deadlines."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable

from vizro_ws_chat.redaction import redacted_logger

logger = redacted_logger(__name__)

_MANY = 4
_NAP_SECONDS = 0.003


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
        if self._function is not None:
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
        self._awaited: set[Timer] = set()
        """Those in the heap that were not cancelled."""
        self._order = itertools.count()
        self._soon: deque[Callable[[], None]] = deque()
        self._is_resting = False
        self._thread: threading.Thread | None = None
        self._when_cancelled = self._drop  # one object for all timers

    def call_later(self, seconds: float, function: Callable[[], None]) -> Timer:
        """Call `function` after `seconds`."""
        timer = Timer(function, self._when_cancelled)
        entry = (self.clock() + seconds, next(self._order), timer)
        with self._condition:
            if self._thread is None:
                self._start()  # first: when it can't be, nothing is left here of a call that its caller gives up
            heapq.heappush(self._heap, entry)
            self._awaited.add(timer)
            if self._heap[0] is entry:
                self._condition.notify()
        return timer

    def call_soon(self, function: Callable[[], None]) -> None:
        """Call `function` as soon as the thread comes to it: for what many have to do at once."""
        self._soon.append(function)
        if self._is_resting or self._thread is None:  # a thread at work looks for more before it rests
            with self._condition:
                if self._thread is None:
                    self._start()
                else:
                    self._condition.notify()

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="vizro-ws-chat-scheduler", daemon=True)
        thread.start()
        self._thread = thread

    def sleep(self, seconds: float) -> None:
        """Let time pass on the caller's thread."""
        time.sleep(seconds)

    def _drop(self, timer: Timer) -> None:
        """Let the thread see that it has nothing left to wait for, once that is so. Else it finds out when it wakes."""
        with self._condition:
            self._awaited.discard(timer)
            if not self._awaited:
                self._condition.notify()

    def _run(self) -> None:
        while functions := self._wait():
            for function in functions:
                try:
                    function()
                except Exception:
                    logger.exception("A scheduled call of the chat failed")
            if len(functions) >= _MANY:  # then more come: to be woken for each would take longer than to make the call
                self.sleep(_NAP_SECONDS)

    def _wait(self) -> list[Callable[[], None]]:
        """Wait for calls and return them; none when there are none to wait for, and the thread ends."""
        with self._condition:
            self._is_resting = True  # before looking: what comes from now on is told
            while not (functions := self._due()):
                if not self._awaited:
                    self._heap.clear()
                    self._thread = None
                    return []
                self._condition.wait(min(self._heap[0][0] - self.clock(), threading.TIMEOUT_MAX))
            self._is_resting = False
            return functions

    def _due(self) -> list[Callable[[], None]]:
        soon = [self._soon.popleft() for _ in range(len(self._soon))]
        now = self.clock()
        timers: list[Timer] = []
        while self._heap and ((timer := self._heap[0][2]).is_cancelled or self._heap[0][0] <= now):
            heapq.heappop(self._heap)
            if timer in self._awaited:  # the others were cancelled
                self._awaited.remove(timer)
                timers.append(timer)
        return [*soon, *(timer.fire for timer in timers)]
