"""What is kept in Redis, and what a process needs for it."""

from __future__ import annotations

import logging
import multiprocessing
import secrets
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from redis.client import Pipeline

from tests.streams.making import text_of
from tests.streams.redis.conftest import MakeRuns, flush
from tests.streams.storyteller import Reader, Storyteller, is_known, start
from tests.waiting import wait_until
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.mirror import Mirror
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.testing import RedisServer


def new_key() -> RunKey:
    return RunKey("chat", "somebody", secrets.token_urlsafe(16))


def test_all_keys_are_below_the_prefix_expire_and_name_nobody(
    server: RedisServer, make_runs: MakeRuns, client: Client
) -> None:
    near, far = (make_runs(server, redis_prefix="chats") for _ in range(2))
    teller, key = Storyteller(), new_key()
    Reader(near, teller.started(near, key))
    run = far.get(key)
    assert run is not None
    Reader(far, run)
    far.cancel(key)
    wait_until(lambda: run.log.is_closed, "the end")
    teller.go_on.set()
    names = [name.decode() for name in client.keys("*")]
    assert {name.rpartition(":")[2] for name in names} == {
        *("frames", "facts", "claim", "cancelled", "mail", "workers", "apps")
    }
    for name in names:
        assert name.startswith("chats:")
        assert "somebody" not in name
        if not name.endswith((":workers", ":apps")):  # of which dead processes are taken out
            assert client.ttl(name) > 0, name


def test_what_is_written_again_expires_too(server: RedisServer, make_runs: MakeRuns, client: Client) -> None:
    runs = make_runs(server, lease_seconds=0.5)
    over, going_on, key = Storyteller(), Storyteller(), new_key()
    over.go_on.set()
    Reader(runs, over.start(runs, new_key())).read_to_the_end()
    going_on.started(runs, key)
    flush(client)
    wait_until(lambda: len(client.keys("*:frames")) == 2, "both of them")
    wait_until(lambda: all(client.ttl(name) > 0 for name in client.keys("*:runs")), "a heartbeat")
    assert client.keys("*:runs") != []
    for name in client.keys("*:run:*"):
        assert client.ttl(name) > 0, name
    going_on.go_on.set()


def test_nothing_is_left_when_all_processes_have_ended_and_time_has_passed(
    server: RedisServer, make_runs: MakeRuns, client: Client
) -> None:
    runs = make_runs(server)
    teller = Storyteller()
    teller.go_on.set()
    Reader(runs, teller.start(runs, new_key())).read_to_the_end()
    runs.close()
    for name in client.keys("*"):
        if client.ttl(name) > 0:
            client.delete(name)
    assert {name.rpartition(b":")[2] for name in client.keys("*")} <= {b"apps"}


def test_a_stream_has_a_limit(server: RedisServer, make_runs: MakeRuns, client: Client) -> None:
    near, far = (make_runs(server, max_log_frames=20) for _ in range(2))
    go_on, key = threading.Event(), new_key()

    def count(context: RunContext) -> Iterator[str]:
        for number in range(500):
            yield f"{number} "
            if number % 10 == 0:
                go_on.wait(0.002)  # or all would go into one entry

    reader = Reader(near, start(near, key, count))
    most = 0
    while not reader.run.log.is_closed:
        streams = client.keys("*:frames")
        most = max(most, *(client.xlen(stream) for stream in streams), 0)
    assert 5 < most <= 22
    run = far.get(key)
    assert run is not None
    assert text_of(run.log.read(None)) == "".join(f"{number} " for number in range(500))


def test_other_apps_are_other_worlds_and_are_warned_of(
    server: RedisServer, make_runs: MakeRuns, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    one, other = make_runs(server, app="one", lease_seconds=0.5), make_runs(server, app="other", lease_seconds=0.5)
    teller, key = Storyteller(), new_key()
    teller.started(one, key)
    assert not is_known(other, key)
    wait_until(lambda: "another secret" in caplog.text, "the warning")
    teller.go_on.set()


def test_one_thread_and_one_connection_read_however_many_runs(
    server: RedisServer, make_runs: MakeRuns, client: Client
) -> None:
    near, far = make_runs(server), make_runs(server)
    tellers = [Storyteller() for _ in range(40)]
    keys = [new_key() for _ in tellers]
    for teller, key in zip(tellers, keys, strict=True):
        teller.started(near, key, owner_limit=None)
    threads, clients = threading.active_count(), client.info("clients")["connected_clients"]
    readers = []
    for key in keys:
        run = far.get(key)
        assert run is not None
        readers.append(Reader(far, run))
    assert threading.active_count() == threads
    assert client.info("clients")["connected_clients"] <= clients + 1
    for teller in tellers:
        teller.go_on.set()
    assert {text_of(reader.read_to_the_end()) for reader in readers} == {"Hello, world"}


def test_however_many_processes_are_read_from_redis_is_asked_as_often(
    server: RedisServer, make_runs: MakeRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a slow Redis a process would be taken to be dead while it tells each of the others that it is read."""
    far, tellers, asked = make_runs(server, lease_seconds=60), [], []
    execute = Pipeline.execute

    def counted(pipe: Pipeline, *arguments: Any, **options: Any) -> Any:
        asked.append(pipe)
        return execute(pipe, *arguments, **options)

    for _ in range(5):
        near, teller, key = make_runs(server, lease_seconds=60), Storyteller(), new_key()
        teller.started(near, key)
        tellers.append(teller)
        run = far.get(key)
        assert run is not None
        Reader(far, run)
    monkeypatch.setattr(Pipeline, "execute", counted)
    far._link.call(far._mirrors.look_after)
    assert len(asked) == 2
    for teller in tellers:
        teller.go_on.set()


def test_what_nobody_reads_any_more_is_let_go(server: RedisServer, make_runs: MakeRuns) -> None:
    near, far = make_runs(server, lease_seconds=0.5), make_runs(server, lease_seconds=0.5)
    teller, key = Storyteller(), new_key()
    teller.started(near, key)
    run = far.get(key)
    assert run is not None
    assert far.get(key) is run
    reader = Reader(far, run)
    reader.leave()
    assert far.get(key) is not run
    # What was found and never read is let go with a heartbeat.
    wait_until(lambda: far._mirrors._mirrors == {}, "the end of the mirror")
    teller.go_on.set()


def test_readers_may_leave_while_there_is_news(
    server: RedisServer, make_runs: MakeRuns, caplog: pytest.LogCaptureFixture
) -> None:
    near, far = make_runs(server), make_runs(server)
    end, key = threading.Event(), new_key()

    def count(context: RunContext) -> Iterator[str]:
        number = 0
        while not end.wait(0.0005):
            yield f"{number} "
            number += 1

    start(near, key, count)
    for _ in range(100):
        run = far.get(key)
        assert run is not None
        reader = Reader(far, run)
        seen = reader.run.log.last
        wait_until(lambda: reader.run.log.last != seen, "news")  # noqa: B023 - of this turn
        reader.leave()
    end.set()
    assert caplog.text == ""


def test_who_takes_long_to_begin_and_who_has_found_it_later_both_read_it(
    server: RedisServer, make_runs: MakeRuns
) -> None:
    near, far = make_runs(server), make_runs(server, lease_seconds=0.5)
    teller, key = Storyteller(), new_key()
    teller.started(near, key)
    slow = far.get(key)
    assert slow is not None
    wait_until(lambda: far._mirrors._mirrors == {}, "the end of the mirror that nobody reads")
    quick = far.get(key)
    assert quick is not None
    readers = [Reader(far, quick), Reader(far, slow)]
    teller.go_on.set()
    assert {text_of(reader.read_to_the_end()) for reader in readers} == {"Hello, world"}


def test_who_comes_when_the_last_reader_leaves_reads_on(
    server: RedisServer, make_runs: MakeRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    near, far = make_runs(server), make_runs(server)
    teller, key = Storyteller(), new_key()
    teller.started(near, key)
    run = far.get(key)
    assert run is not None
    first, tail, later = Reader(far, run), far._tail, []
    leave = tail.leave

    def leave_slowly(mirror: Mirror) -> None:
        thread = threading.Thread(target=lambda: later.append(Reader(far, run)))
        thread.start()
        thread.join(0.3)  # it waits, or it has come meanwhile
        leave(mirror)

    monkeypatch.setattr(tail, "leave", leave_slowly)
    first.leave()
    wait_until(lambda: later, "the second reader")
    seen = tail._mail_cursor
    far._letters.wake()
    wait_until(lambda: tail._mail_cursor != seen, "another look at what is read")
    teller.go_on.set()
    assert text_of(later[0].read_to_the_end()) == "Hello, world"


def test_a_process_may_be_closed_twice(server: RedisServer, make_runs: MakeRuns) -> None:
    runs = make_runs(server)
    runs.close()
    runs.close()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_what_an_authors_code_has_forked_does_not_end_the_process_that_it_comes_from(
    server: RedisServer, make_runs: MakeRuns, client: Client
) -> None:
    runs = make_runs(server)
    teller = Storyteller()
    reader = Reader(runs, teller.started(runs, new_key()))
    kept = set(client.keys("*"))
    forked = multiprocessing.get_context("fork").Process(target=runs.close)  # as atexit does
    forked.start()
    forked.join()
    assert set(client.keys("*")) >= kept
    assert client.zscore(runs._keys.workers, runs._worker) is not None
    teller.go_on.set()
    assert text_of(reader.read_to_the_end()) == "Hello, world"
