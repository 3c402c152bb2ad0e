"""Whether this process can be sent more: what load balancers ask every second."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus

from flask import Response

from vizro_ws_chat.redaction import redacted_logger

logger = redacted_logger(__name__)


class Health:
    """What this process depends on. Without it the dashboard still answers, so nobody is kept from the process."""

    def __init__(self) -> None:
        self._checks: dict[str, Callable[[], bool]] = {}

    def add(self, name: str, is_there: Callable[[], bool]) -> None:
        """Look at something each time that somebody asks.

        Args:
            name: What it is called, to everybody: a kind of thing, such as `redis`, and no host.
            is_there: Whether it was there when it was last needed. It must not go and see: whoever asks does so every
                second, and must not wait.
        """
        self._checks[name] = is_there

    def response(self, *, is_stopping: bool) -> Response:
        """Return the answer to a load balancer: 503 while the process is about to end, else 200."""
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_stopping else HTTPStatus.OK
        headers = {"Cache-Control": "no-store"}
        return Response(json.dumps(self._report(is_stopping)), status, headers, mimetype="application/json")

    def _report(self, is_stopping: bool) -> dict[str, object]:
        if is_stopping:
            return {"status": "stopping"}
        away = [name for name, is_there in self._checks.items() if not _holds(name, is_there)]
        return {"status": "degraded", "away": away} if away else {"status": "ok"}


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        logger.exception("It can't be told whether %s is there", name)
        return False
