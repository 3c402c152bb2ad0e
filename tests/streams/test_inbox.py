"""What a reader says into an answer: taken once, in order, at any time, from threads and event loops."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from tests.streams.making import check_is_complete, make_run
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.redaction import withholding
from vizro_ws_chat.streams.cancel import CancelToken, RunContext
from vizro_ws_chat.streams.event_loop import EventLoopThread
from vizro_ws_chat.streams.inbox import Delivery, Inbox
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.streams.runner import Producer, start_runner
from vizro_ws_chat.streams.scheduler import Scheduler

EVENT_LOOP = EventLoopThread()


def delivery(number: int) -> Delivery:
    return Delivery(f"{number:016}", f"message {number}")


def filled(*numbers: int) -> Inbox:
    inbox = Inbox()
    for number in numbers:
        inbox.put(delivery(number), most=20)
    return inbox


def code_of(inbox: Inbox, number: int, most: int = 20) -> str | None:
    try:
        inbox.put(delivery(number), most)
    except RefusedError as refusal:
        return refusal.code
    return None


class TestTaking:
    def test_the_oldest_first_and_nothing_waits(self) -> None:
        inbox = filled(1, 2)
        assert len(inbox) == 2
        assert [inbox.get(), inbox.get(), inbox.get()] == ["message 1", "message 2", None]

    def test_all_at_once_or_one_by_one(self) -> None:
        assert filled(1, 2).drain() == ["message 1", "message 2"]
        assert list(filled(1, 2)) == ["message 1", "message 2"]
        assert filled().drain() == []

    def test_what_comes_while_it_is_gone_through_is_taken_too(self) -> None:
        inbox = filled(1)
        taken = []
        for text in inbox:
            taken.append(text)
            if len(taken) == 1:
                inbox.put(delivery(2), most=20)
        assert taken == ["message 1", "message 2"]

    def test_one_is_waited_for(self) -> None:
        inbox = Inbox()
        threading.Timer(0.05, lambda: inbox.put(delivery(1), most=20)).start()
        assert inbox.get(timeout=10) == "message 1"
        assert inbox.get(timeout=0.01) is None

    def test_twenty_threads_take_each_message_once(self) -> None:
        inbox, taken = filled(*range(20)), []
        threads = [threading.Thread(target=lambda: taken.append(inbox.get(timeout=5))) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, taken)) == sorted(f"message {number}" for number in range(20))

    def test_on_an_event_loop_others_go_on_meanwhile(self) -> None:
        inbox = Inbox()

        async def both() -> list[Any]:
            async def say() -> None:
                await asyncio.sleep(0.01)
                inbox.put(delivery(1), most=20)

            return [await asyncio.gather(inbox.get_async(timeout=10), say()), await inbox.get_async()]

        assert asyncio.run(both()) == [["message 1", None], None]

    def test_those_who_no_longer_wait_leave_nothing(self) -> None:
        inbox = Inbox()

        async def wait() -> None:
            assert await inbox.get_async(timeout=0.01) is None
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(inbox.get_async(timeout=60), 0.01)

        asyncio.run(wait())
        assert inbox._arrivals == []

    def test_what_was_said_stays_out_of_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        inbox = Inbox()
        inbox.put(Delivery("1" * 16, "my account is 1234567"), most=20)
        with withholding([]), caplog.at_level(logging.ERROR, "vizro_ws_chat"):
            text = inbox.get()
            logging.getLogger("vizro_ws_chat.streams.runner").error("It failed at %s", text)
        assert "1234567" not in caplog.text


class TestPutting:
    def test_what_is_sent_again_is_the_same(self) -> None:
        inbox = filled(1, 1)
        assert inbox.drain() == ["message 1"]
        assert code_of(inbox, 1) is None
        assert inbox.drain() == []

    def test_only_so_many_may_come(self) -> None:
        inbox = filled(1, 2)
        assert inbox.get() == "message 1"
        assert code_of(inbox, 3, most=2) == "inbox-full"
        assert code_of(inbox, 2, most=2) is None

    def test_nothing_comes_and_nothing_is_left_after_the_end(self) -> None:
        inbox = filled(1)
        inbox.close()
        assert code_of(inbox, 2) == "not-delivered"
        assert code_of(inbox, 1) is None
        assert inbox.drain() == []
        assert inbox.get(timeout=10) is None


def start(produce: Any, run: Run, *, is_async: bool = False) -> None:
    producer = Producer(produce, is_async=is_async, environment=nullcontext)
    start_runner(run, producer, Scheduler(), EVENT_LOOP)


def parts_of(run: Run) -> list[Any]:
    wait_until(lambda: run.log.is_closed)
    return [
        (part.kind, json.loads(part.text)["text"] if part.kind == "steer" else part.text)
        for part in check_is_complete(run).parts()
    ]


SAID = [("text", "Before. "), ("steer", "message 1"), ("text", "Heard message 1.")]


class TestInARun:
    def test_it_stands_in_the_answer_where_it_was_taken(self) -> None:
        run = make_run()

        def produce(context: RunContext) -> Iterator[str]:
            yield "Before. "
            yield f"Heard {context.inbox.get(timeout=10)}."

        start(produce, run)
        run.inbox.put(delivery(1), most=20)
        assert parts_of(run) == SAID

    def test_async_generators_take_it_too(self) -> None:
        run = make_run()

        async def produce(context: RunContext) -> AsyncIterator[str]:
            yield "Before. "
            yield f"Heard {await context.inbox.get_async(timeout=10)}."

        start(produce, run, is_async=True)
        run.inbox.put(delivery(1), most=20)
        assert parts_of(run) == SAID

    @pytest.mark.parametrize("is_async", [False, True])
    def test_stop_ends_waiting_for_one(self, is_async: bool) -> None:
        run = make_run()
        heard: list[Any] = []

        def produce(context: RunContext) -> Iterator[str]:
            yield "Before. "
            heard.append(context.inbox.get(timeout=60))

        async def produce_async(context: RunContext) -> AsyncIterator[str]:
            yield "Before. "
            heard.append(await context.inbox.get_async(timeout=60))

        start(produce_async if is_async else produce, run, is_async=is_async)
        wait_until(lambda: run.log.last is not None)
        began = time.monotonic()
        run.stop()
        wait_until(lambda: heard == [None])
        assert time.monotonic() - began < 5
        run.token.cancel()

    def test_what_is_not_taken_is_no_part_of_the_answer(self) -> None:
        run = make_run()
        run.inbox.put(delivery(1), most=20)
        run.write("Done.")
        run.finish()
        assert run.inbox.get() is None
        assert parts_of(run) == [("text", "Done.")]

    def test_it_counts_as_output(self) -> None:
        run = make_run(max_chars=10)
        run.inbox.put(delivery(1), most=20)
        assert run.inbox.get() is None
        assert check_is_complete(run).status == "error"

    def test_an_answer_of_nothing_else_is_none(self) -> None:
        run = make_run()
        run.inbox.put(delivery(1), most=20)

        def produce(context: RunContext) -> Iterator[str]:
            yield "".join(context.inbox.drain())[:0]

        start(produce, run)
        assert parts_of(run) == [("steer", "message 1")]
        assert run.log.read(None)[-1].type == "error"

    def test_a_context_of_its_own_has_an_empty_inbox(self) -> None:
        assert RunContext("run", CancelToken()).inbox.get() is None
