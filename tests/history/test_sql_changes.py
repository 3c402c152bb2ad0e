"""What processes do to the same conversation at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from tests.history.conversations import ME, answered, asked, thread_of
from tests.waiting import wait_until
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.records import Rated

_QUESTION = asked("Hello")
_ANSWER = answered(_QUESTION)
_RATED = Rated(ME, _ANSWER.answer.message.id, "up", "", 3)


@pytest.mark.parametrize(("first", "second"), [(_ANSWER, _RATED), (_RATED, _ANSWER)], ids=["answer", "rating"])
def test_an_answer_and_its_rating_do_not_miss_each_other(postgres_url: str, first: Any, second: Any) -> None:
    stores = [open_store(postgres_url) for _ in range(2)]
    stores[0].write([_QUESTION])
    is_written, may_end = threading.Event(), threading.Event()

    @event.listens_for(stores[0]._engine, "commit")
    def hold(_connection: object) -> None:
        is_written.set()
        may_end.wait(60)

    with ThreadPoolExecutor(2) as pool, psycopg.connect(postgres_url.replace("+psycopg", "")) as looking:
        writing = pool.submit(stores[0].write, [first])
        try:
            assert is_written.wait(60)
            other = pool.submit(stores[1].write, [second])
            waiting = b"SELECT count(*) FROM pg_locks WHERE NOT granted"
            wait_until(lambda: other.done() or looking.execute(waiting).fetchone() == (1,))
        finally:
            may_end.set()
        writing.result()
        other.result()
    found = stores[1].thread(ME, thread_of(1))
    assert found is not None
    assert found[1][1].rating == "up"
    for store in stores:
        store.close()
