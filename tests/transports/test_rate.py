from __future__ import annotations

import tracemalloc

import pytest

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.transports.owner import NOBODY
from vizro_ws_chat.transports.rate import OwnerRates, RateLimit


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


def spend_of(rates: OwnerRates, owner: str, count: int) -> int:
    for done in range(count):
        try:
            rates.spend(owner)
        except RefusedError:
            return done
    return count


def test_an_owners_connections_have_one_limit() -> None:
    rates = OwnerRates(5, Clock())
    assert spend_of(rates, "browser:mine", 1_000) == 50
    assert spend_of(rates, "browser:other", 1_000) == 50
    assert spend_of(rates, "browser:mine", 1) == 0


def test_who_has_no_owner_may_be_many_but_not_any_number() -> None:
    assert spend_of(OwnerRates(5, Clock()), NOBODY, 1_000) == 250


def test_many_owners_take_little_memory() -> None:
    rates = OwnerRates(5, Clock())
    tracemalloc.start()
    for number in range(50_000):
        rates.spend(f"browser:{number}")
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 20_000_000
