from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest

from tests.run_threads import run_threads
from tests.streams.driving import SECRET, async_hello, begin, both_ways, completed, error_of, hello
from tests.streams.making import check_is_complete, frames_of, text_of
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import AnswerError, UserFacingError
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.content import Content
from vizro_ws_chat.protocol.frames import Finish
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.output import AnswerWriter


@pytest.mark.parametrize(("produce", "is_async"), both_ways(hello))
def test_an_answer(produce: Callable[[RunContext], Any], is_async: bool) -> None:
    run = completed(produce, is_async=is_async)
    assert run.status is RunStatus.DONE
    assert text_of(frames_of(run)) == "Hello, world"


def test_a_list_that_is_delegated_to_is_sent_nothing() -> None:
    class Note:
        def write_to(self, answer: AnswerWriter) -> object:
            answer.write("note ")
            return self

    def inner() -> Iterator[Any]:
        yield from [Note(), Note()]
        yield "end"

    def chunks() -> Iterator[Any]:
        yield from inner()

    assert text_of(frames_of(completed(lambda _: chunks()))) == "note note end"


def raise_at_once() -> Iterator[str]:
    raise ValueError(SECRET)
    yield ""


def raise_in_the_middle() -> Iterator[str]:
    yield "Hello"
    raise ValueError(SECRET)


def exit_the_process() -> Iterator[str]:
    yield "Hello"
    raise SystemExit(SECRET)


def interrupt_the_process() -> Iterator[str]:
    yield "Hello"
    raise KeyboardInterrupt(SECRET)


def raise_stop_iteration() -> Iterator[str]:
    yield "Hello"
    next(iter(()))


@pytest.mark.parametrize(
    "chunks", [raise_at_once, raise_in_the_middle, exit_the_process, interrupt_the_process, raise_stop_iteration]
)
@pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
def test_an_exception_is_logged_under_its_reference_and_never_sent(
    chunks: Callable[[], Iterator[str]], colour: int, caplog: pytest.LogCaptureFixture
) -> None:
    produce, is_async = both_ways(chunks)[colour]
    with caplog.at_level(logging.DEBUG):
        run = completed(produce, is_async=is_async)
    error = error_of(run)
    assert error.code == "failed"
    assert "swordfish" not in encode(frames_of(run))
    assert error.ref in caplog.text
    assert text_of(frames_of(run)) == ("" if chunks is raise_at_once else "Hello")


def test_an_exception_before_there_is_a_generator(caplog: pytest.LogCaptureFixture) -> None:
    def produce(_: RunContext) -> NoReturn:
        raise ValueError(SECRET)

    run = completed(produce)
    assert error_of(run).code == "failed"
    assert "swordfish" in caplog.text
    assert "swordfish" not in encode(frames_of(run))


@pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
def test_the_authors_sentence_is_sent(colour: int) -> None:
    def chunks() -> Iterator[str]:
        yield "Half"
        raise UserFacingError("Please ask again in five minutes.") from ValueError(SECRET)

    produce, is_async = both_ways(chunks)[colour]
    run = completed(produce, is_async=is_async)
    assert (error_of(run).code, error_of(run).text) == ("user", "Please ask again in five minutes.")
    assert text_of(frames_of(run)) == "Half"
    assert "swordfish" not in encode(frames_of(run))


@pytest.mark.parametrize("chunk", [None, b"bytes", 5, ["text"], {"content": SECRET}], ids=repr)
@pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
def test_a_chunk_that_is_not_text(chunk: object, colour: int) -> None:
    produce, is_async = both_ways(lambda: iter(["Hello", chunk, "never"]))[colour]
    run = completed(produce, is_async=is_async)
    assert error_of(run).code == "bad-chunk"
    assert text_of(frames_of(run)) == "Hello"
    assert "swordfish" not in encode(frames_of(run))


@pytest.mark.parametrize("chunks", [[], ["", ""]])
@pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
def test_no_text(chunks: list[str], colour: int) -> None:
    produce, is_async = both_ways(lambda: iter(chunks))[colour]
    run = completed(produce, is_async=is_async)
    assert error_of(run).code == "no-text"
    assert error_of(run).message is None


@pytest.mark.parametrize(
    "answer",
    ["Hello", ["Hel", "lo"], ("Hello",), iter(["Hel", "lo"])],
    ids=["text", "list", "tuple", "iterator"],
)
def test_any_iterable_of_text_will_do(answer: object) -> None:
    run = completed(lambda _: answer)
    assert run.status is RunStatus.DONE
    assert text_of(frames_of(run)) == "Hello"


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("answer", [lambda: None, lambda: 5, object], ids=["None", "number", "object"])
def test_what_cannot_be_iterated(
    answer: Callable[[], object], is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    assert error_of(completed(lambda _: answer(), is_async=is_async)).code == "failed"
    assert "TypeError" in caplog.text


def test_an_async_generator_where_none_is_expected(caplog: pytest.LogCaptureFixture) -> None:
    assert error_of(completed(lambda _: async_hello())).code == "failed"
    assert "async_generator" in caplog.text


class TestCleaningUp:
    def test_the_generator_is_closed_on_its_own_thread(self) -> None:
        threads: list[threading.Thread] = []
        go_on = threading.Event()

        def chunks() -> Iterator[str]:
            threads.append(threading.current_thread())
            try:
                while True:
                    yield "x"
                    go_on.wait(10)
            finally:
                threads.append(threading.current_thread())

        run = begin(lambda _: chunks())
        wait_until(lambda: len(frames_of(run)) >= 2)
        run.stop()
        run.token.cancel()
        go_on.set()
        wait_until(lambda: len(threads) == 2)
        assert threads[0] is threads[1]
        wait_until(lambda: not run_threads())

    @pytest.mark.parametrize("is_async", [False, True])
    def test_tracked_streams_are_closed(self, is_async: bool) -> None:
        closed: list[str] = []

        class Stream:
            def close(self) -> None:
                closed.append(threading.current_thread().name)

        class Broken:
            def close(self) -> NoReturn:
                raise SystemExit(SECRET)

        def produce(context: RunContext) -> Any:
            context.track(Broken())
            context.track(Stream())
            return async_hello() if is_async else hello()

        completed(produce, is_async=is_async)
        wait_until(lambda: len(closed) == 1)
        assert closed[0].startswith("vizro-ws-chat-event-loop" if is_async else "vizro-ws-chat-run")

    @pytest.mark.parametrize("error", [ValueError, SystemExit, GeneratorExit])
    def test_a_generator_that_fails_to_close_does_not_keep_the_run(self, error: type[BaseException]) -> None:
        go_on = threading.Event()

        def chunks() -> Iterator[str]:
            try:
                yield "x"
                go_on.wait(10)
                yield "y"
            finally:
                raise error(SECRET)

        before = threading.active_count()
        run = begin(lambda _: chunks())
        wait_until(lambda: len(frames_of(run)) >= 2)
        run.stop()
        run.token.cancel()
        go_on.set()
        wait_until(lambda: not run_threads())
        # Nor does anything go on to break off what has ended.
        wait_until(lambda: threading.active_count() <= before)

    def test_an_async_generator_is_not_disturbed_while_it_cleans_up(self) -> None:
        cleaning, go_on, cleaned, done = threading.Event(), threading.Event(), [], threading.Event()

        async def chunks() -> AsyncIterator[str]:
            try:
                yield "x"
                raise ValueError
            finally:
                cleaning.set()

        class Slow:
            async def aclose(self) -> None:
                cleaning.set()
                while not go_on.is_set():  # noqa: ASYNC110 - set by another thread
                    await asyncio.sleep(0)
                cleaned.append("whole")
                done.set()

            def close(self) -> None:
                raise AssertionError

        def produce(context: RunContext) -> Any:
            context.track(Slow())
            return chunks()

        run = begin(produce, is_async=True)
        assert cleaning.wait(10)
        wait_until(lambda: run.log.is_closed)
        run.token.cancel()
        go_on.set()
        assert done.wait(10)
        assert cleaned == ["whole"]


class TestEnvironment:
    @pytest.mark.parametrize("is_async", [False, True])
    @pytest.mark.parametrize("ending", ["finish", "stop", "fail"])
    def test_all_of_the_authors_code_runs_within_it(self, is_async: bool, ending: str) -> None:
        inside = contextvars.ContextVar("inside", default=False)
        seen: list[tuple[str, bool]] = []
        left, go_on = threading.Event(), threading.Event()

        @contextmanager
        def environment() -> Iterator[None]:
            token = inside.set(True)
            yield
            inside.reset(token)
            left.set()

        def chunks() -> Iterator[str]:
            try:
                seen.append(("body", inside.get()))
                yield "x"
                go_on.wait(10)
                if ending == "fail":
                    raise ValueError
                yield "y"
            finally:
                seen.append(("finally", inside.get()))

        async def async_chunks() -> AsyncIterator[str]:
            try:
                seen.append(("body", inside.get()))
                yield "x"
                while not go_on.is_set():  # noqa: ASYNC110 - set by another thread
                    await asyncio.sleep(0)
                if ending == "fail":
                    raise ValueError
                yield "y"
            finally:
                seen.append(("finally", inside.get()))

        class Stream:
            def close(self) -> None:
                seen.append(("close", inside.get()))

        def produce(context: RunContext) -> Any:
            context.track(Stream())
            seen.append(("call", inside.get()))
            return async_chunks() if is_async else chunks()

        run = begin(produce, is_async=is_async, environment=environment)
        wait_until(lambda: len(frames_of(run)) >= 2)
        if ending == "stop":
            run.stop()
            run.token.cancel()
        go_on.set()
        assert left.wait(10)
        assert seen == [("call", True), ("body", True), ("finally", True), ("close", True)]

    @pytest.mark.parametrize("is_async", [False, True])
    def test_one_that_cannot_be_entered_ends_the_run(self, is_async: bool) -> None:
        @contextmanager
        def broken() -> Iterator[None]:
            raise ValueError(SECRET)
            yield

        run = completed(lambda _: hello(), is_async=is_async, environment=broken)
        assert error_of(run).code == "failed"
        assert "swordfish" not in encode(frames_of(run))


def test_an_async_generator_that_never_waits_leaves_time_for_the_others_on_its_loop() -> None:
    async def never_waits(_: RunContext) -> AsyncIterator[str]:
        while True:
            yield "x"

    async def waits(_: RunContext) -> AsyncIterator[str]:
        for letter in "abc":
            await asyncio.sleep(0)
            yield letter

    busy = begin(never_waits, is_async=True)
    wait_until(lambda: text_of(frames_of(busy)) != "")
    assert text_of(frames_of(completed(waits, is_async=True))) == "abc"
    assert not busy.log.is_closed
    busy.stop()
    busy.token.cancel()
    assert busy.status is RunStatus.STOPPED


def test_the_context_tells_of_the_run() -> None:
    seen: list[str] = []

    def produce(context: RunContext) -> Iterator[str]:
        seen.append(context.run_id)
        assert not context.cancelled
        yield "x"

    run = completed(produce)
    assert seen == [run.id]


@pytest.mark.parametrize("is_async", [False, True])
def test_an_answer_may_have_a_view_and_suggestions(is_async: bool) -> None:
    def produce(context: RunContext) -> Iterator[str]:
        yield "Hi"
        context.suggest("Why?")

    async def produce_later(context: RunContext) -> AsyncIterator[str]:
        for chunk in produce(context):
            yield chunk

    made: list[tuple[Content, bool]] = []

    def view(content: Content) -> str:
        made.append((content, has_running_loop()))
        return "{}"

    run = completed(produce_later if is_async else produce, is_async=is_async, view=view)
    assert made == [("Hi", False)], "it keeps no other answer waiting"
    assert [part.kind for part in check_is_complete(run).parts()] == ["text", "view"]
    finish = frames_of(run)[-1]
    assert isinstance(finish, Finish)
    assert finish.suggestions == ["Why?"]


def has_running_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def test_an_answer_that_failed_has_neither() -> None:
    def produce(context: RunContext) -> Iterator[str]:
        context.suggest("Why?")
        yield "Hi"
        raise ValueError

    run = completed(produce, view=lambda _: pytest.fail("it is not complete"))
    assert error_of(run).code == "failed"
    assert [part.kind for part in check_is_complete(run).parts()] == ["text"]


@pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
def test_an_answer_of_nothing_but_what_is_about_it_says_nothing(colour: int) -> None:
    class Status:
        def write_to(self, answer: AnswerWriter) -> object:
            answer.show_status("Searching…")
            return self

    produce, is_async = both_ways(lambda: iter([Status()]))[colour]
    assert error_of(completed(produce, is_async=is_async)).code == "no-text"


@pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
def test_a_part_that_can_not_be_shown_does_not_end_the_answer(colour: int, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def write_to(self, answer: AnswerWriter) -> object:
            raise AnswerError(SECRET)

    produce, is_async = both_ways(lambda: iter(["Before", Broken(), "after"]))[colour]
    with caplog.at_level(logging.ERROR):
        run = completed(produce, is_async=is_async)
    assert run.status is RunStatus.DONE
    assert [part.kind for part in check_is_complete(run).parts()] == ["text", "problem", "text"]
    assert "swordfish" not in encode(frames_of(run))
    assert "a part could not be shown" in caplog.text
