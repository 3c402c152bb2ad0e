from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import dash
import plotly.graph_objects as go
import pytest
import vizro.models as vm
from dash import Dash
from dash.exceptions import AppNotFoundError

from tests.parts.writing import written
from vizro_ws_chat import Chat, Feedback, Message, RunContext, StreamingChatAction
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.popup import add_chat_popup
from vizro_ws_chat.streams.cancel import CancelToken
from vizro_ws_chat.streams.page_access import PageAccess
from vizro_ws_chat.threads.signing import Message as SignedMessage
from vizro_ws_chat.transports.service import Question, Responder

Build = Callable[..., Dash]


def echo(messages: list[Message]) -> Iterator[str]:
    yield messages[-1]["content"]


class Echo(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        return echo(messages)


def responder_of(app: Dash, chat_id: str = "chat_popup") -> Responder:
    responder: Responder = app.server.extensions["vizro_ws_chat"].service.responders[chat_id]
    return responder


def ask(responder: Responder, text: str = "Hi") -> list[Any]:
    chunks: Any = responder.respond(
        Question([SignedMessage("id", None, "user", text)], {}, []), RunContext("run", CancelToken())
    )

    async def collect() -> list[Any]:
        return [chunk async for chunk in chunks]

    return asyncio.run(collect()) if responder.is_async else list(chunks)


def find(app: Dash, component_id: str) -> Any:
    layout: Any = app.layout
    return layout[component_id]


def test_the_arguments_are_the_peers() -> None:
    peer = ("generate_response", "model", "streaming", "chat_id", "placeholder", "title", "color", "reasoning_effort")
    parameters = list(inspect.signature(add_chat_popup).parameters.values())
    assert tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD) == peer


def test_it_is_outside_of_what_changes_with_the_page(build: Build) -> None:
    app = build()
    add_chat_popup(echo, title="Helper", placeholder="Ask me")
    container = find(app, "dashboard-container").children
    assert container[-1].className == "chat-popup"
    assert dash.page_container in container
    for name in ("panel", "affix", "toggle-button", "close-button", "chat-input", "send-button", "rendered-messages"):
        assert find(app, f"chat_popup-{name}") is not None
    assert find(app, "chat_popup-panel").role == "dialog"
    assert find(app, "chat_popup-chat-input").placeholder == "Ask me"
    assert getattr(find(app, "chat_popup-toggle-button"), "aria-label") == "Helper"
    config = json.loads(getattr(find(app, "chat_popup"), "data-vizro-ws-chat"))
    assert config["name"] == "Helper"
    assert getattr(container[-1], "data-vizro-ws-chat-popup") == f"{config['storage']} popup"
    assert "vizro_ws_chat/static/chat." in app.server.test_client().get("/").text


def test_popups_stand_beside_each_other(build: Build) -> None:
    app = build()
    add_chat_popup(echo)
    add_chat_popup(echo, chat_id="other")
    assert ask(responder_of(app, "other")) == ["Hi"]
    popups = [
        child for child in find(app, "dashboard-container").children if getattr(child, "className", "") == "chat-popup"
    ]
    assert [popup.style["--chat-popup-place"] for popup in popups] == ["0", "1"]
    with pytest.raises(ConfigurationError, match="Two chats have the id"):
        add_chat_popup(echo)


@pytest.mark.parametrize(
    ("color", "css"),
    [
        ("teal", "var(--mantine-color-teal-filled, teal)"),
        ("grape.3", "var(--mantine-color-grape-3, grape)"),
        ("#123456", "#123456"),
        ("rgb(1 2 3)", "rgb(1 2 3)"),
    ],
)
def test_the_button_has_any_colour_of_css_or_mantine(build: Build, color: str, css: str) -> None:
    app = build()
    add_chat_popup(echo, color=color)
    assert find(app, "dashboard-container").children[-1].style["--chat-popup-color"] == css


def test_functions_that_stream(build: Build) -> None:
    async def slowly(messages: list[Message], context: RunContext) -> AsyncIterator[str]:
        yield f"{messages[-1]['content']} {context.run_id}"

    class Answerer:
        def __call__(self, messages: list[Message], **kwargs: Any) -> Iterator[str]:
            yield str(kwargs)

    app = build()
    add_chat_popup(slowly, chat_id="async")
    add_chat_popup(lambda messages: iter(["a", "b"]), chat_id="iterator")
    add_chat_popup(lambda messages: "whole", chat_id="text")
    add_chat_popup(Answerer(), chat_id="object")
    answers = {name: ask(responder_of(app, name)) for name in ("async", "iterator", "text", "object")}
    assert answers == {
        "async": ["Hi run"],
        "iterator": ["a", "b"],
        "text": ["whole"],
        "object": ["{'uploaded_files': None}"],
    }


def test_it_may_act_on_what_its_author_names(build: Build) -> None:
    app = build(vm.Card(text="Nothing"), vm.Button())
    add_chat_popup(lambda messages: "Hi", chat_id="plain")
    assert responder_of(app, "plain").page_access == PageAccess()
    add_chat_popup(lambda messages: "Hi", navigation=True)
    assert responder_of(app).page_access.pages["Page"] == "/"
    with pytest.raises(ConfigurationError, match="names the control 'nobody'"):
        add_chat_popup(lambda messages: "Hi", chat_id="third", controls=["nobody"])


def test_functions_that_return(build: Build) -> None:
    async def later(messages: list[Message], prompt: str) -> str:
        return prompt

    app = build()
    add_chat_popup(later, streaming=False, chat_id="async")
    add_chat_popup(lambda messages: go.Figure(), streaming=False, chat_id="figure")
    assert ask(responder_of(app, "async")) == ["Hi"]
    [(_, tree)] = written(*ask(responder_of(app, "figure")))
    assert tree["type"] == "Graph"


def test_a_function_that_can_not_work_is_found_at_once(build: Build) -> None:
    async def coroutine(messages: list[Message]) -> str:
        return ""

    build()
    with pytest.raises(ConfigurationError, match="streaming=False"):
        add_chat_popup(coroutine)
    with pytest.raises(ConfigurationError, match="yields"):
        add_chat_popup(echo, streaming=False)
    with pytest.raises(ConfigurationError, match="'str'"):
        add_chat_popup("echo")
    with pytest.raises(ConfigurationError, match=r"'start_response' of generate_response is neither offered"):
        add_chat_popup(lambda environ, start_response: [])  # as the dashboard itself is
    with pytest.raises(ConfigurationError, match="called with the messages as its first argument"):
        add_chat_popup(lambda: "Hi", streaming=False)


def test_its_id_is_its_own(build: Build) -> None:
    build(Chat(id="chat", actions=Echo()))
    with pytest.raises(ConfigurationError, match="Two chats have the id 'chat'"):
        add_chat_popup(echo, chat_id="chat")
    add_chat_popup(echo)
    with pytest.raises(ConfigurationError, match="Two chats have the id 'chat_popup'"):
        add_chat_popup(echo)


def test_without_a_title_there_is_none(build: Build) -> None:
    app = build()
    with pytest.raises(ConfigurationError, match=r"(?s)The chat 'chat_popup' can't be made.*name"):
        add_chat_popup(generate_response=lambda messages: "Hi", title="")
    assert "vizro_ws_chat" not in app.server.extensions


def test_owner_and_feedback_are_those_of_a_chat(build: Build) -> None:
    async def nobody() -> str:
        return ""

    def owner() -> str:
        return "ada"

    heard: list[Feedback] = []
    app = build()
    with pytest.raises(ConfigurationError, match="async function"):
        add_chat_popup(echo, owner=nobody)
    add_chat_popup(echo, owner=owner, on_feedback=heard.append)
    assert responder_of(app).owner is owner
    assert responder_of(app).takes_feedback
    assert "vizro_ws_chat_owner=" in app.server.test_client().get("/").headers["Set-Cookie"]


def test_there_must_be_a_dashboard(monkeypatch: pytest.MonkeyPatch) -> None:
    def get_app() -> Dash:
        raise AppNotFoundError

    monkeypatch.setattr(dash, "get_app", get_app)
    with pytest.raises(ConfigurationError, match=r"no dashboard yet.*after Vizro\(\).build"):
        add_chat_popup(echo)
    app = Dash(__name__)
    monkeypatch.setattr(dash, "get_app", lambda: app)
    with pytest.raises(ConfigurationError, match="not one that Vizro has built"):
        add_chat_popup(echo)
