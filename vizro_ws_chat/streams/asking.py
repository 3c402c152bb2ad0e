"""Questions that the author's code puts to the reader, and for whose answers it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from enum import Enum, auto
from typing import Any, NamedTuple

from vizro_ws_chat.exceptions import RefusedError


class Heard(NamedTuple):
    """What came of a reader's answer.

    Attributes:
        text: The part from now on, JSON.
        reply: What the author's code gets.
        is_final: Whether the question is answered; else it is asked again, as the part says.
    """

    text: str
    reply: Any = None
    is_final: bool = True


def texts_in(value: Any) -> list[str]:
    """Return what a reader has written in an answer."""
    return [str(each) for each in (value.values() if isinstance(value, dict) else [value])]


class _State(Enum):
    OPEN = auto()
    ANSWERED = auto()
    EXPIRED = auto()
    GIVEN_UP = auto()


_NO_FALLBACK = object()


class OpenQuestion:
    """A question that waits for its answer, once. Its run's lock guards what ends it.

    Args:
        index: Of the part that asks it.
        hear: Reads what a reader answers; the author's side. It raises `RefusedError` for what no reader can mean.
        expired: The part's text when no answer has come, JSON.
        timeout: For how long it waits, in seconds.
        fallback: What the author's code gets when no answer has come; without it, that is told by `is_late`.
        when_late: Called when no answer has come.
    """

    def __init__(
        self,
        index: int,
        hear: Callable[[Any], Heard],
        *,
        expired: str,
        timeout: float,
        fallback: object = _NO_FALLBACK,
        when_late: Callable[[], None] = lambda: None,
    ) -> None:
        self.index = index
        self.hear = hear
        self.expired = expired
        self._timeout = timeout
        self._fallback = fallback
        self.when_late = when_late
        self._state = _State.OPEN
        self._value: Any = None
        self.reply: Any = None
        """What the author's code gets."""
        self._ended: Future[None] = Future()

    @property
    def is_open(self) -> bool:
        """Whether it waits."""
        return self._state is _State.OPEN

    @property
    def is_late(self) -> bool:
        """Whether nobody has answered in time, and the author's code has to know."""
        return self._state is _State.EXPIRED and self._fallback is _NO_FALLBACK

    @property
    def said(self) -> list[str]:
        """What the reader has written."""
        return texts_in(self._value) if self._state is _State.ANSWERED else []

    def answer(self, value: Any, reply: Any) -> None:
        """End it with an answer."""
        self._value = value
        self.reply = reply
        self._end(_State.ANSWERED)

    def expire(self) -> None:
        """End it: nobody has answered."""
        self.reply = None if self._fallback is _NO_FALLBACK else self._fallback
        self._end(_State.EXPIRED)

    def give_up(self) -> None:
        """End it with its run."""
        if self.is_open:
            self._end(_State.GIVEN_UP)

    def _end(self, state: _State) -> None:
        self._state = state
        self._ended.set_result(None)

    def check_again(self, value: Any) -> None:
        """Take what comes when it is not open any more: an answer that is sent again is the same answer.

        Raises:
            RefusedError: `not-asked`, when it is another, or there was none.
        """
        if self._state is not _State.ANSWERED or self._value != value:
            raise RefusedError("not-asked", "the question is not open any more")

    def wait(self) -> bool:
        """Wait on this thread, and return whether it has ended in time."""
        try:
            self._ended.result(self._timeout)
        except FutureTimeoutError:
            return False
        return True

    async def wait_async(self) -> bool:
        """Wait on the event loop, and return whether it has ended in time."""
        ended, _ = await asyncio.wait([asyncio.wrap_future(self._ended)], timeout=self._timeout)
        return bool(ended)


class Questions:
    """All questions of a run, by the parts that ask them. The run's lock guards them.

    Args:
        clock: Monotonic time in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._of_parts: dict[int, OpenQuestion] = {}
        self._unsettled: dict[OpenQuestion, float] = {}
        """Since when each of them waits."""
        self._settled_seconds = 0.0
        self.is_empty = True
        """Whether nothing was asked, nor is about to be."""

    @property
    def is_any_open(self) -> bool:
        """Whether one waits for its answer."""
        return any(question.is_open for question in self._of_parts.values())

    @property
    def seconds(self) -> float:
        """For how long all of them have waited together."""
        now = self._clock()
        return self._settled_seconds + sum(now - since for since in self._unsettled.values())

    def expect(self) -> None:
        """Take note that something is about to be asked: others may see it before it is added."""
        self.is_empty = False

    def add(self, question: OpenQuestion) -> None:
        """Take note of a question that begins to wait."""
        self._of_parts[question.index] = question
        self._unsettled[question] = self._clock()

    def get(self, index: int) -> OpenQuestion | None:
        """Return the question that a part asks."""
        return self._of_parts.get(index)

    def settle(self, question: OpenQuestion) -> None:
        """Take note that a question waits no longer."""
        self._settled_seconds += self._clock() - self._unsettled.pop(question)
