from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.manual_scheduler import ManualScheduler
from vizro_ws_chat.transports.send_deadline import SendDeadline


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    theirs.settimeout(10)
    with ours, theirs:
        yield ours, theirs


def is_open(pair: tuple[socket.socket, socket.socket]) -> bool:
    try:
        pair[0].send(b"x")
    except BrokenPipeError:
        return False
    return pair[1].recv(1) == b"x"


def test_a_write_that_takes_too_long_is_broken_off(pair: tuple[socket.socket, socket.socket]) -> None:
    scheduler = ManualScheduler()
    deadline = SendDeadline(pair[0], scheduler, 10)
    with deadline:
        scheduler.advance(9.9)
        assert is_open(pair)
        scheduler.advance(0.2)
        assert not is_open(pair)
    assert scheduler.waiting == 0


def test_each_write_has_the_whole_time(pair: tuple[socket.socket, socket.socket]) -> None:
    scheduler = ManualScheduler()
    deadline = SendDeadline(pair[0], scheduler, 10)
    for _ in range(5):
        with deadline:
            scheduler.advance(9)
        scheduler.advance(0.5)
    assert is_open(pair)
    with deadline:
        scheduler.advance(10)
    assert not is_open(pair)


def test_no_timer_runs_while_nothing_is_written(pair: tuple[socket.socket, socket.socket]) -> None:
    scheduler = ManualScheduler()
    deadline = SendDeadline(pair[0], scheduler, 10)
    assert scheduler.waiting == 0
    for _ in range(100):
        with deadline:
            pass
    assert scheduler.waiting == 1
    scheduler.advance(10)
    assert scheduler.waiting == 0
    assert is_open(pair)


def test_once_closed_it_touches_the_connection_no_more(pair: tuple[socket.socket, socket.socket]) -> None:
    scheduler = ManualScheduler()
    deadline = SendDeadline(pair[0], scheduler, 10)
    with deadline:
        deadline.close()
        scheduler.advance(100)
    with deadline:
        scheduler.advance(100)
    assert is_open(pair)
    assert scheduler.waiting == 0
