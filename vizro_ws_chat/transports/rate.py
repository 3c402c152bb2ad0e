"""How much a connection and an owner may send: token buckets (as in RFC 2697, with one rate)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.transports.owner import NOBODY

_BURST_SECONDS = 10.0
_REMEMBERED_OWNERS = 10_000
_NOBODYS_SHARE = 5


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

    def spend(self, count: int = 1) -> None:
        """Use one, or several at once.

        Raises:
            RefusedError: `rate`, when so many are not left.
        """
        now = self._clock()
        self._left = min(self._capacity, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < count:
            raise RefusedError("rate", retry_ms=int(1000 * count / self._per_second) + 1)
        self._left -= count


class OwnerRates:
    """The same for all connections of an owner. All who have none share what five owners have: they may be many.

    Args:
        per_second: The average for each.
        clock: Monotonic time in seconds.
    """

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._nobodys = RateLimit(_NOBODYS_SHARE * per_second, clock)
        self._limits: OrderedDict[str, RateLimit] = OrderedDict()

    def spend(self, owner: str, count: int = 1) -> None:
        """Use one, or several at once.

        Raises:
            RefusedError: `rate`, when the owner has not so many left.
        """
        if owner == NOBODY:
            with self._lock:
                self._nobodys.spend(count)
            return
        with self._lock:
            limit = self._limits.setdefault(owner, RateLimit(self._per_second, self._clock))
            self._limits.move_to_end(owner)
            if len(self._limits) > _REMEMBERED_OWNERS:
                self._limits.popitem(last=False)
            limit.spend(count)
