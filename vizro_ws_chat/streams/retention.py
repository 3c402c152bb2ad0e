"""What is kept of runs that have ended: for a while their logs, and then only that they were."""

from __future__ import annotations

from collections import OrderedDict

from vizro_ws_chat.streams.run import RunKey


class Retention:
    """Says which ended runs must be let go, and remembers those that were. Pure; locking is up to its owner.

    Args:
        max_chars: Text of ended runs that may be kept.
        max_remembered: Runs of which it is remembered that they were, so that none is ever executed twice.
    """

    def __init__(self, max_chars: int, max_remembered: int) -> None:
        self._max_chars = max_chars
        self._max_remembered = max_remembered
        self._kept: OrderedDict[RunKey, int] = OrderedDict()
        self._chars = 0
        self._past: OrderedDict[RunKey, None] = OrderedDict()

    def keep(self, key: RunKey, chars: int) -> list[RunKey]:
        """Count an ended run and return the runs that must be let go for it, the oldest first."""
        self._kept[key] = chars
        self._chars += chars
        surplus = self._chars - self._max_chars
        too_many: list[RunKey] = []
        for oldest, size in self._kept.items():
            if surplus <= 0 or oldest == key:
                break
            too_many.append(oldest)
            surplus -= size
        return too_many

    def drop(self, key: RunKey) -> None:
        """Count a run no longer, as if it had never been."""
        self._chars -= self._kept.pop(key, 0)

    def let_go(self, key: RunKey) -> None:
        """Count a run no longer, and remember that it was."""
        self.drop(key)
        self._past[key] = None
        if len(self._past) > self._max_remembered:
            self._past.popitem(last=False)

    def is_past(self, key: RunKey) -> bool:
        """Whether this run was let go."""
        return key in self._past
