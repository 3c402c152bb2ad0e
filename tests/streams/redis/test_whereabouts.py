"""Runs of which Redis knows nothing: whether they may still come, and who has them."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest

from tests.streams.making import QUESTION, fold, new_key
from tests.streams.redis.conftest import MakeRuns, flush
from tests.streams.redis.wire import Wire
from tests.streams.storyteller import Reader, Storyteller
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.parts import Ask
from vizro_ws_chat.parts.component import as_part
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.missing import Missing
from vizro_ws_chat.streams.redis.shared_runs import SharedRuns
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.streams.runner import Producer
from vizro_ws_chat.streams.runs import ReadableRun
from vizro_ws_chat.testing import RedisServer

LONG = 60.0
"""A lease of which no heartbeat comes within a test, but for the first one."""


def ask(runs: SharedRuns, key: RunKey) -> ReadableRun:
    """Start a run that asks something, listens, and says what it has heard."""

    def produce(context: RunContext) -> Any:
        answer = yield Ask("Go on?", options=["yes", "no"])
        yield f"{answer}, {context.inbox.get(timeout=DEADLINE_SECONDS)}"

    producer = Producer(produce, is_async=False, environment=threading.Lock, as_output=as_part)
    run = runs.start(key, question=QUESTION, seal=lambda _: QUESTION, producer=producer)
    wait_until(lambda: run.is_asking and run.log.last, "the question")
    return run


def said(reader: Reader) -> str:
    return fold(reader.read_to_the_end()).parts()[-1].text


def is_nowhere(runs: SharedRuns, key: RunKey) -> bool:
    """Return whether that is known."""
    try:
        return runs.get(key) is None
    except RefusedError as refusal:
        if refusal.code != "busy":
            raise
        return False


class TestAskingForARun:
    def test_that_never_was_is_answered_at_once(self, server: RedisServer, make_runs: MakeRuns, client: Client) -> None:
        one, _other = make_runs(server, lease_seconds=LONG), make_runs(server, lease_seconds=LONG)
        assert one.get(new_key()) is None
        with pytest.raises(RefusedError, match="unknown-run"):
            one.deliver(new_key(), Delivery("a" * 16, "more"))
        fresh = make_runs(server, lease_seconds=LONG)
        assert fresh.get(new_key()) is None, "also by a process that has just come"

    @pytest.mark.parametrize("when", ["and it has noticed", "and another one has", "and nobody has"])
    def test_takes_patience_when_redis_was_flushed(
        self, server: RedisServer, make_runs: MakeRuns, client: Client, when: str
    ) -> None:
        one, other = make_runs(server, lease_seconds=LONG), make_runs(server, lease_seconds=LONG)
        client.flushall()
        if when != "and nobody has":
            (other if when == "and another one has" else one)._heartbeat._beat()
        with pytest.raises(RefusedError, match="busy"):
            one.get(new_key())

    def test_takes_patience_when_redis_was_restarted_with_what_it_had(self, make_runs: MakeRuns) -> None:
        with RedisServer(["--appendonly", "yes", "--appendfsync", "always"]) as server:
            runs = make_runs(server, lease_seconds=LONG)
            assert runs.get(new_key()) is None
            server.kill()
            server.start()
            wait_until(lambda: runs._link.steady_seconds < LONG, "the notice of it")
            with pytest.raises(RefusedError, match="busy"):
                runs.get(new_key())

    def test_takes_patience_when_redis_was_away_for_this_process(
        self, server: RedisServer, make_runs: MakeRuns, client: Client
    ) -> None:
        with Wire(server.url) as wire:
            runs = make_runs(server, redis_url=wire.url, lease_seconds=LONG)
            wire.down()
            with pytest.raises(RefusedError, match="busy"):
                runs.get(new_key())
            wire.up()
            runs._heartbeat._beat()
            assert not runs.is_away
            with pytest.raises(RefusedError, match="busy"):
                runs.get(new_key())

    def test_takes_patience_while_a_process_is_not_heard_of(
        self, server: RedisServer, make_runs: MakeRuns, client: Client
    ) -> None:
        one, other = make_runs(server, lease_seconds=LONG), make_runs(server, lease_seconds=LONG)
        [workers] = client.keys("*:workers")
        client.zincrby(workers, -LONG / 2 * 1000, other._worker)
        with pytest.raises(RefusedError, match="busy"):
            one.get(new_key())
        other._heartbeat._beat()
        assert one.get(new_key()) is None

    def test_takes_patience_while_its_process_says_that_it_has_it(
        self, server: RedisServer, make_runs: MakeRuns, client: Client
    ) -> None:
        near, far = make_runs(server, lease_seconds=LONG), make_runs(server, lease_seconds=LONG)
        teller, key = Storyteller(), new_key()
        teller.started(near, key)
        client.delete(*client.keys("*:run:*"))
        with pytest.raises(RefusedError, match="busy"):
            far.get(key)
        near._heartbeat._beat()
        wait_until(lambda: client.keys("*:facts"), "what was evicted")
        assert far.get(key) is not None
        teller.go_on.set()

    def test_has_an_end(self, server: RedisServer, make_runs: MakeRuns, client: Client) -> None:
        runs = make_runs(server, lease_seconds=0.5)
        [workers] = client.keys("*:workers")
        runs._heartbeat.close()  # which would see to it
        client.zadd(workers, {"one that hangs": 10_000})
        key = new_key()
        with pytest.raises(RefusedError, match="busy"):
            runs.get(key)
        wait_until(lambda: is_nowhere(runs, key), "the end of all patience")

    def test_takes_patience_anew_each_time_it_is_missed(
        self, server: RedisServer, make_runs: MakeRuns, client: Client, teller: Storyteller, key: RunKey
    ) -> None:
        near, far = make_runs(server, lease_seconds=LONG), make_runs(server, lease_seconds=LONG)
        now = itertools.count(step=1.5 * LONG)  # each look is the last of one's patience
        far._whereabouts._missing = Missing(LONG, lambda: float(next(now)))
        teller.started(near, key)
        for _ in range(2):
            client.delete(*client.keys("*:run:*"))
            with pytest.raises(RefusedError, match="busy"):
                far.get(key)
            near._heartbeat._beat()
            wait_until(lambda: client.keys("*:facts"), "what was evicted")
            assert far.get(key) is not None
            far._heartbeat._beat()  # it lets go of what nobody reads

    def test_takes_patience_before_a_heartbeat_after_a_flush_is_taken_note_of(
        self, server: RedisServer, make_runs: MakeRuns, client: Client
    ) -> None:
        with Wire(server.url) as wire:
            near = make_runs(server, redis_url=wire.url, lease_seconds=LONG, redis_timeout_seconds=LONG)
            far = make_runs(server, lease_seconds=LONG)
            client.flushall()
            wire.hold_replies()
            beating = threading.Thread(target=near._heartbeat._beat)
            beating.start()
            wait_until(lambda: client.keys("*:workers"), "the heartbeat")
            client.zadd(client.keys("*:workers")[0], {far._worker: 1e15})  # that of another process, too
            with pytest.raises(RefusedError, match="busy"):
                far.get(new_key())
            wire.up()
            beating.join()

    def test_is_answered_at_once_again_when_a_lease_has_passed(
        self, server: RedisServer, make_runs: MakeRuns, client: Client
    ) -> None:
        runs = make_runs(server, lease_seconds=0.5)
        client.flushall()
        assert not is_nowhere(runs, new_key())
        wait_until(lambda: is_nowhere(runs, new_key()), "the end of all doubts")


class TestWhatIsSaidToARun:
    def test_arrives_though_redis_was_flushed_where_it_is_read(
        self, server: RedisServer, make_runs: MakeRuns, client: Client
    ) -> None:
        near, far = make_runs(server, lease_seconds=LONG), make_runs(server, lease_seconds=LONG)
        key = new_key()
        reader = Reader(near, ask(near, key))
        run = far.get(key)
        assert run is not None
        far.attach(run)
        flush(client)
        far.answer(key, 0, "yes")
        far.deliver(key, Delivery("a" * 16, "more"))
        assert said(reader) == "yes, more"

    def test_is_to_be_said_again_where_it_is_not_read(
        self, server: RedisServer, make_runs: MakeRuns, client: Client
    ) -> None:
        near, far = make_runs(server, lease_seconds=LONG), make_runs(server, lease_seconds=LONG)
        key = new_key()
        reader = Reader(near, ask(near, key))
        flush(client)
        with pytest.raises(RefusedError, match="busy") as refusal:
            far.answer(key, 0, "yes")
        assert refusal.value.retry_ms is not None
        with pytest.raises(RefusedError, match="busy"):
            far.deliver(key, Delivery("a" * 16, "more"))
        near._heartbeat._beat()
        wait_until(lambda: client.keys("*:facts"), "what was flushed")
        far.answer(key, 0, "yes")
        far.deliver(key, Delivery("a" * 16, "more"))
        assert said(reader) == "yes, more"

    def test_arrives_though_the_run_was_evicted(self, server: RedisServer, make_runs: MakeRuns, client: Client) -> None:
        near, far = make_runs(server, lease_seconds=LONG), make_runs(server, lease_seconds=LONG)
        key = new_key()
        reader = Reader(near, ask(near, key))
        client.delete(*client.keys("*:run:*"))
        far.answer(key, 0, "no")
        far.deliver(key, Delivery("a" * 16, "more"))
        assert said(reader) == "no, more"
