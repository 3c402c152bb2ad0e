"""What a reader says into an answer while it is being made."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import NamedTuple

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.redaction import withhold_also


class Delivery(NamedTuple):
    """A message on its way into an answer.

    Attributes:
        id: Chosen by the browser, so that what is sent again is the same message.
        text: What its reader says.
    """

    id: str
    text: str


def _show_nowhere(delivery: Delivery) -> bool:
    return True


class Inbox:
    """What the reader has said into the answer that is being made; the oldest first.

    Nothing waits unless it is told for how long. A message that is taken out is shown at that place of the answer.
    May be used from any thread.

    Example:
        ```python
        for step in plan:
            for message in context.inbox:
                plan.change(message)
            yield step.run()
        ```

    Args:
        show: Puts a message into the answer; returns `False` when that has ended.
    """

    def __init__(self, show: Callable[[Delivery], bool] = _show_nowhere) -> None:
        self._show = show
        self._changed = threading.Condition()
        self._deliveries: deque[Delivery] = deque()
        self._ids: set[str] = set()
        self._arrivals: list[Future[None]] = []
        self._is_closed = False

    # ---- for the author's code ----

    def get(self, timeout: float | None = None) -> str | None:
        """Take the oldest message out and return its text; `None` when there is none.

        Args:
            timeout: For how many seconds one is waited for. Stop ends that.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._is_settled, timeout or 0)
            if not self._deliveries:
                return None
            delivery = self._deliveries.popleft()
            if not self._show(delivery):
                return None
        withhold_also([delivery.text])
        return delivery.text

    async def get_async(self, timeout: float | None = None) -> str | None:  # noqa: ASYNC109 - as `get` does
        """As `get`, for async generators: nobody else on the event loop has to wait.

        Args:
            timeout: For how many seconds a message is waited for.
        """
        arrival: Future[None] = Future()
        with self._changed:
            self._arrivals.append(arrival)
            if self._is_settled:
                self._tell()
        try:
            await asyncio.wait([asyncio.wrap_future(arrival)], timeout=timeout or 0)
        finally:
            with self._changed:
                if arrival in self._arrivals:
                    self._arrivals.remove(arrival)
        return self.get()

    def drain(self) -> list[str]:
        """Take all messages out and return their texts."""
        return list(self)

    def __iter__(self) -> Iterator[str]:
        """Take messages out, one by one, until there is none."""
        while (text := self.get()) is not None:
            yield text

    def __len__(self) -> int:
        """Return how many messages there are to be taken out."""
        return len(self._deliveries)

    # ---- for the run ----

    def put(self, delivery: Delivery, most: int) -> None:
        """Take a message in; one that is sent again is the same message.

        Args:
            delivery: The message.
            most: How many may come in all.

        Raises:
            RefusedError: `not-delivered`, when the answer has ended; `inbox-full`, when too many have come.
        """
        with self._changed:
            if delivery.id in self._ids:
                return
            if self._is_closed:
                raise RefusedError("not-delivered", "the answer has ended")
            if len(self._ids) >= most:
                raise RefusedError("inbox-full", f"more than {most} messages into one answer")
            self._ids.add(delivery.id)
            self._deliveries.append(delivery)
            self._tell()

    def close(self) -> None:
        """Let go of what is left, with the end of the answer."""
        with self._changed:
            self._is_closed = True
            self._deliveries.clear()
            self._tell()

    @property
    def _is_settled(self) -> bool:
        return bool(self._deliveries) or self._is_closed

    def _tell(self) -> None:
        self._changed.notify_all()
        arrivals, self._arrivals = self._arrivals, []
        for arrival in arrivals:
            arrival.set_result(None)
