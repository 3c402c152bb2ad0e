from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.run_threads import run_threads
from tests.streams.driving import EVENT_LOOP, async_hello, begin, hello
from tests.streams.making import frames_of, make_run, text_of
from tests.waiting import wait_until
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.scheduler import Scheduler


class TestStop:
    @pytest.mark.parametrize("is_async", [False, True])
    def test_before_it_began_the_author_is_never_asked(self, is_async: bool) -> None:
        asked, left = [], threading.Event()
        run = make_run(Scheduler())
        run.stop()
        run.token.cancel()

        @contextmanager
        def environment() -> Iterator[None]:
            yield
            left.set()

        def produce(_: RunContext) -> Any:
            asked.append(1)
            return async_hello() if is_async else hello()

        begin(produce, is_async=is_async, run=run, environment=environment)
        if is_async:
            done = threading.Event()

            async def after() -> None:
                await asyncio.sleep(0)
                done.set()

            EVENT_LOOP.submit(after)
            assert done.wait(10)
        else:
            assert left.wait(10)
            wait_until(lambda: not run_threads())
        assert asked == []

    def test_between_two_chunks_the_next_is_not_asked_for(self) -> None:
        asked: list[int] = []
        run = make_run(Scheduler())

        def chunks() -> Iterator[str]:
            for number in range(10):
                asked.append(number)
                if number == 3:
                    run.stop()
                    run.token.cancel()
                yield "x"

        begin(lambda _: chunks(), run=run)
        wait_until(lambda: run.log.is_closed and not run_threads())
        assert asked == [0, 1, 2, 3]
        assert text_of(frames_of(run)) == "xxx"

    def test_at_a_yield_the_async_generators_below_are_closed_on_the_same_task(self) -> None:
        """As `async with` blocks of some libraries need it. Held elsewhere, they are not left to chance."""
        tasks: list[object] = []
        held: list[AsyncIterator[str]] = []
        run = make_run(Scheduler())

        async def inner() -> AsyncIterator[str]:
            tasks.append(asyncio.current_task())
            try:
                yield "x"
                run.stop()
                yield "y"
            finally:
                tasks.append(asyncio.current_task())

        async def chunks() -> AsyncIterator[str]:
            held.append(inner())
            async for chunk in held[0]:
                yield chunk

        begin(lambda _: chunks(), is_async=True, run=run)
        wait_until(lambda: len(tasks) == 2)
        assert tasks[0] is tasks[1]

    def test_an_async_author_cannot_swallow_it_by_accident(self) -> None:
        """Cancelling an async generator comes as CancelledError, which is no Exception."""
        caught: list[str] = []
        began, done = threading.Event(), threading.Event()

        async def chunks() -> AsyncIterator[str]:
            try:
                yield "x"
                began.set()
                await asyncio.Event().wait()
            except Exception as error:  # noqa: BLE001 - as authors do
                caught.append(type(error).__name__)
            finally:
                done.set()

        run = begin(lambda _: chunks(), is_async=True)
        assert began.wait(10)
        run.stop()
        run.token.cancel()
        assert done.wait(10)
        assert caught == []
