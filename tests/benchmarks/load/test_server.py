from __future__ import annotations

import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.load.server import _NO_LIMITS, Server
from vizro_ws_chat.settings import ENVIRONMENT_PREFIX, Settings
from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.processes import free_port


@pytest.fixture
def server() -> Iterator[Server]:
    port = free_port()
    argv = [sys.executable, str(Path(__file__).with_name("busy_server.py")), str(port)]
    with AppProcess(argv, url=f"http://127.0.0.1:{port}/") as app:
        yield Server(app)


def ask(server: Server, path: str) -> None:
    with urllib.request.urlopen(server.url + path) as response:
        assert response.status == 204


def test_the_workers_are_counted_and_their_parent_is_not(server: Server) -> None:
    assert len(server.workers) == 1
    assert server.app.pid not in server.workers


def test_processor_time_is_what_the_worker_has_burnt(server: Server) -> None:
    before = server.cpu_seconds()
    ask(server, "burn/0.5")
    assert 0.45 <= server.cpu_seconds() - before <= 0.7


def test_memory_is_what_the_worker_keeps(server: Server) -> None:
    before = server.private_bytes()
    ask(server, "keep/50")
    assert 50_000_000 <= server.private_bytes() - before + 1_000_000 <= 60_000_000


def test_the_limits_that_are_lifted_are_settings() -> None:
    names = {name for name in _NO_LIMITS if name.startswith(ENVIRONMENT_PREFIX)}
    assert len(names) == 5
    assert {name.removeprefix(ENVIRONMENT_PREFIX).lower() for name in names} <= set(Settings.model_fields)
