from __future__ import annotations

import io
import logging
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.history.broken import broken
from tests.history.conversations import ME, answered, asked, conversation, run_of, thread_of
from tests.history.forked import call_at_once, call_unprivileged, no_threads
from tests.waiting import wait_until
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.records import Asked, Rated
from vizro_ws_chat.history.sql_store import SqlStore
from vizro_ws_chat.history.write_behind import WriteBehind
from vizro_ws_chat.testing import PostgresServer

MANY = 1_000_000
PATIENCE = 10.0
Make = Callable[..., WriteBehind]


@pytest.fixture
def url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def make(store: SqlStore) -> Iterator[Make]:
    """Make what writes; its thread ends with the test."""
    made: list[WriteBehind] = []

    def make_one(max_chars: int = MANY, **options: float) -> WriteBehind:
        made.append(WriteBehind(store, max_chars, **options))
        return made[-1]

    yield make_one
    for each in made:
        each.close()
    assert threads() == []


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "vizro-ws-chat-history"]


def contents(store: SqlStore, number: int = 1) -> list[object]:
    found = store.thread(ME, thread_of(number))
    return [kept.message.content for kept in found[1]] if found else []


def bad(number: int) -> Asked:
    """Return a question that no database can keep: it was asked at no time."""
    question = asked("Bad, and a secret of mine", number=number, thread=thread_of(number))
    return replace(question, question=replace(question.question, created_ms=2**70))


def test_what_is_put_is_written_in_order(store: SqlStore, make: Make) -> None:
    writer = make()
    for change in conversation(300):
        writer.put(change)
    assert writer.flush(PATIENCE)
    assert contents(store) == [f"{word} {n}" for n in range(300) for word in ("Question", "Answer")]


def test_the_thread_begins_with_the_first_change_and_ends_with_the_end(make: Make) -> None:
    writer = make()
    assert writer.flush(0)
    assert threads() == []
    writer.put(asked("1"))
    writer.put(asked("2"))
    assert len(threads()) == 1
    writer.close()
    writer.close()
    assert threads() == []


@pytest.mark.parametrize("end", ["put", "flush", "close"])
def test_what_waits_for_a_thread_is_written_with_the_next_one(open_folder: Path, end: str) -> None:
    def serve() -> list[object]:
        store = open_store(f"sqlite:///{open_folder}/history.db")
        writer = WriteBehind(store, MANY)
        first, second = asked("1"), asked("2", number=2)
        with no_threads(), record_log() as log:
            writer.put(first)
        if end == "put":
            writer.put(second)
        is_written = end == "close" or writer.flush(PATIENCE)
        writer.close()
        found = contents(store)
        store.close()
        return [is_written, found, log.getvalue()]

    waits = "The history is not written for now, and waits: can't start new thread\n"
    written = ["1", "2"] if end == "put" else ["1"]
    assert call_unprivileged(serve) == str([True, written, waits])


@contextmanager
def record_log() -> Iterator[io.StringIO]:
    handler = logging.StreamHandler(log := io.StringIO())
    logging.getLogger("vizro_ws_chat").addHandler(handler)
    yield log
    logging.getLogger("vizro_ws_chat").removeHandler(handler)


def test_what_is_left_is_written_at_the_end(store: SqlStore, make: Make) -> None:
    writer = make()
    for change in conversation(100):
        writer.put(change)
    writer.close()
    assert len(contents(store)) == 200


def test_a_store_that_is_away_gets_everything_when_it_is_back(
    store: SqlStore, url: str, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    writer = make(retry_seconds=0.01)
    first, *others = conversation(3)
    with broken(url):
        writer.put(first)
        wait_until(lambda: writer.is_away)
        for change in others:
            writer.put(change)
        assert not writer.flush(PATIENCE)  # at once
    wait_until(lambda: writer.flush(PATIENCE))
    assert not writer.is_away
    assert contents(store) == [f"{word} {n}" for n in range(3) for word in ("Question", "Answer")]
    levels = [record.levelno for record in caplog.records]
    assert levels == [logging.ERROR, logging.WARNING], caplog.text  # that it is away, and that it is back


def test_a_store_that_is_back_is_tried_at_once_when_somebody_has_seen_it(store: SqlStore, url: str, make: Make) -> None:
    writer = make(retry_seconds=3600)
    with broken(url):
        writer.put(asked("Hello"))
        wait_until(lambda: writer.is_away)
    writer.try_again()
    wait_until(lambda: writer.flush(PATIENCE))
    assert contents(store) == ["Hello"]


def test_a_store_that_is_away_at_the_end_is_tried_once_more_and_each_loss_is_logged(
    url: str, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    writer = make(retry_seconds=3600)
    question = asked("Hello")
    with broken(url):
        writer.put(question)
        wait_until(lambda: writer.is_away)
        writer.put(answered(question))
        writer.put(Rated(ME, "m" * 43, "up", "", 3))
        writer.close()
    lost = [record.getMessage() for record in caplog.records if "lost" in record.getMessage()]
    assert [message.partition(" is lost")[0] for message in lost] == [
        f"The question of run {run_of(1)}",
        f"The answer of run {run_of(1)}",
        f"The rating of message {'m' * 43}",
    ]


def test_a_store_that_comes_back_before_the_end_gets_everything(store: SqlStore, url: str, make: Make) -> None:
    writer = make(retry_seconds=3600)
    with broken(url):
        writer.put(asked("Hello"))
        wait_until(lambda: writer.is_away)
    writer.close()
    assert contents(store) == ["Hello"]


def test_of_too_much_the_oldest_is_lost_and_logged(
    store: SqlStore, url: str, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    writer = make(max_chars=10_000, retry_seconds=0.01)
    with broken(url):
        for number in range(10):
            writer.put(asked(str(number) * 2000, number=number, thread=thread_of(number)))
        wait_until(lambda: caplog.text.count("too much waits") == 6)
    wait_until(lambda: writer.flush(PATIENCE))
    assert [number for number in range(10) if contents(store, number)] == [6, 7, 8, 9]
    assert all(f"run {run_of(number)} is lost" in caplog.text for number in range(6))


def test_what_is_more_than_all_may_be_is_written_all_the_same(store: SqlStore, make: Make) -> None:
    writer = make(max_chars=10)
    writer.put(asked("x" * 1000))
    assert writer.flush(PATIENCE)
    assert contents(store) == ["x" * 1000]


def test_a_change_that_cannot_be_kept_is_logged_and_takes_no_other_with_it(
    store: SqlStore, url: str, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    writer = make(retry_seconds=0.01)
    with broken(url):
        writer.put(asked("First", number=1, thread=thread_of(1)))
        wait_until(lambda: writer.is_away)
        writer.put(bad(2))
        writer.put(asked("Third", number=3, thread=thread_of(3)))
    wait_until(lambda: writer.flush(PATIENCE))
    assert [contents(store, number) for number in (1, 2, 3)] == [["First"], [], ["Third"]]
    assert f"run {run_of(2)} is lost" in caplog.text
    assert "a secret of mine" not in caplog.text


def test_what_comes_after_the_end_is_lost_and_logged(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    writer = make()
    writer.close()
    writer.put(asked("Late"))
    assert f"The question of run {run_of(1)} is lost" in caplog.text
    assert writer.flush(PATIENCE)


def test_putting_waits_for_nobody(store: SqlStore, url: str, make: Make) -> None:
    writer = make()
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for change in conversation(10):
            writer.put(change)
        assert not writer.flush(0)
        assert contents(store) == []  # who reads waits for nobody either
        other.execute("ROLLBACK")
    wait_until(lambda: writer.flush(PATIENCE))
    assert len(contents(store)) == 20


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_a_process_that_was_forked_has_a_thread_and_connections_of_its_own(
    kind: str, request: pytest.FixtureRequest
) -> None:
    store = open_store(str(request.getfixturevalue(kind)))
    writer = WriteBehind(store, MANY)

    def serve(number: int) -> bool:
        writer.put(asked("Hello", number=number, thread=thread_of(number)))
        is_written = writer.flush(PATIENCE)
        writer.close()
        return is_written and contents(store, number) == ["Hello"]

    assert contents(store) == []  # by a connection that is still open
    assert call_at_once([partial(serve, number) for number in range(2)]) == ["True", "True"]
    assert [contents(store, number) for number in range(2)] == [["Hello"], ["Hello"]]
    store.close()


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_it_works_under_gevent(kind: str, request: pytest.FixtureRequest) -> None:
    url = str(request.getfixturevalue(kind))
    program = f"""
from gevent import monkey
monkey.patch_all()
import gevent
from tests.history.conversations import ME, conversation, thread_of
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.write_behind import WriteBehind
store = open_store({url!r})
writer = WriteBehind(store, 1_000_000)
def talk(number):
    for change in conversation(5, thread=thread_of(number), number=number):
        writer.put(change)
    assert writer.flush(30)
    assert len(store.thread(ME, thread_of(number))[1]) == 10
gevent.joinall([gevent.spawn(talk, number) for number in range(4)], raise_error=True)
writer.close()
store.close()
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_server_that_was_killed_gets_everything_when_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    with PostgresServer() as server:
        store = open_store(server.url)
        writer = WriteBehind(store, MANY, retry_seconds=0.05)
        first, *others = conversation(5)
        writer.put(first)
        assert writer.flush(PATIENCE)
        server.kill()
        for change in others:
            writer.put(change)
        wait_until(lambda: writer.is_away)
        server.start()
        wait_until(lambda: writer.flush(PATIENCE))
        assert len(contents(store)) == 10
        writer.close()
        store.close()
    assert "lost to the history" not in caplog.text
