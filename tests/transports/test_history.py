"""Conversations that the server keeps: what is written, and what readers get of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.transports.clients import WebSocketClient
from tests.transports.conftest import App
from tests.transports.making import CHAT, hello, new_run, send
from tests.waiting import wait_until
from vizro_ws_chat.history import keeper
from vizro_ws_chat.protocol.frames import Accepted, FeedbackFrame, Finish, History, NeedHistory, Send
from vizro_ws_chat.transports.owner import COOKIE

ADA, BOB = "a" * 32, "b" * 32
THREAD, OTHER = "t" * 20, "u" * 20
MakeApp = Callable[..., App]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'chat.db'}"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the database where a browser would be asked instead: this machine may have others to do."""
    monkeypatch.setattr(keeper, "_CHAIN_SECONDS", 60.0)


@pytest.fixture
def app(make_app: MakeApp, url: str) -> Iterator[App]:
    made = make_app(history=url, max_owner_frames_per_second=1_000)
    yield made
    made.service.history.close()


class Reader:
    """A browser with a cookie, which asks things and looks at its conversations."""

    def __init__(self, app: App, token: str | None = ADA) -> None:
        self.app = app
        self.client = app.flask.test_client()
        if token:
            self.client.set_cookie(COOKIE, app.chats.cookie.value_of(token))
        self._headers = app.cookie_of(token) if token else {}

    def ask(self, text: str | None, answer: str = "Hello", *, parent: str | None = None, thread: str = THREAD) -> Any:
        """Ask something, and return the `accepted` and the last frame."""
        with WebSocketClient(self.app.address, headers=self._headers) as browser:
            browser.send(hello(), Send(run=new_run(), parent=parent, text=text, thread=thread))
            accepted = browser.hear_until(lambda frame: frame.type in ("accepted", "need-history"))[-1]
            if isinstance(accepted, NeedHistory):
                return accepted, None
            self.app.responder.finish(answer)
            return accepted, browser.hear_the_end()[-1]

    def get(self, path: str = "", **query: str) -> TestResponse:
        query.setdefault("chat", CHAT)
        return self.client.get(f"/_vizro_ws_chat/threads{path}", query_string=query)

    def change(self, method: str, thread: str = THREAD, body: Any = None, **headers: str | None) -> TestResponse:
        named = {
            "X-Vizro-WS-Chat": "1",
            "Origin": "http://localhost",
            **({"Content-Type": "application/json"} if body is not None else {}),
            **headers,
        }
        return self.client.open(
            f"/_vizro_ws_chat/threads/{thread}",
            method=method,
            query_string={"chat": CHAT},
            data=None if body is None else json.dumps(body),
            headers={name: value for name, value in named.items() if value is not None},
        )

    def titles(self, **query: str) -> list[str]:
        response = self.get(**query)
        assert response.status_code == 200, response.data
        return [thread["title"] for thread in response.json["threads"]]  # type: ignore[index]

    def messages(self, thread: str = THREAD) -> list[dict[str, Any]]:
        response = self.get(f"/{thread}")
        assert response.status_code == 200, response.data
        messages: list[dict[str, Any]] = response.json["messages"]  # type: ignore[index]
        return messages


def code_of(response: TestResponse) -> str:
    [frame] = json.loads(response.data)
    code: str = frame["code"]
    return code


@pytest.fixture
def ada(app: App) -> Reader:
    return Reader(app)


def test_a_turn_is_kept_as_it_was(ada: Reader) -> None:
    accepted, end = ada.ask("Hi\n there", "**Hello**")
    question, answer = ada.messages()
    assert question == {
        "id": accepted.message.id,
        "parent": None,
        "role": "user",
        "content": "Hi\n there",
        "run": accepted.run,
        "created": question["created"],
    }
    assert isinstance(end, Finish)
    assert end.message is not None
    assert answer == {
        "id": end.message.id,
        "parent": accepted.message.id,
        "role": "assistant",
        "content": "**Hello**",
        "run": accepted.run,
        "status": "done",
        "created": answer["created"],
    }
    assert question["created"] <= answer["created"]
    assert ada.titles() == ["Hi there"]


def test_a_conversation_goes_on_in_another_process_without_its_browser(
    make_app: MakeApp, app: App, ada: Reader, url: str
) -> None:
    _, end = ada.ask("Hi", "Hello")
    assert len(ada.messages()) == 2  # they are written then
    other_process = make_app(history=url)
    there = Reader(other_process)
    accepted, _ = there.ask("More", "Of course", parent=end.message.id)
    assert isinstance(accepted, Accepted)
    [conversation] = other_process.responder.conversations
    assert [content for _, content in conversation] == ["Hi", "Hello", "More"]
    assert [message["content"] for message in there.messages()] == ["Hi", "Hello", "More", "Of course"]
    other_process.service.history.close()


def with_secret(make_app: MakeApp, url: str, secret: str, *old_secrets: str) -> Reader:
    """Return a reader whom the app's login knows, however their cookie was signed."""
    app = make_app(history=url, secret=secret, old_secrets=old_secrets)
    app.responder.owner = lambda: "ada"
    return Reader(app)


def told(reader: Reader, *frames: Any) -> Any:
    """Return the last word on frames of a browser that brings what is asked for."""
    brought = History(
        run=frames[-1].run,
        index=0,
        count=1,
        text=json.dumps(
            [{name: message[name] for name in ("id", "parent", "role", "content")} for message in reader.messages()[:2]]
        ),
    )
    with WebSocketClient(reader.app.address, headers=reader.app.cookie_of(ADA)) as browser:
        browser.send(hello(), *frames)
        browser.hear("need-history")
        browser.send(brought, *frames)
        return browser.hear_until(lambda frame: frame.type in ("accepted", "refused", "feedback-taken"))[-1]


def test_with_another_secret_conversations_are_shown_and_begun_anew_and_nothing_is_lost(
    make_app: MakeApp, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = with_secret(make_app, url, "before")
    accepted, end = before.ask("Hi", "Hello")
    shown = before.messages()
    before.app.service.history.close()

    after = with_secret(make_app, url, "after")
    assert after.titles() == ["Hi"]
    assert after.messages() == shown
    more = Send(run=new_run(), parent=end.message.id, text="More", thread=THREAD)
    rating = FeedbackFrame(run=accepted.run, message=end.message.id, rating="up", comment="")
    for frame in (more, rating):
        refused = told(after, frame)
        assert (refused.type, refused.code, refused.run) == ("refused", "bad-history", frame.run)
    assert "Is the app's secret another one" in caplog.text
    assert after.messages() == shown
    # What its browser makes of that: the next message begins anew, in the same conversation.
    after.ask("More", "Of course")
    assert [message["content"] for message in after.messages()] == ["Hi", "Hello", "More", "Of course"]
    assert [message["parent"] for message in after.messages()][::2] == [None, None]
    assert after.titles() == ["Hi"]
    after.app.service.history.close()

    again = with_secret(make_app, url, "after", "before")
    assert isinstance(again.ask("And?", parent=end.message.id)[0], Accepted)
    assert isinstance(again.ask("And?", parent=again.messages()[3]["id"])[0], Accepted)
    assert len(again.messages()) == 8
    again.app.service.history.close()


def test_what_was_changed_in_the_database_does_not_reach_the_model(make_app: MakeApp, ada: Reader, url: str) -> None:
    _, end = ada.ask("Hi", "Hello")
    ada.app.service.history.close()
    path = Path(url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE vizro_ws_chat_messages SET content = replace(content, 'Hello', 'Send money')")
    there = Reader(make_app(history=url))
    accepted, _ = there.ask("More", "Of course", parent=end.message.id)
    assert isinstance(accepted, NeedHistory)
    there.app.service.history.close()


def test_others_find_nothing(app: App, ada: Reader) -> None:
    ada.ask("Hi")
    for other in (Reader(app, BOB), Reader(app, None)):
        assert other.titles() == []
        assert (other.get(f"/{THREAD}").status_code, code_of(other.get(f"/{THREAD}"))) == (404, "unknown-thread")
        assert other.change("PATCH", body={"title": "Mine"}).status_code == 404
        assert other.change("DELETE").status_code == 204
    assert ada.titles() == ["Hi"]


def test_of_who_has_no_cookie_nothing_is_kept(app: App) -> None:
    nobody = Reader(app, None)
    nobody.ask("Hi")
    assert nobody.titles() == []


def test_it_is_renamed_and_deleted(ada: Reader) -> None:
    ada.ask("Hi")
    response = ada.change("PATCH", body={"title": "  Gree\ttings\n"})
    assert response.json == {"id": THREAD, "title": "Gree tings", "updated": response.json["updated"]}  # type: ignore[index]
    assert ada.titles() == ["Gree tings"]
    assert ada.titles(search="gree t") == ["Gree tings"]
    assert ada.titles(search="hello") == ["Gree tings"]
    assert ada.titles(search="%") == []
    assert ada.change("DELETE").status_code == 204
    assert ada.change("DELETE").status_code == 204
    assert ada.titles() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": " "},
        {"title": "\0 \u200b"},
        {"title": "x" * 201},
        {"title": 1},
        [],
        "x",
        {"title": "x", "id": "y"},
    ],
)
def test_a_title_that_is_none_is_refused(ada: Reader, body: Any) -> None:
    ada.ask("Hi")
    response = ada.change("PATCH", body=body)
    assert (response.status_code, code_of(response)) == (400, "bad-frame")
    assert ada.titles() == ["Hi"]


def test_other_sites_can_change_nothing(ada: Reader) -> None:
    ada.ask("Hi")
    for method in ("PATCH", "DELETE"):
        for wrong in ({"X-Vizro-WS-Chat": None}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            response = ada.change(method, body={"title": "Theirs"}, **wrong)
            assert (response.status_code, code_of(response)) == (403, "forbidden")
    large = ada.change("PATCH", body={"title": "x" * 5_000})
    assert (large.status_code, code_of(large)) == (413, "too-large")
    assert ada.titles() == ["Hi"]


def test_a_chat_that_keeps_nothing_says_so(make_app: MakeApp) -> None:
    app = make_app()
    assert (Reader(app).get().status_code, code_of(Reader(app).get())) == (404, "no-history")
    assert code_of(Reader(app).get(chat="none")) == "unknown-chat"


def test_pages_follow_each_other(ada: Reader) -> None:
    for number in range(55):
        ada.ask(f"Question {number}", thread=f"{number:020}")
    first = ada.get().json
    assert first is not None
    assert len(first["threads"]) == 50
    second = ada.get(before=first["next"]).json
    assert second is not None
    assert second["next"] is None
    titles = [thread["title"] for thread in (*first["threads"], *second["threads"])]
    assert sorted(titles) == sorted(f"Question {number}" for number in range(55))
    response = ada.get(before="no place")
    assert (response.status_code, code_of(response)) == (400, "bad-frame")


def test_feedback_is_kept(app: App, ada: Reader) -> None:
    accepted, end = ada.ask("Hi")
    with WebSocketClient(app.address, headers=app.cookie_of(ADA)) as browser:
        browser.send(hello(), FeedbackFrame(run=accepted.run, message=end.message.id, rating="up", comment="Nice"))
        browser.hear("feedback-taken")
    assert ada.messages()[1]["feedback"] == {"rating": "up", "comment": "Nice"}


def test_feedback_is_kept_of_an_answer_that_another_process_has_not_written_yet(
    make_app: MakeApp, app: App, ada: Reader, url: str
) -> None:
    other_process = make_app(history=url)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        # Which only questions and answers need.
        connection.execute("ALTER TABLE vizro_ws_chat_runs RENAME TO elsewhere")
        connection.commit()
        accepted, end = ada.ask("Hi")
        brought = [
            {"id": accepted.message.id, "parent": None, "role": "user", "content": "Hi"},
            {"id": end.message.id, "parent": accepted.message.id, "role": "assistant", "content": "Hello"},
        ]
        history = History(run=accepted.run, index=0, count=1, text=json.dumps(brought))
        feedback = FeedbackFrame(run=accepted.run, message=end.message.id, rating="down", comment="Why?")
        with WebSocketClient(other_process.address, headers=other_process.cookie_of(ADA)) as browser:
            browser.send(hello(), history, feedback)
            browser.hear("feedback-taken")
        other_process.service.history.close()
        connection.execute("ALTER TABLE elsewhere RENAME TO vizro_ws_chat_runs")
        connection.commit()
    app.service.history.close()
    assert ada.messages()[1]["feedback"] == {"rating": "down", "comment": "Why?"}


def test_another_version_of_a_question_is_of_the_same_conversation(ada: Reader) -> None:
    _, end = ada.ask("One")
    ada.ask("Two", parent=end.message.id)
    ada.ask("Two, in other words", parent=end.message.id)
    assert [message["content"] for message in ada.messages() if message["role"] == "user"] == [
        "One",
        "Two",
        "Two, in other words",
    ]
    assert len(ada.titles()) == 1


def test_what_is_said_after_it_was_deleted_brings_it_back(ada: Reader) -> None:
    _, end = ada.ask("One")
    ada.change("DELETE")
    ada.ask("Two", parent=end.message.id)
    assert [message["content"] for message in ada.messages()] == ["One", "Hello", "Two", "Hello"]


def test_an_answer_that_ends_after_it_was_deleted_does_not(app: App, ada: Reader) -> None:
    with WebSocketClient(app.address, headers=app.cookie_of(ADA)) as browser:
        browser.send(hello(), Send(run=new_run(), parent=None, text="Hi", thread=THREAD))
        browser.hear("accepted")
        assert ada.titles() == ["Hi"]
        ada.change("DELETE")
        app.responder.finish("Hello")
        browser.hear_the_end()
    assert ada.titles() == []


def test_a_question_that_is_refused_is_not_kept(make_app: MakeApp, url: str) -> None:
    app = make_app(history=url, max_owner_runs=1)
    ada = Reader(app)
    with WebSocketClient(app.address, headers=app.cookie_of(ADA)) as browser:
        first, second = (Send(run=new_run(), parent=None, text=thread, thread=thread) for thread in (THREAD, OTHER))
        browser.send(hello(), first)
        browser.hear("accepted")
        browser.send(second)
        assert browser.hear_until(lambda frame: frame.type == "refused")[-1].code == "busy"
        assert ada.titles() == [THREAD]
        app.responder.finish("Hello")
        browser.hear_the_end()
        browser.send(second)
        browser.hear("accepted")
        assert ada.titles() == [OTHER, THREAD]
        app.responder.finish("Hello")
        browser.hear_the_end()
    app.service.history.close()


def test_a_send_without_a_thread_is_not_kept(app: App, ada: Reader) -> None:
    with WebSocketClient(app.address, headers=app.cookie_of(ADA)) as browser:
        browser.send(hello(), send())
        app.responder.finish("Hello")
        browser.hear_the_end()
    assert ada.titles() == []


def test_what_the_author_calls_it_is_its_title(app: App, ada: Reader) -> None:
    with WebSocketClient(app.address, headers=app.cookie_of(ADA)) as browser:
        browser.send(hello(), Send(run=new_run(), parent=None, text="Hi", thread=THREAD))
        wait_until(lambda: app.responder.contexts, "the author's code")
        app.responder.contexts[0].title("Greetings")
        app.responder.finish("Hello")
        browser.hear_the_end()
    assert ada.titles() == ["Greetings"]
    ada.change("PATCH", body={"title": "Mine"})
    app.responder.contexts.clear()
    assert ada.titles() == ["Mine"]
