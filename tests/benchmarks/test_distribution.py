from __future__ import annotations

import pytest

from benchmarks.distribution import Distribution


@pytest.mark.parametrize(
    ("values", "p50", "p99", "most"),
    [
        (range(100, 0, -1), 50, 99, 100),
        (range(1, 1001), 500, 990, 1000),
        (range(1, 31), 15, 30, 30),  # of so few, 99 of 100 are all of them
        ([1, 2, 3], 2, 3, 3),
        ([4, 1, 3, 2], 2, 4, 4),
        ([7], 7, 7, 7),
    ],
)
def test_percentiles_are_values_that_occurred(values: list[float], p50: float, p99: float, most: float) -> None:
    distribution = Distribution(values)
    assert (distribution.p50, distribution.p99, distribution.max) == (p50, p99, most)
    assert len(distribution) == len(values)


def test_one_slow_value_of_a_hundred_is_the_maximum_and_not_p99() -> None:
    assert str(Distribution([1.4] * 99 + [500])) == "1 / 1 / 500 ms"
    assert str(Distribution([1.4] * 98 + [500] * 2)) == "1 / 500 / 500 ms"


def test_no_values_are_not_taken_for_good_ones() -> None:
    with pytest.raises(ValueError, match="Nothing was measured"):
        Distribution([])
