"""Telling when the app is made that a database can't be used."""

from __future__ import annotations

import time

from sqlalchemy import Engine, delete, false, insert, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.history.engines import begin_writing
from vizro_ws_chat.history.migrations import migrate
from vizro_ws_chat.history.schema import metadata, version

_PATIENCE_SECONDS = 10.0
"""For a server that is just being started, and for others that prepare the same file."""
_LOOK_EVERY_SECONDS = 0.05
_PASSES = ("locked", "starting up", "shutting down", "not yet accepting", "in recovery mode")
"""What is said of a database that does not do at the moment what it is asked."""
_FULL = ("disk is full", "No space left on device")
"""What SQLite and the system say when there is no room."""


def prepare_database(engine: Engine) -> None:
    """Give a database the tables that it does not have yet, and see that they can be read and written.

    A database that does not answer gets some seconds: it may be on its way up.

    Args:
        engine: Connects to it.

    Raises:
        ConfigurationError: When it can't be reached, does not let us in, or does not let us make or write tables.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            _check_encoding(engine)
            migrate(engine)
            _try_out(engine)
        except DBAPIError as error:
            if not _may_pass(error, is_server=engine.dialect.name == "postgresql") or time.monotonic() >= deadline:
                raise _explain(engine, error) from None
            time.sleep(_LOOK_EVERY_SECONDS)
        else:
            return


def _check_encoding(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":  # has only those that keep all
        return
    with engine.begin() as connection:
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise ConfigurationError(
            f"The history database at {_where(engine)} can't keep every character: its encoding is {encoding}. Use "
            "one with the encoding UTF8."
        )


def _try_out(engine: Engine) -> None:
    """Do nothing, in each of the ways in which something will be done."""
    with begin_writing(engine) as connection:
        for table in metadata.sorted_tables:
            connection.execute(select(table).limit(0))
            if table is version:
                continue
            connection.execute(insert(table).from_select(table.columns.keys(), select(table).where(false())))
            column = next(iter(table.columns))
            connection.execute(update(table).where(false()).values({column: column}))
            connection.execute(delete(table).where(false()))


def _may_pass(error: DBAPIError, *, is_server: bool) -> bool:
    """Return whether an error may be gone in a moment. What a server answers that lets nobody in begins with FATAL."""
    reason = str(error.orig)
    if any(words in reason for words in _PASSES):
        return True
    return is_server and isinstance(error, OperationalError) and "FATAL" not in reason


def _explain(engine: Engine, error: DBAPIError) -> ConfigurationError:
    reason = str(error.orig).strip()
    if any(words in reason for words in _FULL):
        what_to_do = "Make room on its disk."
    elif engine.dialect.name == "sqlite":
        what_to_do = (
            "It must be a database of SQLite's or a new file, the user that the dashboard runs as must be able to "
            "write it and its folder, and its disk must have room."
        )
    elif isinstance(error, OperationalError):
        what_to_do = "Start it, or correct its address."
    else:
        what_to_do = (
            "The user in its address must be able to make tables (GRANT CREATE ON SCHEMA public TO …), and to read "
            "and write them."
        )
    return ConfigurationError(f"The history database at {_where(engine)} can't be used ({reason}). {what_to_do}")


def _where(engine: Engine) -> str:
    """Return the database's address, without user and password."""
    url = engine.url
    if engine.dialect.name == "sqlite":
        return str(url.database)
    return f"{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"
