import json
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.waiting import wait_until
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.redis.shared_runs import SharedRuns
from vizro_ws_chat.testing import RedisServer
from vizro_ws_chat.transports.mount import ChatMount, mount

PATH = "/_vizro_ws_chat/health"


class Probe:
    """A load balancer that asks an app."""

    def __init__(self, **settings: Any) -> None:
        self.flask = Flask(__name__)
        self.flask.secret_key = "a secret"
        self.flask.config["VIZRO_WS_CHAT"] = Settings(**settings)
        self.chats: ChatMount = mount(self.flask, "/", "/")

    def ask(self, **options: Any) -> TestResponse:
        """Ask, from nowhere: without Origin and cookies."""
        return self.flask.test_client().get(PATH, **options)


@pytest.fixture
def probe() -> Probe:
    return Probe()


def test_a_process_that_is_well(probe: Probe) -> None:
    response = probe.ask()
    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})
    assert response.mimetype == "application/json"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_process_that_is_stopping(probe: Probe) -> None:
    """The real workers are asked in tests/servers."""

    def handle(self: Any) -> TestResponse:
        return probe.ask()

    worker = type("Worker", (), {"__module__": "gunicorn.workers.gthread", "handle": handle})()
    worker.cfg = SimpleNamespace(threads=8, graceful_timeout=30)
    worker.alive = True
    probe.chats.service.health.add("redis", lambda: False)
    assert worker.handle().status_code == 200
    worker.alive = False
    response = worker.handle()
    assert (response.status_code, response.get_json()) == (503, {"status": "stopping"})
    assert response.headers["Cache-Control"] == "no-store"


def test_what_is_away_is_named_while_the_dashboard_answers(probe: Probe) -> None:
    is_there = {"redis": False, "history": True}
    probe.chats.service.health.add("redis", lambda: is_there["redis"])
    probe.chats.service.health.add("history", lambda: is_there["history"])
    response = probe.ask()
    assert (response.status_code, response.get_json()) == (200, {"status": "degraded", "away": ["redis"]})
    is_there["redis"] = True
    assert probe.ask().get_json() == {"status": "ok"}


def test_a_redis_that_is_away_is_told_until_it_is_back() -> None:
    """The same of a history: test_history_hanging."""
    with RedisServer() as server:
        probe = Probe(redis_url=server.url)
        runs = probe.chats.service.runs
        assert isinstance(runs, SharedRuns)
        try:
            assert probe.ask().get_json() == {"status": "ok"}
            server.kill()
            wait_until(lambda: probe.ask().get_json() == {"status": "degraded", "away": ["redis"]}, "the news")
            server.start()
            wait_until(lambda: probe.ask().get_json() == {"status": "ok"}, "its return")
        finally:
            runs.close()


def test_a_check_that_fails_is_taken_for_what_it_checks(probe: Probe, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> bool:
        raise RuntimeError("the address of a host")

    probe.chats.service.health.add("redis", fail)
    response = probe.ask()
    assert response.get_json() == {"status": "degraded", "away": ["redis"]}
    assert "host" in caplog.text


def test_it_tells_nothing_else_and_needs_nothing(probe: Probe) -> None:
    others = set(threading.enumerate())
    response = probe.ask(headers={"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"})
    assert json.loads(response.data) == {"status": "ok"}
    assert "Set-Cookie" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers
    assert set(threading.enumerate()) <= others


def test_it_only_answers(probe: Probe) -> None:
    client = probe.flask.test_client()
    assert client.head(PATH).data == b""
    assert client.head(PATH).status_code == 200
    assert client.post(PATH).status_code == 405
    assert client.delete(PATH).status_code == 405
