"""Generators driven as in a dashboard: by the real runner, into a real run."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from tests.streams.making import fold, frames_of, make_run
from tests.waiting import wait_until
from vizro_ws_chat.parts.component import as_part
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.streams.event_loop import EventLoopThread
from vizro_ws_chat.streams.runner import Producer, start_runner
from vizro_ws_chat.streams.scheduler import Scheduler

EVENT_LOOP = EventLoopThread()


class LiveAnswer:
    """An answer that a generator writes on the runner's thread, or on the event loop.

    Args:
        produce: Returns the generator.
        is_async: Whether it is an async one.
        ask_seconds: For how long questions wait.
    """

    def __init__(self, produce: Callable[[], Any], *, is_async: bool = False, ask_seconds: float = 600) -> None:
        scheduler = Scheduler()
        self.run = make_run(scheduler)
        producer = Producer(lambda _: produce(), is_async, nullcontext, as_output=as_part, ask_seconds=ask_seconds)
        start_runner(self.run, producer, scheduler, EVENT_LOOP)

    @property
    def said(self) -> list[tuple[str, Any]]:
        """The kinds of its parts, and their text, or what their JSON says."""
        return [
            (part.kind, part.text if part.kind in {"text", "reasoning"} else json.loads(part.text))
            for part in fold(frames_of(self.run)).parts()
        ]

    @property
    def text(self) -> str:
        return "".join(text for kind, text in self.said if kind == "text")

    def of_kind(self, kind: str) -> list[Any]:
        return [value for each, value in self.said if each == kind]

    def reply(self, value: Any) -> None:
        """Answer the question that is open, as a reader."""
        wait_until(lambda: self.run.is_asking, "a question")
        index = max(index for index, (kind, _) in enumerate(self.said) if kind == "ask")
        self.run.answer(index, value)

    def stop(self) -> None:
        """Press Stop."""
        self.run.stop()
        self.run.token.cancel()

    def wait(self) -> RunStatus:
        """Wait until it has ended, and return how."""
        wait_until(lambda: self.run.log.is_closed, "the end of the answer")
        return self.run.status
