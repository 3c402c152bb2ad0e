"""What a store does while its database hangs: it takes what it is sent, and answers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.history.conversations import ME, asked, conversation, thread_of
from tests.history.test_outages import CALLS
from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.history import engines, impatient
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.sql_store import SqlStore
from vizro_ws_chat.testing import PostgresServer

READERS = 20
"""More than connections."""


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as started:
        yield started


@pytest.fixture
def store(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """One that waits for short times only, and has a connection."""
    monkeypatch.setattr(impatient, "REPLY_SECONDS", 0.5)
    monkeypatch.setattr(engines, "_CONNECT_SECONDS", 2)
    opened = open_store(server.url)
    opened.write(conversation(2))
    yield opened
    opened.close()


def test_a_server_that_hangs_is_away(server: PostgresServer, store: SqlStore) -> None:
    server.freeze()
    for call in CALLS.values():
        with pytest.raises(AwayError):
            call(store)
    server.thaw()
    store.write([asked("Hello", number=9, thread=thread_of(9))])
    found = store.thread(ME, thread_of(1))
    assert found is not None
    assert len(found[1]) == 4


def test_all_who_ask_a_server_that_hangs_are_told_so(server: PostgresServer, store: SqlStore) -> None:
    def look_up(_: int) -> str:
        try:
            store.thread(ME, thread_of(1))
        except AwayError:
            return "away"
        return "there"

    with ThreadPoolExecutor(READERS) as pool:
        assert set(pool.map(look_up, range(READERS))) == {"there"}
        server.freeze()
        assert set(pool.map(look_up, range(READERS))) == {"away"}
        server.thaw()
        assert set(pool.map(look_up, range(READERS))) == {"there"}
