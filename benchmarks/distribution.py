"""Percentiles of a list of measurements."""

from __future__ import annotations

import math
from collections.abc import Iterable


class Distribution:
    """Measured values, in milliseconds.

    Args:
        values: At least one.

    Raises:
        ValueError: When there is none.
    """

    def __init__(self, values: Iterable[float]) -> None:
        self._values = sorted(values)
        if not self._values:
            raise ValueError("Nothing was measured")

    def __len__(self) -> int:
        return len(self._values)

    def percentile(self, percent: float) -> float:
        """The smallest value that `percent` of all values do not exceed (nearest rank, so a value that occurred)."""
        return self._values[max(0, math.ceil(len(self._values) * percent / 100) - 1)]

    @property
    def p50(self) -> float:
        """The median."""
        return self.percentile(50)

    @property
    def p99(self) -> float:
        """The value that 99 of 100 do not exceed."""
        return self.percentile(99)

    @property
    def max(self) -> float:
        """The largest value."""
        return self._values[-1]

    def __str__(self) -> str:
        return f"{self.p50:.0f} / {self.p99:.0f} / {self.max:.0f} ms"
