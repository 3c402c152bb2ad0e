"""Keeping the conversations of chats: what is written, and what is looked up."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from vizro_ws_chat.exceptions import AwayError, RefusedError
from vizro_ws_chat.history.brief import BriefCalls
from vizro_ws_chat.history.records import (
    Answered,
    Asked,
    Deleted,
    End,
    KeptMessage,
    Rated,
    ThreadPage,
    ThreadSummary,
)
from vizro_ws_chat.history.store import HistoryStore
from vizro_ws_chat.history.write_behind import WriteBehind
from vizro_ws_chat.protocol.frames import ErrorFrame, Finish, Interrupted, Rating, Stopped, TerminalFrame
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Message, Scope

logger = redacted_logger(__name__)

T = TypeVar("T")

_FRESH_SECONDS = 1.0
"""How long a reader waits for what is being written."""
_CHAIN_SECONDS = 0.25
"""How long a connection waits for a conversation."""
_PAGE_SIZE = 50

_ENDS: dict[type[TerminalFrame], End] = {
    Finish: "done",
    Stopped: "stopped",
    ErrorFrame: "error",
    Interrupted: "interrupted",
}


class Keeper:
    """Keeps conversations in a store. Writing never waits, and never fails for whoever has something to be written.

    Args:
        store: Where they are kept.
        archive: Verifies what comes from there.
        max_unwritten_chars: Text that may wait while the store is away.
        retry_ms: When browsers are to ask again while it is away, in milliseconds.
        epoch_ms: The wall clock in milliseconds since 1970.
    """

    def __init__(
        self,
        store: HistoryStore,
        archive: ThreadArchive,
        *,
        max_unwritten_chars: int,
        retry_ms: int,
        epoch_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._archive = archive
        self._writing = WriteBehind(store, max_unwritten_chars)
        self._brief = BriefCalls(_CHAIN_SECONDS)
        self._retry_ms = retry_ms
        self._epoch_ms = epoch_ms

    @property
    def is_away(self) -> bool:
        """Whether the store could not be written to, or read from, when that was last tried."""
        return self._writing.is_away or self._store.is_away

    # ---- writing ----

    def asked(
        self, scope: Scope, thread: str, chain: Sequence[Message], *, run: str, model: str | None, view: str | None
    ) -> None:
        """Keep a question.

        Args:
            scope: Where it was asked, and by whom.
            thread: The conversation's id.
            chain: The conversation, which ends with the question.
            run: The run that answers it.
            model: What is to write the answer.
            view: How the author shows the question.
        """
        *before, question = chain
        kept = KeptMessage(question, run, self._epoch_ms(), model=model, view=view)
        self._writing.put(Asked(scope, thread, kept, before))

    def answered(
        self,
        scope: Scope,
        answer: Message,
        frame: TerminalFrame,
        *,
        model: str | None = None,
        view: str | None = None,
        title: str | None = None,
    ) -> None:
        """Keep an answer that has ended.

        Args:
            scope: Where, and whose.
            answer: What is signed of it.
            frame: The run's last frame.
            model: What has written it.
            view: How the author shows it.
            title: What the author calls the conversation.
        """
        error = frame if isinstance(frame, ErrorFrame) else None
        kept = KeptMessage(
            answer,
            frame.run,
            self._epoch_ms(),
            model=model,
            view=view,
            suggestions=tuple(frame.suggestions or ()) if isinstance(frame, Finish) else (),
            end=_ENDS[type(frame)],
            error_text=error.text if error else None,
            error_ref=error.ref if error else None,
        )
        self._writing.put(Answered(scope, kept, title))

    def rated(self, scope: Scope, message: str, rating: Rating | None, comment: str) -> None:
        """Keep what a reader thinks of an answer."""
        self._writing.put(Rated(scope, message, rating, comment, self._epoch_ms()))

    # ---- looking up ----

    def chain(self, scope: Scope, message: str) -> list[Message] | None:
        """Return the conversation from its first message to this one, and remember it.

        Returns:
            `None` when it is not here, or that can't be told at once: its browser has it, and the connection that waits
            for this has answers to bring.
        """
        return None if self._writing.is_away else self._brief.call(lambda: self._find_chain(scope, message))

    def _find_chain(self, scope: Scope, message: str) -> list[Message] | None:
        try:
            messages = self._ask_store(lambda: self._store.chain(scope, message))
            if not messages:
                return None
            self._archive.take_back(scope, messages)
        except AwayError:
            return None
        except RefusedError:
            logger.exception(
                "A conversation in the database is not as it was signed: it is left aside. Is the app's secret another "
                "one? List the one before in SECRET_KEY_FALLBACKS."
            )
            return None
        return list(messages)

    def threads(self, scope: Scope, *, search: str | None, before: str | None) -> ThreadPage:
        """Return conversations, those that were last said something in first.

        Raises:
            RefusedError: `busy`, while the store is away; `bad-frame`, when `before` is nothing that a page has told.
        """
        try:
            return self._look_up(lambda: self._store.threads(scope, search=search, before=before, limit=_PAGE_SIZE))
        except ValueError as error:
            raise RefusedError("bad-frame", "before is no place in a list") from error

    def thread(self, scope: Scope, thread: str) -> tuple[ThreadSummary, Sequence[KeptMessage]]:
        """Return a conversation and its messages.

        Raises:
            RefusedError: `unknown-thread`; `busy`, while the store is away.
        """
        return _found(self._look_up(lambda: self._store.thread(scope, thread)))

    def rename(self, scope: Scope, thread: str, title: str) -> ThreadSummary:
        """Give a conversation the title that its reader has chosen.

        Raises:
            RefusedError: `unknown-thread`; `busy`, while the store is away.
        """
        return _found(self._look_up(lambda: self._store.rename(scope, thread, title)))

    def delete(self, scope: Scope, thread: str) -> None:
        """Delete a conversation; it is no failure when there is none.

        Raises:
            RefusedError: `busy`, while the store is away.
        """

        def delete() -> None:
            self._store.delete(scope, thread)
            if not self._writing.flush(0):
                self._writing.put(Deleted(scope, thread))

        self._look_up(delete)

    def _look_up(self, function: Callable[[], T]) -> T:
        try:
            return self._ask_store(function)
        except AwayError as error:
            raise RefusedError("busy", "the database is away", retry_ms=self._retry_ms) from error

    def _ask_store(self, function: Callable[[], T]) -> T:
        """Return what a function finds in the store, which has then been written to if possible.

        Raises:
            AwayError: While the store is away.
        """
        self._writing.flush(_FRESH_SECONDS)
        found = function()
        if self._writing.is_away:
            self._writing.try_again()
        return found

    # ---- upkeep ----

    def forget(self, days: float) -> None:
        """Delete the conversations in which nothing was said for some days, while nobody waits for it."""
        arguments = (self._epoch_ms() - int(days * 86_400_000), days)
        with contextlib.suppress(RuntimeError):  # the system has no thread to give: the next time will do
            threading.Thread(target=self._forget, args=arguments, name="vizro-ws-chat-forget", daemon=True).start()

    def _forget(self, before_ms: int, days: float) -> None:
        try:
            count = self._store.forget(before_ms)
        except AwayError:
            return
        if count:
            logger.info("%s conversations were deleted, after %s days", count, days)

    def close(self) -> None:
        """Write what waits, and let go. Closing twice is closing once."""
        self._writing.close()
        self._store.close()


def _found(found: T | None) -> T:
    if found is None:
        raise RefusedError("unknown-thread", "it was deleted, or is another owner's")
    return found
