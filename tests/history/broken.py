"""An SQLite database that does not do what it is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

_PATIENCE = 10.0


@contextmanager
def broken(url: str) -> Iterator[None]:
    """Let nothing be written, while it can be read: a table is not there."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=_PATIENCE)) as connection:
        connection.execute("ALTER TABLE vizro_ws_chat_runs RENAME TO elsewhere")
        connection.commit()
        try:
            yield
        finally:
            connection.execute("ALTER TABLE elsewhere RENAME TO vizro_ws_chat_runs")
            connection.commit()
