from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import vizro.models as vm
from dash import Dash
from pydantic import ValidationError
from vizro import Vizro

from vizro_ws_chat import Chat, Message, RunContext, StreamingChatAction
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.streams.cancel import CancelToken
from vizro_ws_chat.threads.signing import Message as SignedMessage
from vizro_ws_chat.transports.service import ChatService

Build = Callable[..., Dash]


class Unwritten(StreamingChatAction):
    pass


class Coroutine(StreamingChatAction):
    async def generate_response(self, messages: list[Message]) -> str:  # type: ignore[override]
        return ""


class Recording(StreamingChatAction):
    async def generate_response(self, messages: list[Message], context: RunContext) -> AsyncIterator[str]:
        yield f"{messages} {context.run_id}"


def service_of(app: Dash) -> ChatService:
    service: ChatService = app.server.extensions["vizro_ws_chat"]
    return service


def test_a_chat_builds_and_answers(build: Build, echo: StreamingChatAction) -> None:
    app = build(Chat(id="my-chat", actions=echo))
    responder = service_of(app).responders["my-chat"]
    context = RunContext("run", CancelToken())
    assert not responder.is_async
    assert list(responder.respond([SignedMessage("id", None, "user", "Hi")], context)) == ["Hi"]
    assert app.server.test_client().get("/").status_code == 200


def test_the_action_gets_messages_as_dicts_and_the_context_when_it_asks_for_it(build: Build) -> None:
    app = build(Chat(id="my-chat", actions=[Recording()]))
    responder = service_of(app).responders["my-chat"]
    assert responder.is_async
    chunks = responder.respond(
        [SignedMessage("1", None, "user", "Hi"), SignedMessage("2", "1", "assistant", "Ho")],
        RunContext("run", CancelToken()),
    )
    assert isinstance(chunks, AsyncIterator)
    expected = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]
    assert asyncio.run(_first(chunks)) == f"{expected} run"


def test_two_chats_have_a_responder_each_and_share_the_rest(build: Build) -> None:
    app = build(Chat(id="one", actions=[Recording()]), Chat(id="two", actions=Recording()))
    assert set(service_of(app).responders) == {"one", "two"}
    rules = [rule.rule for rule in app.server.url_map.iter_rules() if "_vizro_ws_chat" in rule.rule]
    assert sorted(rules) == ["/_vizro_ws_chat/command", "/_vizro_ws_chat/stream", "/_vizro_ws_chat/ws"]


def test_the_routes_follow_the_url_base_pathname(build: Build, echo: StreamingChatAction) -> None:
    app = build(Chat(actions=echo), url_base_pathname="/sub/")
    rules = [rule.rule for rule in app.server.url_map.iter_rules() if "_vizro_ws_chat" in rule.rule]
    assert all(rule.startswith("/sub/_vizro_ws_chat/") for rule in rules)
    assert len(rules) == 3


def test_the_browser_asks_by_the_prefix_that_a_proxy_needs(build: Build, echo: StreamingChatAction) -> None:
    chat = Chat(actions=echo)
    app = build(chat, requests_pathname_prefix="/outside/", routes_pathname_prefix="/inside/")
    assert '"base": "/outside/_vizro_ws_chat/"' in str(chat.build())
    assert any(rule.rule == "/inside/_vizro_ws_chat/ws" for rule in app.server.url_map.iter_rules())


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ([], r"Chat 'my-chat' has 0 actions, but it needs exactly one.*Chat\(actions=MyChatAction\(\)\)"),
        ([Recording(), Recording()], "has 2 actions"),
        ([Unwritten()], "Unwritten has no generate_response"),
        (Coroutine(), "Use `yield` in it"),
    ],
)
def test_mistakes_are_told_while_the_dashboard_is_built(build: Build, actions: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(Chat(id="my-chat", actions=actions))


@pytest.mark.parametrize("actions", [lambda messages: "Hi", "an action", None])
def test_what_is_no_chat_action_is_refused(actions: Any) -> None:
    with pytest.raises(ValidationError, match="StreamingChatAction"):
        Chat(actions=actions)


def test_unknown_transports_are_refused(echo: StreamingChatAction) -> None:
    with pytest.raises(ValidationError, match="transport"):
        Chat(actions=echo, transport="pigeon")


def test_a_chat_can_be_described_by_a_dict(echo: StreamingChatAction) -> None:
    Vizro._reset()  # type: ignore[no-untyped-call]
    page = vm.Page(title="Page", components=[{"type": "chat", "actions": [echo]}])
    assert isinstance(page.components[0], Chat)
    Vizro._reset()  # type: ignore[no-untyped-call]


def test_another_backend_than_flask_is_refused(
    build: Build, echo: StreamingChatAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(actions=echo)
    app = build(Chat(actions=Recording()))
    monkeypatch.setattr(app, "server", object())
    with pytest.raises(ConfigurationError, match="Flask backend, but the app runs on object"):
        chat.pre_build()


async def _first(chunks: AsyncIterator[str]) -> str:
    return await anext(chunks)
