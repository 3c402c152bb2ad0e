"""What connections need of runs, wherever those are: in this process, or in another one."""

from __future__ import annotations

from typing import Protocol

from vizro_ws_chat.protocol.frames import MessageRef
from vizro_ws_chat.streams.inbox import Delivery
from vizro_ws_chat.streams.log import ReadableLog
from vizro_ws_chat.streams.run import RunKey, Seal
from vizro_ws_chat.streams.runner import Producer


class ReadableRun(Protocol):
    """A run, as its readers see it."""

    @property
    def key(self) -> RunKey:
        """What it is found by."""

    @property
    def id(self) -> str:
        """Chosen by the browser."""

    @property
    def question(self) -> MessageRef:
        """The signed user message that is answered."""

    @property
    def question_view(self) -> str | None:
        """How the author shows the question; `None`: as the chat does."""

    @property
    def log(self) -> ReadableLog:
        """Its frames."""

    @property
    def is_asking(self) -> bool:
        """Whether a question waits for its answer."""

    @property
    def may_lag(self) -> bool:
        """Whether its readers elsewhere may have seen more of it than has come here."""

    @property
    def is_lost(self) -> bool:
        """Whether what is still to come of it can't be had any more, not even its end."""


class Runs(Protocol):
    """All runs that can be reached from here. Methods may be called from any thread."""

    def get(self, key: RunKey) -> ReadableRun | None:
        """Return a run that is alive or can still be read.

        Raises:
            RefusedError: `busy`, when that can't be known at the moment.
        """

    def find(self, key: RunKey) -> ReadableRun | None:
        """Return a run that was sent before; `None` when it is new.

        Raises:
            RefusedError: `unknown-run`, when it has ended and its log is gone.
        """

    def start(
        self,
        key: RunKey,
        *,
        question: MessageRef,
        seal: Seal,
        producer: Producer,
        question_view: str | None = None,
        owner_limit: int | None = None,
    ) -> ReadableRun:
        """Start a run; when it is known already, return that run: a repeated send is the same send.

        Args:
            key: Whose it is, and its id.
            question: The message that it answers.
            seal: Signs the answer.
            producer: Makes it.
            question_view: How the author shows the question.
            owner_limit: How many runs of this owner may be alive; `None` for one who is many.

        Raises:
            RefusedError: `busy`, when too many runs are alive; `unknown-run`, when it has ended and its log is gone.
        """

    def cancel(self, key: RunKey) -> None:
        """Stop a run. Idempotent; a run that is yet to come (its send is still on its way) will not start.

        Raises:
            RefusedError: `busy`, when it may be in a process that can't be reached at the moment.
        """

    def answer(self, key: RunKey, part: int, value: object) -> None:
        """Take the reader's answer to the question that a part of a run asks. Idempotent.

        Raises:
            RefusedError: `unknown-run`, when it is nowhere; `not-asked` or `not-offered`, as `Run.answer` says; `busy`,
                when the process that it is in can't be reached at the moment.
        """

    def deliver(self, key: RunKey, delivery: Delivery) -> None:
        """Take what the reader says into a run. Idempotent.

        Raises:
            RefusedError: `unknown-run`, when it is nowhere; `not-delivered` or `inbox-full`, as `Inbox.put` says;
                `busy`, when the process that it is in can't be reached at the moment.
        """

    def attach(self, run: ReadableRun) -> None:
        """Count a reader of a run."""

    def detach(self, run: ReadableRun) -> None:
        """Count a reader less; without readers the run goes on for the grace time."""
