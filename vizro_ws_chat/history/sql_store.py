"""Conversations in an SQL database."""

from __future__ import annotations

import os
import re
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine, and_, delete, exists, or_, select, tuple_, update
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.sql import ColumnElement

from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.history.engines import begin_writing
from vizro_ws_chat.history.records import Change, KeptMessage, ThreadPage, ThreadSummary
from vizro_ws_chat.history.rows import Titled, read_kept, read_message, read_summary, searchable, title_columns
from vizro_ws_chat.history.schema import messages, ratings, threads
from vizro_ws_chat.history.sql_changes import delete_thread, make_changes, within
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.threads.signing import Message, Scope

logger = redacted_logger(__name__)

_CURSOR = re.compile(r"(\d{1,15}):([A-Za-z0-9_-]{1,64})", re.ASCII)
_MAX_SEARCH_CHARS = 1_000
_FORGET_AT_ONCE = 100
"""Conversations that are deleted in one transaction: others write between two."""
_TOO_LARGE = "54"
"""Of PostgreSQL: the class of errors about what is beyond its limits, which will be so again."""


class SqlStore:
    """Keeps conversations in an SQL database. `opening.open_store` makes one.

    Args:
        engine: Connects to a database that has the tables.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._is_away = False
        forked = weakref.WeakMethod(self._forked)
        os.register_at_fork(after_in_child=lambda: (function := forked()) and function())

    @property
    def is_away(self) -> bool:
        """Whether the database could not be reached, or did not do what it was asked, the last time."""
        return self._is_away

    # ---- writing ----

    def write(self, changes: Sequence[Change]) -> None:
        """Make changes, as `HistoryStore` tells.

        Raises:
            ValueError: When the database refuses what one of them says. It would do so again.
        """
        with self._calling(), begin_writing(self._engine) as connection:
            make_changes(connection, changes)

    def rename(self, scope: Scope, thread: str, title: str) -> ThreadSummary | None:
        """Give a conversation the title that its reader has chosen; `None` when there is none."""
        one = and_(within(threads, scope), threads.c.id == thread)
        with self._calling(), begin_writing(self._engine) as connection:
            connection.execute(update(threads).where(one).values(title_columns(title, Titled.BY_READER)))
            row = connection.execute(select(threads).where(one)).first()
        return read_summary(row) if row else None

    def delete(self, scope: Scope, thread: str) -> None:
        """Delete a conversation and all that is kept of it, if it is there."""
        with self._calling(), begin_writing(self._engine) as connection:
            delete_thread(connection, scope, thread)

    def forget(self, before_ms: int) -> int:
        """Delete all conversations in which nothing was said since then, and return how many."""
        key = tuple_(threads.c.chat, threads.c.owner, threads.c.id)
        is_old = threads.c.updated_ms < before_ms
        some = select(threads.c.chat, threads.c.owner, threads.c.id).where(is_old).limit(_FORGET_AT_ONCE)
        forgotten = 0
        while True:
            with self._calling(), begin_writing(self._engine) as connection:
                deleted = connection.execute(delete(threads).where(is_old, key.in_(some))).rowcount
            forgotten += deleted
            if deleted < _FORGET_AT_ONCE:
                break
        with self._calling(), begin_writing(self._engine) as connection:
            connection.execute(delete(ratings).where(ratings.c.rated_ms < before_ms))
        return forgotten

    # ---- reading ----

    def threads(self, scope: Scope, *, search: str | None, before: str | None, limit: int) -> ThreadPage:
        """Return conversations, as `HistoryStore` tells.

        Raises:
            ValueError: When `before` is nothing that a page has called its `next`.
        """
        chosen = select(threads).where(within(threads, scope))
        if search:
            chosen = chosen.where(_mentions(searchable(search[:_MAX_SEARCH_CHARS])))
        if before is not None:
            updated_ms, thread = _read_cursor(before)
            chosen = chosen.where(tuple_(threads.c.updated_ms, threads.c.id) < (updated_ms, thread))
        newest = chosen.order_by(threads.c.updated_ms.desc(), threads.c.id.desc()).limit(limit + 1)
        with self._calling(), self._engine.begin() as connection:
            found = [read_summary(row) for row in connection.execute(newest)]
        page = found[:limit]
        return ThreadPage(page, f"{page[-1].updated_ms}:{page[-1].id}" if len(found) > limit else None)

    def thread(self, scope: Scope, thread: str) -> tuple[ThreadSummary, Sequence[KeptMessage]] | None:
        """Return a conversation and its messages in the order in which they were made; `None` when there is none."""
        one = and_(within(threads, scope), threads.c.id == thread)
        of_thread = and_(within(messages, scope), messages.c.thread == thread)
        with self._calling(), self._engine.begin() as connection:
            row = connection.execute(select(threads).where(one)).first()
            said = connection.execute(select(messages).where(of_thread).order_by(messages.c.sequence)).all()
        return (read_summary(row), [read_kept(each) for each in said]) if row else None

    def chain(self, scope: Scope, message: str) -> Sequence[Message] | None:
        """Return the messages from the first to this one, each the parent of the next; `None` when one is missing."""
        # Any conversation that has it has all before it.
        one = select(messages.c.thread).where(within(messages, scope), messages.c.id == message).limit(1)
        in_it = select(messages).where(within(messages, scope), messages.c.thread == one.scalar_subquery())
        with self._calling(), self._engine.begin() as connection:
            rows = {row.id: row for row in connection.execute(in_it)}
        chain = []
        next_id: str | None = message
        while next_id is not None:
            if next_id not in rows:
                return None
            chain.append(read_message(rows[next_id]))
            next_id = chain[-1].parent
        return chain[::-1]

    def close(self) -> None:
        """Let go of the connections. Closing twice is closing once."""
        self._engine.dispose()

    def _forked(self) -> None:
        """Leave connections to the process that has opened them."""
        self._engine.dispose(close=False)

    @contextmanager
    def _calling(self) -> Iterator[None]:
        """Tell what the database refuses from that it is away, and log the latter once."""
        try:
            yield
        except (DataError, IntegrityError) as error:
            raise ValueError(f"The history database refuses it: {_reason(error)}") from error
        except SQLAlchemyError as error:
            reason = _reason(error)
            if str(getattr(getattr(error, "orig", None), "sqlstate", None)).startswith(_TOO_LARGE):
                raise ValueError(f"The history database refuses it: {reason}") from error
            with self._lock:
                was_away, self._is_away = self._is_away, True
            if not was_away:
                logger.error("The history database is away (%s)", reason)  # noqa: TRY400 - the place says nothing
            raise AwayError from error
        with self._lock:
            was_away, self._is_away = self._is_away, False
        if was_away:
            logger.warning("The history database is back")


def _reason(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip()


def _mentions(text: str) -> ColumnElement[bool]:
    said = exists().where(
        messages.c.chat == threads.c.chat,
        messages.c.owner == threads.c.owner,
        messages.c.thread == threads.c.id,
        messages.c.search_text.contains(text, autoescape=True, escape="\\"),
    )
    return or_(threads.c.search_title.contains(text, autoescape=True, escape="\\"), said)


def _read_cursor(cursor: str) -> tuple[int, str]:
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise ValueError(f"No page has called its next one {cursor!r}")
    return int(match[1]), match[2]
