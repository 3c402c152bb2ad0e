"""What holds for runs wherever they are: the same for those of this process, and for those of another."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.streams.making import QUESTION, fold, text_of
from tests.streams.redis.conftest import make_runs, shared_server
from tests.streams.storyteller import Reader, Storyteller, is_known, start
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.parts import Ask
from vizro_ws_chat.parts.component import as_part
from vizro_ws_chat.protocol.frames import ErrorFrame, Finish, Interrupted, Snapshot, Stopped
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.asking import OpenQuestion, Questions
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.streams.runner import Producer
from vizro_ws_chat.streams.runs import Runs
from vizro_ws_chat.streams.scheduler import Scheduler

__all__ = ["make_runs", "shared_server"]


class Engine(NamedTuple):
    """The runs as two connections see them: that which sends, and another one, perhaps in another process."""

    near: Runs
    far: Runs


MakeEngine = Callable[..., Engine]


@pytest.fixture(params=["memory", "redis: one process", "redis: two processes"])
def make_engine(request: pytest.FixtureRequest) -> MakeEngine:
    def in_memory(**settings: Any) -> Engine:
        hub = RunHub(Settings(**{"batch_seconds": 0, **settings}), Scheduler())
        return Engine(hub, hub)

    if request.param == "memory":
        return in_memory
    make, server = request.getfixturevalue("make_runs"), request.getfixturevalue("shared_server")
    app = secrets.token_hex(4)

    def in_redis(**settings: Any) -> Engine:
        near = make(server, app=app, **settings)
        return Engine(near, near if "one" in request.param else make(server, app=app, **settings))

    return in_redis


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    return make_engine()


def reading(runs: Runs, key: RunKey) -> Reader:
    run = runs.get(key)
    assert run is not None
    return Reader(runs, run)


class TestReading:
    def test_every_reader_gets_the_same_to_the_end(self, engine: Engine, teller: Storyteller, key: RunKey) -> None:
        near = Reader(engine.near, teller.started(engine.near, key))
        far = reading(engine.far, key)
        assert far.text() == "Hello"
        teller.go_on.set()
        assert near.read_to_the_end() == far.read_to_the_end()
        assert far.text() == "Hello, world"
        assert isinstance(far.frames[-1], Finish)

    def test_what_has_ended_is_read_from_the_start(self, engine: Engine, teller: Storyteller, key: RunKey) -> None:
        teller.go_on.set()
        near = Reader(engine.near, teller.start(engine.near, key))
        frames = near.read_to_the_end()
        assert reading(engine.far, key).read_to_the_end() == frames

    def test_reading_goes_on_after_any_frame(self, engine: Engine, teller: Storyteller, key: RunKey) -> None:
        teller.go_on.set()
        frames = Reader(engine.near, teller.start(engine.near, key)).read_to_the_end()
        run = engine.far.get(key)
        assert run is not None
        for seen in range(len(frames) + 1):
            after = frames[seen - 1].frame_id if seen else None
            assert run.log.read(after) == frames[seen:]

    def test_the_question_is_known(self, engine: Engine, teller: Storyteller, key: RunKey) -> None:
        teller.started(engine.near, key, question_view='{"a": "view"}')
        run = engine.far.get(key)
        assert run is not None
        assert (run.key, run.id, run.question, run.question_view) == (key, key.id, QUESTION, '{"a": "view"}')

    def test_what_is_folded_is_read_as_a_snapshot(self, make_engine: MakeEngine, key: RunKey) -> None:
        engine = make_engine(max_log_frames=10)
        halfway, go_on = threading.Event(), threading.Event()

        def count(context: RunContext) -> Iterator[str]:
            for number in range(200):
                if number == 150:
                    halfway.set()
                    go_on.wait(DEADLINE_SECONDS)
                yield f"{number} "

        near = Reader(engine.near, start(engine.near, key, count))
        assert halfway.wait(DEADLINE_SECONDS)
        whole = "".join(f"{number} " for number in range(150))
        wait_until(lambda: near.text() == whole, "the first half")
        far = reading(engine.far, key)
        assert far.text() == whole
        assert isinstance(far.frames[0], Snapshot)
        go_on.set()
        far.read_to_the_end()
        assert far.text() == "".join(f"{number} " for number in range(200))

    def test_an_error_is_read_with_its_reference(self, engine: Engine, key: RunKey) -> None:
        def fail(context: RunContext) -> Iterator[str]:
            yield "Hello"
            raise ValueError

        frames = Reader(engine.near, start(engine.near, key, fail)).read_to_the_end()
        assert reading(engine.far, key).read_to_the_end() == frames
        assert isinstance(frames[-1], ErrorFrame)

    def test_nothing_is_known_of_what_never_was(self, make_engine: MakeEngine, key: RunKey) -> None:
        engine = make_engine(lease_seconds=0.5)
        assert not is_known(engine.far, key)
        assert engine.far.find(key) is None

        def is_nowhere() -> bool:
            with contextlib.suppress(RefusedError):
                return engine.far.get(key) is None
            return False

        wait_until(is_nowhere, "the end of all patience")

    def test_anothers_run_is_not_there(self, engine: Engine, teller: Storyteller, key: RunKey) -> None:
        run = teller.started(engine.near, key)
        for foreign in (key._replace(owner="another"), key._replace(chat="another")):
            assert not is_known(engine.far, foreign)
            engine.far.cancel(foreign)
            with pytest.raises(RefusedError, match="unknown-run"):
                engine.far.answer(foreign, 0, "yes")
        assert not run.log.is_closed


class TestSending:
    def test_again_is_the_same_run(self, engine: Engine, teller: Storyteller, key: RunKey) -> None:
        teller.started(engine.near, key)
        again = Reader(engine.far, teller.start(engine.far, key))
        found = engine.far.find(key)
        assert found is not None
        assert found.key == key
        teller.go_on.set()
        assert text_of(again.read_to_the_end()) == "Hello, world"
        assert len(teller.contexts) == 1

    def test_at_once_everywhere_starts_one_run(self, engine: Engine, teller: Storyteller, key: RunKey) -> None:
        barrier, readers = threading.Barrier(10), list[Reader]()

        def send(runs: Runs) -> None:
            barrier.wait()
            readers.append(Reader(runs, teller.start(runs, key)))

        threads = [threading.Thread(target=send, args=(engine[number % 2],)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        teller.go_on.set()
        assert {text_of(reader.read_to_the_end()) for reader in readers} == {"Hello, world"}
        assert len(readers) == 10
        assert len(teller.contexts) == 1

    def test_what_is_refused_as_busy_can_be_sent_again(self, make_engine: MakeEngine, teller: Storyteller) -> None:
        engine = make_engine(max_runs=1)
        first, second = (RunKey("chat", "owner", secrets.token_urlsafe(16)) for _ in range(2))
        teller.started(engine.near, first)
        with pytest.raises(RefusedError, match="busy"):
            teller.start(engine.near, second)
        assert not is_known(engine.far, second)
        engine.near.cancel(first)
        wait_until(lambda: (run := engine.near.get(first)) is None or run.log.is_closed, "the end of the first")
        teller.go_on.set()
        assert text_of(Reader(engine.near, teller.start(engine.near, second)).read_to_the_end()) == "Hello, world"


class TestCancelling:
    def test_ends_it_for_all_readers_and_tells_the_author(
        self, engine: Engine, teller: Storyteller, key: RunKey
    ) -> None:
        near = Reader(engine.near, teller.started(engine.near, key))
        far = reading(engine.far, key)
        engine.far.cancel(key)
        engine.far.cancel(key)
        assert near.read_to_the_end() == far.read_to_the_end()
        assert isinstance(far.frames[-1], Stopped)
        assert teller.contexts[0].cancelled

    def test_before_it_was_sent_keeps_it_from_starting(self, engine: Engine, teller: Storyteller, key: RunKey) -> None:
        engine.far.cancel(key)
        frames = Reader(engine.near, teller.start(engine.near, key)).read_to_the_end()
        assert isinstance(frames[-1], Stopped)
        assert teller.contexts == []

    def test_what_has_ended_stays_as_it_was(self, engine: Engine, teller: Storyteller, key: RunKey) -> None:
        teller.go_on.set()
        frames = list(Reader(engine.near, teller.start(engine.near, key)).read_to_the_end())
        engine.far.cancel(key)
        assert reading(engine.far, key).read_to_the_end() == frames


class TestAsking:
    @staticmethod
    def ask(engine: Engine, key: RunKey) -> Reader:
        def produce(context: RunContext) -> Any:
            answer = yield Ask("Go on?", options=["yes", "no"])
            yield f"You said {answer}."

        producer = Producer(produce, is_async=False, environment=threading.Lock, as_output=as_part)
        run = engine.near.start(key, question=QUESTION, seal=lambda _: QUESTION, producer=producer)
        wait_until(lambda: run.is_asking and run.log.last, "the question")
        far = reading(engine.far, key)
        wait_until(lambda: far.run.is_asking and far.read(), "the question elsewhere")
        return far

    def test_it_is_answered(self, engine: Engine, key: RunKey) -> None:
        far = self.ask(engine, key)
        engine.far.answer(key, 0, "yes")
        engine.far.answer(key, 0, "yes")
        assert fold(far.read_to_the_end()).parts()[-1].text == "You said yes."
        assert not far.run.is_asking

    def test_it_is_known_to_ask_wherever_the_question_is_read(
        self, engine: Engine, key: RunKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add = Questions.add

        def add_slowly(questions: Questions, question: OpenQuestion) -> None:
            assert not threading.Event().wait(0.2)  # what is asked is on its way to others meanwhile
            add(questions, question)

        monkeypatch.setattr(Questions, "add", add_slowly)
        far = self.ask(engine, key)
        engine.far.answer(key, 0, "yes")
        far.read_to_the_end()

    def test_what_is_not_offered_is_refused(self, engine: Engine, key: RunKey) -> None:
        far = self.ask(engine, key)
        with pytest.raises(RefusedError, match="not-offered"):
            engine.far.answer(key, 0, "perhaps")
        with pytest.raises(RefusedError, match="not-asked"):
            engine.far.answer(key, 7, "yes")
        assert far.run.is_asking
        engine.far.answer(key, 0, "no")
        with pytest.raises(RefusedError, match="not-asked"):
            engine.far.answer(key, 0, "yes")
        assert fold(far.read_to_the_end()).parts()[-1].text == "You said no."

    def test_an_unknown_run_asks_nothing(self, engine: Engine, key: RunKey) -> None:
        with pytest.raises(RefusedError, match="unknown-run"):
            engine.far.answer(key, 0, "yes")


class TestDelivering:
    def test_what_is_said_comes_once_and_in_order(self, make_engine: MakeEngine, key: RunKey) -> None:
        engine = make_engine(max_run_messages=2)

        def listen(context: RunContext) -> Iterator[str]:
            yield "Hello"
            for _ in range(2):
                yield f", {context.inbox.get(timeout=DEADLINE_SECONDS)}"

        start(engine.near, key, listen)
        for delivery in (Delivery("a" * 16, "one"), Delivery("a" * 16, "one"), Delivery("b" * 16, "two")):
            engine.far.deliver(key, delivery)
        texts = [part.text for part in fold(reading(engine.far, key).read_to_the_end()).parts()]
        assert [text for text in texts if text.startswith(",") or text == "Hello"] == ["Hello", ", one", ", two"]
        with pytest.raises(RefusedError, match="not-delivered"):
            engine.far.deliver(key, Delivery("c" * 16, "three"))

    def test_too_much_is_refused(self, make_engine: MakeEngine, teller: Storyteller, key: RunKey) -> None:
        engine = make_engine(max_run_messages=1)
        teller.started(engine.near, key)
        engine.far.deliver(key, Delivery("a" * 16, "one"))
        with pytest.raises(RefusedError, match="inbox-full"):
            engine.far.deliver(key, Delivery("b" * 16, "two"))


class TestGrace:
    def test_what_nobody_reads_is_given_up(self, make_engine: MakeEngine, teller: Storyteller, key: RunKey) -> None:
        engine = make_engine(grace_seconds=0.1)
        run = teller.started(engine.near, key)
        wait_until(lambda: run.log.is_closed, "the end of the run")
        frames = reading(engine.far, key).read_to_the_end()
        assert isinstance(frames[-1], Interrupted)
        assert text_of(frames) == "Hello"

    def test_a_reader_anywhere_keeps_it_alive(self, make_engine: MakeEngine, teller: Storyteller, key: RunKey) -> None:
        engine = make_engine(grace_seconds=0.6, lease_seconds=0.5)
        near = Reader(engine.near, teller.started(engine.near, key))
        far = reading(engine.far, key)
        near.leave()
        assert not threading.Event().wait(1.5)  # more than twice the time that it would have
        teller.go_on.set()
        assert text_of(far.read_to_the_end()) == "Hello, world"
        far.leave()
