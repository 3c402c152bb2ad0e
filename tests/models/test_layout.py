from __future__ import annotations

import json
from typing import Any

import pytest
from dash.development.base_component import Component

from vizro_ws_chat.models.layout import chat_layout

CONFIG = {
    "chat": "my-chat",
    "transport": "auto",
    "base": "/_vizro_ws_chat/",
    "websocket": "my-chat-websocket",
    "exampleQuestions": ["Why?"],
    "whileAnswering": "wait",
    "uploads": {},
    "history": False,
}


@pytest.fixture
def root() -> Component:
    return chat_layout("my-chat", 'Ask <me> "anything"', CONFIG)


def everything(component: Any) -> list[Any]:
    return [component, *component._traverse()]


def with_part(root: Component, name: str) -> Any:
    [found] = [c for c in everything(root) if getattr(c, "data-chat-part", None) == name]
    return found


def test_the_root_tells_the_browser_code_all_it_needs(root: Any) -> None:
    assert root.id == "my-chat"
    assert root.className == "chat-root vizro-ws-chat"
    assert json.loads(getattr(root, "data-vizro-ws-chat")) == CONFIG


def test_the_ids_are_those_of_the_peer(root: Component) -> None:
    ids = {component.id for component in everything(root) if getattr(component, "id", None)}
    assert ids == {
        "my-chat",
        "my-chat-rendered-messages",
        "my-chat-chat-input",
        "my-chat-data-info",
        "my-chat-upload",
        "my-chat-example-questions-button",
        "my-chat-send-button",
        "my-chat-hidden-messages",
        "my-chat-websocket",
    }


def test_the_class_names_are_those_of_the_peer(root: Component) -> None:
    classes = {name for c in everything(root) for name in (getattr(c, "className", None) or "").split()}
    assert classes == {
        "chat-root",
        "vizro-ws-chat",
        "chat-history-section",
        "chat-history-container",
        "chat-empty",
        "chat-input-section",
        "chat-input-inner",
        "chat-data-info",
        "chat-input",
        "chat-button-row",
        "chat-left-buttons",
        "chat-tool-button",
        "chat-send-button",
    }


def test_the_places_for_the_browser_code(root: Component) -> None:
    assert with_part(root, "transcript").id == "my-chat-rendered-messages"
    assert with_part(root, "send").id == "my-chat-send-button"
    assert with_part(root, "send").type == "button"  # in a form it must not submit
    assert with_part(root, "empty").hidden
    assert with_part(root, "menu").type == "button"
    composer = with_part(root, "composer")
    assert with_part(root, "status") in everything(composer)
    [textarea] = [c for c in everything(composer) if getattr(c, "id", None) == "my-chat-chat-input"]
    assert textarea.dir == "auto"
    assert textarea.placeholder == 'Ask <me> "anything"'


def test_the_button_of_the_example_questions_is_there_when_there_are_some(root: Component) -> None:
    assert with_part(root, "examples").id == "my-chat-example-questions-button"
    without = chat_layout("my-chat", "Ask", {**CONFIG, "exampleQuestions": []})
    assert not [c for c in everything(without) if getattr(c, "data-chat-part", None) == "examples"]


def test_the_button_that_attaches_files_is_there_when_they_can_be(root: Component) -> None:
    assert with_part(root, "attach").id == "my-chat-upload"
    without = chat_layout("my-chat", "Ask", {**CONFIG, "uploads": None})
    assert not [c for c in everything(without) if getattr(c, "data-chat-part", None) == "attach"]


def test_the_button_of_the_list_of_conversations_is_there_when_they_are_kept(root: Component) -> None:
    assert not [c for c in everything(root) if getattr(c, "data-chat-part", None) == "history"]
    kept = chat_layout("my-chat", "Ask", {**CONFIG, "history": True})
    assert with_part(kept, "history").type == "button"


def test_the_socket_has_no_url_until_it_is_needed(root: Component) -> None:
    [socket] = [c for c in everything(root) if getattr(c, "id", None) == "my-chat-websocket"]
    assert type(socket).__name__ == "WebSocket"
    assert not hasattr(socket, "url")
