from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial

import pytest

from tests.waiting import wait_until
from vizro_ws_chat.streams.scheduler import Scheduler, Timer

NAME = "vizro-ws-chat-scheduler"


def has_thread(scheduler: Scheduler) -> bool:
    return scheduler._thread is not None


def test_calls_come_in_the_order_of_their_times() -> None:
    now, done = [0.0], threading.Event()
    calls: list[int] = []
    scheduler = Scheduler(clock=lambda: now[0])
    with scheduler._condition:  # so that all are there before the first is made
        for number, seconds in enumerate([30, 10, 20, 0]):
            scheduler.call_later(seconds, partial(calls.append, number))
        scheduler.call_later(40, done.set)
        now[0] = 40.0
    assert done.wait(10)
    assert calls == [3, 1, 2, 0]


def test_calls_of_the_same_time_come_in_the_order_they_were_asked_for() -> None:
    scheduler, done = Scheduler(clock=lambda: 0.0), threading.Event()
    calls: list[int] = []
    with scheduler._condition:
        for number in range(50):
            scheduler.call_later(0, partial(calls.append, number))
        scheduler.call_later(0, done.set)
    assert done.wait(10)
    assert calls == list(range(50))


def test_an_earlier_call_does_not_wait_for_a_later_one() -> None:
    scheduler, done = Scheduler(), threading.Event()
    late = scheduler.call_later(3_600, lambda: None)
    scheduler.call_later(0.001, done.set)
    assert done.wait(10)
    late.cancel()


def test_a_call_that_is_taken_back_is_not_made() -> None:
    scheduler, calls, done = Scheduler(), [], threading.Event()
    scheduler.call_later(0.001, lambda: calls.append(1)).cancel()
    scheduler.call_later(0.005, done.set)
    assert done.wait(10)
    assert calls == []


def test_a_timer_fires_once_and_may_be_taken_back_twice_or_late() -> None:
    calls: list[int] = []
    timer = Timer(lambda: calls.append(1))
    timer.fire()
    timer.fire()
    timer.cancel()
    timer.cancel()
    assert calls == [1]


def test_the_thread_ends_when_nothing_is_due_and_another_comes_when_something_is() -> None:
    scheduler = Scheduler()
    for _ in range(3):
        done = threading.Event()
        scheduler.call_later(0.001, done.set)
        assert has_thread(scheduler)
        assert done.wait(10)
        wait_until(lambda: not has_thread(scheduler), "the end of the thread")


def test_the_thread_does_not_stay_for_calls_that_were_taken_back() -> None:
    scheduler, done = Scheduler(), threading.Event()
    for _ in range(3):
        scheduler.call_later(3_600, lambda: None).cancel()
    scheduler.call_later(0.001, done.set)
    assert done.wait(10)
    wait_until(lambda: not has_thread(scheduler), "the end of the thread")


def test_a_call_that_fails_is_logged_and_the_next_is_made(caplog: pytest.LogCaptureFixture) -> None:
    scheduler, done = Scheduler(), threading.Event()

    def fail() -> None:
        raise ValueError("on purpose")

    with caplog.at_level(logging.ERROR):
        scheduler.call_later(0, fail)
        scheduler.call_later(0.001, done.set)
        assert done.wait(10)
    assert "on purpose" in caplog.text


def test_a_call_may_ask_for_the_next() -> None:
    scheduler, calls, done = Scheduler(), [], threading.Event()

    def count() -> None:
        calls.append(1)
        (done.set if len(calls) == 5 else lambda: scheduler.call_later(0, count))()

    scheduler.call_later(0, count)
    assert done.wait(10)


def test_many_threads_may_ask_at_once() -> None:
    scheduler, calls, all_made = Scheduler(), [], threading.Event()

    def made() -> None:
        calls.append(1)
        if len(calls) == 400:
            all_made.set()

    def ask() -> None:
        for _ in range(50):
            scheduler.call_later(0, made)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all_made.wait(10)


@pytest.mark.parametrize("seconds", [1e10, float("inf")])
def test_a_time_longer_than_the_system_can_wait_does_not_end_the_thread(seconds: float) -> None:
    scheduler = Scheduler()
    far = scheduler.call_later(seconds, lambda: None)
    for _ in range(20):
        done = threading.Event()
        scheduler.call_later(0.001, done.set)
        assert done.wait(10)
    far.cancel()


def test_a_thread_that_could_not_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler, done = Scheduler(), threading.Event()
    calls: list[str] = []

    def no_more_threads(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_more_threads)
        with pytest.raises(RuntimeError):
            scheduler.call_later(0, lambda: calls.append("the one that failed"))
    scheduler.call_later(0, done.set)
    assert done.wait(10)
    assert not calls


def test_calls_are_made_outside_of_the_lock() -> None:
    scheduler, done = Scheduler(), threading.Event()

    def from_another_thread(function: Callable[[], object]) -> None:
        thread = threading.Thread(target=function)
        thread.start()
        thread.join()

    scheduler.call_later(0, lambda: from_another_thread(lambda: scheduler.call_later(0, done.set)))
    assert done.wait(10)


def test_what_is_to_be_called_soon_is_called_in_order_by_a_thread_that_ends() -> None:
    scheduler, done = Scheduler(), threading.Event()
    calls: list[int] = []
    for number in range(20):
        scheduler.call_soon(partial(calls.append, number))
    scheduler.call_soon(done.set)
    assert done.wait(10)
    assert calls == list(range(20))
    wait_until(lambda: not has_thread(scheduler), "the thread's end")


def test_a_thread_that_rests_is_woken_for_what_is_to_be_called_soon() -> None:
    scheduler, done = Scheduler(), threading.Event()
    timer = scheduler.call_later(1_000, done.clear)
    wait_until(lambda: scheduler._is_resting, "rest")
    scheduler.call_soon(done.set)
    assert done.wait(10)
    timer.cancel()
    wait_until(lambda: not has_thread(scheduler), "the thread's end")


def test_calls_soon_from_many_threads_are_all_made() -> None:
    scheduler, counts = Scheduler(), [0] * 8

    def count(index: int) -> None:
        counts[index] += 1  # only the scheduler's thread does

    def ask(index: int) -> None:
        for _ in range(500):
            scheduler.call_soon(partial(count, index))

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(len(counts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until(lambda: counts == [500] * 8, "all calls")
