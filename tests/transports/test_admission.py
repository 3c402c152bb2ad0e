"""Who may use a chat, and to whom belongs what they ask for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Request

from tests.transports.clients import WebSocketClient, command
from tests.transports.conftest import App
from tests.transports.making import Browser, Dictated, hello, make_service, send, types
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import ConfigurationError, RefusedError
from vizro_ws_chat.transports.admission import admit, check_admission
from vizro_ws_chat.transports.owner import NOBODY


def chat(**functions: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"owner": None, "authorize": None, **functions})


@pytest.fixture
def in_request() -> Iterator[None]:
    with Flask(__name__).test_request_context("/", headers={"X-Role": "analyst"}):
        yield


class TestAdmit:
    def test_the_cookie_decides_unless_the_chat_does(self) -> None:
        assert admit(chat(owner=None), "browser:x") == "browser:x"
        assert admit(chat(owner=lambda: "ada"), "browser:x") == "user:ada"

    def test_a_user_can_not_be_named_like_a_browser(self) -> None:
        assert admit(chat(owner=lambda: "browser:x"), NOBODY) != "browser:x"

    @pytest.mark.parametrize("name", [None, ""])
    def test_nobody_is_refused(self, name: str | None) -> None:
        with pytest.raises(RefusedError) as refusal:
            admit(chat(owner=lambda: name), "browser:x")
        assert refusal.value.code == "login"

    @pytest.mark.parametrize("name", [1, True, 0, object(), {"id": None}, lambda: "ada"])
    def test_what_is_no_name_is_a_failure(self, name: object, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(RefusedError) as refusal, caplog.at_level(logging.ERROR):
            admit(chat(owner=lambda: name), "browser:x")
        assert refusal.value.code == "internal"
        assert "must return the user's name as a str" in caplog.text

    @pytest.mark.parametrize("name", ["x" * 401, "a\0b", "\ud83d", "a\udc00"])
    def test_a_name_that_no_database_takes_is_a_failure(self, name: str, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(RefusedError) as refusal, caplog.at_level(logging.ERROR):
            admit(chat(owner=lambda: name), "browser:x")
        assert refusal.value.code == "internal"
        assert "must return a name of at most 400 characters" in caplog.text

    def test_any_other_name_will_do(self) -> None:
        name = "🧑" * 400
        assert admit(chat(owner=lambda: name), "browser:x") == f"user:{name}"

    def test_a_failure_shows_only_a_reference(self, caplog: pytest.LogCaptureFixture) -> None:
        def fail() -> str:
            raise RuntimeError("the secret reason")

        with pytest.raises(RefusedError) as refusal, caplog.at_level(logging.ERROR):
            admit(chat(owner=fail), "browser:x")
        assert refusal.value.code == "internal"
        assert refusal.value.ref is not None
        assert refusal.value.ref in caplog.text
        assert "the secret reason" in caplog.text
        assert "secret" not in refusal.value.text


@pytest.mark.usefixtures("in_request")
class TestAuthorize:
    def test_it_gets_the_request(self) -> None:
        by_role = chat(authorize=lambda request: request.headers["X-Role"] == "analyst")
        assert admit(by_role, "browser:x") == "browser:x"

    def test_who_is_not_let_in_is_told_so(self) -> None:
        with pytest.raises(RefusedError) as refusal:
            admit(chat(authorize=lambda request: False, owner=lambda: "ada"), "browser:x")
        assert refusal.value.code == "denied"

    @pytest.mark.parametrize("answer", [None, 1, "yes", object(), lambda: True])
    def test_what_is_neither_yes_nor_no_is_a_failure(self, answer: object, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(RefusedError) as refusal, caplog.at_level(logging.ERROR):
            admit(chat(authorize=lambda request: answer), "browser:x")
        assert refusal.value.code == "internal"
        assert "must return True or False" in caplog.text


def test_a_right_that_is_taken_back_ends_the_connection_at_the_next_message(make_app: Callable[..., App]) -> None:
    app = make_app()
    responder = Dictated()
    allowed = {"ada"}
    asked: list[str] = []

    def authorize(request: Request) -> bool:
        asked.append(request.headers["X-User"])
        return asked[-1] in allowed

    responder.authorize = authorize
    app.chats.register("members", responder)
    responder.finish("Hello")
    with WebSocketClient(app.address, headers={"X-User": "ada"}) as browser:
        browser.send(hello("members"), send())
        browser.hear_the_end()
        allowed.clear()
        browser.send(send())
        assert browser.hear("refused")[-1].code == "denied"
        assert browser.wait_closed() == 1008
    assert asked == ["ada"] * 3
    assert len(responder.conversations) == 1
    status, [refused] = command(app.address, hello("members"), headers={"X-User": "eve"})
    assert (status, refused.code) == (403, "denied")


def test_another_login_does_not_go_on_with_the_conversation() -> None:
    responder = Dictated()
    names = ["ada", "ada", "bob"]
    responder.owner = lambda: names.pop(0)
    browser = Browser(make_service(responder), hello(), send())
    responder.finish("Hello")
    browser.hear_until_the_end()
    browser.say(send())
    assert types(browser.heard)[-1] == "refused"
    assert browser.heard[-1].code == "login"
    assert len(responder.conversations) == 1


# ---- limits of one owner ----


def test_an_owner_has_so_many_answers_at_once() -> None:
    responder = Dictated()
    service = make_service(responder, max_owner_runs=2, busy_retry_seconds=1.5)
    Browser(service, hello(), send(), owner="browser:mine")
    tab = Browser(service, hello(), send(), owner="browser:mine")
    tab.say(send())
    assert (tab.heard[-1].code, tab.heard[-1].retry_ms) == ("busy", 1500)
    assert types(Browser(service, hello(), send(), owner="browser:other").heard) == ["welcome", "accepted"]
    for _ in range(3):  # who has no owner may be many
        assert types(Browser(service, hello(), send()).heard) == ["welcome", "accepted"]
    for _ in range(6):
        responder.finish()
    wait_until(lambda: service.hub.alive == 0)
    assert "accepted" in types(tab.say(send()))
    responder.finish()
    wait_until(lambda: service.hub.alive == 0)


def test_an_owner_may_send_so_much_over_however_many_connections() -> None:
    service = make_service(Dictated(), max_owner_frames_per_second=2)
    for _ in range(20):
        assert types(Browser(service, hello(), owner="browser:mine").heard) == ["welcome"]
    refused = Browser(service, hello(), owner="browser:mine")
    assert [frame.code for frame in refused.heard] == ["rate"]
    assert refused.heard[0].retry_ms
    assert types(Browser(service, hello(), owner="browser:other").heard) == ["welcome"]


# ---- before anybody asks ----


async def _awaited() -> str:
    return "ada"


@pytest.mark.parametrize("owner", [_awaited, lambda request: "ada"])
def test_an_owner_function_that_can_not_be_called_is_found_at_once(owner: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"Chat\(owner=\.\.\.\) is"):
        check_admission(owner, None)


@pytest.mark.parametrize("owner", [lambda: "ada", lambda default="ada": default, str, "ada".upper])
def test_an_owner_function_is_anything_that_needs_no_arguments(owner: Any) -> None:
    check_admission(owner, None)


async def _awaited_request(request: Request) -> bool:
    return True


@pytest.mark.parametrize("authorize", [_awaited_request, lambda: True, lambda request, role: True])
def test_an_authorize_function_that_can_not_be_called_is_found_at_once(authorize: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"Chat\(authorize=\.\.\.\) is"):
        check_admission(None, authorize)
