from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from tests.manual_scheduler import ManualScheduler
from tests.streams.making import EPOCH, QUESTION, Sealed, check_is_complete, frames_of, text_of
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.frames import ErrorFrame
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.asking import Heard
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.run import Run, RunKey
from vizro_ws_chat.streams.runner import Producer
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.telemetry.observer import UNOBSERVED, RunObservation

A, B, C = (RunKey("chat", "owner", letter * 16) for letter in "abc")
SETTINGS = Settings(grace_seconds=60, log_ttl_seconds=300, max_run_seconds=900, max_runs=2, batch_seconds=0)


def numbered(number: int) -> RunKey:
    return RunKey("chat", "owner", f"{number:016}")


class Fixture:
    """A hub whose time stands still, and generators that go on when they are told."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.scheduler = ManualScheduler()
        self.hub = RunHub(settings, self.scheduler, epoch_ms=lambda: EPOCH)
        self.go_on = threading.Event()
        self.asked: list[str] = []
        self.contexts: list[RunContext] = []

    def produce(self, context: RunContext) -> Iterator[str]:
        self.asked.append(context.run_id)
        self.contexts.append(context)
        yield "Hello"
        self.go_on.wait(10)
        yield ", world"

    def start(self, key: RunKey, produce: Callable[[RunContext], Any] | None = None) -> Run:
        producer = Producer(produce or self.produce, is_async=False, environment=nullcontext)
        return self.hub.start(key, question=QUESTION, seal=Sealed(), producer=producer)

    def started(self, key: RunKey) -> Run:
        run = self.start(key)
        wait_until(lambda: len(frames_of(run)) >= 2)
        return run


@pytest.fixture
def it() -> Iterator[Fixture]:
    fixture = Fixture()
    yield fixture
    fixture.go_on.set()


class TestStart:
    def test_a_repeated_send_is_the_same_run(self, it: Fixture) -> None:
        run = it.started(A)
        assert it.start(A) is run
        assert it.hub.get(A) is run
        it.go_on.set()
        wait_until(lambda: run.log.is_closed)
        assert it.start(A) is run
        assert it.asked == [A.id]

    def test_twenty_threads_at_once_start_one_run(self, it: Fixture) -> None:
        barrier, runs = threading.Barrier(20), []

        def send() -> None:
            barrier.wait()
            runs.append(it.start(A))

        threads = [threading.Thread(target=send) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_until(lambda: it.asked)
        it.go_on.set()
        wait_until(lambda: runs[0].log.is_closed)
        assert len(runs) == 20
        assert len(set(map(id, runs))) == 1
        assert it.asked == [A.id]
        assert text_of(frames_of(runs[0])) == "Hello, world"

    def test_too_many_runs_are_refused_until_one_ends(self, it: Fixture) -> None:
        it.started(A)
        it.started(B)
        assert it.hub.alive == 2
        with pytest.raises(RefusedError) as refusal:
            it.start(C)
        assert refusal.value.code == "busy"
        assert refusal.value.retry_ms == SETTINGS.busy_retry_seconds * 1000
        assert it.hub.get(C) is None
        it.hub.cancel(A)
        assert it.start(C).key == C

    def test_a_known_run_is_found_also_when_there_are_too_many(self, it: Fixture) -> None:
        run = it.started(A)
        it.started(B)
        assert it.start(A) is run

    def test_without_a_thread_to_be_had_it_is_refused_and_can_be_sent_again(
        self, it: Fixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_more_threads(_: threading.Thread) -> None:
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", no_more_threads)
            with pytest.raises(RefusedError) as refusal:
                it.start(A)
        assert refusal.value.code == "busy"
        assert it.hub.alive == 0
        assert it.hub.get(A) is None
        assert it.started(A).status == "streaming"


class TestCancel:
    def test_ends_the_run_at_once_and_tells_the_author(self, it: Fixture) -> None:
        run = it.started(A)
        it.hub.cancel(A)
        it.hub.cancel(A)
        assert check_is_complete(run).status is RunStatus.STOPPED
        assert it.contexts[0].cancelled

    def test_before_the_send_has_come(self, it: Fixture) -> None:
        it.hub.cancel(A)
        run = it.start(A)
        assert check_is_complete(run).status is RunStatus.STOPPED
        assert it.start(A) is run
        assert it.asked == []

    def test_early_ones_are_remembered_within_limits(self, it: Fixture) -> None:
        for number in range(1_001):
            it.hub.cancel(numbered(number))
        it.started(numbered(0))
        assert it.start(numbered(1_000)).status is RunStatus.STOPPED

    def test_of_a_run_that_has_ended_has_no_effect(self, it: Fixture) -> None:
        run = it.started(A)
        called: list[int] = []
        run.token.on_cancel(lambda: called.append(1))
        it.go_on.set()
        wait_until(lambda: run.log.is_closed)
        it.hub.cancel(A)
        assert check_is_complete(run).status is RunStatus.DONE
        assert not it.contexts[0].cancelled
        assert called == [], "what the author broke off here may serve another run by now"

    def test_of_one_run_leaves_the_others_alone(self, it: Fixture) -> None:
        it.started(A)
        other = it.started(B)
        it.hub.cancel(A)
        assert other.status == "streaming"


class TestGrace:
    def test_a_run_that_nobody_ever_reads_is_given_up(self, it: Fixture) -> None:
        run = it.started(A)
        it.scheduler.advance(59)
        assert run.status == "streaming"
        it.scheduler.advance(2)
        assert check_is_complete(run).status is RunStatus.INTERRUPTED
        assert it.contexts[0].cancelled
        assert text_of(frames_of(run)) == "Hello"

    def test_with_a_reader_it_goes_on(self, it: Fixture) -> None:
        run = it.started(A)
        it.hub.attach(run)
        it.scheduler.advance(600)
        assert run.status == "streaming"

    def test_begins_when_the_last_reader_has_gone(self, it: Fixture) -> None:
        run = it.started(A)
        it.hub.attach(run)
        it.hub.attach(run)
        it.hub.detach(run)
        it.scheduler.advance(100)
        assert run.status == "streaming"
        it.hub.detach(run)
        it.scheduler.advance(59)
        assert run.status == "streaming"
        it.scheduler.advance(2)
        assert run.status == "interrupted"

    def test_ends_when_a_reader_comes_back(self, it: Fixture) -> None:
        run = it.started(A)
        for _ in range(5):
            it.hub.attach(run)
            it.hub.detach(run)
            it.scheduler.advance(59)
        it.hub.attach(run)
        it.scheduler.advance(59)
        assert run.status == "streaming"

    def test_begins_when_it_is_no_longer_read_elsewhere(self, it: Fixture) -> None:
        run = it.started(A)
        it.scheduler.advance(50)
        it.hub.keep(A, 16)
        it.scheduler.advance(16 + 59)
        assert not run.status.is_terminal
        it.scheduler.advance(1)
        assert run.status is RunStatus.INTERRUPTED


class TestLimits:
    def test_of_time(self, it: Fixture) -> None:
        run = it.started(A)
        it.hub.attach(run)
        it.scheduler.advance(901)
        assert check_is_complete(run).status is RunStatus.ERROR
        last = frames_of(run)[-1]
        assert isinstance(last, ErrorFrame)
        assert last.code == "run-time"
        assert it.contexts[0].cancelled

    def test_of_output(self) -> None:
        it = Fixture(Settings(max_output_chars=7))
        it.go_on.set()
        run = it.start(A)
        wait_until(lambda: run.log.is_closed)
        last = frames_of(run)[-1]
        assert isinstance(last, ErrorFrame)
        assert last.code == "output-limit"
        assert text_of(frames_of(run)) == "Hello, "

    def test_a_run_that_has_ended_is_not_ended_again(self, it: Fixture) -> None:
        run = it.started(A)
        it.go_on.set()
        wait_until(lambda: run.log.is_closed)
        before = frames_of(run)
        it.scheduler.advance(10_000)
        assert frames_of(run) == before
        assert not it.contexts[0].cancelled


class TestForgetting:
    def test_an_ended_run_can_be_read_for_a_while(self, it: Fixture) -> None:
        run = it.started(A)
        it.hub.cancel(A)
        it.scheduler.advance(299)
        assert it.hub.get(A) is run
        it.scheduler.advance(2)
        assert it.hub.get(A) is None
        assert it.hub.alive == 0

    def test_readers_of_a_forgotten_run_may_leave(self, it: Fixture) -> None:
        run = it.started(A)
        it.hub.attach(run)
        it.hub.cancel(A)
        it.scheduler.advance(301)
        it.hub.detach(run)
        assert it.hub.get(A) is None

    def test_a_late_reader_of_a_forgotten_run_does_not_count_for_its_namesake(self) -> None:
        it = Fixture(SETTINGS.model_copy(update={"max_remembered_runs": 1}))
        old = it.started(A)
        it.hub.attach(old)
        it.hub.cancel(A)
        it.scheduler.advance(301)
        it.started(B)
        it.hub.cancel(B)
        it.scheduler.advance(301)  # only one is remembered
        new = it.started(A)
        assert new is not old
        it.hub.attach(new)
        it.hub.detach(old)
        it.scheduler.advance(100)
        assert new.status == "streaming"
        it.hub.detach(new)
        it.scheduler.advance(61)
        assert new.status == "interrupted"
        it.go_on.set()

    def test_a_forgotten_run_is_never_executed_again(self, it: Fixture) -> None:
        it.started(A)
        it.hub.cancel(A)
        it.scheduler.advance(301)
        with pytest.raises(RefusedError) as refusal:
            it.start(A)
        assert refusal.value.code == "unknown-run"
        assert it.asked == [A.id]

    def test_the_oldest_go_first_when_too_much_is_kept(self) -> None:
        it = Fixture(SETTINGS.model_copy(update={"max_kept_chars": 5_000}))
        runs = []
        for number in range(10):
            runs.append(it.started(numbered(number)))
            it.hub.attach(runs[-1])
            it.hub.cancel(numbered(number))
        kept = [run for run in runs if it.hub.get(run.key)]
        assert kept == runs[-len(kept) :]
        assert 0 < sum(run.log.chars for run in kept) <= 5_000
        assert runs[0].log.is_closed, "who reads it has it in hand"
        it.scheduler.advance(301)
        assert not [run for run in runs if it.hub.get(run.key)]
        it.go_on.set()


class TestOwners:
    def test_a_run_is_its_owners(self, it: Fixture) -> None:
        mine = it.started(A)
        foreign = RunKey("chat", "another", A.id)
        assert it.hub.get(foreign) is None
        it.hub.cancel(foreign)
        assert mine.status == "streaming"
        theirs = it.start(foreign)
        assert theirs is not mine
        assert theirs.status is RunStatus.STOPPED, "cancelled before it was sent"


def test_the_server_ends(it: Fixture) -> None:
    alive, ended = it.started(A), it.started(B)
    it.hub.cancel(B)
    it.hub.interrupt_all()
    assert check_is_complete(alive).status is RunStatus.INTERRUPTED
    assert text_of(frames_of(alive)) == "Hello"
    assert it.contexts[0].cancelled
    assert check_is_complete(ended).status is RunStatus.STOPPED


def test_an_unknown_run_is_not_there(it: Fixture) -> None:
    assert it.hub.get(A) is None
    assert it.hub.alive == 0


def test_without_a_thread_it_is_as_if_nothing_was_sent(it: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", fail)
        for _ in range(SETTINGS.max_runs + 1):
            with pytest.raises(RefusedError) as refusal:
                it.start(A)
            assert refusal.value.code == "busy"
            assert refusal.value.retry_ms
    assert it.hub.alive == 0
    assert it.hub.get(A) is None
    assert it.scheduler.waiting == 0
    it.go_on.set()
    run = it.start(A)
    wait_until(lambda: run.log.is_closed)
    assert it.asked == [A.id]
    assert text_of(frames_of(run)) == "Hello, world"


def test_without_a_thread_for_its_timers_it_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    hub = RunHub(SETTINGS, Scheduler())
    producer = Producer(lambda _: iter(["Hello"]), is_async=False, environment=nullcontext)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", fail)
        with pytest.raises(RefusedError):
            hub.start(A, question=QUESTION, seal=Sealed(), producer=producer)
    assert hub.alive == 0


def test_a_question_is_kept_before_its_answer_and_only_if_it_is_not_refused(it: Fixture) -> None:
    kept: list[str] = []

    def start(key: RunKey) -> Run:
        def stopped_by_another_connection() -> RunObservation:
            it.hub.cancel(key)
            return UNOBSERVED

        producer = Producer(
            it.produce,
            is_async=False,
            environment=nullcontext,
            keep_question=lambda: kept.append(f"question {key.id[0]}"),
            keep=lambda ending: kept.append(f"{ending.frame.type} {key.id[0]}"),
            observe=stopped_by_another_connection,
        )
        return it.hub.start(key, question=QUESTION, seal=Sealed(), producer=producer)

    start(A)
    assert kept == ["question a", "stopped a"]
    it.started(B)
    it.started(C)
    with pytest.raises(RefusedError):
        start(numbered(1))
    assert start(A).status == RunStatus.STOPPED
    assert kept == ["question a", "stopped a"]


class TestAsking:
    """While a run waits for its reader, it may be alone, and its time does not pass."""

    def asking(self, it: Fixture, key: RunKey = A) -> Run:
        run = it.started(key)
        assert run.ask('"?"', _hear, expired='"late"', timeout=400)
        return run

    def test_the_reader_answers(self, it: Fixture) -> None:
        run = self.asking(it)
        it.hub.answer(A, 1, "yes")
        it.hub.answer(A, 1, "yes")
        assert not run.is_asking
        with pytest.raises(RefusedError) as refusal:
            it.hub.answer(A, 1, "no")
        assert refusal.value.code == "not-asked"

    @pytest.mark.parametrize("key", [RunKey("chat", "another", A.id), RunKey("other", "owner", A.id), B])
    def test_nobody_else_does(self, it: Fixture, key: RunKey) -> None:
        run = self.asking(it)
        with pytest.raises(RefusedError) as refusal:
            it.hub.answer(key, 1, "yes")
        assert refusal.value.code == "unknown-run"
        assert run.is_asking

    def test_after_stop_nobody_does(self, it: Fixture) -> None:
        self.asking(it)
        it.hub.cancel(A)
        with pytest.raises(RefusedError) as refusal:
            it.hub.answer(A, 1, "yes")
        assert refusal.value.code == "not-asked"

    def test_without_readers_it_is_not_given_up(self, it: Fixture) -> None:
        run = self.asking(it)
        it.hub.attach(run)
        it.hub.detach(run)
        it.scheduler.advance(399)
        assert run.is_asking
        it.hub.answer(A, 1, "yes")
        it.scheduler.advance(61)
        assert run.status == "interrupted", "now it goes on, and nobody reads it"

    def test_with_a_reader_that_comes_back_to_answer_it_goes_on(self, it: Fixture) -> None:
        run = self.asking(it)
        it.scheduler.advance(300)
        it.hub.attach(run)
        it.hub.answer(A, 1, "yes")
        it.scheduler.advance(300)
        assert run.status == "streaming"

    def test_the_time_of_its_reader_does_not_count(self, it: Fixture) -> None:
        run = it.started(A)
        it.hub.attach(run)
        it.scheduler.advance(800)
        run.ask('"?"', _hear, expired='"late"', timeout=400)
        it.scheduler.advance(390)
        assert run.is_asking
        it.hub.answer(A, 1, "yes")
        it.scheduler.advance(99)
        assert run.status == "streaming"
        it.scheduler.advance(2)
        assert check_is_complete(run).status is RunStatus.ERROR

    def test_nor_does_it_count_for_more_than_it_was(self, it: Fixture) -> None:
        run = it.started(A)
        it.hub.attach(run)
        for number in range(20):
            run.ask('"?"', _hear, expired='"late"', timeout=400)
            it.scheduler.advance(1)
            it.hub.answer(A, number + 1, "yes")
        it.scheduler.advance(898)
        assert run.status == "streaming"
        it.scheduler.advance(4)
        assert check_is_complete(run).status is RunStatus.ERROR

    def test_what_is_asked_at_the_last_moment_can_be_answered(self, it: Fixture) -> None:
        run = it.started(A)
        it.hub.attach(run)
        it.scheduler.advance(899.999)
        run.ask('"?"', _hear, expired='"late"', timeout=400)
        it.scheduler.advance(300)
        assert run.is_asking

    def test_it_ends_with_the_server(self, it: Fixture) -> None:
        run = self.asking(it)
        it.hub.interrupt_all()
        assert check_is_complete(run).status is RunStatus.INTERRUPTED
        assert not run.is_asking


def _hear(value: object) -> Heard:
    return Heard(f'"{value}"', value)


def test_those_that_have_ended_slow_nobody_down(it: Fixture) -> None:
    runs = [it.start(key) for key in (A, B)]
    assert it.hub._pace.writers == len(runs)
    for run in runs:
        run.stop()
    assert it.hub._pace.writers == 0
