"""What is kept of conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vizro_ws_chat.protocol.frames import Rating
from vizro_ws_chat.threads.signing import Message, Scope

End: TypeAlias = Literal["done", "stopped", "error", "interrupted"]
"""How an answer has ended."""


@dataclass(frozen=True)
class KeptMessage:
    """A message, and what is shown with it.

    Attributes:
        message: What is signed.
        run: The run that it is the question or the answer of; `None` when that is not known.
        created_ms: When it was made, in milliseconds since 1970.
        model: What wrote it, of an answer; what was to write one, of a question.
        view: How the author shows it, as the JSON of components; `None` as the chat does.
        suggestions: What could be asked next.
        end: How it has ended, of an answer.
        error_text: What the reader was told, of an answer that has failed.
        error_ref: The reference id under which the log has more.
        rating: What its reader thinks of it.
        comment: What its reader says of it.
    """

    message: Message
    run: str | None
    created_ms: int
    model: str | None = None
    view: str | None = None
    suggestions: tuple[str, ...] = ()
    end: End | None = None
    error_text: str | None = None
    error_ref: str | None = None
    rating: Rating | None = None
    comment: str = ""


@dataclass(frozen=True)
class ThreadSummary:
    """A conversation in the list of its owner's.

    Attributes:
        id: Chosen by the browser.
        title: What it is called.
        updated_ms: When something was last said in it, in milliseconds since 1970.
    """

    id: str
    title: str
    updated_ms: int


@dataclass(frozen=True)
class ThreadPage:
    """A part of the list of conversations, those that were last said something in first.

    Attributes:
        threads: The conversations.
        next: What to ask for the next part with; `None` when there is none.
    """

    threads: Sequence[ThreadSummary]
    next: str | None


# ---- what is written ----


@dataclass(frozen=True)
class Asked:
    """A question was taken.

    Attributes:
        scope: Where, and by whom.
        thread: The conversation's id.
        question: The question.
        before: The conversation before it, from its first message on. It is written where the store does not have it: a
            conversation may be older than the store, or have been deleted in the meantime.
    """

    scope: Scope
    thread: str
    question: KeptMessage
    before: Sequence[Message]


@dataclass(frozen=True)
class Answered:
    """An answer has ended. It belongs to the conversation of its question; without that it is not kept.

    Attributes:
        scope: Where, and whose.
        answer: The answer.
        title: What the author's code calls the conversation; `None`: as it was.
    """

    scope: Scope
    answer: KeptMessage
    title: str | None = None


@dataclass(frozen=True)
class Rated:
    """A reader has said what they think of an answer. Where the store does not have that yet, it waits for it there.

    Attributes:
        scope: Where, and who.
        message: The answer's id.
        rating: What they think; `None` when it was taken back.
        comment: What they say.
        rated_ms: When they have said so, in milliseconds since 1970.
    """

    scope: Scope
    message: str
    rating: Rating | None
    comment: str
    rated_ms: int


@dataclass(frozen=True)
class Deleted:
    """A reader has deleted a conversation of which something waited to be written: that would bring it back.

    Attributes:
        scope: Where, and whose.
        thread: The conversation's id.
    """

    scope: Scope
    thread: str


Change: TypeAlias = Asked | Answered | Rated | Deleted
