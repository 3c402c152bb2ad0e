"""The web server around the chat, as far as it can be known.

A WSGI environment tells neither how many requests a process serves at once nor that the process is about to end.
Gunicorn's worker knows both, and stands among the callers of every request handler.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any


def _never() -> bool:
    return False


def _no_hook(_: Callable[[], None]) -> None:
    """Do nothing: how the process ends is not known."""


@dataclass(frozen=True)
class WebServer:
    """What is known of the server of this process.

    Attributes:
        threads: Requests that one process serves at once; `None` when that is not known or not limited.
        is_stopping: Whether it was told to end and waits for its requests.
        grace_seconds: How long it waits for them; `None` when it can't be known that it is stopping.
        call_at_end: Takes a function that the server calls when the last of its requests has ended, before the process
            does. It may take its time: of `grace_seconds`, what is left.
    """

    threads: int | None = None
    is_stopping: Callable[[], bool] = _never
    grace_seconds: float | None = None
    call_at_end: Callable[[Callable[[], None]], None] = _no_hook

    @property
    def can_hold_sockets(self) -> bool:
        """Whether an open WebSocket leaves anything for other requests."""
        return self.threads is None or self.threads > 1


def find_server(frame: FrameType | None = None) -> WebServer:
    """Look for a gunicorn worker among the callers of a request handler."""
    frame = frame or inspect.currentframe()
    while frame is not None:
        caller = frame.f_locals.get("self")
        if hasattr(caller, "cfg") and type(caller).__module__.startswith("gunicorn.workers."):
            return _gunicorn(caller)
        frame = frame.f_back
    return WebServer()


def _gunicorn(worker: Any) -> WebServer:
    config = worker.cfg
    greenlets = type(worker).__module__.endswith(("ggevent", "geventlet"))
    return WebServer(
        threads=int(config.worker_connections if greenlets else config.threads),
        is_stopping=lambda: not worker.alive,
        grace_seconds=float(config.graceful_timeout),
        call_at_end=lambda function: _call_at_end(config, function),
    )


def _call_at_end(config: Any, function: Callable[[], None]) -> None:
    """Add to the author's own hook. After a fork the configuration is this worker's alone."""
    given = config.worker_exit

    def worker_exit(server: object, worker: object) -> None:
        function()
        given(server, worker)

    config.set("worker_exit", worker_exit)
