"""How a database gets the tables of `schema`, from nothing or from any version before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sqlalchemy import Connection, Engine, insert, inspect, select, text, update

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.history.engines import begin_writing
from vizro_ws_chat.history.schema import version
from vizro_ws_chat.redaction import redacted_logger

logger = redacted_logger(__name__)

Step: TypeAlias = Callable[[Connection], None]
"""Brings the tables from one version to the next. Once released it is never changed: databases have taken it."""

_LOCK = 0x76777363
"""Of PostgreSQL, for those who migrate: a number that nobody else should use ("vwsc")."""


def _make_tables(connection: Connection) -> None:
    counted = {
        "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "postgresql": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    }
    for statement in (
        """
        CREATE TABLE vizro_ws_chat_threads (
            chat TEXT NOT NULL,
            owner TEXT NOT NULL,
            id TEXT NOT NULL,
            title TEXT NOT NULL,
            titled_by SMALLINT NOT NULL,
            search_title TEXT NOT NULL,
            updated_ms BIGINT NOT NULL,
            PRIMARY KEY (chat, owner, id)
        )
        """,
        "CREATE INDEX vizro_ws_chat_threads_listed ON vizro_ws_chat_threads (chat, owner, updated_ms, id)",
        "CREATE INDEX vizro_ws_chat_threads_updated ON vizro_ws_chat_threads (updated_ms)",
        f"""
        CREATE TABLE vizro_ws_chat_messages (
            sequence {counted[connection.dialect.name]},
            chat TEXT NOT NULL,
            owner TEXT NOT NULL,
            thread TEXT NOT NULL,
            id TEXT NOT NULL,
            parent TEXT,
            role TEXT NOT NULL,
            content TEXT NOT NULL,
            files TEXT NOT NULL,
            run TEXT,
            created_ms BIGINT NOT NULL,
            about TEXT NOT NULL,
            feedback TEXT,
            search_text TEXT NOT NULL,
            UNIQUE (chat, owner, thread, id),
            FOREIGN KEY (chat, owner, thread) REFERENCES vizro_ws_chat_threads (chat, owner, id) ON DELETE CASCADE
        )
        """,
        "CREATE INDEX vizro_ws_chat_messages_found ON vizro_ws_chat_messages (chat, owner, id)",
        """
        CREATE TABLE vizro_ws_chat_runs (
            chat TEXT NOT NULL,
            owner TEXT NOT NULL,
            id TEXT NOT NULL,
            thread TEXT NOT NULL,
            PRIMARY KEY (chat, owner, id),
            FOREIGN KEY (chat, owner, thread) REFERENCES vizro_ws_chat_threads (chat, owner, id) ON DELETE CASCADE
        )
        """,
        "CREATE INDEX vizro_ws_chat_runs_of_thread ON vizro_ws_chat_runs (chat, owner, thread)",
    ):
        connection.execute(text(statement))


STEPS: Sequence[Step] = (_make_tables,)
"""In order. A database that has taken the first n is of version n."""


def migrate(engine: Engine, steps: Sequence[Step] = STEPS) -> None:
    """Take the steps that a database has not taken yet: all or none, and one process after the other.

    Args:
        engine: Connects to it.
        steps: All there are.

    Raises:
        ConfigurationError: When a later version of the package has been at the database.
        SQLAlchemyError: When the database does not do it.
    """
    with begin_writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # SQLite lets only one write at all
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        taken = _version_of(connection)
        if taken > len(steps):
            raise ConfigurationError(
                f"The history database is of version {taken}, and this version of vizro-ws-chat knows only "
                f"{len(steps)}. Update vizro-ws-chat, or use another database."
            )
        if taken == len(steps):
            return
        for step in steps[taken:]:
            step(connection)
        connection.execute(update(version).values(version=len(steps)))
    logger.info("The history database was brought from version %d to %d", taken, len(steps))


def _version_of(connection: Connection) -> int:
    if not inspect(connection).has_table(version.name):
        connection.execute(text(f"CREATE TABLE {version.name} (version SMALLINT NOT NULL)"))
        connection.execute(insert(version).values(version=0))
    return int(connection.execute(select(version.c.version)).scalar_one())
