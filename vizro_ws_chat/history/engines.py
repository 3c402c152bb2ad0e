"""Connecting to the databases that conversations can be kept in."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from vizro_ws_chat.exceptions import ConfigurationError

_CONNECT_SECONDS = 3
_STATEMENT_MS = 5_000
_LOCK_MS = 2_000
"""How long to wait for what another process writes."""
_POOL_SECONDS = 5.0
_BEGIN = "vizro_ws_chat_begin"
_PRIVATE = 0o600
_FILE = "vizro_ws_chat_file"

FORMS = (
    "sqlite:///history.db (in the folder where the dashboard is started), sqlite:////folder/history.db, on Windows "
    "sqlite:///C:/folder/history.db, or postgresql://user:password@host/database"
)
"""Of addresses, to copy."""


def make_engine(url: URL) -> Engine:
    """Return what connects to a database, when it is first used.

    Args:
        url: Its address.

    Raises:
        ConfigurationError: When it is of no kind that is known, its driver is missing, or its file can't be made.
    """
    for names, make in _KINDS.items():
        if url.drivername in names:
            try:
                return make(url)
            except ImportError as error:
                raise ConfigurationError(
                    f"history is of the kind {url.drivername!r}, whose driver is missing. Install it: "
                    "pip install 'psycopg[binary]'."
                ) from error
    raise ConfigurationError(
        f"history names a database of the kind {url.drivername!r}, in which no history can be kept. It is {FORMS}."
    )


def begin_writing(engine: Engine) -> contextlib.AbstractContextManager[Connection]:
    """Return a transaction in which is written, to be entered. It waits first for whoever writes to an SQLite file."""
    return engine.execution_options(**{_BEGIN: _BEGIN_WRITING[engine.dialect.name]}).begin()


def _sqlite(url: URL) -> Engine:
    file = url.database or ""
    if file in ("", ":memory:") or file.startswith("file:"):
        raise ConfigurationError(
            "history names no file. A history in memory would be another one in each connection, and gone with "
            "the process. Name a file: sqlite:///history.db."
        )
    if url.query:
        raise ConfigurationError("history has options behind a question mark, and a file takes none.")
    path = Path(file).absolute()  # also when the process changes its folder
    with contextlib.suppress(FileExistsError):
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _PRIVATE))
        except FileExistsError:
            raise
        except OSError as error:
            raise ConfigurationError(
                f"The history database {path} can't be made ({error.strerror}). Its folder must exist, the user "
                "that the dashboard runs as must be able to write there, and its disk must have room."
            ) from None
    engine = create_engine(
        url.set(database=str(path)),
        connect_args={"timeout": _LOCK_MS / 1000, "isolation_level": None},  # transactions are begun below
        poolclass=QueuePool,
        pool_timeout=_POOL_SECONDS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, _arguments: object, options: Any) -> sqlite3.Connection:
        # One that is made anew would have no tables, and others could read it.
        opened: sqlite3.Connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, **options)
        return opened

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[_FILE] = _file_at(path)
        connection.execute("PRAGMA journal_mode = WAL")  # readers wait for nobody, and nobody for them
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "checkout")
    def look_at_file(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info[_FILE] != _file_at(path):  # what is written there is in no folder any more
            raise DisconnectionError("the file was deleted, or is another one now")

    _begin_with(engine, "BEGIN")
    return engine


def _file_at(path: Path) -> tuple[int, int] | None:
    """Return which file is there: as long as it is open, no other is the same; `None` when none can be seen."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _postgresql(url: URL) -> Engine:
    if url.host and "@" in url.host:  # and its part before that is of the password
        raise ConfigurationError(
            "history has more than one @. Write the one in the password, or the user's name, as %40."
        )
    from vizro_ws_chat.history.impatient import ImpatientConnection  # noqa: PLC0415 - its driver may be missing

    defaults = {
        "connect_timeout": _CONNECT_SECONDS,
        # Of a machine that has vanished, in milliseconds.
        "tcp_user_timeout": _STATEMENT_MS,
        "application_name": "vizro-ws-chat",
        "client_encoding": "utf8",  # else what a database without one (SQL_ASCII) says can't be read
    }
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        # Poolers such as PgBouncer give each transaction another connection.
        connect_args={"prepare_threshold": None, **{k: v for k, v in defaults.items() if k not in url.query}},
        pool_pre_ping=True,
        pool_timeout=_POOL_SECONDS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, arguments: Any, options: Any) -> ImpatientConnection:
        return ImpatientConnection.connect(*arguments, **options)

    _begin_with(engine, f"SET LOCAL statement_timeout = {_STATEMENT_MS}")
    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    """Let each transaction begin with a statement, unless its options name another."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, statement))


_KINDS: Mapping[tuple[str, ...], Callable[[URL], Engine]] = {
    ("sqlite", "sqlite+pysqlite"): _sqlite,
    ("postgresql", "postgres", "postgresql+psycopg"): _postgresql,
}
# Waiting for a lock is possible at the beginning of a transaction in SQLite, and not when it has read already.
_BEGIN_WRITING = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": f"SET LOCAL statement_timeout = {_STATEMENT_MS}",
}
