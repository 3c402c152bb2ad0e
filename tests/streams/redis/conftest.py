from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

import pytest
import redis

from tests.streams.making import Sealed
from tests.waiting import wait_until
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.redis.client import Client
from vizro_ws_chat.streams.redis.shared_runs import SharedRuns
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.testing import RedisServer

_RUNNING_URL = "VIZRO_WS_CHAT_TEST_REDIS_URL"


class Reachable(Protocol):
    """A server, whoever has started it."""

    @property
    def url(self) -> str: ...


class RunningServer(NamedTuple):
    """One that is there already."""

    url: str


@pytest.fixture(scope="session")
def shared_server() -> Iterator[Reachable]:
    """A server for all that only use it: each test has keys of its own. It may be one that is running already."""
    if url := os.environ.get(_RUNNING_URL):
        yield RunningServer(url)
        return
    with RedisServer() as server:
        yield server


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """A server for a test that does something to it."""
    with RedisServer() as own:
        yield own


@pytest.fixture
def client(server: RedisServer) -> Iterator[Client]:
    """Look at the server, and do things to what is there."""
    with redis.Redis.from_url(server.url) as connected:
        yield connected


def flush(client: Client) -> None:
    """Flush, and let a millisecond pass.

    A stream that begins anew in the millisecond of its last entry gives that one's id again, and who has read the one
    does not see the other: a letter would be said again only when its reply has not come.
    """
    client.flushall()
    second, microsecond = client.time()
    wait_until(lambda: client.time() > (second, microsecond + 1_000), "the next millisecond")


MakeRuns = Callable[..., SharedRuns]


@pytest.fixture
def make_runs() -> Iterator[MakeRuns]:
    """Make the runs of a process; several share a Redis as processes do. All of their threads end with the test."""
    before = set(threading.enumerate())
    made: list[SharedRuns] = []
    sealed = Sealed()

    def make(server: Reachable, *, app: str = "app", **settings: Any) -> SharedRuns:
        chosen = Settings(**{"batch_seconds": 0, "redis_url": server.url, **settings})
        runs = SharedRuns(chosen, Scheduler(), app=app, seal_for=lambda _key, _question, content: sealed(content))
        made.append(runs)
        return runs

    yield make
    for runs in made:
        runs.close()

    def left() -> list[str]:
        threads = [thread.name for thread in threading.enumerate() if thread not in before]
        return [name for name in threads if name.startswith("vizro-ws-chat") and "scheduler" not in name]

    wait_until(lambda: not left(), "the end of all threads")
