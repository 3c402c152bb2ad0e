from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, Response, request

from tests.transports.clients import SSEClient, WebSocketClient, command
from tests.transports.conftest import App
from tests.transports.making import CHAT, Browser, Dictated, by_run, hello, make_service, send, text_of, types
from vizro_ws_chat.protocol.frames import Cancel
from vizro_ws_chat.transports.mount import mount
from vizro_ws_chat.transports.owner import COOKIE, NOBODY, OwnerCookie

TOKEN = "t" * 32
COOKIES = OwnerCookie(b"a key")
FOREIGN = OwnerCookie(b"another key").value_of(TOKEN)


class TestCookie:
    @pytest.fixture
    def flask(self) -> Flask:
        flask = Flask(__name__)
        flask.secret_key = "a secret"
        flask.add_url_rule("/", "page", lambda: Response("page", mimetype="text/html"), methods=["GET", "POST"])
        flask.add_url_rule("/data", "data", lambda: Response("{}", mimetype="application/json"))
        mount(flask, "/", "/public/")
        return flask

    def test_a_page_brings_it(self, flask: Flask) -> None:
        response = flask.test_client().get("/", base_url="https://host")
        header = response.headers["Set-Cookie"]
        assert header.startswith(f"{COOKIE}=")
        assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/public/"} <= set(header.split("; "))
        assert response.cache_control.private
        assert "Cookie" in response.vary

    def test_over_plain_http_it_comes_too(self, flask: Flask) -> None:
        assert "Secure" not in flask.test_client().get("/").headers["Set-Cookie"]

    def test_who_has_one_keeps_it(self, flask: Flask) -> None:
        client = flask.test_client()
        client.set_cookie(COOKIE, client.get("/").headers["Set-Cookie"].partition("=")[2].partition(";")[0])
        response = client.get("/")
        assert "Set-Cookie" not in response.headers

    @pytest.mark.parametrize(
        "value", ["", "short", TOKEN, f"{TOKEN}.", f"{TOKEN}.{'x' * 43}", FOREIGN, f"{FOREIGN}x", "ä" * 76]
    )
    def test_a_broken_one_is_replaced(self, value: str, flask: Flask) -> None:
        assert COOKIES.browser_of({COOKIE: value}) == NOBODY
        client = flask.test_client()
        client.set_cookie(COOKIE, value)
        response = client.get("/")
        assert "Set-Cookie" in response.headers

    def test_pages_of_others_do_not_bring_it(self) -> None:
        flask = Flask(__name__)
        flask.secret_key = "a secret"
        for path in ("/", "/dash/"):
            flask.add_url_rule(path, path, lambda: Response("page", mimetype="text/html"))
        mount(flask, "/dash/", "/dash/")
        assert "Set-Cookie" not in flask.test_client().get("/").headers
        assert "Set-Cookie" in flask.test_client().get("/dash/").headers

    def test_a_page_that_may_be_cached_may_not_with_it(self) -> None:
        flask = Flask(__name__)
        flask.secret_key = "a secret"
        headers = {"Cache-Control": "public, max-age=600"}
        flask.add_url_rule("/", "page", lambda: Response("page", mimetype="text/html", headers=headers))
        mount(flask, "/", "/")
        assert flask.test_client().get("/").headers["Cache-Control"] == "no-store, private"

    def test_nothing_but_pages_brings_it(self, flask: Flask) -> None:
        client = flask.test_client()
        for response in (client.get("/data"), client.post("/"), client.get("/missing")):
            assert "Set-Cookie" not in response.headers

    def test_each_browser_gets_its_own(self, flask: Flask) -> None:
        cookies = {flask.test_client().get("/").headers["Set-Cookie"] for _ in range(50)}
        assert len(cookies) == 50
        with flask.test_request_context("/"):
            response = Response(mimetype="text/html")
            COOKIES.give(request, response, "/")
            value = response.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        assert COOKIES.browser_of({COOKIE: value}) == f"browser:{value[:32]}"

    def test_only_the_app_can_make_one(self) -> None:
        value = COOKIES.value_of(TOKEN)
        assert COOKIES.browser_of({COOKIE: value}) == f"browser:{TOKEN}"
        for index, char in enumerate(value):
            changed = f"{value[:index]}{'A' if char != 'A' else 'B'}{value[index + 1 :]}"
            if index < len(value) - 1:  # the last has two bits that mean nothing
                assert COOKIES.browser_of({COOKIE: changed}) == NOBODY

    def test_it_outlives_its_key_while_the_app_names_it(self) -> None:
        value = {COOKIE: COOKIES.value_of(TOKEN)}
        assert OwnerCookie(b"new", [b"older", b"a key"]).browser_of(value) == f"browser:{TOKEN}"
        assert OwnerCookie(b"new").browser_of(value) == NOBODY


class TestSessions:
    """Another owner's run and conversation are answered exactly as what does not exist."""

    def test_a_foreign_run_can_not_be_read(self) -> None:
        responder = Dictated()
        service = make_service(responder)
        the_send = send()
        Browser(service, hello(), the_send, owner="browser:mine")
        responder.say("secret")
        for owner in ("browser:other", NOBODY):
            thief = Browser(service, hello(**{the_send.run: None}), owner=owner)
            unknown = Browser(service, hello(**{"x" * 22: None}), owner=owner)
            assert types(thief.heard) == ["welcome", "refused"]
            assert thief.heard[1].model_dump(exclude={"run"}) == unknown.heard[1].model_dump(exclude={"run"})
            assert thief.heard[1].code == "unknown-run"
        responder.finish()

    def test_a_foreign_run_can_not_be_stopped(self) -> None:
        responder = Dictated()
        service = make_service(responder)
        the_send = send()
        mine = Browser(service, hello(), the_send, owner="browser:mine")
        assert Browser(service, hello(), Cancel(run=the_send.run), owner="browser:other").hear() == []
        responder.finish("all of it")
        assert types(mine.hear_until_the_end())[-1] == "finish"

    def test_a_foreign_runs_id_is_free_for_a_run_of_ones_own(self) -> None:
        responder = Dictated()
        service = make_service(responder)
        the_send = send(text="mine")
        mine = Browser(service, hello(), the_send, owner="browser:mine")
        other = Browser(service, hello(), send(the_send.run, text="theirs"), owner="browser:other")
        responder.finish("A")
        responder.finish("B")
        texts = {text_of(by_run(one.hear_until_the_end(), the_send.run) or one.heard) for one in (mine, other)}
        assert texts == {"A", "B"}
        assert sorted(responder.conversations) == [[("user", "mine")], [("user", "theirs")]]

    def test_a_foreign_conversation_can_not_be_continued(self) -> None:
        responder = Dictated()
        service = make_service(responder)
        the_send = send()
        mine = Browser(service, hello(), the_send, owner="browser:mine")
        responder.finish("Hello")
        answer = mine.hear_until_the_end()[-1].message
        other = Browser(service, hello(), send(parent=answer.id), owner="browser:other")
        assert types(other.heard) == ["welcome", "need-history"]

    def test_two_tabs_of_one_owner_read_and_stop_the_same_run(self) -> None:
        responder = Dictated()
        service = make_service(responder)
        the_send = send()
        one = Browser(service, hello(), the_send, owner="browser:mine")
        two = Browser(service, hello(**{the_send.run: None}), owner="browser:mine")
        responder.say("Hello")
        one.hear_text("Hello")
        two.hear_text("Hello")
        two.say(Cancel(run=the_send.run))
        assert types(one.hear_until_the_end())[-1] == "stopped"
        assert types(two.heard)[-1] == "stopped"

    def test_a_user_of_the_app_may_change_the_browser(self) -> None:
        responder = Dictated()
        responder.owner = lambda: "ada"
        service = make_service(responder)
        the_send = send()
        Browser(service, hello(), the_send, owner="browser:desk")
        responder.finish("Hello")
        phone = Browser(service, hello(**{the_send.run: None}), owner="browser:phone")
        phone.hear_until_the_end()
        assert text_of(phone.heard) == "Hello"

    def test_nobody_is_let_in_without_a_login(self) -> None:
        responder = Dictated()
        responder.owner = lambda: None
        browser = Browser(make_service(responder), hello(), send())
        assert [frame.code for frame in browser.heard] == ["login"]
        assert responder.conversations == []


def test_the_cookie_counts_on_every_transport(make_app: Callable[..., App]) -> None:
    app = make_app()
    mine, other = (app.cookie_of(letter * 32) for letter in "ab")
    the_send = send()
    with SSEClient(app.address, hello(), the_send, headers=mine) as browser:
        browser.hear("accepted")
        with WebSocketClient(app.address, headers=other) as thief:
            thief.send(hello(**{the_send.run: None}))
            assert thief.hear("refused")[-1].code == "unknown-run"
            thief.send(Cancel(run=the_send.run))
        status, [_, refused] = command(app.address, hello(**{the_send.run: None}), headers=other)
        assert (status, refused.code) == (200, "unknown-run")
        command(app.address, hello(), Cancel(run=the_send.run), headers=other)
        with WebSocketClient(app.address, headers=mine) as tab:
            tab.send(hello(**{the_send.run: None}))
            app.responder.say("still there")
            tab.hear("text-delta")
        command(app.address, hello(), Cancel(run=the_send.run), headers=mine)
        assert browser.hear_the_end()[-1].type == "stopped"


def test_the_owner_function_runs_within_the_request(make_app: Callable[..., App]) -> None:
    app = make_app()
    responder = Dictated()
    responder.owner = lambda: request.headers.get("X-User")
    app.chats.register("members", responder)
    responder.finish("Hello")
    the_send = send()
    with WebSocketClient(app.address, headers={"X-User": "ada"}) as browser:
        browser.send(hello("members"), the_send)
        assert text_of(browser.hear_the_end()) == "Hello"
    assert CHAT != "members"
    status, frames = command(app.address, hello("members"), headers={})
    assert (status, frames[0].code) == (401, "login")
    status, frames = command(app.address, hello("members", **{the_send.run: None}), headers={"X-User": "bob"})
    assert [frame.type for frame in frames] == ["welcome", "refused"]
