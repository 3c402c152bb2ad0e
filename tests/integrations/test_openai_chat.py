"""`OpenAIChat` with the real SDK and a scripted server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import plotly.express as px
import pytest
from dash import html

from tests.integrations.answers import LiveAnswer
from tests.waiting import wait_until
from vizro_ws_chat import Message, UserFacingError
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.integrations.openai import OpenAIChat
from vizro_ws_chat.parts import Component
from vizro_ws_chat.protocol.frames import ErrorFrame
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.testing import Gate, RecordedRequest, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.scripted_openai import CutOff, FunctionCall, Piece, Thought

QUESTION: list[Message] = [{"role": "user", "content": "go"}]


@dataclass
class Order:
    region: str
    total: float


class Tools:
    """Functions for a model, and how they were called."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def count(self, table: str, limit: int = 10) -> int:
        """Count rows."""
        self.calls.append((table, limit))
        return 42

    def figure(self) -> Any:
        """Draw."""
        return px.bar(x=["a"], y=[1])

    def several(self) -> Any:
        """Draw more."""
        return [html.B("bold"), Component(html.I("italic"))]

    def data(self) -> Any:
        """Give what JSON has not."""
        return {"order": Order("north", float("nan")), "rows": np.array([1, 2]), "n": np.int64(3)}

    def broken(self) -> NoReturn:
        """Fail."""
        raise ValueError("the secret reason")

    def closed(self) -> NoReturn:
        """Fail with a sentence."""
        raise UserFacingError("The shop is closed.")

    def odd(self) -> object:
        """Give what can't be written."""
        return object()


@pytest.fixture
def tools() -> Tools:
    return Tools()


def answering(*rounds: list[Piece]) -> Scenario:
    """Answer each request of an answer with the next of these, by how many tools have given something."""

    def chunks(request: RecordedRequest) -> list[Piece]:
        return rounds[min(len(request.tool_outputs), len(rounds) - 1)]

    return Scenario(chunks)


def asked(action: OpenAIChat, messages: list[Message] = QUESTION, **options: Any) -> LiveAnswer:
    action.check()
    return LiveAnswer(lambda: action.generate_response(messages), **options)


def called(server: ScriptedOpenAI, function: Callable[..., Any], call: FunctionCall) -> LiveAnswer:
    """Return the answer in which a function was called once."""
    server.on("", answering([call], ["Done."]))
    answer = asked(OpenAIChat(model="gpt-any", tools=[function]))
    assert answer.wait() is RunStatus.DONE
    assert answer.text == "Done."
    return answer


def test_an_answer_without_tools(server: ScriptedOpenAI) -> None:
    server.on("", Scenario("It runs."))
    answer = asked(OpenAIChat(model="gpt-any", instructions="Be brief."))
    assert answer.wait() is RunStatus.DONE
    assert answer.text == "It runs."
    (request,) = server.requests
    body = dict(request.body)
    assert body == {
        "model": "gpt-any",
        "input": QUESTION,
        "instructions": "Be brief.",
        "store": False,
        "stream": True,
    }


def test_options_are_those_of_the_request(server: ScriptedOpenAI) -> None:
    server.on("", Scenario("It runs."))
    asked(OpenAIChat(model="gpt-any", options={"instructions": "Be long.", "store": True, "top_p": 0.5})).wait()
    (request,) = server.requests
    assert {name: request.body[name] for name in ("instructions", "store", "top_p")} == {
        "instructions": "Be long.",
        "store": True,
        "top_p": 0.5,
    }


def test_a_tool_is_called_and_the_model_goes_on(server: ScriptedOpenAI, tools: Tools) -> None:
    server.on(
        "", answering(["Let me count.", FunctionCall("count", {"table": "sales", "limit": 5})], ["There are 42."])
    )
    answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count]))
    assert answer.wait() is RunStatus.DONE
    assert tools.calls == [("sales", 5)]
    assert [kind for kind, _ in answer.said if kind != "usage"] == ["text", "tool", "text"]
    (step,) = answer.of_kind("tool")
    assert (step["state"], step["args"], step["output"]) == ("done", {"table": "sales", "limit": 5}, 42)
    assert answer.of_kind("usage")[-1]["output"] == 3
    first, second = server.requests
    assert [tool["name"] for tool in first.body["tools"]] == ["count"]
    (call_id,) = {item["call_id"] for item in second.body["input"] if "call_id" in item}
    assert second.body["input"] == [
        *QUESTION,
        {"role": "assistant", "content": "Let me count."},
        {"type": "function_call", "call_id": call_id, "name": "count", "arguments": '{"table": "sales", "limit": 5}'},
        {"type": "function_call_output", "call_id": call_id, "output": "42"},
    ]


def test_several_calls_at_once(server: ScriptedOpenAI, tools: Tools) -> None:
    both: list[Piece] = [FunctionCall("count", {"table": "a"}), FunctionCall("count", {"table": "b"})]
    server.on("", answering(both, both, ["Both."]))
    answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count]))
    assert answer.wait() is RunStatus.DONE
    assert tools.calls == [("a", 10), ("b", 10)]
    assert server.requests[1].tool_outputs == ["42", "42"]


@pytest.mark.parametrize(("name", "count"), [("figure", 1), ("several", 2)])
def test_what_can_be_shown_is_shown(server: ScriptedOpenAI, tools: Tools, name: str, count: int) -> None:
    answer = called(server, getattr(tools, name), FunctionCall(name, {}))
    assert [kind for kind, _ in answer.said if kind != "usage"] == ["tool", *["component"] * count, "text"]
    assert answer.of_kind("tool")[0]["state"] == "done"
    assert server.requests[1].tool_outputs[0].startswith("It was shown to the user")


def test_values_are_written_as_json(server: ScriptedOpenAI, tools: Tools) -> None:
    answer = called(server, tools.data, FunctionCall("data", {}))
    expected = {"order": {"region": "north", "total": None}, "rows": [1, 2], "n": 3}
    assert json.loads(server.requests[1].tool_outputs[0]) == expected
    assert answer.of_kind("tool")[0]["output"] == expected


def test_arguments_that_do_not_fit_are_told_to_the_model(
    server: ScriptedOpenAI, tools: Tools, caplog: pytest.LogCaptureFixture
) -> None:
    answer = called(server, tools.count, FunctionCall("count", {"limit": "planted"}))
    assert tools.calls == []
    (step,) = answer.of_kind("tool")
    assert (step["state"], step["output"]) == ("error", "It was called with arguments that do not fit.")
    (told,) = server.requests[1].tool_outputs
    assert "table: Field required" in told
    assert "limit: Input should be a valid integer" in told
    assert "table: Field required" in caplog.text
    assert "planted" not in caplog.text


@pytest.mark.parametrize("name", ["broken", "odd"])
def test_a_tool_that_fails(server: ScriptedOpenAI, tools: Tools, caplog: pytest.LogCaptureFixture, name: str) -> None:
    answer = called(server, getattr(tools, name), FunctionCall(name, {}))
    (step,) = answer.of_kind("tool")
    assert step["state"] == "error"
    assert step["output"].startswith("It has failed. Reference ")
    assert step["output"].split()[-1] in caplog.text
    assert "the tool has failed" in server.requests[1].tool_outputs[0]
    assert "secret" not in server.requests[1].tool_outputs[0] + str(answer.said)
    assert ("the secret reason" if name == "broken" else "can't be written as JSON") in caplog.text


def test_a_tool_that_fails_with_a_sentence(server: ScriptedOpenAI, tools: Tools) -> None:
    answer = called(server, tools.closed, FunctionCall("closed", {}))
    assert answer.of_kind("tool")[0]["output"] == "The shop is closed."
    assert server.requests[1].tool_outputs == ["Error: The shop is closed."]


def test_a_tool_that_there_is_not(server: ScriptedOpenAI, tools: Tools) -> None:
    answer = called(server, tools.count, FunctionCall("drop", {}))
    assert answer.of_kind("tool")[0]["state"] == "error"
    assert server.requests[1].tool_outputs == ["Error: there is no such tool. There are: count."]


class TestApproval:
    @pytest.mark.parametrize("approve", [True, ["count"]])
    def test_given(self, server: ScriptedOpenAI, tools: Tools, approve: Any) -> None:
        server.on("", answering([FunctionCall("count", {"table": "a"})], ["Done."]))
        answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count], approve=approve))
        answer.reply("Approve")
        assert answer.wait() is RunStatus.DONE
        assert answer.of_kind("ask")[0]["question"] == 'Run count(table="a")?'
        assert answer.of_kind("tool")[0]["state"] == "done"
        assert tools.calls == [("a", 10)]

    def test_refused(self, server: ScriptedOpenAI, tools: Tools) -> None:
        server.on("", answering([FunctionCall("count", {"table": "a"})], ["Done."]))
        answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count], approve=True))
        answer.reply("Deny")
        assert answer.wait() is RunStatus.DONE
        assert answer.of_kind("tool")[0]["state"] == "denied"
        assert tools.calls == []
        assert server.requests[1].tool_outputs[0].startswith("The user did not allow this call.")

    def test_with_much_to_read(self, server: ScriptedOpenAI, tools: Tools) -> None:
        server.on("", answering([FunctionCall("count", {"table": "a" * 1000})], ["Done."]))
        answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count], approve=True))
        answer.reply("Approve")
        answer.wait()
        assert len(answer.of_kind("ask")[0]["question"]) < 320
        assert answer.of_kind("tool")[0]["args"] == {"table": "a" * 1000}

    def test_not_needed(self, server: ScriptedOpenAI, tools: Tools) -> None:
        server.on("", answering([FunctionCall("count", {"table": "a"})], ["Done."]))
        answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count, tools.figure], approve=["figure"]))
        assert answer.wait() is RunStatus.DONE
        assert answer.of_kind("ask") == []

    def test_nobody_answers(self, server: ScriptedOpenAI, tools: Tools) -> None:
        server.on("", answering([FunctionCall("count", {"table": "a"})], ["Done."]))
        answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count], approve=True), ask_seconds=0.05)
        assert answer.wait() is RunStatus.ERROR
        assert answer.of_kind("tool")[0]["state"] == "denied"
        assert tools.calls == []

    def test_stop_instead(self, server: ScriptedOpenAI, tools: Tools) -> None:
        server.on("", answering([FunctionCall("count", {"table": "a"})], ["Done."]))
        answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count], approve=True))
        wait_until(lambda: answer.run.is_asking)
        answer.stop()
        assert answer.wait() is RunStatus.STOPPED
        assert len(server.requests) == 1


def test_stop_in_the_second_round(server: ScriptedOpenAI, tools: Tools) -> None:
    gate = Gate()
    server.on("", Scenario([FunctionCall("count", {"table": "a"})]), Scenario(["One", " two"], hold_after={1: gate}))
    answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count]))
    wait_until(lambda: answer.text == "One")
    answer.stop()
    assert server.requests[1].wait_disconnected(5)


def test_the_last_round_calls_nothing(server: ScriptedOpenAI, tools: Tools) -> None:
    def chunks(request: RecordedRequest) -> list[Piece]:
        is_last = request.body.get("tool_choice") == "none"
        return ["Enough."] if is_last else [FunctionCall("count", {"table": "a"})]

    server.on("", Scenario(chunks))
    answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count], max_rounds=3))
    assert answer.wait() is RunStatus.DONE
    assert answer.text == "Enough."
    assert len(server.requests) == 3


def test_a_model_that_never_ends(server: ScriptedOpenAI, tools: Tools) -> None:
    server.on("", Scenario([FunctionCall("count", {"table": "a"})]))
    answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count], max_rounds=2))
    assert answer.wait() is RunStatus.ERROR
    assert len(server.requests) == 2
    frame = answer.run.log.read(None)[-1]
    assert isinstance(frame, ErrorFrame)
    assert frame.text == "The answer has taken more steps than it may."


def test_reasoning_goes_back_to_the_model(server: ScriptedOpenAI, tools: Tools) -> None:
    server.on("", answering([Thought("Hm."), "I count.", FunctionCall("count", {"table": "a"})], ["Done."]))
    options = {"reasoning": {"summary": "auto"}, "tools": [{"type": "web_search"}]}
    answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count], options=options))
    assert answer.wait() is RunStatus.DONE
    first, second = server.requests
    assert first.body["include"] == ["reasoning.encrypted_content"]
    assert [tool["type"] for tool in first.body["tools"]] == ["web_search", "function"]
    kinds = [item.get("type") for item in second.body["input"]]
    assert kinds == [None, "reasoning", "message", "function_call", "function_call_output"]
    assert second.body["input"][1]["encrypted_content"]


def test_reasoning_that_can_not_go_back_is_left_out(server: ScriptedOpenAI, tools: Tools) -> None:
    server.on("", answering([Thought("Hm."), FunctionCall("count", {"table": "a"})], ["Done."]))
    asked(OpenAIChat(model="gpt-any", tools=[tools.count])).wait()
    kinds = [item.get("type") for item in server.requests[1].body["input"]]
    assert kinds == [None, "function_call", "function_call_output"]


def test_only_words_are_sent(server: ScriptedOpenAI) -> None:
    server.on("", Scenario("Yes."))
    messages: list[Message] = [
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": {"type": "Graph", "props": {}}},
        {"role": "user", "content": ""},
        {"role": "user", "content": "go"},
    ]
    asked(OpenAIChat(model="gpt-any"), messages).wait()
    assert [message["content"] for message in server.requests[0].messages] == ["first", "go"]


def test_an_early_end_calls_nothing_more(server: ScriptedOpenAI, tools: Tools) -> None:
    server.on("", Scenario(["Once", FunctionCall("count", {"table": "a"}), CutOff()]))
    answer = asked(OpenAIChat(model="gpt-any", tools=[tools.count]))
    assert answer.wait() is RunStatus.DONE
    assert "length" in answer.text
    assert tools.calls == []
    assert len(server.requests) == 1


def test_requests_that_fail_are_made_again(server: ScriptedOpenAI) -> None:
    again = {"retry-after-ms": "1"}
    server.on("", Scenario(status=500, headers=again), Scenario("Yes."))
    assert asked(OpenAIChat(model="gpt-any")).wait() is RunStatus.DONE
    server.on("", Scenario(status=500, headers=again))
    count = len(server.requests)
    assert asked(OpenAIChat(model="gpt-any", max_retries=0)).wait() is RunStatus.ERROR
    assert len(server.requests) == count + 1


async def waits() -> None: ...


def same() -> None: ...


def yields() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tools": [waits]}, "The tool waits is an async function"),
        ({"tools": [yields]}, "The tool yields yields"),
        ({"tools": [same, same]}, "Two tools of OpenAIChat are called 'same'"),
        ({"tools": [same], "approve": ["other"]}, r"names 'other', but the tools are \['same'\]"),
    ],
)
def test_mistakes_are_found_while_the_dashboard_is_built(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        OpenAIChat(model="gpt-any", **options).check()
