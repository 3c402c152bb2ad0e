"""Conversations in an SQL database."""

from __future__ import annotations

import os
import re
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, and_, case, delete, exists, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.schema import Table

from vizro_ws_chat.exceptions import AwayError
from vizro_ws_chat.history.engines import begin_writing
from vizro_ws_chat.history.records import (
    Answered,
    Asked,
    Change,
    KeptMessage,
    Rated,
    ThreadPage,
    ThreadSummary,
)
from vizro_ws_chat.history.rows import (
    Titled,
    feedback_column,
    message_columns,
    read_kept,
    read_message,
    read_summary,
    searchable,
    title_columns,
    title_from,
)
from vizro_ws_chat.history.schema import messages, runs, threads
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
        self._insert: Callable[[Table], Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[
            engine.dialect.name
        ]
        self._lock = threading.Lock()
        self._is_away = False
        forked = weakref.WeakMethod(self._forked)
        os.register_at_fork(after_in_child=lambda: (function := forked()) and function())

    # ---- writing ----

    def write(self, changes: Sequence[Change]) -> None:
        """Make changes, as `HistoryStore` tells.

        Raises:
            ValueError: When the database refuses what one of them says. It would do so again.
        """
        with self._calling(), begin_writing(self._engine) as connection:
            for change in changes:
                match change:
                    case Asked():
                        self._write_question(connection, change)
                    case Answered():
                        self._write_answer(connection, change)
                    case Rated():
                        self._write_rating(connection, change)

    def _write_question(self, connection: Connection, asked: Asked) -> None:
        place, message = _place(asked.scope), asked.question.message
        first = asked.before[0] if asked.before else message
        title = title_columns(title_from(first), Titled.BY_QUESTION)
        new = self._insert(threads).values(**place, id=asked.thread, updated_ms=asked.question.created_ms, **title)
        # Updated even if nothing changes, which keeps others from deleting it meanwhile.
        connection.execute(
            new.on_conflict_do_update(
                index_elements=[threads.c.chat, threads.c.owner, threads.c.id],
                set_={"updated_ms": _later(new.excluded.updated_ms)},
            )
        )
        of_thread = {**place, "thread": asked.thread}
        if asked.before and not self._has(connection, of_thread, asked.before[-1].id):
            for before in asked.before:
                self._write_message(connection, of_thread, KeptMessage(before, None, asked.question.created_ms))
        self._write_message(connection, of_thread, asked.question, of_last_run=True)
        if asked.question.run is not None:
            run = self._insert(runs).values(**of_thread, id=asked.question.run)
            connection.execute(run.on_conflict_do_nothing())

    def _write_answer(self, connection: Connection, answered: Answered) -> None:
        answer = answered.answer
        thread = self._thread_of(connection, answered)
        if thread is None:  # deleted in the meantime
            return
        of_thread = and_(_within(threads, answered.scope), threads.c.id == thread)
        values: dict[str, Any] = {"updated_ms": _later(answer.created_ms)}
        connection.execute(update(threads).where(of_thread).values(values))
        self._write_message(connection, {**_place(answered.scope), "thread": thread}, answer)
        if answered.title is not None:
            by_author = update(threads).where(of_thread, threads.c.titled_by <= Titled.BY_AUTHOR)
            connection.execute(by_author.values(title_columns(answered.title, Titled.BY_AUTHOR)))

    def _write_rating(self, connection: Connection, rated: Rated) -> None:
        feedback = feedback_column(rated.rating, rated.comment)
        answer = and_(_within(messages, rated.scope), messages.c.id == rated.message)
        connection.execute(update(messages).where(answer).values(feedback=feedback))

    def _write_message(
        self, connection: Connection, of_thread: Mapping[str, str], kept: KeptMessage, *, of_last_run: bool = False
    ) -> None:
        """Write a message unless it is there. A question that was asked again is from then on that of its last run."""
        new = self._insert(messages).values(**of_thread, **message_columns(kept))
        key = [messages.c.chat, messages.c.owner, messages.c.thread, messages.c.id]
        if of_last_run:
            again = {"run": new.excluded.run, "about": new.excluded.about}
            new = new.on_conflict_do_update(index_elements=key, set_=again)
        else:
            new = new.on_conflict_do_nothing(index_elements=key)
        connection.execute(new)

    def _has(self, connection: Connection, of_thread: Mapping[str, str], message: str) -> bool:
        there = select(messages.c.id).filter_by(**of_thread, id=message)
        return connection.execute(there).first() is not None

    def _thread_of(self, connection: Connection, answered: Answered) -> str | None:
        """Return the conversation of the answer's question, which nobody deletes until the end of the transaction."""
        if answered.answer.run is not None:
            found = select(runs.c.thread).where(_within(runs, answered.scope), runs.c.id == answered.answer.run)
        else:
            parent = and_(_within(messages, answered.scope), messages.c.id == answered.answer.message.parent)
            found = select(messages.c.thread).where(parent).order_by(messages.c.sequence.desc()).limit(1)
        in_use = select(threads.c.id).where(_within(threads, answered.scope), threads.c.id == found.scalar_subquery())
        return connection.execute(in_use.with_for_update()).scalar()

    def rename(self, scope: Scope, thread: str, title: str) -> ThreadSummary | None:
        """Give a conversation the title that its reader has chosen; `None` when there is none."""
        one = and_(_within(threads, scope), threads.c.id == thread)
        with self._calling(), begin_writing(self._engine) as connection:
            connection.execute(update(threads).where(one).values(title_columns(title, Titled.BY_READER)))
            row = connection.execute(select(threads).where(one)).first()
        return read_summary(row) if row else None

    def delete(self, scope: Scope, thread: str) -> None:
        """Delete a conversation and all that is kept of it, if it is there."""
        with self._calling(), begin_writing(self._engine) as connection:
            connection.execute(delete(threads).where(_within(threads, scope), threads.c.id == thread))

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
                return forgotten

    # ---- reading ----

    def threads(self, scope: Scope, *, search: str | None, before: str | None, limit: int) -> ThreadPage:
        """Return conversations, as `HistoryStore` tells.

        Raises:
            ValueError: When `before` is nothing that a page has called its `next`.
        """
        chosen = select(threads).where(_within(threads, scope))
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
        one = and_(_within(threads, scope), threads.c.id == thread)
        within = and_(_within(messages, scope), messages.c.thread == thread)
        with self._calling(), self._engine.begin() as connection:
            row = connection.execute(select(threads).where(one)).first()
            said = connection.execute(select(messages).where(within).order_by(messages.c.sequence)).all()
        return (read_summary(row), [read_kept(each) for each in said]) if row else None

    def chain(self, scope: Scope, message: str) -> Sequence[Message] | None:
        """Return the messages from the first to this one, each the parent of the next; `None` when one is missing."""
        # Any conversation that has it has all before it.
        one = select(messages.c.thread).where(_within(messages, scope), messages.c.id == message).limit(1)
        within = select(messages).where(_within(messages, scope), messages.c.thread == one.scalar_subquery())
        with self._calling(), self._engine.begin() as connection:
            rows = {row.id: row for row in connection.execute(within)}
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


def _place(scope: Scope) -> dict[str, str]:
    return {"chat": scope.chat, "owner": scope.owner}


def _within(table: Table, scope: Scope) -> ColumnElement[bool]:
    return and_(table.c.chat == scope.chat, table.c.owner == scope.owner)


def _later(updated_ms: Any) -> ColumnElement[int]:
    return case((threads.c.updated_ms < updated_ms, updated_ms), else_=threads.c.updated_ms)


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
