import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from dash import State, html

from tests.parts.writing import written
from vizro_ws_chat import ChatAction, Message, RunContext
from vizro_ws_chat.actions.chat_action import encode_answer
from vizro_ws_chat.actions.inputs import Inputs
from vizro_ws_chat.exceptions import AnswerError, ConfigurationError, NoTextError
from vizro_ws_chat.streams.cancel import CancelToken

MESSAGES: list[Message] = [
    {"role": "user", "content": "Hi"},
    {"role": "assistant", "content": "Hello"},
    {"role": "user", "content": "More"},
]


class Echo(ChatAction):
    def generate_response(self, messages: list[Message], prompt: str) -> str:
        return f"{len(messages)}: {prompt}"


class Greeting(ChatAction):
    def generate_response(self, messages: list[Message]) -> html.P:
        return html.P(messages[-1]["content"])


class Bound(ChatAction):
    country: str = "country-filter.value"
    unit: str = "euro"

    def generate_response(self, messages: list[Message], country: str) -> str:
        return f"{country} in {self.unit}"


class Asynchronous(ChatAction):
    async def generate_response(self, messages: list[Message]) -> html.P:
        return html.P("Hello")


def context() -> RunContext:
    return RunContext("the-run", CancelToken())


def answer(action: ChatAction, inputs: list[Any] | None = None) -> list[Any]:
    chunks = action.respond(MESSAGES, inputs or [], context())
    assert isinstance(chunks, Iterator)
    return list(chunks)


def test_the_answer_is_one_chunk() -> None:
    action = Echo()
    action.check()
    assert not action.is_async
    assert answer(action) == ["3: More"]


def test_components_become_a_part() -> None:
    [(kind, tree)] = written(*answer(Greeting()))
    assert kind == "component"
    assert tree["props"] == {"children": "More"}


def test_without_an_answer_there_is_nothing_to_show() -> None:
    with pytest.raises(NoTextError):
        encode_answer(None)


def test_what_can_not_be_shown_is_found_before_it_is_written() -> None:
    with pytest.raises(AnswerError, match="generate_response returned a dict"):
        encode_answer({"a": 1})


def test_a_field_in_the_signature_is_what_it_names_on_the_page() -> None:
    action = Bound()
    action._inputs = Inputs({"country": State("country-filter", "value")})
    assert action.page_inputs == [("country-filter", "value")]
    assert answer(action, ["France"]) == ["France in euro"]


def test_a_coroutine_is_awaited() -> None:
    async def all_chunks() -> list[Any]:
        chunks = action.respond(MESSAGES, [], context())
        assert isinstance(chunks, AsyncIterator)
        return [chunk async for chunk in chunks]

    action = Asynchronous()
    action.check()
    assert action.is_async
    [(kind, _)] = written(*asyncio.run(all_chunks()))
    assert kind == "component"


class Silent(ChatAction):
    pass


class Yields(ChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield "a"


class YieldsLater(ChatAction):
    async def generate_response(self, messages: list[Message]) -> AsyncIterator[str]:
        yield "a"


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (Silent(), "Silent has no generate_response. Write one that returns the answer."),
        (Yields(), "Yields.generate_response yields, but a ChatAction returns its answer"),
        (YieldsLater(), "YieldsLater.generate_response yields"),
    ],
)
def test_mistakes_are_found_while_the_dashboard_is_built(action: ChatAction, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        action.check()
