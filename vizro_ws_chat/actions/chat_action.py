"""The action that gives its answer as a whole."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any

from vizro_ws_chat.actions.base import BaseChatAction
from vizro_ws_chat.actions.messages import Message
from vizro_ws_chat.exceptions import ConfigurationError, NoTextError
from vizro_ws_chat.parts.trees import encode_components
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.output import AnswerWriter, Output


class ChatAction(BaseChatAction):
    """Answers in a `Chat` at once, with text or with Dash components. Subclass it and write `generate_response`.

    Example:
        ```python
        class Sales(ChatAction):
            def generate_response(self, messages, prompt):
                return dcc.Graph(figure=px.bar(sales[sales.region == prompt], x="month", y="revenue"))
        ```
    """

    def generate_response(self, messages: list[Message], *args: Any, **kwargs: Any) -> Any:
        """Return the answer to a conversation.

        Runs on a thread of its own (or, written with `async def`, on a shared event loop), independent of the
        browser's connection. When the user presses Stop, a network read that it is blocked in is broken off.

        Args:
            messages: The conversation, oldest first; the last one is the user's.
            *args: Not passed.
            **kwargs: A parameter named `prompt` gets the text of the last message, `context` a `RunContext`, and
                `uploaded_files` the files that came with the last message, or `None`. A parameter with the name of a
                field gets what the field's value, such as `"country-filter.value"`, names on the page, and `_controls`
                the values of the page's filters and parameters.

        Returns:
            Markdown; a Dash component; a Plotly figure, shown in a `dcc.Graph`; or a list of these. Callbacks on
            components of an answer work as on any other.

        Raises:
            UserFacingError: To tell the user in your own words what is wrong. Any other exception is shown as a
                neutral sentence with a reference id, under which the server's log has the traceback.
        """
        raise NotImplementedError

    @property
    def is_async(self) -> bool:
        """Whether `generate_response` is written with `async def`."""
        return inspect.iscoroutinefunction(self.generate_response)

    def respond(
        self, messages: list[Message], inputs: Sequence[Any], context: RunContext
    ) -> Iterator[str | Output] | AsyncIterator[str | Output]:
        """Return an iterator of the one chunk that the answer is."""
        arguments = self.arguments(messages, inputs, context)
        answer = whole_answer_async if self.is_async else whole_answer
        return answer(self.generate_response, messages, arguments)

    def check(self) -> None:
        """Find mistakes while the dashboard is built.

        Raises:
            ConfigurationError: When `generate_response` is missing or yields.
        """
        self._check_methods(ChatAction, "returns the answer")
        if inspect.isgeneratorfunction(self.generate_response) or inspect.isasyncgenfunction(self.generate_response):
            raise ConfigurationError(
                f"{type(self).__name__}.generate_response yields, but a ChatAction returns its answer. Make it a "
                "StreamingChatAction, or use `return` in it."
            )


def whole_answer(
    function: Callable[..., Any], messages: list[Message], arguments: Mapping[str, Any]
) -> Iterator[str | Output]:
    """Yield the one chunk that an answer is which a function returns."""
    yield encode_answer(function(messages, **arguments))


async def whole_answer_async(
    function: Callable[..., Any], messages: list[Message], arguments: Mapping[str, Any]
) -> AsyncIterator[str | Output]:
    """Yield the one chunk that an answer is which an `async def` function returns."""
    yield encode_answer(await function(messages, **arguments))


class _WholeAnswer:
    """An answer that is nothing but components, written as JSON."""

    def __init__(self, text: str) -> None:
        self._text = text

    def write_to(self, answer: AnswerWriter) -> None:
        answer.add("component", self._text)


def encode_answer(answer: object) -> str | Output:
    """Return an answer as the chat's text, or as what writes its components.

    Args:
        answer: Text; a Dash component; a Plotly figure, which becomes a `dcc.Graph`; a list of these; or what Plotly's
            encoder makes one of them.

    Raises:
        AnswerError: If it can't be shown.
        NoTextError: If it is `None`: most likely a `return` is missing.
    """
    if answer is None:
        raise NoTextError
    return answer if isinstance(answer, str) else _WholeAnswer(encode_components(answer, "generate_response returned"))
