from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal

import pytest
import vizro.models as vm
from dash import Dash, html
from pydantic import ValidationError
from vizro import Vizro
from vizro.actions import export_data, show_notification

from vizro_ws_chat import Chat, Feedback, Message, RunContext, StreamingChatAction, UserFacingError
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.protocol.content import ContentPart
from vizro_ws_chat.protocol.frames import FeedbackFrame
from vizro_ws_chat.streams.cancel import CancelToken
from vizro_ws_chat.threads.signing import Message as SignedMessage
from vizro_ws_chat.threads.signing import Scope
from vizro_ws_chat.transports.mount import ChatMount
from vizro_ws_chat.transports.service import ChatService, Question
from vizro_ws_chat.uploads.store import Offer
from vizro_ws_chat.uploads.stored_file import StoredFile

Build = Callable[..., Dash]


class Unwritten(StreamingChatAction):
    pass


class Coroutine(StreamingChatAction):
    async def generate_response(self, messages: list[Message]) -> str:  # type: ignore[override]
        return ""


class Recording(StreamingChatAction):
    async def generate_response(self, messages: list[Message], context: RunContext) -> AsyncIterator[str]:
        yield f"{messages} {context.run_id}"


class Modelled(Recording):
    model: Any


def service_of(app: Dash) -> ChatService:
    chats: ChatMount = app.server.extensions["vizro_ws_chat"]
    return chats.service


def test_a_page_shows_the_chat_of_its_own_app(echo: StreamingChatAction, build: Build) -> None:
    app = build(Chat(id="my-chat", actions=echo), url_base_pathname="/sales/")
    later = Dash("later")
    client = app.server.test_client()
    dependencies = client.get("/sales/_dash-dependencies").json
    [output] = [each["output"] for each in dependencies if "_pages_content" in each["output"]]
    page = client.post(
        "/sales/_dash-update-component",
        json={
            "output": output,
            "outputs": [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}],
            "inputs": [
                {"id": "_pages_location", "property": "pathname", "value": "/sales/"},
                {"id": "_pages_location", "property": "search", "value": ""},
            ],
            "changedPropIds": [],
        },
    )
    assert r"\u002fsales\u002f_vizro_ws_chat" in page.text
    assert "vizro_ws_chat" not in later.server.extensions


def test_a_chat_builds_and_answers(build: Build, echo: StreamingChatAction) -> None:
    app = build(Chat(id="my-chat", actions=echo))
    responder = service_of(app).responders["my-chat"]
    context = RunContext("run", CancelToken())
    assert not responder.is_async
    assert list(responder.respond(Question([SignedMessage("id", None, "user", "Hi")], {}, []), context)) == ["Hi"]
    assert app.server.test_client().get("/").status_code == 200


def test_the_action_gets_messages_as_dicts_and_the_context_when_it_asks_for_it(build: Build) -> None:
    app = build(Chat(id="my-chat", actions=[Recording()]))
    responder = service_of(app).responders["my-chat"]
    assert responder.is_async
    chunks = responder.respond(
        Question([SignedMessage("1", None, "user", "Hi"), SignedMessage("2", "1", "assistant", "Ho")], {}, []),
        RunContext("run", CancelToken()),
    )
    assert isinstance(chunks, AsyncIterator)
    expected = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]
    assert asyncio.run(_first(chunks)) == f"{expected} run"


def steer(text: str) -> ContentPart:
    return ContentPart("steer", json.dumps({"id": "1" * 16, "text": text}))


def test_what_was_said_into_an_answer_is_a_message_of_its_reader(build: Build) -> None:
    app = build(Chat(id="my-chat", actions=[Recording()], while_answering="deliver"))
    responder = service_of(app).responders["my-chat"]
    assert responder.takes_deliveries
    said = (
        *(ContentPart("reasoning", "Hm."), steer("Be quick"), ContentPart("text", "Sales")),
        *(ContentPart("tool", "{}"), ContentPart("text", "rose"), steer("Only Europe"), steer("Please")),
    )
    conversation = [
        *(SignedMessage("1", None, "user", "Hi"), SignedMessage("2", "1", "assistant", said)),
        SignedMessage("3", "2", "user", "Then?"),
    ]
    chunks = responder.respond(Question(conversation, {}, []), RunContext("run", CancelToken()))
    expected = [
        {"role": "user", "content": "Hi"},
        {"role": "user", "content": "Be quick"},
        {"role": "assistant", "content": "Sales\n\nrose"},
        {"role": "user", "content": "Only Europe"},
        {"role": "user", "content": "Please"},
        {"role": "user", "content": "Then?"},
    ]
    assert asyncio.run(_first(chunks)) == f"{expected} run"


@pytest.mark.parametrize("choice", ["wait", "queue", "deliver"])
def test_the_browser_is_told_what_becomes_of_messages_that_come_early(
    build: Build, echo: StreamingChatAction, choice: Any
) -> None:
    chat = Chat(id="my-chat", actions=echo, while_answering=choice)
    app = build(chat)
    shown = str(chat.build())
    assert f'"whileAnswering": "{choice}"' in shown
    assert ("chat-steer-button" in shown) is (choice != "wait")
    assert service_of(app).responders["my-chat"].takes_deliveries is (choice == "deliver")


def test_the_owner_is_who_the_app_says_else_the_browser(build: Build, echo: StreamingChatAction) -> None:
    def owner() -> str:
        return "ada"

    app = build(Chat(id="members", actions=echo, owner=owner), Chat(id="visitors", actions=Recording()))
    responders = service_of(app).responders
    assert responders["members"].owner is owner
    assert responders["visitors"].owner is None
    assert "vizro_ws_chat_owner=" in app.server.test_client().get("/").headers["Set-Cookie"]


def test_the_cookie_is_of_the_path_that_browsers_see(build: Build, echo: StreamingChatAction) -> None:
    app = build(Chat(actions=echo), requests_pathname_prefix="/outside/", routes_pathname_prefix="/inside/")
    assert "Path=/outside/" in app.server.test_client().get("/inside/").headers["Set-Cookie"]


def test_an_owner_function_that_can_not_be_called_is_found_while_building(
    build: Build, echo: StreamingChatAction
) -> None:
    async def owner() -> str:
        return "ada"

    with pytest.raises(ConfigurationError, match="async function"):
        build(Chat(actions=echo, owner=owner))


def test_a_chat_with_an_owner_can_still_be_described_as_json(build: Build, echo: StreamingChatAction) -> None:
    assert "owner" not in Chat(actions=echo, owner=lambda: "ada").model_dump_json(exclude={"actions"})
    assert "owner" not in Chat.model_json_schema()["properties"]


def test_the_author_gets_feedback_with_the_conversation(build: Build) -> None:
    heard: list[Feedback] = []
    app = build(Chat(id="chat", actions=Modelled(model="gpt-5"), on_feedback=heard.append))
    service = service_of(app)
    responder = service.responders["chat"]
    scope = Scope("chat", "browser:me")
    question = service.archive.add(scope, None, "user", "Hi")
    answer = service.archive.add(scope, question.id, "assistant", "Hello")
    assert responder.takes_feedback
    frame = FeedbackFrame(run="r" * 16, message=answer.id, rating="down", comment="No")
    responder.take_feedback([question, answer], frame)
    assert heard == [
        Feedback(
            id=answer.id,
            rating="down",
            comment="No",
            message={"role": "assistant", "content": "Hello"},
            messages=[{"role": "user", "content": "Hi"}],
            run="r" * 16,
            model="gpt-5",
        )
    ]


@pytest.mark.parametrize(("on_feedback", "told"), [(None, "false"), (print, "true")])
def test_the_browser_knows_whether_feedback_is_asked_for(
    build: Build, echo: StreamingChatAction, on_feedback: Any, told: str
) -> None:
    chat = Chat(actions=echo, on_feedback=on_feedback)
    app = build(chat)
    assert f'"feedback": {told}' in str(chat.build())
    assert f'"maxCommentChars": {service_of(app).settings.max_comment_chars}' in str(chat.build())
    assert "on_feedback" not in chat.model_dump_json(exclude={"actions"})
    assert "on_feedback" not in Chat.model_json_schema()["properties"]


async def _async(feedback: Feedback) -> None:
    raise NotImplementedError


@pytest.mark.parametrize(("on_feedback", "message"), [(_async, "async function"), (lambda: None, "one argument")])
def test_a_feedback_function_that_can_not_be_called_is_found_while_building(
    build: Build, echo: StreamingChatAction, on_feedback: Any, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(Chat(actions=echo, on_feedback=on_feedback))


@pytest.mark.parametrize("model", ["gpt-5", None, 5])
def test_a_model_is_told_when_it_has_a_name(build: Build, model: Any) -> None:
    app = build(Chat(id="chat", actions=Modelled(model=model)))
    assert service_of(app).responders["chat"].model == (model if isinstance(model, str) else None)


def test_an_action_without_a_model_tells_none(build: Build, echo: StreamingChatAction) -> None:
    assert service_of(build(Chat(id="chat", actions=echo))).responders["chat"].model is None


def test_two_chats_have_a_responder_each_and_share_the_rest(build: Build) -> None:
    app = build(Chat(id="one", actions=[Recording()]), Chat(id="two", actions=Recording()))
    assert set(service_of(app).responders) == {"one", "two"}
    rules = [rule.rule for rule in app.server.url_map.iter_rules() if "_vizro_ws_chat" in rule.rule]
    assert all(rule.startswith("/_vizro_ws_chat/") for rule in rules)
    assert rules.count("/_vizro_ws_chat/ws") == 1


def test_the_routes_follow_the_url_base_pathname(build: Build, echo: StreamingChatAction) -> None:
    app = build(Chat(actions=echo), url_base_pathname="/sub/")
    rules = [rule.rule for rule in app.server.url_map.iter_rules() if "_vizro_ws_chat" in rule.rule]
    assert all(rule.startswith("/sub/_vizro_ws_chat/") for rule in rules)
    assert len(rules) > 5


def test_the_browser_asks_by_the_prefix_that_a_proxy_needs(build: Build, echo: StreamingChatAction) -> None:
    chat = Chat(actions=echo)
    app = build(chat, requests_pathname_prefix="/outside/", routes_pathname_prefix="/inside/")
    assert '"base": "/outside/_vizro_ws_chat/"' in str(chat.build())
    assert any(rule.rule == "/inside/_vizro_ws_chat/ws" for rule in app.server.url_map.iter_rules())


def test_the_browser_knows_from_where_images_may_come(
    build: Build, echo: StreamingChatAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIZRO_WS_CHAT_IMAGE_ORIGINS", "https://images.example")
    chat = Chat(actions=echo)
    build(chat)
    assert '"imageOrigins": ["https://images.example"]' in str(chat.build())


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ([], r"Chat 'my-chat' has 0 chat actions, but it needs exactly one.*Chat\(actions=MyChatAction\(\)\)"),
        ([Recording(), Recording()], "has 2 chat actions"),
        ([show_notification(text="Done"), Recording()], "before all other actions"),
        ([Unwritten()], "Unwritten has no generate_response"),
        (Coroutine(), "Use `yield` in it"),
    ],
)
def test_mistakes_are_told_while_the_dashboard_is_built(build: Build, actions: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(Chat(id="my-chat", actions=actions))


def test_two_chats_of_one_id_are_told_while_the_dashboard_is_made(build: Build) -> None:
    with pytest.raises(ValidationError, match="Model with id=chat already exists"):
        build(Chat(id="chat", actions=Recording()), Chat(id="chat", actions=Recording()))


@pytest.mark.parametrize("actions", [lambda messages: "Hi", "an action", None])
def test_what_is_no_chat_action_is_refused(actions: Any) -> None:
    with pytest.raises(ValidationError, match="instance of _BaseAction"):
        Chat(actions=actions)


@pytest.mark.parametrize(
    ("field", "value"),
    [("transport", "pigeon"), ("submit_key", "space"), ("anchor", "left"), ("while_answering", "shout"), ("name", "")],
)
def test_unknown_choices_are_refused(echo: StreamingChatAction, field: str, value: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Chat(actions=echo, **{field: value})


@pytest.mark.parametrize("pattern", ["csv", "*", "*/*", "image/", "image/png, .csv", ". csv", ""])
def test_types_of_files_that_would_fit_none_are_refused(echo: StreamingChatAction, pattern: str) -> None:
    with pytest.raises(ValidationError, match=r"names no type of files. Write 'image/\*'"):
        Chat(actions=echo, file_upload=True, file_types=[pattern])


def test_types_of_files_are_those_of_html(echo: StreamingChatAction) -> None:
    types = ["image/*", "text/csv", "application/vnd.ms-excel", "image/svg+xml", ".XLSX", ".tar.gz"]
    assert Chat(actions=echo, file_upload=True, file_types=types).file_types == types


def test_the_browser_is_told_of_the_looks(build: Build, echo: StreamingChatAction) -> None:
    chat = Chat(
        actions=echo,
        name="Analyst",
        description="Knows the figures.",
        example_questions=["Why?"],
        submit_key="mod+enter",
        anchor="top",
    )
    build(chat)
    config = json.loads(getattr(chat.build(), "data-vizro-ws-chat"))
    assert config["name"] == "Analyst"
    assert config["description"] == "Knows the figures."
    assert config["exampleQuestions"] == ["Why?"]
    assert config["submitKey"] == "mod+enter"
    assert config["anchor"] == "top"


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


class Configured(StreamingChatAction):
    type: Literal["configured"] = "configured"
    greeting: str = "Hi"

    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        yield self.greeting


@pytest.mark.parametrize("name", ["configured", "Configured"])
def test_a_configuration_file_names_an_action_by_its_type_or_class(build: Build, name: str) -> None:
    chat = Chat.model_validate({"actions": [{"type": name, "greeting": "Ho"}, {"type": "export_data"}]})
    build(chat)
    answering, exporting = chat.actions
    assert isinstance(answering, Configured)
    assert answering.greeting == "Ho"
    assert isinstance(exporting, export_data)


def test_a_configuration_file_may_name_no_unknown_action() -> None:
    with pytest.raises(ValidationError, match="no action is called 'unheard'"):
        Chat.model_validate({"actions": {"type": "unheard"}})


class OfThePage(StreamingChatAction):
    country: str = "country.value"

    def generate_response(self, messages: list[Message], country: str, _controls: Any) -> Iterator[str]:
        yield f"{country} {_controls}"


def test_the_browser_reads_what_the_action_wants_to_know_of_the_page(build: Build) -> None:
    chat = Chat(id="my-chat", actions=OfThePage())
    app = build(chat)
    assert '"inputs": [["country", "value"]]' in str(chat.build())
    question = Question([SignedMessage("id", None, "user", "Hi")], {}, ["France"])
    answer = service_of(app).responders["my-chat"].respond(question, RunContext("run", CancelToken()))
    assert list(answer) == ["France {'filters': [], 'parameters': []}"]


class Showing(Recording):
    def message_to_html(self, message: dict[str, Any]) -> Any:
        names = [file["filename"] for file in message.get("attachments", [])]
        return html.Div([message["role"], *names])


class Looking(StreamingChatAction):
    def generate_response(self, messages: list[Message]) -> Iterator[str]:
        [file] = messages[0]["attachments"]
        yield file["filename"]
        yield file["content"]


def kept(app: Dash) -> tuple[SignedMessage, StoredFile]:
    uploads = service_of(app).uploads
    ref = uploads.save("chat", "ada", Offer("a.csv", 3, "text/csv"), io.BytesIO(b"a;b"))
    return SignedMessage("id", None, "user", "Hi", (ref,)), StoredFile(uploads, ref)


def test_a_chat_shows_messages_as_its_action_says(build: Build) -> None:
    app = build(Chat(id="chat", actions=Showing()), Chat(id="plain", actions=Recording()))
    showing, plain = (service_of(app).responders[name] for name in ("chat", "plain"))
    _, file = kept(app)
    assert (showing.has_views, plain.has_views) == (True, False)
    assert json.loads(showing.view("user", "Hi", [file]) or "")["props"]["children"] == ["user", "a.csv"]
    assert plain.view("user", "Hi", [file]) is None


def test_attachments_are_read_when_the_author_looks_at_them(build: Build) -> None:
    app = build(Chat(id="chat", actions=Looking()))
    responder = service_of(app).responders["chat"]
    assert not responder.reads_files
    message, file = kept(app)
    question = Question([message], {message.files[0].id: file}, [])
    chunks = responder.respond(question, RunContext("run", CancelToken()))
    assert list(chunks) == ["a.csv", "data:text/csv;base64,YTti"]
    service_of(app).uploads.discard("chat", "ada", message.files[0].id)
    gone = Question([message], {message.files[0].id: StoredFile(service_of(app).uploads, message.files[0])}, [])
    chunks = responder.respond(gone, RunContext("run", CancelToken()))
    assert next(chunks) == "a.csv"
    with pytest.raises(UserFacingError, match="no longer on the server"):
        next(chunks)


def test_the_browser_tells_the_next_action_that_an_answer_is_complete(build: Build) -> None:
    alone, followed = Chat(actions=Recording()), Chat(actions=[Recording(id="asks"), show_notification(text="Done")])
    build(alone, followed)
    assert '"finished": null' in str(alone.build())
    assert '"finished": "asks_finished"' in str(followed.build())


def chat_named(name: str) -> dict[str, Any]:
    return {"type": "chat", "id": name, "actions": [{"type": "Recording"}]}


def test_a_dashboard_may_come_from_a_configuration_file() -> None:
    Vizro._reset()  # type: ignore[no-untyped-call]
    config = {
        "pages": [
            {
                "title": "Chat",
                "components": [
                    {"type": "chat", "id": "my-chat", "actions": {"type": "configured"}, "name": "Analyst"},
                    {"type": "container", "title": "More", "components": [chat_named("contained")]},
                    {"type": "tabs", "tabs": [{"title": "Tab", "components": [chat_named("tabbed")]}]},
                ],
            }
        ]
    }
    app = Vizro().build(vm.Dashboard.model_validate(config)).dash
    app.server.secret_key = "a secret"
    assert set(service_of(app).responders) == {"my-chat", "contained", "tabbed"}
    assert app.server.test_client().get("/").status_code == 200
