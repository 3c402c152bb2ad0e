from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.history.broken import broken
from tests.history.conversations import ME, SIGNER, asked, run_of, thread_of
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.history.keeper import Keeper
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.sql_store import SqlStore
from vizro_ws_chat.history.write_behind import WriteBehind
from vizro_ws_chat.threads.archive import ThreadArchive

DAY_MS = 86_400_000


@pytest.fixture
def url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def keeper(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    """One that does not try a store that is away again by itself before the test is over."""
    monkeypatch.setattr(WriteBehind.__init__, "__kwdefaults__", {"retry_seconds": 3600.0})
    made = Keeper(
        store,
        ThreadArchive(SIGNER, 1_000_000),
        max_unwritten_chars=1_000_000,
        retry_ms=1_000,
        epoch_ms=lambda: 2 * 86_400_000,
    )
    yield made
    made.close()


QUESTION = SIGNER.sign(ME, None, "user", "Hello")
LOOK_UPS: dict[str, Callable[[Keeper], object]] = {
    "threads": lambda keeper: keeper.threads(ME, search=None, before=None),
    "delete": lambda keeper: keeper.delete(ME, thread_of(2)),
}


@pytest.mark.parametrize("look_up", LOOK_UPS.values(), ids=LOOK_UPS.keys())
def test_what_waits_is_written_as_soon_as_the_store_was_seen_to_be_back(
    keeper: Keeper, store: SqlStore, url: str, look_up: Callable[[Keeper], object]
) -> None:
    with broken(url):
        keeper.asked(ME, thread_of(1), [QUESTION], run="r" * 20, model=None, view=None)
        wait_until(lambda: keeper.is_away)
    look_up(keeper)
    wait_until(lambda: store.thread(ME, thread_of(1)) is not None)
    wait_until(lambda: not keeper.is_away)


def test_a_store_that_can_not_be_read_is_away_until_it_can(postgres_url: str) -> None:
    store = open_store(postgres_url)
    archive = ThreadArchive(SIGNER, 1_000_000)
    keeper = Keeper(store, archive, max_unwritten_chars=1_000_000, retry_ms=1_000, epoch_ms=lambda: 0)
    look_up = LOOK_UPS["threads"]
    look_up(keeper)
    assert not keeper.is_away
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("ALTER TABLE vizro_ws_chat_threads RENAME TO elsewhere")
        with pytest.raises(RefusedError, match="busy"):
            look_up(keeper)
        assert keeper.is_away
        other.execute("ALTER TABLE elsewhere RENAME TO vizro_ws_chat_threads")
    look_up(keeper)
    assert not keeper.is_away
    keeper.close()


def test_what_is_deleted_is_not_brought_back_by_what_has_waited_for_the_store(
    keeper: Keeper, store: SqlStore, url: str
) -> None:
    more = SIGNER.sign(ME, QUESTION.id, "user", "More")
    keeper.asked(ME, thread_of(1), [QUESTION], run=run_of(1), model=None, view=None)
    wait_until(lambda: store.thread(ME, thread_of(1)) is not None)
    with broken(url):
        keeper.asked(ME, thread_of(1), [QUESTION, more], run=run_of(2), model=None, view=None)
        wait_until(lambda: keeper.is_away)
    keeper.delete(ME, thread_of(1))
    wait_until(lambda: not keeper.is_away)
    assert store.thread(ME, thread_of(1)) is None
    # What is said from then on is another matter.
    keeper.asked(ME, thread_of(1), [QUESTION, more], run=run_of(3), model=None, view=None)
    assert len(keeper.thread(ME, thread_of(1))[1]) == 2


def test_what_is_old_is_forgotten(keeper: Keeper, store: SqlStore) -> None:
    store.write([asked("Old", number=1, thread=thread_of(1), at_ms=DAY_MS - 1)])
    store.write([asked("New", number=2, thread=thread_of(2), at_ms=DAY_MS)])
    keeper.forget(1)
    wait_until(lambda: store.thread(ME, thread_of(1)) is None)
    wait_until(lambda: not [thread for thread in threading.enumerate() if thread.name == "vizro-ws-chat-forget"])
    assert store.thread(ME, thread_of(2)) is not None
