import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from dash import html

from vizro_ws_chat import ChatAction, Message, StreamingChatAction
from vizro_ws_chat.actions.base import BaseChatAction
from vizro_ws_chat.exceptions import ConfigurationError

QUESTION: Message = {"role": "user", "content": "Hi"}
ANSWER: Message = {"role": "assistant", "content": "**Hello**"}
FILES: Message = {**QUESTION, "attachments": [{"filename": "a.csv", "content": "data:text/csv;base64,YTti"}]}


class Plain(ChatAction):
    def generate_response(self, messages: list[Message]) -> str:
        return "Hello"


class PlainStreaming(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield "Hello"


class Framed:
    def message_to_html(self, message: dict[str, Any]) -> Any:
        return html.Div([super().message_to_html(message), html.Small("framed")])  # type: ignore[misc]


class FramedWhole(Framed, Plain):
    pass


class FramedStreaming(Framed, PlainStreaming):
    pass


class Questions(Plain):
    """Shows only what users say."""

    def message_to_html(self, message: dict[str, Any]) -> Any:
        content = json.loads(message["content_json"])
        return html.B(content) if message["role"] == "user" else super().message_to_html(message)


class Returning(Plain):
    result: Any = None

    def message_to_html(self, message: dict[str, Any]) -> Any:
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def tree(view: str | None) -> Any:
    assert view is not None
    return json.loads(view)


@pytest.mark.parametrize("action", [Plain(), PlainStreaming()])
def test_by_default_there_is_none(action: BaseChatAction) -> None:
    assert not action.has_views
    assert [action.view(message) for message in (QUESTION, ANSWER, FILES)] == [None, None, None]


@pytest.mark.parametrize("action", [FramedWhole(), FramedStreaming()])
def test_an_override_shows_the_message(action: BaseChatAction) -> None:
    action.check()
    assert action.has_views
    bubble, small = tree(action.view(ANSWER))["props"]["children"]
    assert small["props"]["children"] == "framed"
    assert bubble["props"]["className"] == "chat-message-wrapper"


def test_it_gets_what_the_peer_gives() -> None:
    given: list[dict[str, Any]] = []

    class Recording(Plain):
        def message_to_html(self, message: dict[str, Any]) -> Any:
            given.append(message)

    for message in (QUESTION, FILES, {"role": "assistant", "content": ["a", {"type": "P"}]}):
        assert Recording().view(message) is None
    assert given == [
        {"role": "user", "content_json": '"Hi"'},
        {"role": "user", "content_json": '"Hi"', "attachments": FILES["attachments"]},
        {"role": "assistant", "content_json": '["a", {"type": "P"}]'},
    ]


def classes(component: Any) -> list[str]:
    """Return the class names in a tree of components, from the outside to the inside."""
    if isinstance(component, list):
        return [name for child in component for name in classes(child)]
    if not hasattr(component, "children"):
        return []
    own = getattr(component, "className", None)
    return [*([own] if own else []), *classes(component.children)]


def test_the_default_has_the_peers_shape() -> None:
    stored = [
        {"role": message["role"], "content_json": json.dumps(message["content"])} for message in (QUESTION, ANSWER)
    ]
    question, answer = (Plain().message_to_html(message) for message in stored)
    assert classes(question) == ["chat-message-wrapper", "chat-message-bubble chat-user-message chat-user-text"]
    assert question.children[0].children == "Hi"
    assert classes(answer) == ["chat-message-wrapper", "chat-message-bubble chat-assistant-message"]


def test_the_default_of_components_has_them_in_the_bubble() -> None:
    component = {"namespace": "dash_html_components", "type": "P", "props": {"children": "Hi"}}
    default = Plain().message_to_html({"role": "assistant", "content_json": json.dumps(component)})
    assert default.children.children == component


def test_the_default_leaves_files_to_the_browser_and_shows_no_empty_bubble() -> None:
    default = Plain().message_to_html({"role": "user", "content_json": '""', "attachments": FILES["attachments"]})
    assert classes(default) == ["chat-message-wrapper"]
    [place] = default.children
    assert place.to_plotly_json()["props"] == {"children": None, "data-chat-files": ""}
    assert "YTti" not in (FramedWhole().view(FILES) or "")


def test_what_the_chat_shows_anyway_is_not_sent() -> None:
    assert Questions().view(ANSWER) is None
    assert tree(Questions().view(QUESTION))["type"] == "B"


def test_text_is_shown_as_it_is() -> None:
    assert tree(Returning(result="as it is").view(ANSWER)) == "as it is"


@pytest.mark.parametrize("result", [ValueError("no"), object(), {"no": "component"}, [html.P(id="x"), html.P(id="x")]])
def test_a_failure_is_logged_and_leaves_the_bubble(result: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert Returning(result=result).view(ANSWER) is None
    assert "Returning.message_to_html failed" in caplog.text
    assert "generate_response" not in caplog.records[-1].getMessage()


def test_a_coroutine_is_found_while_the_dashboard_is_built() -> None:
    class Later(Plain):
        async def message_to_html(self, message: dict[str, Any]) -> Any:  # type: ignore[override]
            return html.Div()

    with pytest.raises(ConfigurationError, match=r"Later.message_to_html is an async function"):
        Later().check()
