"""What a change does to the tables, within a transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, case, delete, exists, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.schema import Table

from vizro_ws_chat.history.records import Answered, Asked, Change, Deleted, KeptMessage, Rated
from vizro_ws_chat.history.rows import Titled, feedback_column, message_columns, short_title, title_columns, title_from
from vizro_ws_chat.history.schema import messages, ratings, runs, threads
from vizro_ws_chat.threads.signing import Scope

_INSERTS: Mapping[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def make_changes(connection: Connection, changes: Sequence[Change]) -> None:
    """Make changes in the transaction of a connection, in order."""
    if connection.dialect.name == "postgresql":  # SQLite lets only one write at all
        # A process that writes a rating and one that writes its answer would not see what the other writes.
        mode = "EXCLUSIVE" if any(isinstance(change, Rated) for change in changes) else "ROW EXCLUSIVE"
        connection.execute(text(f"LOCK TABLE {ratings.name} IN {mode} MODE"))
    for change in changes:
        match change:
            case Asked():
                _write_question(connection, change)
            case Answered():
                _write_answer(connection, change)
            case Rated():
                _write_rating(connection, change)
            case Deleted(scope=scope, thread=thread):
                delete_thread(connection, scope, thread)


def delete_thread(connection: Connection, scope: Scope, thread: str) -> None:
    """Delete a conversation, and with it all that is kept of it."""
    connection.execute(delete(threads).where(within(threads, scope), threads.c.id == thread))


def place_of(scope: Scope) -> dict[str, str]:
    """Return the columns that say where something is, and whose."""
    return {"chat": scope.chat, "owner": scope.owner}


def within(table: Table, scope: Scope) -> ColumnElement[bool]:
    """Return what is true of an owner's rows in a chat."""
    return and_(table.c.chat == scope.chat, table.c.owner == scope.owner)


# ---- questions and answers ----


def _write_question(connection: Connection, asked: Asked) -> None:
    place, message = place_of(asked.scope), asked.question.message
    first = asked.before[0] if asked.before else message
    title = title_columns(title_from(first), Titled.BY_QUESTION)
    new = _insert(connection, threads).values(**place, id=asked.thread, updated_ms=asked.question.created_ms, **title)
    # Updated even if nothing changes, which keeps others from deleting it meanwhile.
    connection.execute(
        new.on_conflict_do_update(
            index_elements=[threads.c.chat, threads.c.owner, threads.c.id],
            set_={"updated_ms": _later(new.excluded.updated_ms)},
        )
    )
    of_thread = {**place, "thread": asked.thread}
    if asked.before and not _has(connection, of_thread, asked.before[-1].id):
        for before in asked.before:
            _write_message(connection, of_thread, KeptMessage(before, None, asked.question.created_ms))
        _rate_what_came(connection, asked.scope)
    _write_message(connection, of_thread, asked.question, of_last_run=True)
    if asked.question.run is not None:
        run = _insert(connection, runs).values(**of_thread, id=asked.question.run)
        connection.execute(run.on_conflict_do_nothing())


def _write_answer(connection: Connection, answered: Answered) -> None:
    answer = answered.answer
    thread = _thread_of(connection, answered)
    if thread is None:  # deleted in the meantime
        return
    of_thread = and_(within(threads, answered.scope), threads.c.id == thread)
    values: dict[str, Any] = {"updated_ms": _later(answer.created_ms)}
    connection.execute(update(threads).where(of_thread).values(values))
    _write_message(connection, {**place_of(answered.scope), "thread": thread}, answer)
    _rate_what_came(connection, answered.scope)
    if title := short_title(answered.title or ""):
        by_author = update(threads).where(of_thread, threads.c.titled_by <= Titled.BY_AUTHOR)
        connection.execute(by_author.values(title_columns(title, Titled.BY_AUTHOR)))


def _write_message(
    connection: Connection, of_thread: Mapping[str, str], kept: KeptMessage, *, of_last_run: bool = False
) -> None:
    """Write a message unless it is there. A question that was asked again is from then on that of its last run."""
    new = _insert(connection, messages).values(**of_thread, **message_columns(kept))
    key = [messages.c.chat, messages.c.owner, messages.c.thread, messages.c.id]
    if of_last_run:
        again = {"run": new.excluded.run, "about": new.excluded.about}
        new = new.on_conflict_do_update(index_elements=key, set_=again)
    else:
        new = new.on_conflict_do_nothing(index_elements=key)
    connection.execute(new)


def _has(connection: Connection, of_thread: Mapping[str, str], message: str) -> bool:
    there = select(messages.c.id).filter_by(**of_thread, id=message)
    return connection.execute(there).first() is not None


def _thread_of(connection: Connection, answered: Answered) -> str | None:
    """Return the conversation of the answer's question, which nobody deletes until the end of the transaction."""
    if answered.answer.run is not None:
        found = select(runs.c.thread).where(within(runs, answered.scope), runs.c.id == answered.answer.run)
    else:
        parent = and_(within(messages, answered.scope), messages.c.id == answered.answer.message.parent)
        found = select(messages.c.thread).where(parent).order_by(messages.c.sequence.desc()).limit(1)
    in_use = select(threads.c.id).where(within(threads, answered.scope), threads.c.id == found.scalar_subquery())
    return connection.execute(in_use.with_for_update()).scalar()


# ---- ratings ----


def _write_rating(connection: Connection, rated: Rated) -> None:
    """Write a rating: to its answer, or beside it until that comes."""
    feedback = feedback_column(rated.rating, rated.comment)
    answer = and_(within(messages, rated.scope), messages.c.id == rated.message)
    if connection.execute(update(messages).where(answer).values(feedback=feedback)).rowcount:
        return
    early = _insert(connection, ratings).values(
        **place_of(rated.scope), message=rated.message, feedback=feedback, rated_ms=rated.rated_ms
    )
    key = [ratings.c.chat, ratings.c.owner, ratings.c.message]
    again = {"feedback": early.excluded.feedback, "rated_ms": early.excluded.rated_ms}
    connection.execute(early.on_conflict_do_update(index_elements=key, set_=again))


def _rate_what_came(connection: Connection, scope: Scope) -> None:
    """Give the answers that have come since they were rated what was thought of them."""
    of_answer = and_(
        messages.c.chat == ratings.c.chat, messages.c.owner == ratings.c.owner, messages.c.id == ratings.c.message
    )
    came = and_(within(ratings, scope), exists().where(of_answer))
    for early in connection.execute(select(ratings).where(came)).all():
        answer = and_(within(messages, scope), messages.c.id == early.message)
        connection.execute(update(messages).where(answer).values(feedback=early.feedback))
        connection.execute(delete(ratings).where(within(ratings, scope), ratings.c.message == early.message))


def _insert(connection: Connection, table: Table) -> Any:
    """Return an INSERT that can say what is to be done where a row is there already."""
    return _INSERTS[connection.dialect.name](table)


def _later(updated_ms: Any) -> ColumnElement[int]:
    return case((threads.c.updated_ms < updated_ms, updated_ms), else_=threads.c.updated_ms)
