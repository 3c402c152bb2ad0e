from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from dash import Dash, html
from dash._get_app import app_context
from flask import Flask

from vizro_ws_chat import Chat, ChatAction, Message, StreamingChatAction, dash_chat
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.streams.cancel import CancelToken, RunContext
from vizro_ws_chat.threads.signing import Message as SignedMessage
from vizro_ws_chat.transports.service import Question, Responder


class Echo(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield str(messages[-1]["content"])


class Unwritten(StreamingChatAction):
    pass


class Bound(ChatAction):
    start: int = 1
    country: Any = "country.value"
    years: Any = "years.data"

    def generate_response(self, messages: list[Message], prompt: str, years: list[int], country: str) -> Any:
        return f"{prompt}: {country} {years[self.start]}"


class Unknown(ChatAction):
    def generate_response(self, messages: list[Message], county: str) -> Any:
        return county


class OfVizro(ChatAction):
    def generate_response(self, messages: list[Message], _controls: Any) -> Any:
        return _controls


class WithDefault(ChatAction):
    def generate_response(self, messages: list[Message], county: str = "Kent", _controls: Any = None) -> Any:
        return f"{county} {_controls}"


class Collecting(ChatAction):
    def generate_response(self, messages: list[Message], *args: Any, **kwargs: Any) -> Any:
        return f"{args} {kwargs}"


@pytest.fixture(autouse=True)
def no_trace() -> Iterator[None]:
    """Dash leaves the app of the last request of this thread where Vizro, in other tests, would take it for its own."""
    yield
    app_context.set(None)


@pytest.fixture
def app() -> Dash:
    app = Dash(__name__)
    app.server.secret_key = "a secret"
    return app


def responder_of(app: Dash, chat_id: str = "chat") -> Responder:
    responder: Responder = app.server.extensions["vizro_ws_chat"].responders[chat_id]
    return responder


def answer_of(responder: Responder, text: str, *inputs: Any) -> list[Any]:
    question = Question([SignedMessage("id", None, "user", text)], {}, inputs)
    return list(responder.respond(question, RunContext("run", CancelToken())))


def config_of(chat: html.Div) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(getattr(chat, "data-vizro-ws-chat"))
    return config


def test_it_answers(app: Dash) -> None:
    app.layout = html.Div(dash_chat(Echo()))
    assert answer_of(responder_of(app), "Hi") == ["Hi"]
    assert app.server.test_client().get("/").status_code == 200
    assert app.server.test_client().get("/_dash-layout").status_code == 200


def test_what_the_style_sheet_builds_on_is_served_once_and_on_plain_pages_only(build: Any, app: Dash) -> None:
    app.layout = html.Div([dash_chat(Echo()), dash_chat(Echo(), "other")])
    assert app.server.test_client().get("/").text.count("static/plain.") == 1
    app_context.set(None)
    dashboard = build(Chat(actions=Echo()))
    assert "static/plain." not in dashboard.server.test_client().get("/").text


def test_the_options_are_those_of_the_model(app: Dash) -> None:
    chat = dash_chat(
        Echo(),
        "sales",
        placeholder="Ask",
        name="Ada",
        description="All about sales",
        example_questions=["Why?"],
        submit_key="mod+enter",
        anchor="top",
        file_upload=True,
        file_types=["image/*"],
        transport="sse",
        while_answering="deliver",
        owner=lambda: "ada",
        authorize=lambda request: True,
        on_feedback=lambda feedback: None,
    )
    config = config_of(chat)
    assert (config["chat"], config["name"], config["description"]) == ("sales", "Ada", "All about sales")
    assert (config["submitKey"], config["anchor"], config["transport"]) == ("mod+enter", "top", "sse")
    assert (config["exampleQuestions"], config["uploads"]["types"], config["feedback"]) == (["Why?"], ["image/*"], True)
    assert config["whileAnswering"] == "deliver"
    responder = responder_of(app, "sales")
    assert responder.takes_deliveries
    assert responder.owner is not None
    assert responder.authorize is not None
    assert chat["sales-chat-input"].placeholder == "Ask"


def test_without_uploads_no_file_types_are_told(app: Dash) -> None:
    assert config_of(dash_chat(Echo(), file_types=["image/*"]))["uploads"] is None


def test_fields_are_read_from_the_page(app: Dash) -> None:
    assert config_of(dash_chat(Bound()))["inputs"] == [["years", "data"], ["country", "value"]]
    assert answer_of(responder_of(app), "When", [1952, 2007], "France") == ["When: France 2007"]


def test_what_collects_is_not_read_from_the_page(app: Dash) -> None:
    assert config_of(dash_chat(Collecting()))["inputs"] == []


@pytest.mark.parametrize("country", [None, 5, "country", "a.b.c", ".value", "country."])
def test_a_field_that_names_no_property_is_found_at_once(country: Any, app: Dash) -> None:
    with pytest.raises(ConfigurationError, match=r"'country' of Bound\.generate_response names what to read") as error:
        dash_chat(Bound(country=country))
    assert "self.country" in str(error.value)


def test_a_parameter_that_nothing_fills_is_found_at_once(app: Dash) -> None:
    with pytest.raises(ConfigurationError, match=r"'county' of Unknown\.generate_response is neither offered"):
        dash_chat(Unknown())


def test_what_only_vizro_knows_is_found_at_once(app: Dash) -> None:
    with pytest.raises(ConfigurationError, match=r"'_controls' of OfVizro\.generate_response is one of Vizro's"):
        dash_chat(OfVizro())


def test_the_messages_may_be_called_anything(app: Dash) -> None:
    class Named(StreamingChatAction):
        def generate_response(self, history: list[Message], id: str = "none", type: str = "plain") -> Iterator[str]:  # noqa: A002 - names of Vizro's
            yield f"{history[-1]['content']} {id} {type}"

    assert config_of(dash_chat(Named()))["inputs"] == []
    assert answer_of(responder_of(app), "Hi") == ["Hi none plain"]


@pytest.mark.parametrize("chat_id", ["", "x" * 201, None, 5])
def test_an_id_that_no_chat_can_have_is_found_at_once(chat_id: Any, app: Dash) -> None:
    with pytest.raises(ConfigurationError, match="A chat's id is a text of 1 to 200 characters"):
        dash_chat(Echo(), chat_id)


def test_a_chat_that_is_made_after_the_first_request_comes_too_late(app: Dash) -> None:
    app.layout = html.Div()
    app.server.test_client().get("/")
    with pytest.raises(ConfigurationError, match="The app has answered a request already"):
        dash_chat(Echo())


@pytest.mark.parametrize("option", ["owner", "authorize", "on_feedback"])
def test_what_is_no_function_is_found_at_once(option: str, app: Dash) -> None:
    with pytest.raises(ConfigurationError, match=rf"Chat\({option}=\.\.\.\) is 'ada', but it is called"):
        dash_chat(Echo(), **{option: "ada"})


def test_a_single_file_type_is_found_at_once(app: Dash) -> None:
    with pytest.raises(ConfigurationError, match=r"file_types is a list, such as \['image/\*'\]"):
        dash_chat(Echo(), file_upload=True, file_types="image/*")


def test_a_parameter_that_nothing_fills_may_have_a_default(app: Dash) -> None:
    assert config_of(dash_chat(WithDefault()))["inputs"] == []
    assert answer_of(responder_of(app), "Hi") == ["Kent None"]


@pytest.mark.parametrize("action", [Echo, None, "echo", [Echo()]])
def test_what_is_no_action_is_found_at_once(action: Any, app: Dash) -> None:
    with pytest.raises(ConfigurationError, match="dash_chat needs a chat action"):
        dash_chat(action)


def test_an_action_without_an_answer_is_found_at_once(app: Dash) -> None:
    with pytest.raises(ConfigurationError, match="Unwritten has no generate_response"):
        dash_chat(Unwritten())


async def _owner() -> str:
    return "ada"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"action": Echo}, r"got the class Echo: dash_chat\(Echo\(\)\)"),
        ({"transport": "pigeon"}, "(?s)The chat 'chat' can't be made.*transport.*'auto', 'websocket' or 'sse'"),
        ({"name": ""}, "(?s)name.*at least 1 character"),
        ({"example_questions": "Why?"}, "(?s)example_questions.*'str'"),
        ({"file_upload": True, "file_types": ["pdf"]}, "names no type of files"),
        ({"owner": _owner}, "async function"),
        ({"on_feedback": lambda: None}, "one argument"),
        ({"app": Flask(__name__)}, "is the Dash app, not 'Flask'"),
    ],
)
def test_a_choice_that_there_is_not_is_found_at_once(app: Dash, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        dash_chat(**{"action": Echo(), **options})
    assert "vizro_ws_chat" not in app.server.extensions


def test_two_chats_have_two_ids(app: Dash) -> None:
    dash_chat(Echo())
    dash_chat(Echo(), "other")
    with pytest.raises(ConfigurationError, match="Two chats have the id 'chat'"):
        dash_chat(Echo())


@pytest.fixture
def no_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program that has not made one yet."""
    monkeypatch.setattr("dash._get_app.APP", None)


@pytest.mark.usefixtures("no_app")
def test_chats_that_are_made_first_are_on_the_next_app_alone() -> None:
    chats = [dash_chat(Echo(), name) for name in ("one", "two")]
    assert [chat.children for chat in chats] == [None, None]
    app, later = Dash(__name__), Dash("later")
    assert [config_of(chat)["chat"] for chat in chats] == ["one", "two"]
    assert answer_of(responder_of(app, "two"), "Hi") == ["Hi"]
    assert "vizro_ws_chat" not in later.server.extensions
    app.layout = html.Div(chats)
    client = app.server.test_client()
    assert b"two-chat-input" in client.get("/_dash-layout").data
    assert b"two-answer-tree" in client.get("/_dash-dependencies").data


@pytest.mark.usefixtures("no_app")
def test_what_is_wrong_with_the_next_app_is_told_when_it_is_made() -> None:
    for _ in range(2):
        dash_chat(Echo())
    with pytest.raises(ConfigurationError, match="Two chats have the id 'chat'"):
        Dash(__name__)


def test_the_app_is_the_last_one_also_after_another_has_served(app: Dash) -> None:
    app.layout = html.Div()
    app.server.test_client().get("/_dash-layout")
    later = Dash("later")
    dash_chat(Echo())
    assert "vizro_ws_chat" not in app.server.extensions
    assert answer_of(responder_of(later), "Hi") == ["Hi"]


def test_another_backend_than_flask_is_refused(app: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "server", object())
    with pytest.raises(ConfigurationError, match="Flask backend, but the app runs on object"):
        dash_chat(Echo())


def test_the_app_can_be_named(app: Dash) -> None:
    later = Dash("later")
    later.server.secret_key = "another secret"
    dash_chat(Echo(), app=app)
    assert answer_of(responder_of(app), "Hi") == ["Hi"]
    assert "vizro_ws_chat" not in later.server.extensions
    components = [output for output in app._callback_list if "chat-answer" in str(output)]
    assert len(components) == 1


def test_an_app_without_a_server_is_told_about() -> None:
    with pytest.raises(ConfigurationError, match="init_app"):
        dash_chat(Echo(), app=Dash("later", server=False))


def test_within_a_request_it_is_too_late(app: Dash) -> None:
    app.layout = lambda: html.Div(dash_chat(Echo()))
    with app.server.test_request_context("/_dash-layout"), pytest.raises(ConfigurationError, match="Call it once"):
        dash_chat(Echo())


def test_a_layout_function_may_return_it(app: Dash) -> None:
    chat = dash_chat(Echo())
    app.layout = lambda: html.Div(chat)
    client = app.server.test_client()
    for _ in range(2):
        assert b"chat-plain" in client.get("/_dash-layout").data
