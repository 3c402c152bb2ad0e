"""Where conversations are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from vizro_ws_chat.history.records import Change, KeptMessage, ThreadPage, ThreadSummary
from vizro_ws_chat.threads.signing import Message, Scope


class HistoryStore(Protocol):
    """Keeps conversations, each of one owner in one chat. What is another's is as if it did not exist.

    Methods may be called from any thread, and raise `AwayError` when the database can't be reached, or does not do what
    it is asked, at the moment.
    """

    @property
    def is_away(self) -> bool:
        """Whether it could not be reached, or did not do what it was asked, when it was last asked anything."""

    def write(self, changes: Sequence[Change]) -> None:
        """Make changes, in order and all or none of them. Making them again changes nothing.

        A conversation begins with its first question, whose beginning is its title until the author's code or its
        reader gives it another one. What a reader has chosen stays.
        """

    def threads(self, scope: Scope, *, search: str | None, before: str | None, limit: int) -> ThreadPage:
        """Return conversations, those that were last said something in first.

        Args:
            scope: Whose.
            search: Only those whose title or texts have this in them, in capitals or not.
            before: What the page before has called its `next`.
            limit: How many at most.

        Raises:
            ValueError: When `before` is no such thing.
        """

    def thread(self, scope: Scope, thread: str) -> tuple[ThreadSummary, Sequence[KeptMessage]] | None:
        """Return a conversation and its messages in the order in which they were made; `None` when there is none."""

    def chain(self, scope: Scope, message: str) -> Sequence[Message] | None:
        """Return the messages from the first to this one, each the parent of the next; `None` when one is missing."""

    def rename(self, scope: Scope, thread: str, title: str) -> ThreadSummary | None:
        """Give a conversation the title that its reader has chosen; `None` when there is none."""

    def delete(self, scope: Scope, thread: str) -> None:
        """Delete a conversation and all that is kept of it, if it is there."""

    def forget(self, before_ms: int) -> int:
        """Delete all conversations in which nothing was said since then, and return how many.

        Ratings go too that have waited since then for their answers.
        """

    def close(self) -> None:
        """Let go of the connections. Closing twice is closing once."""
