from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import pandas as pd
import pytest
import vizro.models as vm
import vizro.plotly.express as px
from dash import Dash
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel
from pydantic_ai.models.test import TestModel
from vizro.managers import data_manager

from vizro_ws_chat import Message
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.popup import add_chat_popup, create_dashboard_agent, make_generate_response
from vizro_ws_chat.popup.dashboard_agent import model_name, query_dataframe
from vizro_ws_chat.testing import Scenario, ScriptedOpenAI

Build = Callable[..., Dash]
SALES = pd.DataFrame({"region": ["North", "South"], "revenue": [10, 20]})


@pytest.fixture
def app(build: Build) -> Dash:
    data_manager["sales"] = SALES
    return build(vm.Graph(figure=px.bar("sales", x="region", y="revenue")), url_base_pathname="/prefix/")


def answer(generate: Callable[..., AsyncIterator[str]], *messages: tuple[str, str]) -> list[str]:
    async def collect() -> list[str]:
        conversation: list[Message] = [{"role": role, "content": text} for role, text in messages]  # type: ignore[typeddict-item]
        return [chunk async for chunk in generate(conversation, uploaded_files=None)]

    return asyncio.run(collect())


def calling(seen: list[list[ModelMessage]], **arguments: Any) -> FunctionModel:
    """A model that first queries, then says what it got, in two chunks."""

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str | dict[int, DeltaToolCall]]:
        seen.append(list(messages))
        result = next((p for m in messages for p in m.parts if isinstance(p, ToolReturnPart)), None)
        if result is None:
            yield {0: DeltaToolCall(name="query_dataframe", json_args=json.dumps(arguments))}
        else:
            yield "Got: "
            yield str(result.content)

    return FunctionModel(stream_function=stream)


def test_it_queries_and_streams_its_steps_and_its_answer(app: Dash) -> None:
    seen: list[list[ModelMessage]] = []
    model = calling(seen, dataset_name="sales", operation="sum", column="revenue")
    agent, _ = create_dashboard_agent(model)
    chunks = answer(make_generate_response(agent), ("user", "How much?"))
    assert chunks[0] == "\n\n*Reads `sales`: `sum`*\n\n"
    assert "".join(chunks[1:]).startswith("Got: revenue")
    assert "30" in "".join(chunks[1:])
    assert len(chunks) >= 3


def test_what_is_not_allowed_is_refused_with_a_tool_error(app: Dash) -> None:
    agent, _ = create_dashboard_agent(calling([], dataset_name="sales", operation="eval"))
    text = "".join(answer(make_generate_response(agent), ("user", "Break out")))
    assert "Got: Error: The operation 'eval' is not allowed. Allowed are: columns" in text
    assert query_dataframe("secrets", "head") == "Error: there is no dataset 'secrets'. There are: sales."


def test_a_step_can_not_break_out_of_its_line(app: Dash) -> None:
    agent, _ = create_dashboard_agent(calling([], dataset_name="a`b\n\n# c", operation="x" * 200))
    assert answer(make_generate_response(agent), ("user", "?"))[0] == f"\n\n*Reads `a b # c`: `{'x' * 80}`*\n\n"


def test_it_remembers_what_was_said_but_not_the_lines_about_steps(app: Dash) -> None:
    seen: list[list[ModelMessage]] = []
    agent, _ = create_dashboard_agent(calling(seen, dataset_name="sales", operation="head"))
    earlier = ("user", "How much?"), ("assistant", "\n\n*Reads `sales`: `sum`*\n\nIt is 30.")
    answer(make_generate_response(agent), *earlier, ("user", "And last year?"))
    question, reply, again = seen[0][:3]
    assert isinstance(question, ModelRequest)
    assert isinstance(reply, ModelResponse)
    assert isinstance(again, ModelRequest)
    assert [p.content for p in question.parts if isinstance(p, UserPromptPart)] == ["How much?"]
    assert [p.content for p in reply.parts if isinstance(p, TextPart)] == ["It is 30."]
    assert [p.content for p in again.parts if isinstance(p, UserPromptPart)] == ["And last year?"]


def test_it_is_told_of_the_data_and_where_it_is_shown(app: Dash) -> None:
    seen: list[str | None] = []

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        seen.append(info.instructions)
        yield "."

    agent, context = create_dashboard_agent(FunctionModel(stream_function=stream))
    answer(make_generate_response(agent), ("user", "?"))
    assert context["datasets"]["sales"]["pages"] == [{"title": "Page", "path": "/prefix/"}]
    assert seen[0]
    for part in ("Dataset 'sales', 2 rows, 2 columns", "- region (", "[Page](/prefix/)", "groupby"):
        assert part in seen[0]


def test_a_dataset_that_can_not_be_loaded_is_left_out(app: Dash, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> pd.DataFrame:
        raise OSError("the warehouse is down")

    data_manager._frozen_state = False
    data_manager["broken"] = broken
    _, context = create_dashboard_agent(TestModel())
    assert list(context["datasets"]) == ["sales"]
    assert "'broken' could not be loaded" in caplog.text


def test_the_popup_has_it_without_a_function(app: Dash) -> None:
    add_chat_popup(model=TestModel(custom_output_text="Done."))
    responder = app.server.extensions["vizro_ws_chat"].service.responders["chat_popup"]
    assert responder.is_async
    assert responder.model == "test"


def test_the_default_model_and_others_by_name(app: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    agent, _ = create_dashboard_agent(reasoning_effort="high")
    assert model_name(agent) == "gpt-5.4-mini-2026-03-17"
    assert agent.model_settings == {"openai_reasoning_effort": "high"}
    assert model_name(create_dashboard_agent("openai-chat:other")[0]) == "other"


def test_a_model_that_can_not_be_used_is_found_at_once(app: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        add_chat_popup()
    with pytest.raises(ConfigurationError, match="nobody"):
        add_chat_popup(model="nobody:knows")


def test_without_pydantic_ai_it_says_what_to_install(app: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'vizro-ws-chat\[agent\]'"):
        add_chat_popup()


@pytest.mark.parametrize("model", ["openai-chat:scripted", "openai-responses:scripted"])
def test_a_provider_streams(app: Dash, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    with ScriptedOpenAI() as upstream:
        upstream.on("How much", Scenario(["It", " is", " 30."]))
        monkeypatch.setenv("OPENAI_BASE_URL", upstream.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", upstream.api_key)
        agent, _ = create_dashboard_agent(model)
        assert answer(make_generate_response(agent), ("user", "How much?")) == ["It", " is", " 30."]
        [request] = upstream.requests
        assert "query_dataframe" in str(request.body["tools"])
