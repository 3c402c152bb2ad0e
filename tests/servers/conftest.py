from __future__ import annotations

import functools
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import vizro_ws_chat
from tests.transports.clients import BASE, SSEClient, WebSocketClient, command
from tests.transports.making import hello
from tests.waiting import DEADLINE_SECONDS
from vizro_ws_chat.protocol.frames import Frame
from vizro_ws_chat.testing import AppProcess, ScriptedOpenAI, serve_development, serve_gunicorn
from vizro_ws_chat.testing.procfs import child_pids

DASHBOARD = Path(__file__).parent / "apps" / "dashboard.py"
ENVIRONMENT = {
    "PYTHONPATH": str(Path(vizro_ws_chat.__file__).parents[1]),  # what is tested here, installed or not
    "VIZRO_WS_CHAT_GRACE_SECONDS": "0.5",
    "VIZRO_WS_CHAT_HEARTBEAT_SECONDS": "0.2",
    "VIZRO_WS_CHAT_LOG_TTL_SECONDS": "10",
}
Serve = Callable[[dict[str, str]], AppProcess]

SERVERS: dict[str, Serve] = {
    "development": lambda env: serve_development(DASHBOARD, env=env),
    "debug": lambda env: serve_development(DASHBOARD, env={**env, "DEBUG": "1"}),
    "gthread": lambda env: serve_gunicorn(DASHBOARD, threads=8, env=env),
    "gevent": lambda env: serve_gunicorn(DASHBOARD, worker_class="gevent", env=env),
}


@dataclass
class Served:
    """A dashboard in a process of its own, and the model that it asks."""

    process: AppProcess
    model: ScriptedOpenAI
    base: str = BASE

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.process.url)
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port

    @property
    def serving_pid(self) -> int:
        """The process that answers: gunicorn's worker, the reloader's child."""
        children = child_pids(self.process.pid)
        return children[0] if children else self.process.pid

    def get(self, path: str = "/") -> str:
        with urllib.request.urlopen(self.process.url.rstrip("/") + path, timeout=DEADLINE_SECONDS) as response:
            text: str = response.read().decode()
            return text

    def connect(self, transport: str, chat: str, *frames: Frame) -> WebSocketClient | SSEClient:
        """Open a connection, say hello and these frames."""
        if transport == "sse":
            return SSEClient(self.address, hello(chat), *frames, base=self.base)
        browser = WebSocketClient(self.address, self.base)
        browser.send(hello(chat), *frames)
        return browser

    def tell(self, browser: WebSocketClient | SSEClient, chat: str, *frames: Frame) -> None:
        """Say more: on the same connection, or by a command where it goes one way only."""
        if isinstance(browser, WebSocketClient):
            browser.send(*frames)
        else:
            assert command(self.address, hello(chat), *frames, base=self.base)[0] == 200


@contextmanager
def dashboards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Give what starts dashboards, each with a model of its own; they end together."""
    running: list[Served] = []

    def start(server: Serve, base: str = BASE, **environment: str) -> Served:
        model = ScriptedOpenAI()
        model.start()
        key_file = tmp_path_factory.mktemp("state") / "key"
        env = {
            **ENVIRONMENT,
            "OPENAI_BASE_URL": model.base_url,
            "OPENAI_API_KEY": model.api_key,
            "VIZRO_WS_CHAT_KEY_FILE": str(key_file),
            **environment,
        }
        served = Served(server(env), model, base)
        running.append(served)
        served.process.start()
        return served

    yield start
    for served in running:
        served.process.stop()
        served.model.close()


@pytest.fixture
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Start dashboards that end with the test."""
    with dashboards(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Served]]:
    """Return the dashboard that all tests share on a server, started when it is first needed."""
    with dashboards(tmp_path_factory) as start:
        yield functools.cache(lambda server: start(SERVERS[server]))


@pytest.fixture(params=SERVERS)
def served(request: pytest.FixtureRequest, named: Callable[[str], Served]) -> Served:
    return named(request.param)
