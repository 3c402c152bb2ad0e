"""Streams of the real SDK, from a scripted server, as an answer."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from typing import Any

import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.chat import ChatCompletionChunk

from tests.integrations.answers import LiveAnswer
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import ConfigurationError, ModelError
from vizro_ws_chat.integrations.openai import ModelTurn, openai_parts, openai_parts_async
from vizro_ws_chat.protocol.frames import ErrorFrame
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.streams.run import Run
from vizro_ws_chat.testing import Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.scripted_openai import (
    Citation,
    CutOff,
    ErrorEvent,
    FunctionCall,
    Piece,
    Refusal,
    Thought,
    WebSearch,
)

QUESTION = [{"role": "user", "content": "go"}]
APIS = ["responses", "chat"]


def stream_of(client: Any, api: str) -> Any:
    if api == "responses":
        return client.responses.create(model="gpt-any", input=QUESTION, stream=True)
    return client.chat.completions.create(
        model="gpt-any", messages=QUESTION, stream=True, stream_options={"include_usage": True}
    )


class Asked:
    """What a generator made of a stream, and the turn that it got back."""

    def __init__(self, client: OpenAI, api: str) -> None:
        self.turns: list[ModelTurn] = []
        self.answer = LiveAnswer(lambda: self._produce(client, api))

    def _produce(self, client: OpenAI, api: str) -> Generator[Any, Any, None]:
        self.turns.append((yield from openai_parts(stream_of(client, api))))

    @property
    def turn(self) -> ModelTurn:
        return self.turns[0]


Ask = Callable[[Sequence[Piece]], Asked]


@pytest.fixture(params=APIS)
def api(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ask(server: ScriptedOpenAI, client: OpenAI, api: str) -> Ask:
    def ask(pieces: Sequence[Piece]) -> Asked:
        server.on("", Scenario(pieces))
        asked = Asked(client, api)
        asked.answer.wait()
        return asked

    return ask


def shown(asked: Asked) -> list[tuple[str, Any]]:
    return [(kind, value) for kind, value in asked.answer.said if kind != "usage"]


def error_of(run: Run) -> ErrorFrame:
    frame = run.log.read(None)[-1]
    assert isinstance(frame, ErrorFrame)
    return frame


def test_text_and_usage(ask: Ask) -> None:
    asked = ask(["Hello", ", ", "world"])
    assert asked.answer.said == [
        ("text", "Hello, world"),
        ("usage", {"input": 1, "output": 3, "model": "gpt-any"}),
    ]
    assert asked.answer.run.status is RunStatus.DONE
    assert (asked.turn.calls, asked.turn.model, asked.turn.cut_off) == ([], "gpt-any", None)
    assert asked.turn.response_id


def test_reasoning(ask: Ask, api: str) -> None:
    asked = ask([Thought("First"), Thought(" this."), Thought("Then that.", begins_part=True), "So."])
    between = "\n\n" if api == "responses" else ""
    assert shown(asked) == [("reasoning", f"First this.{between}Then that."), ("text", "So.")]


def test_refusals_are_text(ask: Ask) -> None:
    assert shown(ask([Refusal("I can't "), Refusal("do that.")])) == [("text", "I can't do that.")]


def test_calls_of_functions(ask: Ask, api: str) -> None:
    asked = ask(["Let me see.", FunctionCall("count", {"table": "sales"}), FunctionCall("count", "{no JSON")])
    first, second = asked.turn.calls
    assert [(call.name, call.arguments) for call in (first, second)] == [
        ("count", '{"table": "sales"}'),
        ("count", "{no JSON"),
    ]
    assert first.call_id != second.call_id
    steps = asked.answer.of_kind("tool")
    assert [step["args"] for step in steps] == [{"table": "sales"}, "{no JSON"]
    assert {step["state"] for step in steps} == {"running"}
    if api == "responses":
        assert [item["type"] for item in asked.turn.output] == ["message", "function_call", "function_call"]
        expected = {"type": "function_call_output", "call_id": first.call_id, "output": "42"}
    else:
        (message,) = asked.turn.output
        assert message["content"] == "Let me see."
        assert [call["function"]["name"] for call in message["tool_calls"]] == ["count", "count"]
        expected = {"role": "tool", "tool_call_id": first.call_id, "content": "42"}
    assert first.output("42") == expected


@pytest.mark.parametrize(("reason", "why"), [("max_output_tokens", "length"), ("content_filter", "content filter")])
def test_the_answer_says_why_it_is_not_complete(ask: Ask, reason: Any, why: str) -> None:
    asked = ask(["Once upon", CutOff(reason)])
    assert asked.answer.text.startswith("Once upon\n\n*The answer ends here, ")
    assert why in asked.answer.text
    assert asked.turn.cut_off
    assert asked.answer.run.status is RunStatus.DONE


@pytest.mark.parametrize("api", ["responses"], indirect=True)
class TestResponses:
    def test_sources(self, ask: Ask) -> None:
        cited: list[Piece] = [
            "It is so",
            Citation("https://example.org/a", "A page"),
            ", indeed",
            Citation("https://example.org/a", "A page"),
            Citation("https://example.org/b", ""),
            Citation("javascript:alert(1)", "Evil"),
            ".",
        ]
        asked = ask(cited)
        link = "[[1]](<https://example.org/a>)"
        assert asked.answer.text == f"It is so{link}, indeed{link}[[2]](<https://example.org/b>)."
        assert [(each["title"], each["url"]) for each in asked.answer.of_kind("source")] == [
            ("A page", "https://example.org/a"),
            ("example.org", "https://example.org/b"),
        ]

    def test_tools_of_the_api(self, ask: Ask) -> None:
        asked = ask([WebSearch("population"), WebSearch("wealth", fails=True), "8 billion."])
        done, failed = asked.answer.of_kind("tool")
        assert (done["name"], done["state"]) == ("web_search", "done")
        assert done["args"]["action"]["query"] == "population"
        assert (failed["state"], failed["output"]) == ("error", "The tool has failed.")
        assert asked.turn.calls == []

    def test_raw_reasoning(self, ask: Ask) -> None:
        assert shown(ask([Thought("Hm.", raw=True), "Yes."])) == [("reasoning", "Hm."), ("text", "Yes.")]

    def test_reasoning_about_another_thing_is_another_part(self, ask: Ask) -> None:
        asked = ask([Thought("Look it up."), WebSearch("it"), Thought("Found."), "Yes."])
        assert asked.answer.of_kind("reasoning") == ["Look it up.", "Found."]

    def test_an_error_event(self, ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
        asked = ask(["Once", ErrorEvent("the secret reason")])
        error = error_of(asked.answer.run)
        assert error.code == "failed"
        assert "secret" not in (error.text or "")
        assert error.ref
        assert error.ref in caplog.text
        assert "the secret reason" in caplog.text


def test_a_failure_of_the_model(server: ScriptedOpenAI, client: OpenAI, api: str) -> None:
    server.on("", Scenario("Once upon a time", error_after=2))
    asked = Asked(client, api)
    assert asked.answer.wait() is RunStatus.ERROR
    assert asked.answer.text == "Once upon"
    assert error_of(asked.answer.run).code == "failed"


def test_a_stream_that_breaks_off_is_no_answer(server: ScriptedOpenAI, client: OpenAI, api: str) -> None:
    server.on("", Scenario("Once upon a time", drop_after=2, drop_by="close", close_delimited=True))
    asked = Asked(client, api)
    assert asked.answer.wait() is RunStatus.ERROR
    assert asked.answer.text == "Once upon"


def test_a_stream_without_an_event_is_no_answer() -> None:
    with pytest.raises(ModelError, match="without any event"):
        list(openai_parts(iter([])))


def test_tokens_of_earlier_turns_count(server: ScriptedOpenAI, client: OpenAI, api: str) -> None:
    server.on("", Scenario(["a", "b"]))

    def produce() -> Generator[Any, Any, None]:
        turn = yield from openai_parts(stream_of(client, api))
        yield from openai_parts(stream_of(client, api), previous=turn)

    answer = LiveAnswer(produce)
    answer.wait()
    assert [(usage["input"], usage["output"]) for usage in answer.of_kind("usage")] == [(1, 2), (2, 4)]


class TestStop:
    def test_in_the_middle_of_a_stream(self, server: ScriptedOpenAI, client: OpenAI, api: str) -> None:
        server.on("", Scenario(["One", " two"], hold_after={1: Gate()}))
        asked = Asked(client, api)
        wait_until(lambda: asked.answer.text == "One")
        asked.answer.stop()
        assert server.requests[0].wait_disconnected(5)
        assert asked.turns == []

    def test_while_the_answer_waits_at_its_yield(self, server: ScriptedOpenAI, client: OpenAI, api: str) -> None:
        """As when the reader is asked something in between: nothing is read that could be broken off."""
        server.on("", Scenario(["One", " two"], hold_after={1: Gate()}))
        held: list[Any] = []

        def produce() -> Generator[Any, Any, None]:
            inner = openai_parts(stream_of(client, api))
            for part in inner:
                yield part
                held.append(inner)
                answer.stop()
                yield "never seen"

        answer = LiveAnswer(produce)
        answer.wait()
        assert server.requests[0].wait_disconnected(5)

    def test_the_next_answer_of_the_client_is_not_harmed(
        self, server: ScriptedOpenAI, client: OpenAI, api: str
    ) -> None:
        server.on("", Scenario(["One", " two"], hold_after={1: Gate()}), Scenario("Fine."))
        asked = Asked(client, api)
        wait_until(lambda: asked.answer.text == "One")
        asked.answer.stop()
        again = Asked(client, api)
        assert again.answer.wait() is RunStatus.DONE
        assert again.answer.text == "Fine."


class TestAsync:
    @staticmethod
    def answer(api: str, turns: list[ModelTurn]) -> LiveAnswer:
        async def produce() -> AsyncIterator[Any]:
            async with AsyncOpenAI(max_retries=0) as client:
                parts = openai_parts_async(await stream_of(client, api))
                async for part in parts:
                    yield part
                turns.append(parts.turn)

        return LiveAnswer(produce, is_async=True)

    def test_an_answer(self, server: ScriptedOpenAI, api: str) -> None:
        server.on("", Scenario([Thought("Hm."), "Yes", FunctionCall("f", {})]))
        turns: list[ModelTurn] = []
        answer = self.answer(api, turns)
        assert answer.wait() is RunStatus.DONE
        assert [kind for kind, _ in answer.said] == ["reasoning", "text", "tool", "usage"]
        assert [call.name for call in turns[0].calls] == ["f"]

    def test_stop(self, server: ScriptedOpenAI, api: str) -> None:
        server.on("", Scenario(["One", " two"], hold_after={1: Gate()}))
        answer = self.answer(api, [])
        wait_until(lambda: answer.text == "One")
        answer.stop()
        assert server.requests[0].wait_disconnected(5)

    def test_stop_without_a_client_that_is_closed(self, server: ScriptedOpenAI, api: str) -> None:
        server.on("", Scenario(["One", " two"], hold_after={1: Gate()}))
        clients: list[AsyncOpenAI] = []

        async def produce() -> AsyncIterator[Any]:
            clients.append(AsyncOpenAI(max_retries=0))
            async for part in openai_parts_async(await stream_of(clients[0], api)):
                yield part

        answer = LiveAnswer(produce, is_async=True)
        wait_until(lambda: answer.text == "One")
        answer.stop()
        assert server.requests[0].wait_disconnected(5)

    def test_a_failure(self, server: ScriptedOpenAI, api: str) -> None:
        server.on("", Scenario("Once upon a time", error_after=2))
        assert self.answer(api, []).wait() is RunStatus.ERROR


def test_calls_that_all_have_the_same_index() -> None:
    def chunk(finish_reason: Any, *calls: dict[str, Any]) -> ChatCompletionChunk:
        delta = {"tool_calls": [{"index": 0, "type": "function", **call} for call in calls]}
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return ChatCompletionChunk.model_validate(
            {"id": "c", "created": 0, "model": "m", "object": "chat.completion.chunk", "choices": [choice]}
        )

    first = {"id": "1", "function": {"name": "f", "arguments": "{}"}}
    second = {"id": "2", "function": {"name": "g", "arguments": '{"a"'}}
    rest = {"function": {"arguments": ": 1}"}}
    turns: list[ModelTurn] = []

    def produce() -> Generator[Any, Any, None]:
        chunks = [chunk(None, first), chunk(None, second), chunk("tool_calls", rest)]
        turns.append((yield from openai_parts(iter(chunks))))

    assert len(list(produce())) == 2
    assert [(call.name, call.arguments) for call in turns[0].calls] == [("f", "{}"), ("g", '{"a": 1}')]


@pytest.mark.parametrize(("name", "extra"), [("openai", "openai"), ("pydantic_ai", "pydantic-ai")])
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, name: str, extra: str) -> None:
    module = importlib.import_module(f"vizro_ws_chat.integrations.{name}")
    monkeypatch.setitem(sys.modules, name, None)
    message = rf"needs {name}, which can't be imported: pip install 'vizro-ws-chat\[{extra}\]'"
    with pytest.raises(ConfigurationError, match=message):
        importlib.reload(module)
