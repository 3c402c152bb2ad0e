from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, inspect, make_url, text

from tests.history.conversations import ME, asked, conversation, thread_of
from tests.history.forked import call_at_once
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.history.engines import make_engine
from vizro_ws_chat.history.migrations import STEPS, migrate
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.schema import metadata
from vizro_ws_chat.history.sql_store import SqlStore

PROCESSES = 8


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = make_engine(make_url(url))
    yield made
    made.dispose()


def version_of(engine: Engine) -> int:
    with engine.begin() as connection:
        return int(connection.execute(text("SELECT version FROM vizro_ws_chat_schema")).scalar_one())


def second_step(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE vizro_ws_chat_threads ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'"))


def broken_step(connection: Connection) -> None:
    second_step(connection)
    raise ZeroDivisionError


def test_the_steps_make_the_tables_that_the_code_expects(engine: Engine) -> None:
    migrate(engine)
    made = inspect(engine)
    for table in metadata.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in made.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}, table.name
        assert made.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]
    assert version_of(engine) == len(STEPS) == 1


def test_a_second_step_is_taken_by_a_database_of_the_first_version_and_keeps_what_is_there(
    store: SqlStore, engine: Engine
) -> None:
    store.write(conversation(2))
    before = store.thread(ME, thread_of(1))
    steps = [*STEPS, second_step]
    migrate(engine, steps)
    migrate(engine, steps)
    assert version_of(engine) == 2
    with engine.begin() as connection:
        assert connection.execute(text("SELECT colour FROM vizro_ws_chat_threads")).scalar_one() == "blue"
    assert store.thread(ME, thread_of(1)) == before


def test_both_steps_are_taken_by_an_empty_database(engine: Engine) -> None:
    migrate(engine, [*STEPS, second_step])
    assert version_of(engine) == 2


def test_a_step_that_fails_leaves_the_database_as_it_was(store: SqlStore, engine: Engine) -> None:
    store.write(conversation(1))
    with pytest.raises(ZeroDivisionError):
        migrate(engine, [*STEPS, broken_step])
    assert version_of(engine) == 1
    assert "colour" not in {column["name"] for column in inspect(engine).get_columns("vizro_ws_chat_threads")}
    migrate(engine, [*STEPS, second_step])
    assert version_of(engine) == 2


def test_a_database_of_a_later_version_is_left_alone(engine: Engine, url: str) -> None:
    migrate(engine, [*STEPS, second_step])
    with pytest.raises(ConfigurationError, match=r"is of version 2, .* knows only 1. Update vizro-ws-chat, or use"):
        open_store(url)
    assert version_of(engine) == 2


def test_processes_that_start_at_once_make_the_tables_once(url: str, engine: Engine) -> None:
    def start(number: int) -> None:
        store = open_store(url)
        store.write([asked("Hello", number=number, thread=thread_of(number))])
        store.close()

    assert call_at_once([partial(start, number) for number in range(PROCESSES)]) == ["None"] * PROCESSES
    assert version_of(engine) == 1
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM vizro_ws_chat_threads")).scalar_one() == PROCESSES
