"""Authors' code for tests of runs, which goes on when it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

from tests.streams.making import QUESTION, Sealed, fold, text_of
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.frames import OutputFrame
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.run import RunKey
from vizro_ws_chat.streams.runner import Producer
from vizro_ws_chat.streams.runs import ReadableRun, Runs


class Storyteller:
    """Says "Hello", waits, and says the rest."""

    def __init__(self, rest: str = ", world") -> None:
        self.go_on = threading.Event()
        self.contexts: list[RunContext] = []
        self._rest = rest

    def produce(self, context: RunContext) -> Iterator[str]:
        """Answer."""
        self.contexts.append(context)
        yield "Hello"
        self.go_on.wait(DEADLINE_SECONDS)
        yield self._rest

    def start(self, runs: Runs, key: RunKey, **changed: Any) -> ReadableRun:
        """Start a run of it."""
        return start(runs, key, self.produce, **changed)

    def started(self, runs: Runs, key: RunKey, **changed: Any) -> ReadableRun:
        """Start a run of it, and wait until it has begun to answer."""
        run = self.start(runs, key, **changed)
        wait_until(lambda: text_of(run.log.read(None)) == "Hello", "the first word")
        return run


def start(runs: Runs, key: RunKey, produce: Callable[[RunContext], Any], **changed: Any) -> ReadableRun:
    """Start a run."""
    producer = Producer(produce, is_async=False, environment=nullcontext)
    return runs.start(key, question=QUESTION, seal=Sealed(), producer=producer, **changed)


def is_known(runs: Runs, key: RunKey) -> bool:
    """Return whether a run can be read. Where others may have it, that it can't be told at first is a no, too."""
    try:
        return runs.get(key) is not None
    except RefusedError as refusal:
        if refusal.code != "busy":
            raise
        return False


class Reader:
    """Reads a run as a connection does: it attaches, and takes each frame once."""

    def __init__(self, runs: Runs, run: ReadableRun) -> None:
        self.run = run
        self.frames: list[OutputFrame] = []
        self._runs = runs
        runs.attach(run)

    def read(self) -> list[OutputFrame]:
        """Return all frames so far."""
        after = self.frames[-1].frame_id if self.frames else None
        self.frames += self.run.log.read(after)
        return self.frames

    def text(self) -> str:
        """Return the text so far."""
        return text_of(self.read())

    def read_to_the_end(self, deadline: float = DEADLINE_SECONDS) -> list[OutputFrame]:
        """Wait for the end, and return all frames: without a gap, one end, nothing after it."""
        wait_until(lambda: self.run.log.is_closed or self.run.is_lost, "the end of the run", deadline)
        assert not self.run.is_lost
        assert fold(self.read()).status.is_terminal
        return self.frames

    def leave(self) -> None:
        """Read no more."""
        self._runs.detach(self.run)
