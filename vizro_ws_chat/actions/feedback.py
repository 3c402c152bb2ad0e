"""What a reader thinks of an answer, as `Chat(on_feedback=...)` gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from vizro_ws_chat.actions.messages import Message
from vizro_ws_chat.author_functions import check_function


@dataclass(frozen=True)
class Feedback:
    """What a reader thinks of an answer. A later one on the same answer replaces it.

    Attributes:
        id: Of the answer; the same each time its reader has something to say of it, so store it under this.
        rating: Thumbs up or down; `None` when it was taken back.
        comment: The reader's words; often empty.
        message: The answer. The server has verified that it is what your action said to this reader.
        messages: The conversation before it, oldest first, as `generate_response` got it.
        run: Id of the run that wrote it, as the browser tells.
        model: The action's `model`, if it has one.
    """

    id: str
    rating: Literal["up", "down"] | None
    comment: str
    message: Message
    messages: list[Message]
    run: str
    model: str | None


def check_on_feedback(function: Callable[[Feedback], object]) -> None:
    """Check what can be known of a chat's feedback function before anybody says anything.

    Raises:
        ConfigurationError: When it can't be called as it will be.
    """
    check_function(
        "Chat(on_feedback=...)", function, 1, where="on a thread of its own", expected="with one argument, a Feedback"
    )
