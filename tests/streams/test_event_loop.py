from __future__ import annotations

import asyncio
import threading

import pytest

from tests.waiting import wait_until
from vizro_ws_chat.streams.event_loop import EventLoopThread


def test_a_coroutine_runs_on_a_thread_of_its_own() -> None:
    loop, names, done = EventLoopThread(), [], threading.Event()

    async def main() -> None:
        names.append(threading.current_thread().name)
        done.set()

    loop.submit(main)
    assert done.wait(10)
    assert names == ["vizro-ws-chat-event-loop"]


def test_all_coroutines_ever_share_one_event_loop() -> None:
    """Clients such as AsyncOpenAI keep connections that belong to the event loop that opened them."""
    loop, done = EventLoopThread(), threading.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def main() -> None:
        loops.append(asyncio.get_running_loop())
        done.set()

    for _ in range(5):
        loop.submit(main)
        assert done.wait(10)
        done.clear()
    assert len(loops) == 5
    assert len(set(loops)) == 1
    assert not loops[0].is_closed()


def test_nothing_is_started_before_it_is_needed() -> None:
    before = set(threading.enumerate())
    EventLoopThread()
    assert set(threading.enumerate()) <= before


def test_a_coroutine_is_cancelled_from_another_thread() -> None:
    loop, began, cancelled = EventLoopThread(), threading.Event(), threading.Event()

    async def main() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    cancel = loop.submit(main)
    assert began.wait(10)
    cancel()
    assert cancelled.wait(10)
    cancel()


def test_cancelled_before_it_began_it_never_runs() -> None:
    loop, ran, done = EventLoopThread(), [], threading.Event()
    holding, barrier = threading.Event(), threading.Event()

    async def hold() -> None:
        holding.set()
        barrier.wait(10)  # holds the loop so that what follows can't begin

    async def main() -> None:
        ran.append(1)

    async def last() -> None:
        done.set()

    loop.submit(hold)
    assert holding.wait(10)
    loop.submit(main)()
    loop.submit(last)
    barrier.set()
    assert done.wait(10)
    assert ran == []


def test_a_coroutine_says_where_it_may_not_be_cancelled() -> None:
    loop, began, go_on, ended = EventLoopThread(), threading.Event(), threading.Event(), threading.Event()

    async def main() -> None:
        began.set()
        while not go_on.is_set():  # noqa: ASYNC110 - set by another thread
            await asyncio.sleep(0)
        ended.set()

    cancel = loop.submit(main, can_cancel=lambda: False)
    assert began.wait(10)
    cancel()
    go_on.set()
    assert ended.wait(10)


def test_cancelling_what_has_ended_has_no_effect() -> None:
    loop, done = EventLoopThread(), threading.Event()

    async def main() -> None:
        done.set()

    cancel = loop.submit(main)
    assert done.wait(10)
    cancel()
    cancel()


def test_many_threads_may_submit_at_once() -> None:
    loop, ran, loops = EventLoopThread(), [], set()

    async def main() -> None:
        loops.add(asyncio.get_running_loop())
        ran.append(1)

    threads = [threading.Thread(target=lambda: [loop.submit(main) for _ in range(20)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until(lambda: len(ran) == 160)
    assert len(loops) == 1


def test_a_thread_that_could_not_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, done = EventLoopThread(), threading.Event()

    async def main() -> None:
        done.set()

    def no_more_threads(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_more_threads)
        with pytest.raises(RuntimeError):
            loop.submit(main)
    loop.submit(main)
    assert done.wait(10)


def test_the_thread_ends_with_the_last_coroutine_and_leaves_no_other() -> None:
    loop, before = EventLoopThread(), set(threading.enumerate())
    loops: list[asyncio.AbstractEventLoop] = []

    async def main() -> None:
        loops.append(asyncio.get_running_loop())
        await asyncio.get_running_loop().getaddrinfo("127.0.0.1", 80)  # uses the loop's executor

    for turn in (1, 2):
        loop.submit(main)
        wait_until(lambda turn=turn: len(loops) == turn and before.issuperset(threading.enumerate()))  # type: ignore[misc]
    assert loops[0] is loops[1]
