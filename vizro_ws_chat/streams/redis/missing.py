"""Runs that are asked for and are not in Redis: perhaps not yet."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from vizro_ws_chat.streams.run import RunKey

_MOST_RUNS = 1_000
_FORGET_AFTER = 4
"""Times the patience: who asks after that asks anew."""


class Missing:
    """Says for how long it is worth while to ask again.

    Where Redis may have lost a run, or its process may not reach Redis for the moment: as long as that is alive, it
    writes it again within a lease.

    Args:
        patience: Seconds since it was asked for first, after which it is nowhere.
        clock: Monotonic time in seconds.
    """

    def __init__(self, patience: float, clock: Callable[[], float]) -> None:
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._since: OrderedDict[RunKey, float] = OrderedDict()

    def may_come(self, key: RunKey) -> bool:
        """Take note that a run was asked for, and return whether it may still come."""
        now = self._clock()
        with self._lock:
            since = self._since.get(key, now)
            if now - since > _FORGET_AFTER * self._patience:
                since = now
            self._since[key] = since
            if len(self._since) > _MOST_RUNS:
                self._since.popitem(last=False)
        return now - since < self._patience

    def forget(self, key: RunKey) -> None:
        """Take note that a run is there: should it go missing again, patience begins anew."""
        with self._lock:
            self._since.pop(key, None)
