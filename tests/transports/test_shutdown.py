from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.manual_scheduler import ManualScheduler
from vizro_ws_chat.transports.server import WebServer
from vizro_ws_chat.transports.shutdown import Shutdown


class Fixture:
    def __init__(self) -> None:
        self.scheduler = ManualScheduler()
        self.is_busy = True
        self.is_stopping = False
        self.goes_on = False
        self.at_end: list[Callable[[], None]] = []
        self.looked = 0
        self.happened: list[tuple[str, float]] = []
        self.server = WebServer(threads=8, is_stopping=self._look, grace_seconds=30.0, call_at_end=self.at_end.append)
        self.shutdown = Shutdown(
            self.scheduler,
            is_busy=lambda: self.is_busy,
            begin=lambda: self._note("begin"),
            finish=lambda: self._note("finish"),
            share=0.5,
            goes_on=lambda: self.goes_on,
            pause=self.scheduler.advance,
        )

    def _look(self) -> bool:
        self.looked += 1
        return self.is_stopping

    def _note(self, what: str) -> None:
        self.happened.append((what, self.scheduler.clock()))


@pytest.fixture
def it() -> Fixture:
    return Fixture()


def test_nothing_happens_while_the_server_runs(it: Fixture) -> None:
    it.shutdown.watch(it.server)
    it.scheduler.advance(3_600)
    assert it.looked > 0
    assert it.happened == []


def test_the_beginning_at_once_and_the_end_before_the_servers_patience_is_over(it: Fixture) -> None:
    it.shutdown.watch(it.server)
    it.scheduler.advance(10)
    it.is_stopping = True
    start = it.scheduler.clock()
    it.scheduler.advance(100)
    (begin, begun_at), (finish, finished_at) = it.happened
    assert (begin, finish) == ("begin", "finish")
    assert begun_at - start <= 1
    assert finished_at - begun_at == 15


def test_it_looks_only_while_there_is_something_to_end(it: Fixture) -> None:
    it.shutdown.watch(it.server)
    it.is_busy = False
    it.scheduler.advance(5)
    looked = it.looked
    it.scheduler.advance(100)
    assert it.looked == looked
    it.is_busy = True
    it.shutdown.watch(it.server)
    it.scheduler.advance(5)
    assert it.looked > looked


@pytest.mark.parametrize("times", [1, 2, 10])
def test_watching_again_is_watching_once(it: Fixture, times: int) -> None:
    for _ in range(times):
        it.shutdown.watch(it.server)
    it.scheduler.advance(5)
    assert it.looked == 10
    it.is_stopping = True
    it.scheduler.advance(5)
    it.shutdown.watch(it.server)
    it.scheduler.advance(50)
    assert [what for what, _ in it.happened] == ["begin", "finish"]


def test_a_server_of_which_it_can_not_be_known_is_left_alone(it: Fixture) -> None:
    unknown: Any = WebServer(is_stopping=it._look)
    it.shutdown.watch(unknown)
    it.scheduler.advance(100)
    assert it.looked == 0


def test_what_the_server_knows_nothing_of_is_waited_for(it: Fixture) -> None:
    it.shutdown.watch(it.server)
    it.shutdown.watch(it.server)
    [end] = it.at_end
    it.goes_on = it.is_stopping = True
    it.scheduler.call_later(3.0, lambda: setattr(it, "goes_on", False))
    start = it.scheduler.clock()
    end()
    assert 3.0 <= it.scheduler.clock() - start < 4.0
    assert [what for what, _ in it.happened] == ["begin"]


def test_it_is_not_waited_for_longer_than_it_may_go_on(it: Fixture) -> None:
    it.shutdown.watch(it.server)
    it.goes_on = it.is_stopping = True
    start = it.scheduler.clock()
    it.at_end[0]()
    assert 15.0 <= it.scheduler.clock() - start < 16.0


def test_nothing_is_waited_for_when_nothing_is_left(it: Fixture) -> None:
    it.shutdown.watch(it.server)
    start = it.scheduler.clock()
    it.at_end[0]()
    assert it.scheduler.clock() == start
