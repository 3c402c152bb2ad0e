"""A function of the author's as what answers in a chat."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from vizro_ws_chat.actions.arguments import chat_arguments, check_arguments, takes_files
from vizro_ws_chat.actions.chat_action import whole_answer, whole_answer_async
from vizro_ws_chat.actions.messages import Message
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.streams.cancel import RunContext


class AnsweringFunction:
    """A function of the author's as what answers in a chat.

    Args:
        function: Gets the messages, and what it declares of a chat's other arguments.
        streaming: Whether it yields its answer, or returns an iterable of its chunks.
        model: The name of the model that it asks, as far as the author tells.

    Raises:
        ConfigurationError: When it can't be one.
    """

    page_inputs: Sequence[tuple[str, str]] = ()
    has_views = False

    def __init__(self, function: Callable[..., Any], *, streaming: bool, model: str | None = None) -> None:
        if not callable(function):
            raise ConfigurationError(f"generate_response must be a function, but it is {type(function).__name__!r}.")
        called = function if inspect.isroutine(function) else type(function).__call__
        yields_async = inspect.isasyncgenfunction(function) or inspect.isasyncgenfunction(called)
        yields = yields_async or inspect.isgeneratorfunction(function) or inspect.isgeneratorfunction(called)
        returns_async = inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(called)
        if yields and not streaming:
            raise ConfigurationError("generate_response yields: leave streaming=False away, or use `return` in it.")
        if returns_async and streaming:
            raise ConfigurationError(
                "generate_response is a coroutine, which returns its answer: say streaming=False, or use `yield` in it."
            )
        check_arguments(function, "generate_response")
        self._function = function
        self._streaming = streaming
        self.is_async = yields_async or returns_async
        self.model = model
        self.reads_files = takes_files(function)

    def respond(
        self, messages: list[Message], inputs: Sequence[Any], context: RunContext
    ) -> Iterator[Any] | AsyncIterator[Any]:
        """Return the iterator of the answer's chunks. `inputs` is empty: a popup knows no page."""
        arguments = chat_arguments(self._function, messages, context)
        if not self._streaming:
            answer = whole_answer_async if self.is_async else whole_answer
            return answer(self._function, messages, arguments)
        chunks = self._function(messages, **arguments)
        return iter([chunks]) if isinstance(chunks, str) else chunks

    def view(self, message: Message) -> None:
        """Return nothing: the chat shows its messages itself."""
