"""What processes of another version have written, while one after the other is replaced."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.streams.making import new_key, text_of
from tests.streams.redis.conftest import MakeRuns
from tests.streams.storyteller import Reader, Storyteller
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.frames import PROTOCOL_VERSION
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.shared_runs import SharedRuns
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.testing import RedisServer

SAID = "another version"
Facts = dict[str, Any]


def newer(facts: Facts) -> Facts:
    return {**facts, "v": PROTOCOL_VERSION + 1}


def newer_and_different(facts: Facts) -> Facts:
    return {"v": PROTOCOL_VERSION + 1, "about": facts}


def no_facts_at_all(facts: Facts) -> Facts:
    return {"worker": 7}


def rewrite(client: Client, change: Callable[[Facts], Facts]) -> None:
    """Let the facts of all runs be as a process of another version has written them."""
    for name in client.keys("*:facts"):
        client.set(name, json.dumps(change(json.loads(client.get(name)))), keepttl=True)


@pytest.mark.parametrize("change", [newer, newer_and_different, no_facts_at_all])
def test_a_run_that_can_not_be_read_here_is_busy_and_that_is_said_once(
    server: RedisServer,
    make_runs: MakeRuns,
    client: Client,
    teller: Storyteller,
    caplog: pytest.LogCaptureFixture,
    change: Callable[[Facts], Facts],
) -> None:
    caplog.set_level(logging.WARNING)
    other, here = make_runs(server, lease_seconds=60), make_runs(server, lease_seconds=60)
    keys = [new_key(), new_key()]
    for key in keys:
        teller.started(other, key)
    rewrite(client, change)
    for key in keys:
        for do in refused(here, key, teller):
            with pytest.raises(RefusedError, match="busy") as refusal:
                do()
            assert refusal.value.retry_ms is not None, "it may come to a process that can read it"
        assert here.find(key) is None, "as far as can be known"
    assert caplog.text.count(SAID) == 1
    assert not here.is_away
    assert len(teller.contexts) == 2, "nothing is executed twice"
    own = new_key()
    assert text_of(Reader(here, teller.started(here, own)).read()) == "Hello", "it goes on itself"


def refused(runs: SharedRuns, key: RunKey, teller: Storyteller) -> list[Callable[[], object]]:
    return [
        lambda: runs.get(key),
        lambda: runs.cancel(key),
        lambda: runs.answer(key, 0, "yes"),
        lambda: runs.deliver(key, Delivery("a" * 16, "more")),
        lambda: teller.start(runs, key),
    ]


def test_what_an_older_version_has_written_is_read(
    server: RedisServer, make_runs: MakeRuns, client: Client, teller: Storyteller
) -> None:
    other, here = make_runs(server), make_runs(server)
    key = new_key()
    teller.started(other, key)
    rewrite(client, lambda facts: {name: value for name, value in facts.items() if name != "v"})
    run = here.get(key)
    assert run is not None
    reader = Reader(here, run)
    teller.go_on.set()
    assert text_of(reader.read_to_the_end()) == "Hello, world"


def test_the_runs_of_a_dead_process_are_left_to_those_who_can_read_them(
    server: RedisServer, make_runs: MakeRuns, client: Client, teller: Storyteller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    other, here = make_runs(server, lease_seconds=0.5), make_runs(server, lease_seconds=0.5)
    key = new_key()
    teller.started(other, key)
    [workers] = client.keys("*:workers")
    facts = client.get(client.keys("*:facts")[0])
    other._heartbeat._closed.set()  # as a process that has died
    other._heartbeat._thread.join()
    rewrite(client, newer)
    wait_until(lambda: SAID in caplog.text, "the attempt to end its run")
    for _ in range(3):
        here._heartbeat._beat()
    assert client.zscore(workers, other._worker) is not None, "it is still known"
    assert caplog.text.count(SAID) == 1
    assert "A heartbeat failed" not in caplog.text
    client.set(client.keys("*:facts")[0], facts, ex=60)  # who is newer reads it
    wait_until(lambda: client.zscore(workers, other._worker) is None, "the end of its runs")
    run = here.get(key)
    assert run is not None
    assert run.log.read(None)[-1].type == "interrupted"


def test_frames_that_can_not_be_read_end_the_reading(
    server: RedisServer, make_runs: MakeRuns, client: Client, teller: Storyteller, caplog: pytest.LogCaptureFixture
) -> None:
    other, here = make_runs(server), make_runs(server)
    key = new_key()
    run = teller.started(other, key)
    last = run.log.last
    assert last is not None
    frame = {"type": "smell", "run": key.id, "id": f"{last.epoch}-{last.seq + 1}"}
    [stream] = client.keys("*:frames")
    read = here.get(key)
    assert read is not None
    reader = Reader(here, read)
    client.xadd(stream, {"f": json.dumps([frame])}, id=frame["id"])
    wait_until(lambda: reader.run.is_lost, "the loss of the run")
    assert text_of(reader.frames or reader.read()) == "Hello", "what could be read of it stays"
    assert caplog.text.count("can't be read") == 1
    assert "Traceback" not in caplog.text
