"""What an observer of the chats is told: of runs, connections and refusals, never of what was said, nor by whom."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from vizro_ws_chat.protocol.codes import RefusalCode
from vizro_ws_chat.protocol.frames import TerminalFrame

Transport: TypeAlias = Literal["websocket", "sse"]


@dataclass(frozen=True)
class RunFacts:
    """What is known of a run when it begins.

    Attributes:
        run: Its id.
        chat: The chat's id.
        model: What writes the answer, as far as the author tells.
        transport: What brought the question.
    """

    run: str
    chat: str
    model: str | None
    transport: Transport


class RunObservation(Protocol):
    """Is told of one run. Its methods are called from several threads; they are quick, and do not raise."""

    def working(self) -> AbstractContextManager[object]:
        """Return what is entered around the author's code, on its thread or in its task.

        When it is left, the author's code has ended, which may be later than the run.
        """

    def took(self, *, is_question: bool) -> None:
        """Hear that the author's code has yielded something; a question is followed by its reader's silence."""

    def ended(self, end: TerminalFrame) -> None:
        """Hear how the run has ended; once."""


class Observer(Protocol):
    """Is told of what happens in a process. Its methods are called from any thread; they are quick and do not raise."""

    def run(self, facts: RunFacts) -> RunObservation:
        """Hear that a run begins, on the thread of the request that asks for it."""

    def connection(self, transport: Transport) -> AbstractContextManager[object]:
        """Return what is entered for as long as a connection is open."""

    def resumed(self, transport: Transport) -> None:
        """Hear that a browser goes on reading runs, on another connection than before."""

    def refused(self, code: RefusalCode) -> None:
        """Hear that a browser was told that something is not done."""


class _Unobserved:
    """Hears of a run, and does nothing."""

    def working(self) -> AbstractContextManager[object]:
        return nullcontext()

    def took(self, *, is_question: bool) -> None:
        pass

    def ended(self, end: TerminalFrame) -> None:
        pass


class _NoObserver:
    """Hears of everything, and does nothing."""

    def run(self, facts: RunFacts) -> RunObservation:
        return UNOBSERVED

    def connection(self, transport: Transport) -> AbstractContextManager[object]:
        return nullcontext()

    def resumed(self, transport: Transport) -> None:
        pass

    def refused(self, code: RefusalCode) -> None:
        pass


UNOBSERVED: RunObservation = _Unobserved()
NO_OBSERVER: Observer = _NoObserver()
