from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vizro_ws_chat.history.opening import open_store
from vizro_ws_chat.history.sql_store import SqlStore
from vizro_ws_chat.testing import PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for all that only use it."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'history.db'}"


@pytest.fixture
def postgres_url(postgres: PostgresServer, tmp_path: Path) -> Iterator[str]:
    """A database of its own."""
    name = f"test_{abs(hash(tmp_path))}"
    address = postgres.url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield f"{postgres.url.rpartition('/')[0]}/{name}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can look into and write to."""
    with tempfile.TemporaryDirectory(prefix="vizro-ws-chat-history-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


@pytest.fixture(params=["sqlite_url", "postgres_url"], ids=["SQLite", "PostgreSQL"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url)
    yield opened
    opened.close()
