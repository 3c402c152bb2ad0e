"""Authors' code on strings: each answer does one thing when it is told to, on its run's own thread."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.transports.making import Unasking
from tests.waiting import DEADLINE_SECONDS
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.transports.service import Question

END = object()
"""Tells an answer that it is complete."""


class _Puppet:
    def __init__(self) -> None:
        self.orders: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.settled = threading.Event()
        self.closed = threading.Event()

    def chunks(self) -> Iterator[Any]:
        try:
            while True:
                self.settled.set()
                order = self.orders.get()
                if order is END:
                    return
                if isinstance(order, BaseException):
                    raise order
                yield order
        finally:
            self.closed.set()


class Puppets(Unasking):
    """A responder whose answers wait for orders, deaf to Stop as an author's code may be.

    Whoever gives an order goes on when it has been carried out: at any time either the test runs or one answer, so
    that the same orders always have the same outcome.
    """

    is_async = False

    def __init__(self) -> None:
        self.conversations: dict[str, list[list[tuple[str, str]]]] = defaultdict(list)
        self._puppets: dict[str, _Puppet] = {}

    def respond(self, question: Question, context: RunContext) -> Iterator[Any]:
        """Answer."""
        said: list[tuple[str, str]] = [(message.role, str(message.content)) for message in question.messages]
        self.conversations[context.run_id].append(said)
        return self._puppet(context.run_id).chunks()

    def _puppet(self, run_id: str) -> _Puppet:
        # The test and the answer's thread may both be the first to ask: `setdefault` gives both the same.
        return self._puppets.setdefault(run_id, _Puppet())

    def await_start(self, run: Run) -> None:
        """Return when the answer waits for its first order, or never will."""
        puppet = self._puppet(run.id)
        run.when_ended(puppet.settled.set)
        _await(puppet.settled)

    def tell(self, run: Run, order: Any) -> None:
        """Let the answer yield a chunk, raise an exception or end, and return when it waits again or has ended.

        Also after the run's end, of which the author's code need not know.
        """
        puppet = self._puppet(run.id)
        if puppet.closed.is_set() or run.id not in self.conversations:  # it has ended, or was never begun
            return
        outcome = puppet.closed if run.status.is_terminal else puppet.settled
        outcome.clear()
        puppet.orders.put(order)
        _await(outcome)

    def close(self) -> None:
        """End all answers."""
        for run_id in self.conversations:
            puppet = self._puppet(run_id)
            puppet.orders.put(END)
            _await(puppet.closed)


def _await(event: threading.Event) -> None:
    if not event.wait(DEADLINE_SECONDS):
        raise AssertionError("an answer did not carry out its order")
