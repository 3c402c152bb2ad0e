"""Histories that chance has made up: readers that wander between processes while their ways to Redis fail.

Each process has a wire of its own to Redis. Chance cuts them, also between a command and its reply, makes them slow,
and deletes what is in Redis. What every reader has seen in the end is compared with what the author's code has said.
`VIZRO_WS_CHAT_HISTORIES=200 pytest tests/streams/redis/test_histories.py` makes up so many.
"""

from __future__ import annotations

import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import cast

import pytest
import redis

from tests.streams.redis.conftest import MakeRuns
from tests.streams.redis.wire import Wire
from tests.transports.making import Unasking, hello, make_service, new_run, send
from tests.waiting import wait_until
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import Accepted, Frame, OutputFrame, RefusedFrame, Welcome
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.testing import RedisServer
from vizro_ws_chat.testing.run_reader import RunReader
from vizro_ws_chat.transports.service import ChatService, Question
from vizro_ws_chat.transports.session import Session

HISTORIES = int(os.environ.get("VIZRO_WS_CHAT_HISTORIES", "3"))
PROCESSES, RUNS, READERS = 3, 6, 3
WORDS = 40
SECONDS = 2.0
"""For how long things go wrong: less than a lease, so that nobody is taken to be dead."""
LEASE = 4.0
ENDS = {RunStatus.DONE, RunStatus.STOPPED, RunStatus.ERROR, RunStatus.INTERRUPTED}


class Counting(Unasking):
    """Authors' code that counts, with pauses as chance has them, and after the calm has come, to the end."""

    is_async = False

    def __init__(self, chance: random.Random) -> None:
        self.calls: list[str] = []
        self.calm = threading.Event()
        self._seed = chance.random()

    def respond(self, question: Question, context: RunContext) -> Iterator[str]:
        self.calls.append(context.run_id)
        chance = random.Random(f"{self._seed} {len(self.calls)}")
        for number in range(WORDS):
            yield f"{number} "
            if chance.random() < 0.1:  # thinks for a long time
                self.calm.wait(SECONDS)
            self.calm.wait(chance.random() * 0.1)
        self.calm.wait()


WHOLE = "".join(f"{number} " for number in range(WORDS))


class Tab:
    """A browser's reading of one run, by the rules of the protocol, on one process after the other."""

    def __init__(self, services: list[ChatService], run: str, chance: random.Random) -> None:
        self.reader = RunReader(run)
        self.story: list[str] = []
        self._services = services
        self._run = run
        self._chance = chance
        self._is_accepted = False
        self._session: Session | None = None

    def connect(self, service: ChatService | None = None) -> None:
        """Come back, to any process, and go on where it was."""
        self.leave()
        service = service or self._chance.choice(self._services)
        self._session = Session(service, "owner", lambda: None, "websocket")
        resume = self.reader.resume
        self._say(hello(**{self._run: resume.after}) if self._is_accepted else hello())
        if not self._is_accepted:
            self._say(send(self._run))

    def _say(self, frame: Frame) -> None:
        assert self._session is not None
        self._session.receive(encode([frame]))

    def leave(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def read(self) -> None:
        """Take what has come."""
        if self._session is None:
            return
        for frame in self._session.take():
            match frame:
                case RefusedFrame(code="busy"):
                    self.story.append("busy")
                    self.leave()  # and comes back
                    return
                case RefusedFrame():
                    raise AssertionError(f"refused: {frame.code}, after {self.reader.resume.after}: {self.story}")
                case Accepted():
                    self._is_accepted = True
                case Welcome():
                    pass
                case _:
                    output = cast("OutputFrame", frame)
                    self.story.append(f"{output.type} {output.id}")
                    assert not self.reader.apply(output), f"a gap: {self.story}"

    @property
    def is_connected(self) -> bool:
        return self._session is not None

    @property
    def has_ended(self) -> bool:
        return self.reader.status in ENDS


class World:
    """Processes, runs in them, readers, and what goes wrong."""

    def __init__(self, server: RedisServer, make_runs: MakeRuns, wires: list[Wire], chance: random.Random) -> None:
        self.chance = chance
        self.story: list[str] = []
        self.responder = Counting(chance)
        self._server = server
        self._wires = wires
        self.services = []
        app = secrets.token_hex(4)
        for wire in wires:
            service = make_service(self.responder, max_frames_per_second=1e9, max_owner_frames_per_second=1e9)
            runs = make_runs(
                server, app=app, redis_url=wire.url, lease_seconds=LEASE, redis_timeout_seconds=5,
                max_log_frames=chance.choice([10, 20, 2_000]), max_owner_runs=1_000,
            )  # fmt: skip
            service.runs, service.hub = runs, runs.hub
            self.services.append(service)
        self.runs = [new_run() for _ in range(RUNS)]
        self.tabs = [Tab(self.services, run, chance) for run in self.runs for _ in range(READERS)]

    def go_wrong(self) -> None:
        """Let something happen."""
        happening = self.chance.choice(
            [self._cut, self._lose_replies, self._down, self._slow, self._delete, self._flush, self._nothing]
        )
        self.story.append(happening.__name__)
        happening()

    def _nothing(self) -> None: ...

    def _cut(self) -> None:
        self.chance.choice(self._wires).cut()

    def _for_a_while(self, begin: Callable[[], None], end: Callable[[], None]) -> None:
        begin()
        until = time.monotonic() + self.chance.random() * 0.7
        while time.monotonic() < until:
            self.read()
        end()

    def _lose_replies(self) -> None:
        wire = self.chance.choice(self._wires)
        self._for_a_while(wire.lose_replies, wire.up)

    def _down(self) -> None:
        wire = self.chance.choice(self._wires)
        self._for_a_while(wire.down, wire.up)

    def _slow(self) -> None:
        wire = self.chance.choice(self._wires)
        self._for_a_while(lambda: setattr(wire, "delay", 0.1), lambda: setattr(wire, "delay", 0.0))

    def _delete(self) -> None:
        with redis.Redis.from_url(self._server.url) as client:
            keys = sorted(client.keys("*:run:*"))
            if keys:
                client.delete(*self.chance.sample(keys, min(len(keys), 3)))

    def _flush(self) -> None:
        with redis.Redis.from_url(self._server.url) as client:
            client.flushall()

    def read(self) -> None:
        """Let all readers read, and some of them wander."""
        for tab in self.tabs:
            if not tab.has_ended and (not tab.is_connected or self.chance.random() < 0.01):
                tab.connect()
            tab.read()
        time.sleep(0.002)

    def is_calm(self) -> bool:
        return not any(service.runs.is_away for service in self.services)  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_all_readers_see_all_of_it_once(server: RedisServer, make_runs: MakeRuns, seed: int) -> None:
    chance = random.Random(seed)
    with ExitStack() as stack:
        wires = [stack.enter_context(Wire(server.url)) for _ in range(PROCESSES)]
        world = World(server, make_runs, wires, chance)
        stack.callback(world.responder.calm.set)
        for tab in world.tabs:
            stack.callback(tab.leave)
            tab.connect()
            tab.read()
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            world.go_wrong()
            world.read()
        for wire in wires:
            wire.up()
        world.responder.calm.set()

        def all_have_ended() -> bool:
            world.read()
            return all(tab.has_ended for tab in world.tabs)

        wait_until(all_have_ended, "the end of all runs for all readers", deadline=20)
        for tab in world.tabs:
            assert (tab.reader.status, tab.reader.text) == (RunStatus.DONE, WHOLE), (world.story, tab.story)
        assert len({(tab.reader.run_id, tab.reader.message_id) for tab in world.tabs}) == RUNS
        assert sorted(world.responder.calls) == sorted(world.runs), "each was answered once"
