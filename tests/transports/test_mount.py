from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, current_app

from tests.transports.clients import BASE, RefusedHandshakeError, SSEClient, WebSocketClient, command, raw_request
from tests.transports.conftest import App
from tests.transports.making import CHAT, SCOPE, Dictated, Unasking, hello, key_of, send, text_of
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import ConfigurationError, RefusedError
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import Frame
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.transports.mount import ChatMount, mount
from vizro_ws_chat.transports.service import Question

MakeApp = Callable[..., App]


# ---- who may connect ----


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1", "http://["])
def test_other_sites_are_refused_everywhere(origin: str | None, app: App) -> None:
    with pytest.raises(RefusedHandshakeError) as handshake:
        WebSocketClient(app.address, origin=origin)
    assert (handshake.value.status, handshake.value.frames[0].code) == (403, "forbidden")  # type: ignore[union-attr]
    with SSEClient(app.address, hello(), headers={"Origin": origin}) as stream:
        assert (stream.status, stream.refusal().code) == (403, "forbidden")
    status, [refused] = command(app.address, hello(), headers={"Origin": origin})
    assert (status, refused.code) == (403, "forbidden")


def test_an_allowed_origin_may(make_app: MakeApp) -> None:
    app = make_app(allowed_origins=("https://portal.example",))
    with WebSocketClient(app.address, origin="https://portal.example") as browser:
        browser.send(hello())
        browser.hear("welcome")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Vizro-WS-Chat": None},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": None},
    ],
)
def test_a_post_that_any_site_could_send_is_refused(headers: dict[str, str | None], app: App) -> None:
    with SSEClient(app.address, hello(), headers=headers) as stream:
        assert (stream.status, stream.refusal().code) == (403, "forbidden")
    assert command(app.address, hello(), headers=headers)[0] == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_what_the_browser_says_of_the_site_counts_too(site: str, app: App) -> None:
    said = {"Sec-Fetch-Site": site}
    with pytest.raises(RefusedHandshakeError) as handshake:
        WebSocketClient(app.address, headers=said)
    assert handshake.value.status == 403
    with SSEClient(app.address, hello(), headers=said) as stream:
        assert (stream.status, stream.refusal().code) == (403, "forbidden")
    assert command(app.address, hello(), headers=said)[0] == 403
    assert command(app.address, hello(), headers={"Sec-Fetch-Site": "same-origin"})[0] == 200


def test_an_allowed_origin_is_another_site(make_app: MakeApp) -> None:
    app = make_app(allowed_origins=("https://portal.example",))
    said = {"Origin": "https://portal.example", "Sec-Fetch-Site": "cross-site"}
    assert command(app.address, hello(), headers=said)[0] == 200


def test_no_preflight_is_granted(app: App) -> None:
    host = f"{app.address[0]}:{app.address[1]}"
    for origin in ("http://evil.example", f"http://{host}"):
        status, headers, _ = raw_request(
            app.address,
            f"OPTIONS {BASE}stream HTTP/1.1\nHost: {host}\nOrigin: {origin}\nConnection: close\n"
            "Access-Control-Request-Method: POST\nAccess-Control-Request-Headers: x-vizro-ws-chat",
        )
        assert status in {200, 403}
        assert not [name for name in headers if name.startswith("access-control-")]


# ---- size ----


def post_head(app: App, path: str, *headers: str) -> str:
    host = f"{app.address[0]}:{app.address[1]}"
    common = f"POST {BASE}{path} HTTP/1.1\nHost: {host}\nOrigin: http://{host}\nX-Vizro-WS-Chat: 1\n"
    return "\n".join([f"{common}Content-Type: application/json\nConnection: close", *headers])


@pytest.mark.parametrize("path", ["stream", "command"])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(path: str, make_app: MakeApp) -> None:
    app = make_app(max_frame_bytes=100, max_history_chars=100)
    status, _, [refused] = raw_request(app.address, post_head(app, path, "Content-Length: 501"))
    assert (status, refused["code"]) == (413, "too-large")
    status, _, _ = raw_request(app.address, post_head(app, path, "Content-Length: 500"), b" " * 500)
    assert status == 400


@pytest.mark.parametrize("path", ["stream", "command"])
def test_a_body_of_unknown_length_is_refused(path: str, app: App) -> None:
    assert raw_request(app.address, post_head(app, path))[0] == 413
    assert (
        raw_request(app.address, post_head(app, path, "Transfer-Encoding: chunked"), b"2\r\n[]\r\n0\r\n\r\n")[0] == 413
    )


# ---- handshakes ----


@pytest.mark.parametrize(
    "headers",
    [
        "Sec-WebSocket-Version: 13",  # no key
        "Sec-WebSocket-Version: 12\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ],
)
def test_a_handshake_that_is_none_is_refused(headers: str, make_app: MakeApp, caplog: pytest.LogCaptureFixture) -> None:
    app = make_app(max_connections=1)
    host = f"{app.address[0]}:{app.address[1]}"
    head = f"GET {BASE}ws HTTP/1.1\nHost: {host}\nOrigin: http://{host}\nConnection: Upgrade\nUpgrade: websocket\n"
    with caplog.at_level(logging.WARNING):
        status, _, [refused] = raw_request(app.address, head + headers)
        assert (status, refused["code"]) == (400, "bad-frame")
        app.wait_until_idle()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    with WebSocketClient(app.address) as browser:  # its place is free again
        browser.send(hello())
        browser.hear("welcome")


def test_a_plain_request_for_the_websocket_is_refused(app: App) -> None:
    host = f"{app.address[0]}:{app.address[1]}"
    head = f"GET {BASE}ws HTTP/1.1\nHost: {host}\nOrigin: http://{host}\nConnection: close"
    with pytest.raises(ValueError, match="Expecting value"):  # the answer is werkzeug's page, not ours
        assert raw_request(app.address, head)[0] == 400


def test_a_server_without_a_known_socket_gets_no_websocket() -> None:
    flask = Flask(__name__)
    flask.secret_key = "a secret"
    mount(flask, "/", "/")
    handshake = {
        "Origin": "http://localhost",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    response = flask.test_client().get(f"{BASE}ws", headers=handshake)
    assert response.status_code == 503
    assert response.get_json()[0]["code"] == "busy"


def test_a_browser_that_goes_in_mid_request_is_no_error(
    app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*_: object) -> list[Frame]:
        raise ConnectionResetError(104, "Connection reset by peer")

    monkeypatch.setattr("vizro_ws_chat.transports.routes.answer_commands", gone)
    with caplog.at_level(logging.WARNING):
        assert raw_request(app.address, post_head(app, "command", "Content-Length: 2"), b"[]")[0] == 400
    assert caplog.records == []


# ---- mounting ----


def test_the_rest_of_the_app_is_left_alone(app: App) -> None:
    client = app.flask.test_client()
    assert client.get("/").text == "home"
    assert client.get("/", headers={"Origin": "http://evil.example"}).text == "home"
    assert client.post("/").status_code == 405


def test_a_second_dashboard_on_the_same_app_is_a_mistake_of_the_author(app: App) -> None:
    with pytest.raises(ConfigurationError, match="'/other/', needs a Flask app of its own"):
        mount(app.flask, "/other/", "/other/")


def test_two_chats_of_one_id_are_a_mistake_of_the_author(app: App) -> None:
    app.chats.register(CHAT, app.responder)  # the same one again is no harm
    with pytest.raises(ConfigurationError, match="Two chats have the id 'chat'"):
        app.chats.register(CHAT, Dictated())
    assert app.service.responders == {CHAT: app.responder}


def test_a_post_is_no_handshake(make_app: MakeApp) -> None:
    """With the header of one it would have a socket without a deadline."""
    app = make_app(send_deadline_seconds=0.3, max_output_chars=50_000_000)
    the_send = send()
    head = post_head(app, "stream", "Upgrade: websocket", f"Content-Length: {len(encode([hello(), the_send]))}")
    with socket.socket() as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        stuck.connect(app.address)
        stuck.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + encode([hello(), the_send]).encode())
        app.responder.say("x" * 20_000_000)
        entries = app.service.hub._entries
        wait_until(lambda: key_of(the_send.run) in entries, "the run")
        entry = entries[key_of(the_send.run)]
        wait_until(lambda: entry.readers == 1, "the reader")
        wait_until(lambda: entry.readers == 0, "the end of who does not read")
    app.responder.finish()


@pytest.mark.parametrize("prefix", ["/", "/sub/", "/a/b/"])
def test_the_routes_are_below_the_prefix(prefix: str, make_app: MakeApp) -> None:
    app = make_app(prefix=prefix)
    base = f"{prefix}_vizro_ws_chat/"
    with WebSocketClient(app.address, base) as browser:
        browser.send(hello())
        browser.hear("welcome")
    with SSEClient(app.address, hello(), base=base) as stream:
        assert stream.status == 200
    assert command(app.address, hello(), base=base)[0] == 200


def test_mounting_twice_is_mounting_once(app: App) -> None:
    assert mount(app.flask, "/", "/") is app.chats
    assert app.chats.service is app.service
    assert sum(rule.rule == "/_vizro_ws_chat/ws" for rule in app.flask.url_map.iter_rules()) == 1


def test_a_conversation_outlives_its_key_while_flask_names_it() -> None:
    def mounted(key: str, *old: str) -> ChatMount:
        flask = Flask(__name__)
        flask.secret_key = key
        flask.config["SECRET_KEY_FALLBACKS"] = list(old)
        return mount(flask, BASE, BASE)

    message = mounted("first").service.archive.add(SCOPE, None, "user", "Hi")
    history = json.dumps([{"id": message.id, "parent": None, "role": "user", "content": "Hi"}])
    mounted("second", "first").service.archive.restore(SCOPE, history)
    with pytest.raises(RefusedError):
        mounted("second").service.archive.restore(SCOPE, history)


@pytest.mark.parametrize("old", ["former", [""], [b""], [None], {"former"}])
def test_an_old_secret_that_anybody_knows_is_found_at_once(old: object) -> None:
    flask = Flask(__name__)
    flask.secret_key = "the present one"
    flask.config["SECRET_KEY_FALLBACKS"] = old
    with pytest.raises(ConfigurationError, match="SECRET_KEY_FALLBACKS is a list"):
        mount(flask, BASE, BASE)


def test_settings_come_from_the_flask_configuration_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIZRO_WS_CHAT_GRACE_SECONDS", "12")
    flask = Flask(__name__)
    flask.secret_key = "a secret"
    assert mount(flask, "/", "/").settings.grace_seconds == 12
    other = Flask(__name__)
    other.secret_key = "a secret"
    other.config["VIZRO_WS_CHAT"] = Settings(grace_seconds=34)
    assert mount(other, "/", "/").settings.grace_seconds == 34


def test_a_configuration_that_is_no_settings_is_a_mistake_of_the_author() -> None:
    flask = Flask(__name__)
    flask.config["VIZRO_WS_CHAT"] = {"grace_seconds": 1}
    with pytest.raises(ConfigurationError, match="VIZRO_WS_CHAT"):
        mount(flask, "/", "/")


def test_apps_with_the_same_secret_sign_alike(make_app: MakeApp) -> None:
    one, two = make_app(), make_app()
    first = one.service.archive.add(SCOPE, None, "user", "Hi")
    assert two.service.archive.add(SCOPE, None, "user", "Hi").id == first.id


def test_the_answer_is_made_in_the_app_context(app: App) -> None:
    class Contextual(Unasking):
        is_async = False

        def respond(self, question: Question, context: RunContext) -> Iterator[Any]:
            yield current_app.name

    app.chats.register("contextual", Contextual())
    with SSEClient(app.address, hello("contextual"), send()) as browser:
        assert text_of(browser.hear_the_end()) == app.flask.name
