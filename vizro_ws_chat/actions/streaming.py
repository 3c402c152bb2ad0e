"""The action that streams its answer."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from vizro_ws_chat.actions.base import BaseChatAction
from vizro_ws_chat.actions.messages import Message
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.streams.cancel import RunContext


class StreamingChatAction(BaseChatAction):
    """Answers in a `Chat`, chunk by chunk. Subclass it and write `generate_response`.

    Example:
        ```python
        class Countdown(StreamingChatAction):
            start: int = 3

            def generate_response(self, messages):
                for number in range(self.start, 0, -1):
                    yield f"{number} … "
        ```
    """

    def generate_response(
        self, messages: list[Message], *args: Any, **kwargs: Any
    ) -> Iterator[Any] | AsyncIterator[Any]:
        """Yield the answer to a conversation.

        Runs on a thread of its own (or, written with `async def`, on a shared event loop), independent of the
        browser's connection. When the user presses Stop the generator is closed at its `yield`; a network read that
        it is blocked in is broken off.

        Args:
            messages: The conversation, oldest first; the last one is the user's.
            *args: Not passed.
            **kwargs: As for `ChatAction.generate_response`.

        Yields:
            Chunks of the answer's text, Markdown; Dash components, figures and what else `vizro_ws_chat.parts` has.

        Raises:
            UserFacingError: To tell the user in your own words what is wrong. Any other exception is shown as a
                neutral sentence with a reference id, under which the server's log has the traceback.
        """
        raise NotImplementedError

    @property
    def is_async(self) -> bool:
        """Whether `generate_response` is written with `async def`."""
        return inspect.isasyncgenfunction(self.generate_response)

    def respond(
        self, messages: list[Message], inputs: Sequence[Any], context: RunContext
    ) -> Iterator[Any] | AsyncIterator[Any]:
        """Call `generate_response` with the parameters that it declares."""
        return self.generate_response(messages, **self.arguments(messages, inputs, context))

    def check(self) -> None:
        """Find mistakes while the dashboard is built.

        Raises:
            ConfigurationError: When `generate_response` is missing or can't be iterated.
        """
        self._check_methods(StreamingChatAction, "yields the answer's text")
        if inspect.iscoroutinefunction(self.generate_response):
            raise ConfigurationError(
                f"{type(self).__name__}.generate_response is a coroutine: it returns instead of yielding. Use `yield` "
                "in it."
            )
