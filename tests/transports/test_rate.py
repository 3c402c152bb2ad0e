from __future__ import annotations

import pytest

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.transports.rate import RateLimit


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def spend(rate: RateLimit, count: int) -> int:
    """Spend until refused; return how many were allowed."""
    for done in range(count):
        try:
            rate.spend()
        except RefusedError:
            return done
    return count


def test_ten_seconds_worth_is_allowed_at_once() -> None:
    assert spend(RateLimit(5, Clock()), 1_000) == 50


def test_it_fills_up_again_with_time_and_not_beyond() -> None:
    clock = Clock()
    rate = RateLimit(5, clock)
    spend(rate, 1_000)
    clock.now += 1
    assert spend(rate, 1_000) == 5
    clock.now += 1_000
    assert spend(rate, 1_000) == 50


def test_the_average_can_be_kept_up_for_ever() -> None:
    clock = Clock()
    rate = RateLimit(4, clock)
    for _ in range(10_000):
        clock.now += 0.25
        rate.spend()


def test_the_refusal_tells_when_one_is_left_again() -> None:
    clock = Clock()
    rate = RateLimit(0.5, clock)
    spend(rate, 1_000)
    with pytest.raises(RefusedError) as refusal:
        rate.spend()
    assert refusal.value.code == "rate"
    assert refusal.value.retry_ms is not None
    clock.now += refusal.value.retry_ms / 1000
    rate.spend()
