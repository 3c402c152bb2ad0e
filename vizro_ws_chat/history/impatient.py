"""A connection to PostgreSQL that does not wait for ever for a server that hangs."""

from __future__ import annotations

import selectors
import time
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

RV = TypeVar("RV")

REPLY_SECONDS = 6.0
"""More than the time after which a server that does not hang ends a statement by itself."""


class ImpatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server leaves it without an answer."""

    def wait(self, gen: PQGen[RV], *_: Any, **__: Any) -> RV:
        """Return what an operation of the driver ends with. It yields what it waits for, and is sent what has come.

        Raises:
            OperationalError: When nothing has for too long.
        """
        deadline = time.monotonic() + REPLY_SECONDS
        try:
            awaited = next(gen)
            with selectors.DefaultSelector() as selector:
                selector.register(self.fileno(), awaited)
                while came := selector.select(max(0.0, deadline - time.monotonic())):
                    awaited = gen.send(came[0][1])
                    selector.modify(self.fileno(), awaited)
        except StopIteration as end:
            result: RV = end.value
            return result
        self.close()
        raise psycopg.OperationalError(f"it has not answered for {REPLY_SECONDS:g} s")
