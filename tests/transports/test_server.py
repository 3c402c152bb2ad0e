from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from vizro_ws_chat.transports.server import WebServer, find_server


def test_outside_of_gunicorn_nothing_is_known() -> None:
    server = find_server()
    assert server == WebServer()
    assert not server.is_stopping()


@pytest.mark.parametrize(("module", "count"), [("gthread", 7), ("sync", 7), ("ggevent", 900), ("geventlet", 900)])
def test_a_gunicorn_worker_is_found_among_the_callers(module: str, count: int) -> None:
    """The real workers are asked in tests/servers."""

    def handle(self: Any) -> WebServer:
        return _request_handler(self.cfg)

    worker_class = type("Worker", (), {"__module__": f"gunicorn.workers.{module}", "handle": handle})
    worker = worker_class()
    worker.cfg = SimpleNamespace(threads=7, worker_connections=900, graceful_timeout=30)
    worker.alive = True
    server = worker.handle()
    assert (server.threads, server.grace_seconds) == (count, 30)
    assert not server.is_stopping()
    worker.alive = False
    assert server.is_stopping()


def _request_handler(self: object) -> WebServer:
    return find_server()  # a `self` that is no worker must not confuse it


@pytest.mark.parametrize(("threads", "can"), [(1, False), (2, True), (None, True)])
def test_one_thread_can_hold_no_socket(threads: int | None, can: bool) -> None:
    assert WebServer(threads).can_hold_sockets is can


def test_a_gunicorn_worker_calls_at_its_end_what_it_is_given_and_then_its_own_hook() -> None:
    happened: list[str] = []

    def handle(self: Any) -> WebServer:
        return find_server()

    worker_class = type("Worker", (), {"__module__": "gunicorn.workers.gthread", "handle": handle})
    worker = worker_class()
    worker.cfg = Config()
    worker.cfg.set("worker_exit", lambda server, worker: happened.append("own hook"))
    worker.alive = True
    worker.handle().call_at_end(lambda: happened.append("given"))
    worker.cfg.worker_exit(None, worker)
    assert happened == ["given", "own hook"]
