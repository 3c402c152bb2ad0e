"""Driving the author's generators, in both colours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tests.run_threads import run_threads
from tests.streams.making import check_is_complete, frames_of, make_run
from tests.waiting import wait_until
from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import ErrorFrame
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.event_loop import EventLoopThread
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.streams.runner import Producer, start_runner
from vizro_ws_chat.streams.scheduler import Scheduler

EVENT_LOOP = EventLoopThread()
SECRET = "the password is swordfish"


def begin(
    produce: Callable[[RunContext], Any],
    *,
    is_async: bool = False,
    environment: Callable[[], AbstractContextManager[object]] = nullcontext,
    run: Run | None = None,
    view: Callable[[Content], str | None] | None = None,
) -> Run:
    """Begin to drive a run."""
    scheduler = Scheduler()
    run = run or make_run(scheduler)
    producer = Producer(produce, is_async=is_async, environment=environment, view=view)
    start_runner(run, producer, scheduler, EVENT_LOOP)
    return run


def completed(produce: Callable[[RunContext], Any], **options: Any) -> Run:
    """Drive a run to its end, and check what holds for all of them."""
    run = begin(produce, **options)
    wait_until(lambda: run.log.is_closed)
    wait_until(lambda: not run_threads())
    check_is_complete(run)
    return run


def both_ways(chunks: Callable[[], Iterator[Any]]) -> list[tuple[Callable[[RunContext], Any], bool]]:
    """Return the same generator in both colours."""

    async def asynchronous() -> AsyncIterator[Any]:
        for chunk in chunks():
            await asyncio.sleep(0)
            yield chunk

    return [(lambda _: chunks(), False), (lambda _: asynchronous(), True)]


def error_of(run: Run) -> ErrorFrame:
    """Return the error that a run has ended with."""
    frame = frames_of(run)[-1]
    assert isinstance(frame, ErrorFrame)
    return frame


def hello() -> Iterator[str]:
    """Say hello, in three chunks."""
    yield "Hello"
    yield ""
    yield ", world"


async def async_hello() -> AsyncIterator[str]:
    """Say hello."""
    yield "Hello"
