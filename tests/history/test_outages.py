"""What a store does while its database does not do what it is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from tests.history.conversations import ME, asked, conversation, thread_of
from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.history import engines
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.sql_store import SqlStore
from vizro_ws_chat.testing import PostgresServer

CALLS: dict[str, Callable[[SqlStore], object]] = {
    "write": lambda store: store.write([asked("Hello")]),
    "threads": lambda store: store.threads(ME, search=None, before=None, limit=1),
    "thread": lambda store: store.thread(ME, thread_of(1)),
    "chain": lambda store: store.chain(ME, "m" * 43),
    "rename": lambda store: store.rename(ME, thread_of(1), "New"),
    "delete": lambda store: store.delete(ME, thread_of(1)),
    "forget": lambda store: store.forget(1),
}


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[SqlStore]:
    store = open_store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_LOCK_MS", 50)


@pytest.mark.usefixtures("short_waits")
def test_a_file_that_another_process_locks(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(AwayError):
            store.write([asked("Hello")])
        assert store.thread(ME, thread_of(1)) is None  # reading goes on
    store.write([asked("Hello")])
    assert store.thread(ME, thread_of(1)) is not None
    store.close()


def test_a_file_that_is_gone_and_comes_back_from_a_backup(
    sqlite_store: SqlStore, sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, backup = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backup.db"
    sqlite_store.write([asked("Before")])
    with closing(sqlite3.connect(path)) as other:
        other.execute("VACUUM INTO ?", [str(backup)])
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    more = [asked("After", number=2, thread=thread_of(2))]
    for call in CALLS.values():
        with pytest.raises(AwayError):
            call(sqlite_store)
    assert caplog.text.count("The history database is away") == 1
    assert not path.exists()  # others could look into what SQLite makes
    backup.rename(path)
    sqlite_store.write(more)
    again = open_store(sqlite_url)
    assert [thread.title for thread in again.threads(ME, search=None, before=None, limit=9).threads] == [
        "After",
        "Before",
    ]
    again.close()


def test_a_disk_that_is_full(sqlite_store: SqlStore) -> None:
    pages = 40
    sqlite_store.write([asked("Hello")])

    @event.listens_for(sqlite_store._engine, "begin")
    def limit_pages(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    with pytest.raises(AwayError):
        sqlite_store.write([asked("x" * 1_000_000, number=2, thread=thread_of(2))])
    assert sqlite_store.thread(ME, thread_of(2)) is None
    pages = 4000
    sqlite_store.write([asked("x" * 1_000_000, number=2, thread=thread_of(2))])
    assert sqlite_store.thread(ME, thread_of(1)) is not None
    assert sqlite_store.thread(ME, thread_of(2)) is not None


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_a_table_that_is_gone(sqlite_store: SqlStore, sqlite_url: str, call: Callable[[SqlStore], object]) -> None:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        for table in ("threads", "messages"):
            other.execute(f"ALTER TABLE vizro_ws_chat_{table} RENAME TO gone_{table}")
        other.commit()
        with pytest.raises(AwayError):
            call(sqlite_store)
        for table in ("threads", "messages"):
            other.execute(f"ALTER TABLE gone_{table} RENAME TO vizro_ws_chat_{table}")
        other.commit()
    call(sqlite_store)


def test_a_server_that_is_killed_and_comes_back(caplog: pytest.LogCaptureFixture) -> None:
    with PostgresServer() as server:
        store = open_store(server.url)
        changes = conversation(2)
        store.write(changes)
        server.kill()
        for call in CALLS.values():
            with pytest.raises(AwayError):
                call(store)
        assert caplog.text.count("The history database is away") == 1
        server.start()
        found = store.thread(ME, thread_of(1))
        assert found is not None
        assert len(found[1]) == 4
        assert caplog.text.count("The history database is back") == 1
        store.close()


def test_a_statement_that_takes_too_long(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines._BEGIN_WRITING, "postgresql", "SET LOCAL statement_timeout = 50")
    store = open_store(postgres_url)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE vizro_ws_chat_threads IN EXCLUSIVE MODE")
        with pytest.raises(AwayError):
            store.write([asked("Hello")])
        other.rollback()
    store.write([asked("Hello")])
    store.close()


def test_what_was_written_in_part_is_not_there(store: SqlStore) -> None:
    good, bad = conversation(1)[0], asked("Bad", number=2, thread=thread_of(2), at_ms=2**70)
    with pytest.raises((ValueError, OverflowError)):
        store.write([good, bad])
    assert store.threads(ME, search=None, before=None, limit=9).threads == []
    store.write([good])
