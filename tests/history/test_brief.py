from __future__ import annotations

import threading

import pytest

from tests.history.forked import call_unprivileged, no_threads
from tests.waiting import wait_until
from vizro_ws_chat.history.brief import BriefCalls


def test_what_comes_at_once_is_returned() -> None:
    assert BriefCalls(60).call(lambda: 1) == 1


def test_what_fails_fails_for_whoever_waits() -> None:
    with pytest.raises(ZeroDivisionError):
        BriefCalls(60).call(lambda: 1 / 0)
    with pytest.raises(TimeoutError):
        BriefCalls(60).call(lambda: (_ for _ in ()).throw(TimeoutError))


def test_what_takes_long_is_not_waited_for_and_no_other_until_it_is_back() -> None:
    calls = BriefCalls(0.01)
    before, may_end = threading.active_count(), threading.Event()
    assert calls.call(may_end.wait) is None
    assert calls.call(lambda: 1) is None
    assert threading.active_count() == before + 1
    may_end.set()
    wait_until(lambda: threading.active_count() == before)
    calls._seconds = 60
    assert calls.call(lambda: 1) == 1


def test_without_a_thread_it_is_not_called() -> None:
    def call() -> int | None:
        with no_threads():
            return BriefCalls(60).call(lambda: 1)

    assert call_unprivileged(call) == "None"
