from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vizro_ws_chat.streams.retention import Retention
from vizro_ws_chat.streams.run import RunKey


def key(number: int) -> RunKey:
    return RunKey("chat", "owner", str(number))


@given(st.lists(st.integers(0, 300), max_size=50))
def test_the_newest_are_kept_within_the_limit(sizes: list[int]) -> None:
    retention = Retention(max_chars=500, max_remembered=1_000)
    kept: list[int] = []
    for number, size in enumerate(sizes):
        kept.append(number)
        for gone in retention.keep(key(number), size):
            assert gone == key(kept.pop(0)), "the oldest goes first"
            retention.let_go(gone)
        assert sum(sizes[index] for index in kept) <= 500
        if kept[0] > 0:
            assert sum(sizes[index] for index in range(kept[0] - 1, number + 1)) > 500, "no more go than must"
        assert [number for number in range(number + 1) if retention.is_past(key(number))] == list(range(kept[0]))


def test_one_that_is_too_large_alone_is_kept_until_the_next() -> None:
    retention = Retention(max_chars=500, max_remembered=10)
    assert retention.keep(key(1), 501) == []
    assert retention.keep(key(2), 1) == [key(1)]


def test_what_was_is_remembered_within_a_limit() -> None:
    retention = Retention(max_chars=500, max_remembered=2)
    for number in range(3):
        retention.let_go(key(number))
    assert [retention.is_past(key(number)) for number in range(3)] == [False, True, True]
