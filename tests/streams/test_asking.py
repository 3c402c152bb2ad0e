from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.manual_scheduler import ManualScheduler
from tests.streams.making import Sealed, check_is_complete, fold, frames_of, make_run
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.frames import ErrorFrame
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.streams.asking import Heard, OpenQuestion
from vizro_ws_chat.streams.run import Run

LONG = 100.0
"""Seconds that no test waits for."""


def hear(value: Any) -> Heard:
    """Take a few texts, of which one is asked for again."""
    if value == "again":
        return Heard('{"again":1}', is_final=False)
    if value not in ("yes", "no"):
        raise RefusedError("not-offered", "it was not among the options")
    return Heard(f'"{value}"', value.upper())


def ask(run: Run, hear: Callable[[Any], Heard] = hear, timeout: float = LONG) -> OpenQuestion:
    question = run.ask('"?"', hear, expired='"late"', timeout=timeout)
    assert question is not None
    return question


def texts(run: Run) -> list[str]:
    return [part.text for part in fold(frames_of(run)).parts()]


def refusal_of(run: Run, index: int, value: object) -> str:
    with pytest.raises(RefusedError) as refusal:
        run.answer(index, value)
    return refusal.value.code


class TestAnswering:
    def test_an_answer_ends_the_question(self) -> None:
        run = make_run()
        run.write("Well:")
        question = ask(run)
        assert run.is_asking
        assert texts(run) == ["Well:", '"?"']
        run.answer(1, "yes")
        assert not run.is_asking
        assert question.wait()
        assert (question.reply, question.is_late) == ("YES", False)
        assert texts(run) == ["Well:", '"yes"']

    def test_the_same_answer_twice_is_one(self) -> None:
        run = make_run()
        question = ask(run)
        run.answer(0, "yes")
        before = frames_of(run)
        run.answer(0, "yes")
        assert frames_of(run) == before
        assert question.reply == "YES"

    def test_another_answer_is_refused(self) -> None:
        run = make_run()
        question = ask(run)
        run.answer(0, "yes")
        assert refusal_of(run, 0, "no") == "not-asked"
        assert question.reply == "YES"
        assert texts(run) == ['"yes"']

    def test_a_value_that_was_not_offered_leaves_it_open(self) -> None:
        run = make_run()
        question = ask(run)
        before = frames_of(run)
        assert refusal_of(run, 0, "perhaps") == "not-offered"
        assert question.is_open
        assert frames_of(run) == before

    def test_one_that_is_asked_again_goes_on(self) -> None:
        run = make_run()
        question = ask(run)
        run.answer(0, "again")
        assert run.is_asking
        assert texts(run) == ['{"again":1}']
        run.answer(0, "no")
        assert question.reply == "NO"

    @pytest.mark.parametrize("index", [0, 1, 5, 10**9])
    def test_a_part_that_asks_nothing(self, index: int) -> None:
        run = make_run()
        run.write("text")
        run.add("tool", "{}")
        assert refusal_of(run, index, "yes") == "not-asked"

    def test_the_right_question_is_answered(self) -> None:
        run = make_run()
        first, second = ask(run), ask(run)
        run.answer(1, "no")
        assert (first.is_open, second.reply) == (True, "NO")
        run.answer(0, "yes")
        assert first.reply == "YES"

    def test_it_is_signed_as_it_was_answered(self) -> None:
        seal = Sealed()
        run = make_run(seal=seal)
        ask(run)
        run.answer(0, "yes")
        run.finish()
        assert seal.texts == [(("ask", '"yes"'),)]


class TestEnding:
    @pytest.mark.parametrize("end", [Run.stop, Run.interrupt, lambda run: run.fail("failed", ref="r")])
    def test_with_its_run_it_is_given_up_and_can_not_be_answered(self, end: Callable[[Run], bool]) -> None:
        run = make_run()
        question = ask(run)
        end(run)
        assert not run.is_asking
        assert refusal_of(run, 0, "yes") == "not-asked"
        run.token.cancel()
        assert question.wait()
        assert not question.is_late
        assert question.reply is None
        assert refusal_of(run, 0, "yes") == "not-asked"
        check_is_complete(run)
        assert texts(run) == ['"?"']

    def test_an_answer_that_came_before_the_end_is_still_the_same_answer(self) -> None:
        run = make_run()
        question = ask(run)
        run.answer(0, "yes")
        run.stop()
        run.token.cancel()
        run.answer(0, "yes")
        assert question.reply == "YES"
        assert refusal_of(run, 0, "no") == "not-asked"

    def test_a_run_that_was_cancelled_meanwhile_waits_for_nobody(self) -> None:
        run = make_run()
        run.token.cancel()
        assert ask(run).wait()

    def test_a_run_that_has_ended_asks_nothing(self) -> None:
        run = make_run()
        run.stop()
        assert run.ask('"?"', hear, expired='""', timeout=LONG) is None
        assert len(frames_of(run)) == 1

    def test_it_expires(self) -> None:
        run = make_run()
        question = ask(run)
        run.expire(question)
        assert question.is_late
        assert question.wait()
        assert texts(run) == ['"late"']
        assert refusal_of(run, 0, "yes") == "not-asked"

    def test_what_was_answered_does_not_expire(self) -> None:
        run = make_run()
        question = ask(run)
        run.answer(0, "yes")
        run.expire(question)
        assert not question.is_late
        assert texts(run) == ['"yes"']

    def test_what_expires_as_its_run_ends_is_left(self) -> None:
        run = make_run()
        question = ask(run)
        run.stop()
        before = frames_of(run)
        run.expire(question)
        assert frames_of(run) == before


class TestTooLong:
    """A question, its answer or its end may be what there is no room for."""

    def test_a_question(self) -> None:
        run = make_run(max_chars=2)
        assert run.ask('"?"', hear, expired='""', timeout=LONG) is None
        self.check(run)

    def test_an_answer(self) -> None:
        run = make_run(max_chars=3)
        question = ask(run)
        run.answer(0, "yes")
        self.check(run)
        assert question.reply is None
        assert question.wait()

    def test_an_expiry(self) -> None:
        run = make_run(max_chars=3)
        question = ask(run)
        run.expire(question)
        self.check(run)
        assert not question.is_late

    @staticmethod
    def check(run: Run) -> None:
        assert check_is_complete(run).status is RunStatus.ERROR
        last = frames_of(run)[-1]
        assert isinstance(last, ErrorFrame)
        assert last.code == "output-limit"
        assert run.token.cancelled

    @pytest.mark.parametrize("act", ["ask", "answer", "expire"])
    def test_who_waits_for_the_end_may_need_the_run_from_another_thread(self, act: str) -> None:
        """The hub holds its own lock while it looks at runs: it must never wait for one that waits for the hub."""
        run = make_run(max_chars=2 if act == "ask" else 3)
        question = None if act == "ask" else ask(run)
        looked: list[bool] = []

        def look_from_another_thread() -> None:
            thread = threading.Thread(target=lambda: looked.append(run.is_asking), daemon=True)
            thread.start()
            thread.join(10)

        run.when_ended(look_from_another_thread)
        run.token.on_cancel(look_from_another_thread)
        if question is None:
            run.ask('"?"', hear, expired='""', timeout=LONG)
        elif act == "answer":
            run.answer(0, "yes")
        else:
            run.expire(question)
        assert looked == [False, False]


class TestAuthorsCode:
    """Reading an answer may take its time, and fail."""

    def test_the_run_can_be_stopped_meanwhile(self) -> None:
        run, reading, go_on = make_run(), threading.Event(), threading.Event()

        def slow(value: Any) -> Heard:
            reading.set()
            assert go_on.wait(10)
            return hear(value)

        question = ask(run, slow)
        codes: list[str] = []
        thread = threading.Thread(target=lambda: codes.append(refusal_of(run, 0, "yes")))
        thread.start()
        assert reading.wait(10)
        assert run.is_asking
        assert run.stop()
        run.token.cancel()
        go_on.set()
        thread.join(10)
        assert codes == ["not-asked"]
        assert question.reply is None
        assert texts(run) == ['"?"']

    def test_the_first_answer_that_was_read_counts(self) -> None:
        run = make_run()

        def slow(value: Any) -> Heard:
            if value == "no":
                run.answer(0, "yes")
            return hear(value)

        question = ask(run, slow)
        assert refusal_of(run, 0, "no") == "not-asked"
        assert question.reply == "YES"

    def test_a_failure_is_logged_and_refused(self, caplog: pytest.LogCaptureFixture) -> None:
        def broken(_: Any) -> Heard:
            raise ZeroDivisionError

        run = make_run()
        question = ask(run, broken)
        assert refusal_of(run, 0, "yes") == "not-offered"
        assert "ZeroDivisionError" in caplog.text
        assert question.is_open


class TestWaiting:
    def test_on_a_thread(self) -> None:
        question = OpenQuestion(0, hear, expired="", timeout=LONG)
        waited: list[bool] = []
        thread = threading.Thread(target=lambda: waited.append(question.wait()))
        thread.start()
        question.answer("yes", "YES")
        thread.join(10)
        assert waited == [True]

    def test_in_vain(self) -> None:
        assert not OpenQuestion(0, hear, expired="", timeout=1e-3).wait()

    def test_on_an_event_loop(self) -> None:
        question = OpenQuestion(0, hear, expired="", timeout=LONG)

        async def wait() -> bool:
            threading.Thread(target=question.give_up).start()
            return await question.wait_async()

        assert asyncio.run(wait())

    def test_on_an_event_loop_in_vain_and_answered_later(self) -> None:
        question = OpenQuestion(0, hear, expired="", timeout=1e-3)
        assert not asyncio.run(question.wait_async())
        question.answer("yes", "YES")
        assert question.wait()

    def test_a_wait_that_is_cancelled_leaves_the_question_open(self) -> None:
        question = OpenQuestion(0, hear, expired="", timeout=LONG)

        async def wait() -> None:
            task = asyncio.ensure_future(question.wait_async())
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(wait())
        assert question.is_open
        question.answer("yes", "YES")
        assert question.wait()

    def test_giving_up_what_was_answered_changes_nothing(self) -> None:
        question = OpenQuestion(0, hear, expired="", timeout=LONG)
        question.answer("yes", "YES")
        question.give_up()
        question.check_again("yes")
        assert question.reply == "YES"


def test_under_a_race_a_question_ends_once_and_its_run_too() -> None:
    for _ in range(60):
        run = make_run(ManualScheduler())
        question = ask(run)
        barrier = threading.Barrier(5)
        failures: list[BaseException] = []

        def act(
            what: Callable[[], object],
            barrier: threading.Barrier = barrier,
            failures: list[BaseException] = failures,
        ) -> None:
            barrier.wait()
            try:
                what()
            except RefusedError:
                pass
            except BaseException as error:  # noqa: BLE001 - shown by the test
                failures.append(error)

        def stop(run: Run = run) -> None:
            if run.stop():
                run.token.cancel()

        acts: list[Callable[[], object]] = [
            stop,
            partial(run.answer, 0, "yes"),
            partial(run.answer, 0, "no"),
            partial(run.expire, question),
            question.wait,
        ]
        threads = [threading.Thread(target=act, args=(each,)) for each in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert failures == []
        check_is_complete(run)
        [text] = texts(run)
        assert text == {None: '"late"' if question.is_late else '"?"', "YES": '"yes"', "NO": '"no"'}[question.reply]
