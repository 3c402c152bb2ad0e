from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import Any

import pytest

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.codes import ByeCode
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.transports.capacity import Capacity
from vizro_ws_chat.transports.owner import NOBODY
from vizro_ws_chat.transports.server import WebServer


class Connection:
    def __init__(self, idle_since: float | None, browser: str = NOBODY) -> None:
        self.browser = browser
        self.idle_since = idle_since
        self.asked = 0
        self.has_begun_something = False

    def make_room(self) -> bool:
        self.asked += not self.has_begun_something
        return not self.has_begun_something

    def ask_to_leave(self, reason: ByeCode) -> None:
        self.asked += 1


def make_capacity(threads: int | None, **settings: Any) -> Capacity:
    return Capacity(Settings(**settings), lambda: WebServer(threads))


@pytest.mark.parametrize(
    ("threads", "settings", "limit"),
    [
        (8, {}, 4),
        (32, {"connection_share": 0.75}, 24),
        (3, {}, 1),
        (1, {}, 1),
        (None, {}, 1_000),
        (8, {"max_connections": 100}, 100),
    ],
)
def test_the_limit_is_a_share_of_the_servers_threads(threads: int | None, settings: dict[str, Any], limit: int) -> None:
    assert make_capacity(threads, **settings).limit == limit


@pytest.mark.parametrize(
    ("threads", "settings", "limit"),
    [
        (8, {}, 2),
        (32, {"connection_share": 0.75}, 4),
        (2, {}, 1),
        (1, {}, 1),
        (None, {}, 1_000),
        (8, {"max_connections": 100}, 1),
    ],
)
def test_requests_on_their_way_leave_threads_to_the_dashboard(
    threads: int | None, settings: dict[str, Any], limit: int
) -> None:
    capacity = make_capacity(threads, **settings)
    assert capacity.reading_limit == limit
    with ExitStack() as readings:
        for _ in range(limit):
            readings.enter_context(capacity.reading())
        with pytest.raises(RefusedError) as refusal, capacity.reading():
            pass
        assert (refusal.value.code, refusal.value.retry_ms) == ("busy", 2000)
    with capacity.reading():  # whether they came or not, their places are free again
        pass


def test_the_server_is_asked_once() -> None:
    asked = []

    def find() -> WebServer:
        asked.append(1)
        return WebServer(8)

    capacity = Capacity(Settings(), find)
    assert asked == []  # not before a request: the server can't be seen from elsewhere
    capacity.enter(Connection(None))
    capacity.enter(Connection(None))
    assert len(asked) == 1


def test_the_longest_idle_makes_room() -> None:
    capacity = make_capacity(None, max_connections=3)
    reading, idle, longest_idle = Connection(None), Connection(5.0), Connection(3.0)
    for place in (reading, idle, longest_idle):
        capacity.enter(place)
    capacity.enter(Connection(None))
    assert (reading.asked, idle.asked, longest_idle.asked) == (0, 0, 1)
    capacity.enter(Connection(None))
    assert (reading.asked, idle.asked, longest_idle.asked) == (0, 1, 1)
    assert capacity.taken == 3


def test_who_has_just_got_something_to_do_keeps_its_place() -> None:
    capacity = make_capacity(None, max_connections=2)
    longest_idle, idle = Connection(3.0), Connection(5.0)
    longest_idle.has_begun_something = True
    for place in (longest_idle, idle):
        capacity.enter(place)
    capacity.enter(Connection(None))
    assert (longest_idle.asked, idle.asked) == (0, 1)
    with pytest.raises(RefusedError, match="busy"):
        capacity.enter(Connection(None))


def test_when_all_are_busy_the_next_is_refused_with_a_time_to_come_back() -> None:
    capacity = make_capacity(None, max_connections=2, busy_retry_seconds=2.5)
    busy = [Connection(None), Connection(None)]
    for place in busy:
        capacity.enter(place)
    with pytest.raises(RefusedError) as refusal:
        capacity.enter(Connection(1.0))
    assert (refusal.value.code, refusal.value.retry_ms) == ("busy", 2500)
    assert capacity.taken == 2
    capacity.leave(busy[0])
    capacity.enter(Connection(None))
    assert capacity.taken == 2


def test_an_owner_has_a_limit_of_their_own() -> None:
    capacity = make_capacity(None, max_connections=100, max_owner_connections=2, busy_retry_seconds=2.5)
    reading, idle = Connection(None, "browser:mine"), Connection(5.0, "browser:mine")
    others = [Connection(1.0, "browser:other"), *(Connection(1.0) for _ in range(10))]
    for place in (reading, idle, *others):
        capacity.enter(place)
    capacity.enter(Connection(None, "browser:mine"))
    assert (reading.asked, idle.asked, sum(other.asked for other in others)) == (0, 1, 0)
    with pytest.raises(RefusedError) as refusal:
        capacity.enter(Connection(None, "browser:mine"))
    assert (refusal.value.code, refusal.value.retry_ms) == ("busy", 2500)
    capacity.enter(Connection(None, "browser:other"))


def test_leaving_after_having_been_asked_to_frees_no_second_place() -> None:
    capacity = make_capacity(None, max_connections=1)
    idle = Connection(1.0)
    capacity.enter(idle)
    capacity.enter(Connection(None))
    capacity.leave(idle)
    capacity.leave(idle)
    assert capacity.taken == 1
    with pytest.raises(RefusedError):
        capacity.enter(Connection(None))


def test_a_server_of_one_thread_is_told_about(caplog: pytest.LogCaptureFixture) -> None:
    capacity = make_capacity(1)
    with caplog.at_level(logging.WARNING, "vizro_ws_chat"):
        assert not capacity.server.can_hold_sockets
        assert not capacity.server.can_hold_sockets
    assert caplog.text.count("one request at a time") == 1
