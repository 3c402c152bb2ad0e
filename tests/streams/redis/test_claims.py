"""Runs that were claimed and not started, while Redis goes away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.streams.making import text_of
from tests.streams.redis.conftest import MakeRuns
from tests.streams.redis.wire import Wire
from tests.streams.storyteller import Reader, Storyteller
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.shared_runs import SharedRuns
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.testing import RedisServer


@pytest.fixture
def wire(server: RedisServer) -> Iterator[Wire]:
    with Wire(server.url) as own:
        yield own


def refuse(runs: SharedRuns, wire: Wire, key: RunKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process claim a run, and refuse it when Redis has gone away."""
    start = runs.hub.start

    def start_late(*arguments: Any, **named: Any) -> Any:
        wire.down()
        return start(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(runs.hub, "start", start_late)
        with pytest.raises(RefusedError, match="too many runs"):
            Storyteller().start(runs, key, owner_limit=0)


@pytest.mark.parametrize("lease", [0.5, 60.0])
def test_a_claim_is_given_back_when_redis_is_back(
    server: RedisServer,
    make_runs: MakeRuns,
    client: Client,
    wire: Wire,
    teller: Storyteller,
    key: RunKey,
    monkeypatch: pytest.MonkeyPatch,
    lease: float,
) -> None:
    near, far = make_runs(server, redis_url=wire.url, lease_seconds=lease), make_runs(server, lease_seconds=0.5)
    refuse(near, wire, key, monkeypatch)
    empty = far.get(key)
    assert empty is not None
    reader = Reader(far, empty)
    wire.up()
    near._heartbeat._beat()
    assert not client.keys("*:run:*")
    wait_until(lambda: reader.run.is_lost, "the end for who reads it elsewhere")
    assert text_of(Reader(far, teller.started(far, key)).read()) == "Hello", "it may be sent again, to any process"


@pytest.mark.parametrize("is_back", [True, False])
def test_what_was_refused_can_be_sent_again_before_that(
    server: RedisServer,
    make_runs: MakeRuns,
    client: Client,
    wire: Wire,
    teller: Storyteller,
    key: RunKey,
    monkeypatch: pytest.MonkeyPatch,
    is_back: bool,
) -> None:
    near, far = make_runs(server, redis_url=wire.url, lease_seconds=60), make_runs(server, lease_seconds=60)
    refuse(near, wire, key, monkeypatch)
    if is_back:
        wire.up()
        near._link.probe(lambda connected: connected.ping())  # before the heartbeat has done anything
    reader = Reader(near, teller.started(near, key))
    wire.up()
    near._heartbeat._beat()
    wait_until(lambda: client.keys("*:frames"), "the run in Redis")
    assert client.keys("*:claim"), "it is not given back any more"
    run = far.get(key)
    assert run is not None
    far_reader = Reader(far, run)
    teller.go_on.set()
    assert {text_of(each.read_to_the_end()) for each in (reader, far_reader)} == {"Hello, world"}


def test_what_a_process_could_not_give_back_ends_with_it(
    server: RedisServer,
    make_runs: MakeRuns,
    wire: Wire,
    key: RunKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near, far = make_runs(server, redis_url=wire.url, lease_seconds=0.5), make_runs(server, lease_seconds=0.5)
    refuse(near, wire, key, monkeypatch)
    empty = far.get(key)
    assert empty is not None
    reader = Reader(far, empty)
    wait_until(lambda: reader.run.is_lost, "the end for who reads it")  # its process is not heard of any more
    reader.leave()
    assert far.get(key) is None
