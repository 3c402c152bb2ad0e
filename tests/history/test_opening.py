"""What is said of a database that can't be used, when the app is made."""

from __future__ import annotations

import stat
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, make_url

from tests.history.conversations import asked
from tests.history.forked import call_unprivileged
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.history import check
from vizro_ws_chat.history.engines import make_engine
from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.testing import PostgresServer

PASSWORD = "hunter2"


def opening(url: str) -> str:
    """Return what is said of a database, without the password of course."""
    try:
        open_store(url).close()
    except ConfigurationError as error:
        said = "".join(traceback.format_exception(error))
    else:
        return "opened"
    assert PASSWORD not in said
    return said


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "is no address of a database"),
        ("history.db", "is no address of a database. It is sqlite:///history.db "),
        (f"postgresql://me:{PASSWORD}@host:port/name", "is no address of a database"),
        (f"mysql://me:{PASSWORD}@host/name", "of the kind 'mysql'"),
        (f"postgresql+asyncpg://me:{PASSWORD}@host/name", "of the kind 'postgresql+asyncpg'"),
        (f"postgresql://me:p@{PASSWORD}@host/name", "more than one @"),
        (f"postgresql://me:{PASSWORD}@127.0.0.1:1/name?colour=blue", 'invalid connection option "colour"'),
        ("sqlite:////nowhere?colour=blue", "a file takes none"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file::memory:?cache=shared&uri=true", "names no file"),
    ],
)
def test_an_address_that_is_none(url: str, message: str) -> None:
    assert message in opening(url)


def test_the_package_and_the_driver_are_missing(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "psycopg", None)
        assert "pip install 'psycopg[binary]'" in opening("postgresql://host/name")
    for name in [name for name in sys.modules if name.startswith("vizro_ws_chat.history.")]:
        if name != "vizro_ws_chat.history.opening":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'vizro-ws-chat\[sqlalchemy\]'"):
        open_store(sqlite_url)


# ---- SQLite ----


def test_what_we_make_only_its_owner_can_read(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    store.write([asked("Hello")])
    files = list(tmp_path.glob("history.db*"))
    assert {file.name for file in files} >= {"history.db", "history.db-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    store.close()


def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///history.db")
    monkeypatch.chdir("/")
    store.write([asked("Hello")])
    store.close()
    assert (tmp_path / "history.db").exists()


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    assert "Its folder must exist" in opening(f"sqlite:///{tmp_path}/missing/history.db")
    assert "can't be used (unable to open database file)" in opening(f"sqlite:///{tmp_path}")


def test_a_file_that_is_something_else(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Not a database. " * 100)
    assert "file is not a database). It must be a database of SQLite's or a new file" in opening(f"sqlite:///{file}")
    assert file.read_text() == "Not a database. " * 100


def test_a_folder_that_cannot_be_written(open_folder: Path) -> None:
    open_folder.chmod(0o755)
    url = f"sqlite:///{open_folder}/history.db"
    if open_folder.owner() != "root":
        open_folder.chmod(0o555)
    assert "(Permission denied). Its folder must exist" in call_unprivileged(lambda: opening(url))


def test_a_file_that_cannot_be_written(open_folder: Path) -> None:
    url = f"sqlite:///{open_folder}/history.db"
    open_store(url).close()
    (open_folder / "history.db").chmod(0o444)
    said = call_unprivileged(lambda: opening(url))
    assert "attempt to write a readonly database" in said
    assert "must be able to write it and its folder" in said


def test_a_file_that_cannot_be_read(open_folder: Path) -> None:
    url = f"sqlite:///{open_folder}/history.db"
    open_store(url).close()
    (open_folder / "history.db").chmod(0)
    assert "must be able to write it and its folder" in call_unprivileged(lambda: opening(url))


def test_a_disk_that_is_full(sqlite_url: str) -> None:
    engine = make_engine(make_url(sqlite_url))

    @event.listens_for(engine, "begin")
    def limit_pages(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 2")

    with pytest.raises(ConfigurationError, match=r"disk is full\)\. Make room on its disk"):
        check.prepare_database(engine)
    engine.dispose()


def test_a_disk_on_which_no_log_can_be_made(sqlite_url: str, tmp_path: Path) -> None:
    """What SQLite says then does not tell why."""
    open_store(sqlite_url).close()
    (tmp_path / "history.db-wal").mkdir()
    assert "its disk must have room" in opening(sqlite_url)


# ---- PostgreSQL ----


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_PATIENCE_SECONDS", 0.0)


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_not_there() -> None:
    message = opening(f"postgresql://me:{PASSWORD}@127.0.0.1:1/name")
    assert "at 127.0.0.1:1/name can't be used" in message
    assert "Start it, or correct its address" in message


def test_a_server_that_knows_no_such_user_or_database_is_not_waited_for(postgres: PostgresServer) -> None:
    assert "Start it, or correct its address" in opening(postgres.url.replace("postgres@", f"me:{PASSWORD}@"))
    assert 'database "missing" does not exist' in opening(f"{postgres.url.rpartition('/')[0]}/missing")


def test_a_server_that_is_on_its_way_up_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_PATIENCE_SECONDS", 60.0)
    with PostgresServer() as server, ThreadPoolExecutor(1) as pool:
        server.kill()
        opened = pool.submit(opening, server.url)
        server.start()
        assert opened.result() == "opened"


def test_a_user_without_rights(postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    role = f"reader_of_{name}"
    url = postgres_url.replace("postgres@", f"{role}:{PASSWORD}@")
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'".encode())
        connection.execute(b"REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        assert "must be able to make tables (GRANT CREATE ON SCHEMA public TO" in opening(url)
        open_store(postgres_url).close()
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}".encode())
        assert "and to read and write them" in opening(url)
        connection.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}".encode())
        assert opening(url) == "opened"
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


@pytest.mark.usefixtures("impatient")
def test_a_server_without_room(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            b"""
            CREATE FUNCTION fill() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
            END $$;
            CREATE EVENT TRIGGER full_disk ON ddl_command_start EXECUTE FUNCTION fill()
            """
        )
        assert "Make room on its disk" in opening(postgres_url)
        connection.execute(b"DROP EVENT TRIGGER full_disk")
    assert opening(postgres_url) == "opened"


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_keep_every_character(postgres: PostgresServer, encoding: str) -> None:
    address, name = postgres.url.replace("+psycopg", ""), encoding.lower()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0".encode())
    assert f"its encoding is {encoding}" in opening(f"{postgres.url.rpartition('/')[0]}/{name}")


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg"])
def test_all_that_postgresql_is_called(postgres_url: str, kind: str) -> None:
    assert opening(postgres_url.replace("postgresql+psycopg", kind)) == "opened"
