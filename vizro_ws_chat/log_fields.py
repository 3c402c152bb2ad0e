"""What a log record is about: a run, a chat, a transport. Known where the record is made, and put on it there."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

FIELDS = ("run_id", "chat", "transport")
"""All there are. None of them tells who somebody is, or what was said."""

_present: ContextVar[tuple[Mapping[str, str], ...]] = ContextVar("log_fields", default=())


@contextmanager
def log_fields(fields: Mapping[str, str]) -> Iterator[None]:
    """Let the records that are made meanwhile, on this thread or in this task, have these fields.

    Args:
        fields: Some of `FIELDS`. It is looked at when a record is made, so what becomes known later may be added later.
    """
    token = _present.set((*_present.get(), fields))
    try:
        yield
    finally:
        _present.reset(token)


def add_log_fields(record: logging.LogRecord) -> bool:
    """Put the fields on a record that does not have them already, as a filter of a logger or a handler does."""
    for fields in reversed(_present.get()):  # the innermost knows best
        for name, value in fields.items():
            if getattr(record, name, None) is None:
                setattr(record, name, value)
    return True
