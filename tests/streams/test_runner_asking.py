from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from functools import partial
from typing import Any

import pytest

from tests.run_threads import run_threads
from tests.streams.driving import SECRET, async_hello, begin, completed, error_of
from tests.streams.making import check_is_complete, fold, frames_of, make_run, text_of
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import AskTimeoutError
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.redaction import withholding
from vizro_ws_chat.streams.asking import Heard
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.output import AnswerWriter
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.streams.scheduler import Scheduler


class Question:
    """Asks the reader."""

    def __init__(self, timeout: float = 100.0) -> None:
        self._timeout = timeout

    def write_to(self, answer: AnswerWriter) -> object:
        def hear(value: Any) -> Heard:
            if value == "again":
                return Heard('"again"', is_final=False)
            return Heard(f'"{value}"', value)

        return answer.ask('"?"', hear, expired='"late"', timeout=self._timeout)


def is_asking(run: Run, index: int) -> bool:
    return len(fold(frames_of(run)).parts()) > index and run.is_asking


class Note:
    """A part."""

    def write_to(self, answer: AnswerWriter) -> object:
        answer.add("tool", "{}")
        return self


class TestAsking:
    """The generator waits at its `yield`."""

    @staticmethod
    def both(chunks: Callable[[], Generator[Any, Any, None]]) -> list[tuple[Callable[[RunContext], Any], bool]]:
        """Return the same generator in both colours, with what its yields return."""

        async def asynchronous() -> AsyncGenerator[Any, Any]:
            generator = chunks()
            try:
                chunk = next(generator)
                while True:
                    try:
                        reply = yield chunk
                    except Exception as error:  # noqa: BLE001 - whatever is raised at the yield
                        chunk = generator.throw(error)
                    else:
                        chunk = generator.send(reply)
            except StopIteration:
                return
            finally:
                generator.close()

        return [(lambda _: chunks(), False), (lambda _: asynchronous(), True)]

    @pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
    def test_the_yield_returns_the_answer(self, colour: int) -> None:
        got: list[object] = []
        question, note = Question(), Note()

        def chunks() -> Generator[Any, Any, None]:
            got.append((yield "Well:"))
            got.append((yield note))
            got.append((yield question))
            got.append((yield "Thanks."))

        produce, is_async = self.both(chunks)[colour]
        run = begin(produce, is_async=is_async)
        wait_until(lambda: run.is_asking)
        run.answer(2, "again")
        assert run.is_asking
        run.answer(2, "yes")
        wait_until(lambda: run.log.is_closed)
        assert check_is_complete(run).status is RunStatus.DONE
        assert got == [None, note, "yes", None]
        assert [part.text for part in check_is_complete(run).parts()] == ["Well:", "{}", '"yes"', "Thanks."]

    @pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
    def test_when_nobody_answers_it_is_raised_at_the_yield(self, colour: int) -> None:
        caught: list[Exception] = []

        def chunks() -> Generator[Any, Any, None]:
            try:
                yield Question(timeout=0.001)
            except AskTimeoutError as error:
                caught.append(error)
            yield "Without an answer, then."

        produce, is_async = self.both(chunks)[colour]
        run = completed(produce, is_async=is_async)
        assert run.status is RunStatus.DONE
        assert len(caught) == 1
        assert [part.text for part in check_is_complete(run).parts()] == ['"late"', "Without an answer, then."]

    @pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
    def test_an_author_who_does_not_care_fails_with_a_sentence(self, colour: int) -> None:
        def chunks() -> Generator[Any, Any, None]:
            yield Question(timeout=0.001)

        produce, is_async = self.both(chunks)[colour]
        error = error_of(completed(produce, is_async=is_async))
        assert (error.code, error.text) == ("user", "The question was not answered in time.")

    @pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
    @pytest.mark.parametrize("is_interrupted", [False, True])
    def test_stop_ends_it_at_the_yield_and_leaves_no_thread(self, colour: int, is_interrupted: bool) -> None:
        seen: list[str] = []
        done = threading.Event()

        def chunks() -> Generator[Any, Any, None]:
            try:
                yield Question()
                seen.append("went on")
            except GeneratorExit:
                seen.append("closed")
                raise
            finally:
                done.set()

        before = len(run_threads())
        produce, is_async = self.both(chunks)[colour]
        run = begin(produce, is_async=is_async)
        wait_until(lambda: run.is_asking)
        assert len(run_threads()) - before == (0 if is_async else 1)
        assert run.interrupt() if is_interrupted else run.stop()
        run.token.cancel()
        assert done.wait(10)
        assert seen == ["closed"]
        wait_until(lambda: len(run_threads()) == before)
        assert [part.text for part in check_is_complete(run).parts()] == ['"?"']

    @pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
    def test_many_questions_leave_no_thread(self, colour: int) -> None:
        got: list[object] = []

        def chunks() -> Generator[Any, Any, None]:
            while len(got) < 20:
                got.append((yield Question()))

        before = threading.active_count()
        produce, is_async = self.both(chunks)[colour]
        run = begin(produce, is_async=is_async)
        for index in range(20):
            wait_until(partial(is_asking, run, index))
            run.answer(index, str(index))
        wait_until(lambda: run.log.is_closed)
        assert got == [str(index) for index in range(20)]
        wait_until(lambda: threading.active_count() <= before)

    def test_others_on_the_event_loop_go_on_meanwhile(self) -> None:
        async def chunks(_: RunContext) -> AsyncIterator[Any]:
            yield Question()

        run = begin(chunks, is_async=True)
        wait_until(lambda: run.is_asking)
        assert text_of(frames_of(completed(lambda _: async_hello(), is_async=True))) == "Hello"
        run.answer(0, "yes")
        wait_until(lambda: run.log.is_closed)
        assert check_is_complete(run).status is RunStatus.DONE

    @pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
    @pytest.mark.parametrize("value", [SECRET, {"user": "me", "password": SECRET}], ids=["text", "form"])
    def test_what_the_reader_has_said_does_not_get_into_the_log(
        self, colour: int, value: object, caplog: pytest.LogCaptureFixture
    ) -> None:
        def chunks() -> Generator[Any, Any, None]:
            reply = yield Question()
            raise ValueError(f"what shall I do with {reply}?")

        produce, is_async = self.both(chunks)[colour]
        run = begin(produce, is_async=is_async, environment=lambda: withholding(["the question"]))
        wait_until(lambda: run.is_asking)
        run.answer(0, value)
        wait_until(lambda: run.log.is_closed)
        assert error_of(run).code == "failed"
        assert "what shall I do with" in caplog.text
        assert "swordfish" not in caplog.text

    def test_what_is_no_generator_is_not_told_the_answer(self) -> None:
        run = begin(lambda _: iter([Question(), "Thanks."]))
        wait_until(lambda: run.is_asking)
        run.answer(0, "yes")
        wait_until(lambda: run.log.is_closed)
        assert check_is_complete(run).status is RunStatus.DONE
        wait_until(lambda: not run_threads())

    @pytest.mark.parametrize("colour", [0, 1], ids=["sync", "async"])
    def test_a_question_for_which_there_is_no_room_ends_it(self, colour: int) -> None:
        def chunks() -> Generator[Any, Any, None]:
            yield Question()

        produce, is_async = self.both(chunks)[colour]
        run = completed(produce, is_async=is_async, run=make_run(Scheduler(), max_chars=2))
        assert error_of(run).code == "output-limit"
