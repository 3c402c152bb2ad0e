"""Opening the database in which conversations are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vizro_ws_chat.exceptions import ConfigurationError

if TYPE_CHECKING:
    from vizro_ws_chat.history.sql_store import SqlStore


def open_store(url: str) -> SqlStore:
    """Return the store in a database, which gets the tables that it does not have yet.

    Args:
        url: As SQLAlchemy takes it: `sqlite:////folder/file`, or `postgresql://user:password@host/database`.

    Raises:
        ConfigurationError: When the database can't be used. The message says what to do, and not the password.
    """
    try:
        from sqlalchemy.engine import make_url  # noqa: PLC0415 - an extra
        from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

        from vizro_ws_chat.history.check import prepare_database  # noqa: PLC0415
        from vizro_ws_chat.history.engines import FORMS, make_engine  # noqa: PLC0415
        from vizro_ws_chat.history.sql_store import SqlStore  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError(
            "history is set, but the package SQLAlchemy is missing. Install it: "
            "pip install 'vizro-ws-chat[sqlalchemy]'."
        ) from error
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # its message may quote the password
        raise ConfigurationError(
            f"history is no address of a database. It is {FORMS}, with what is special in the password written as in "
            "%40."
        ) from None
    engine = make_engine(parsed)
    try:
        prepare_database(engine)
    finally:
        engine.dispose()
    return SqlStore(engine)
