"""Keeps answers safe from their observer: what it raises is logged, and it is told nothing of what others raise."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from vizro_ws_chat.protocol.codes import RefusalCode
from vizro_ws_chat.protocol.frames import TerminalFrame
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.telemetry.observer import UNOBSERVED, Observer, RunFacts, RunObservation, Transport

logger = redacted_logger(__name__)

T = TypeVar("T")


class _Shield:
    """Calls an observer. Of its failures the first is logged for everybody to see: others will be like it."""

    def __init__(self) -> None:
        self._has_failed = False

    def call(self, function: Callable[[], T], otherwise: T) -> T:
        """Return what a function returns, or something else when it fails."""
        try:
            return function()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the observer's own
            self.failed(error)
            return otherwise

    def failed(self, error: Exception) -> None:
        """Log a failure."""
        level = logging.DEBUG if self._has_failed else logging.ERROR
        self._has_failed = True
        logger.log(level, "An observer of the chats failed; the answers go on without it", exc_info=error)

    def within(self, make: Callable[[], AbstractContextManager[object]]) -> AbstractContextManager[object]:
        """Return what a function returns, to be entered safely."""
        nothing: AbstractContextManager[object] = nullcontext()
        return _Within(self, self.call(make, nothing))


class _Within:
    """Enters another context. There is one of these for each connection, and a generator would take far more memory."""

    __slots__ = ("_context", "_shield")

    def __init__(self, shield: _Shield, context: AbstractContextManager[object]) -> None:
        self._shield = shield
        self._context = context

    def __enter__(self) -> None:
        try:
            self._context.__enter__()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the observer's own
            self._shield.failed(error)
            self._context = nullcontext()

    def __exit__(self, *_: object) -> None:
        # without the exception, which may quote what was said
        self._shield.call(lambda: self._context.__exit__(None, None, None), None)


class ShieldedObserver:
    """An observer that may fail.

    Args:
        observer: The one that may.
    """

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._shield = _Shield()

    def run(self, facts: RunFacts) -> RunObservation:  # noqa: D102 - see Observer
        observation = self._shield.call(lambda: self._observer.run(facts), UNOBSERVED)
        return _ShieldedRun(observation, self._shield)

    def connection(self, transport: Transport) -> AbstractContextManager[object]:  # noqa: D102
        return self._shield.within(lambda: self._observer.connection(transport))

    def resumed(self, transport: Transport) -> None:  # noqa: D102
        self._shield.call(lambda: self._observer.resumed(transport), None)

    def refused(self, code: RefusalCode) -> None:  # noqa: D102
        self._shield.call(lambda: self._observer.refused(code), None)


class _ShieldedRun:
    def __init__(self, observation: RunObservation, shield: _Shield) -> None:
        self._observation = observation
        self._shield = shield

    def working(self) -> AbstractContextManager[object]:
        return self._shield.within(self._observation.working)

    def took(self, *, is_question: bool) -> None:
        try:  # at each token, so without a function more
            self._observation.took(is_question=is_question)
        except Exception as error:  # noqa: BLE001 - as in `call`
            self._shield.failed(error)

    def ended(self, end: TerminalFrame) -> None:
        self._shield.call(lambda: self._observation.ended(end), None)
