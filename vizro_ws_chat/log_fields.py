"""What a log record is about: a run, a chat, a transport. Known where the record is made, and put on it there."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar

FIELDS = ("run_id", "chat", "transport")
"""All there are. None of them tells who somebody is, or what was said."""

_present: ContextVar[tuple[Mapping[str, str], ...]] = ContextVar("log_fields", default=())


def log_fields(fields: Mapping[str, str]) -> AbstractContextManager[None]:
    """Let the records that are made meanwhile, on this thread or in this task, have these fields.

    Args:
        fields: Some of `FIELDS`. It is looked at when a record is made, so what becomes known later may be added later.
    """
    return _WithFields(fields)


class _WithFields:
    """There is one of these for each connection, and a generator would take far more memory."""

    __slots__ = ("_fields", "_token")

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def __enter__(self) -> None:
        self._token = _present.set((*_present.get(), self._fields))

    def __exit__(self, *_: object) -> None:
        _present.reset(self._token)


def add_log_fields(record: logging.LogRecord) -> bool:
    """Put the fields on a record that does not have them already, as a filter of a logger or a handler does."""
    for fields in reversed(_present.get()):  # the innermost knows best
        for name, value in fields.items():
            if getattr(record, name, None) is None:
                setattr(record, name, value)
    return True
