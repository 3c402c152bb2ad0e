from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from vizro_ws_chat import Message, RunContext, StreamingChatAction
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.streams.cancel import CancelToken

MESSAGES: list[Message] = [{"role": "user", "content": "Hi"}]


class Plain(StreamingChatAction):
    suffix: str = "!"

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield messages[-1]["content"] + self.suffix


class Asynchronous(StreamingChatAction):
    async def generate_response(self, messages: list[Message]) -> AsyncIterator[str]:
        yield "a"


class WithContext(StreamingChatAction):
    def generate_response(self, messages: list[Message], context: RunContext) -> Iterator[str]:
        yield context.run_id


class WithKeywordContext(StreamingChatAction):
    def generate_response(self, messages: list[Message], *, context: RunContext, **kwargs: Any) -> Iterator[str]:
        yield f"{context.run_id} {kwargs}"


class ReturnsAnIterator(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        return iter(["a", "b"])


class Unwritten(StreamingChatAction):
    pass


class Inherits(Plain):
    pass


class Coroutine(StreamingChatAction):
    async def generate_response(self, messages: list[Message]) -> str:  # type: ignore[override]
        return "all at once"


def answer(action: StreamingChatAction) -> list[str]:
    return list(action.respond(MESSAGES, [], RunContext("the-run", CancelToken())))


class Deaf(StreamingChatAction):
    def generate_response(self) -> Iterator[str]:  # type: ignore[override]
        yield ""


class Named(StreamingChatAction):
    def generate_response(self, *, messages: list[Message]) -> Iterator[str]:  # type: ignore[override]
        yield ""


class Demanding(StreamingChatAction):
    def generate_response(self, messages: list[Message], country: str) -> Iterator[str]:
        yield country


class Undemanding(StreamingChatAction):
    def generate_response(
        self, messages: list[Message], _controls: Any, country: str = "France", *_: Any, **__: Any
    ) -> Iterator[str]:
        yield country


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Plain(), ["Hi!"]),
        (Plain(suffix="?"), ["Hi?"]),
        (WithContext(), ["the-run"]),
        (WithKeywordContext(), ["the-run {'uploaded_files': None}"]),
        (ReturnsAnIterator(), ["a", "b"]),
    ],
)
def test_generate_response_gets_what_it_declares(action: StreamingChatAction, expected: list[str]) -> None:
    action.check()
    assert not action.is_async
    assert answer(action) == expected


def test_a_decorated_method_gets_what_its_wrapper_can_take() -> None:
    def shout(method: Any) -> Any:
        @functools.wraps(method)
        def wrapper(self: Any, messages: list[Message], **kwargs: Any) -> Iterator[str]:
            return (chunk.upper() for chunk in method(self, messages, **kwargs))

        return wrapper

    class Decorated(StreamingChatAction):
        @shout
        def generate_response(self, messages: list[Message], context: RunContext) -> Iterator[str]:
            yield context.run_id

    assert answer(Decorated()) == ["THE-RUN"]


def test_async_generators_are_told_apart() -> None:
    action = Asynchronous()
    action.check()
    assert action.is_async
    assert hasattr(action.respond(MESSAGES, [], RunContext("the-run", CancelToken())), "__anext__")


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (Unwritten(), "Unwritten has no generate_response"),
        (Coroutine(), "returns instead of yielding"),
        (Deaf(), r"called with the messages as its first argument, but its parameters are \(\) -> "),
        (Named(), r"but its parameters are \(\*, messages: "),
        (Demanding(), r"'country' of Demanding\.generate_response is neither offered by the chat \(context, prompt"),
    ],
)
def test_mistakes_are_found_before_anybody_chats(action: StreamingChatAction, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        action.check()


def test_a_method_may_be_inherited() -> None:
    Inherits().check()


def test_what_has_a_default_or_is_vizros_may_be_declared() -> None:
    Undemanding().check()


def test_vizro_gets_no_callback_to_register() -> None:
    action = Plain()
    assert action.outputs == []
    assert action.function() is None  # type: ignore[func-returns-value]
    assert action._define_callback() is None  # type: ignore[func-returns-value]
