"""Agents of pydantic-ai with its real OpenAI models, and a scripted server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import plotly.express as px
import pytest
from pydantic_ai import Agent, ModelRetry, ToolReturn

from tests.integrations.answers import LiveAnswer
from tests.waiting import wait_until
from vizro_ws_chat import Message
from vizro_ws_chat.integrations.pydantic_ai import chat_history, pydantic_ai_parts
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.testing import Gate, RecordedRequest, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.scripted_openai import FunctionCall, Piece, Thought


def count(table: str) -> int:
    """Count rows."""
    return len(table)


def chart() -> ToolReturn:
    """Draw."""
    return ToolReturn("It is shown.", metadata=px.bar(x=["a"], y=[1]))


def again(table: str) -> int:
    """Ask to be called with something else."""
    raise ModelRetry(f"There is no {table}.")


@pytest.fixture(params=["openai-responses:gpt-any", "openai-chat:gpt-any"])
def agent(request: pytest.FixtureRequest, server: ScriptedOpenAI) -> Agent:
    return Agent(request.param, tools=[count, chart, again])


def asked(agent: Agent, messages: list[Message] | None = None) -> LiveAnswer:
    *before, question = messages or [{"role": "user", "content": "go"}]

    async def produce() -> AsyncIterator[Any]:
        async for part in pydantic_ai_parts(agent, question["content"], message_history=chat_history(before)):
            yield part

    return LiveAnswer(produce, is_async=True)


def answering(*rounds: list[Piece]) -> Scenario:
    def chunks(request: RecordedRequest) -> list[Piece]:
        return rounds[min(len(request.tool_outputs), len(rounds) - 1)]

    return Scenario(chunks)


def test_reasoning_text_and_usage(agent: Agent, server: ScriptedOpenAI) -> None:
    server.on("", Scenario([Thought("Hm."), Thought(" Yes.", begins_part=True), "Hello", ", ", "world"]))
    answer = asked(agent)
    assert answer.wait() is RunStatus.DONE
    (thought,) = answer.of_kind("reasoning")
    assert thought.replace("\n\n", "") == "Hm. Yes."
    assert answer.text == "Hello, world"
    assert answer.of_kind("usage") == [{"input": 1, "output": 5, "model": None}]


def test_a_tool(agent: Agent, server: ScriptedOpenAI) -> None:
    server.on("", answering(["Let me count.", FunctionCall("count", {"table": "sales"})], ["There are 5."]))
    answer = asked(agent)
    assert answer.wait() is RunStatus.DONE
    assert [kind for kind, _ in answer.said if kind != "usage"] == ["text", "tool", "text"]
    (step,) = answer.of_kind("tool")
    assert (step["name"], step["args"], step["state"], step["output"]) == ("count", {"table": "sales"}, "done", 5)
    assert server.requests[1].tool_outputs == ["5"]
    assert answer.of_kind("usage")[0]["output"] == 3


def test_what_a_tool_has_to_show(agent: Agent, server: ScriptedOpenAI) -> None:
    server.on("", answering([FunctionCall("chart", {})], ["There."]))
    answer = asked(agent)
    assert answer.wait() is RunStatus.DONE
    assert [kind for kind, _ in answer.said if kind != "usage"] == ["tool", "component", "text"]
    assert server.requests[1].tool_outputs == ["It is shown."]


def test_a_tool_that_is_to_be_called_again(agent: Agent, server: ScriptedOpenAI) -> None:
    server.on("", answering([FunctionCall("again", {"table": "sales"})], ["There is none."]))
    answer = asked(agent)
    assert answer.wait() is RunStatus.DONE
    (step,) = answer.of_kind("tool")
    assert step["state"] == "error"


def test_arguments_that_do_not_fit(agent: Agent, server: ScriptedOpenAI) -> None:
    server.on("", answering([FunctionCall("count", {"table": 5})], ["Sorry."]))
    answer = asked(agent)
    assert answer.wait() is RunStatus.DONE
    assert [step["state"] for step in answer.of_kind("tool")] == ["error"]
    assert answer.text == "Sorry."


def test_history(agent: Agent, server: ScriptedOpenAI) -> None:
    server.on("", Scenario("Yes."))
    messages: list[Message] = [
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": "answer"},
        {"role": "assistant", "content": {"type": "Graph", "props": {}}},
        {"role": "user", "content": "go"},
    ]
    assert asked(agent, messages).wait() is RunStatus.DONE
    assert [(each["role"], each["content"]) for each in server.requests[0].messages] == [
        ("user", "first"),
        ("assistant", "answer"),
        ("user", "go"),
    ]


def test_stop(agent: Agent, server: ScriptedOpenAI) -> None:
    server.on("", Scenario(["One", " two"], hold_after={1: Gate()}))
    answer = asked(agent)
    wait_until(lambda: answer.text == "One")
    answer.stop()
    assert server.requests[0].wait_disconnected(5)


def test_a_failure(agent: Agent, server: ScriptedOpenAI) -> None:
    server.on("", Scenario(status=400))
    assert asked(agent).wait() is RunStatus.ERROR
