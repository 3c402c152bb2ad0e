from __future__ import annotations

import gc
import logging
import socket
from collections.abc import Callable

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.transports.clients import BASE, SSEClient, WebSocketClient, command
from tests.transports.conftest import App
from tests.transports.making import (
    SCOPE,
    Dictated,
    by_run,
    hello,
    key_of,
    make_service,
    new_run,
    send,
    text_of,
    types,
)
from tests.waiting import wait_until
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import Cancel, Frame, History, Ping
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.transports.owner import NOBODY
from vizro_ws_chat.transports.routes import CUSTOM_HEADER
from vizro_ws_chat.transports.send_deadline import PIECE_SIZE
from vizro_ws_chat.transports.sse import SSEConnection, answer_commands

MakeApp = Callable[..., App]


def has_a_free_place(app: App) -> bool:
    with SSEClient(app.address, hello()) as browser:
        return browser.status == 200


def connect_when_free(app: App, *frames: Frame) -> SSEClient:
    """Connect as soon as the place of a connection before is free."""
    connected: list[SSEClient] = []

    def connect() -> bool:
        browser = SSEClient(app.address, *frames)
        (connected.append if browser.status == 200 else SSEClient.hang_up)(browser)
        return bool(connected)

    wait_until(connect, "a free place")
    return connected[0]


def test_a_turn_is_one_stream_from_welcome_to_the_end(app: App) -> None:
    with SSEClient(app.address, hello(), send(text="Hi")) as browser:
        assert browser.response.getheader("Content-Type") == "text/event-stream"
        assert browser.response.getheader("Cache-Control") == "no-store"
        assert browser.response.getheader("X-Accel-Buffering") == "no"
        assert types(browser.hear("accepted")) == ["welcome", "accepted"]
        app.responder.say("Hel")
        assert text_of(browser.hear("text-delta")) == "Hel"
        app.responder.finish("lo")
        assert types(browser.hear_the_end()) == ["text-delta", "part-end", "finish"]
    app.wait_until_idle()


def test_a_stream_with_nothing_to_read_ends_at_once(app: App) -> None:
    with SSEClient(app.address, hello()) as browser:
        assert types(browser.hear_the_end()) == ["welcome"]


def test_the_history_may_come_in_the_same_request(app: App) -> None:
    archive = app.service.archive
    question = archive.add(SCOPE, None, "user", "Hi")
    archive._messages.clear()  # another worker's
    the_send = send(text=None, parent=question.id)
    with SSEClient(app.address, hello(), the_send) as browser:
        assert types(browser.hear_the_end()) == ["welcome", "need-history"]
    history = f'[{{"id":"{question.id}","parent":null,"role":"user","content":"Hi"}}]'
    app.responder.finish("ok")
    with SSEClient(
        app.address, hello(), History(run=the_send.run, index=0, count=1, text=history), the_send
    ) as browser:
        assert text_of(browser.hear_the_end()) == "ok"


def test_comments_keep_a_quiet_stream_alive(make_app: MakeApp) -> None:
    app = make_app(heartbeat_seconds=0.02)
    with SSEClient(app.address, hello(), send()) as browser:
        browser.hear("accepted")
        app.responder.say("a")
        browser.hear("text-delta")
        later = app.service.scheduler
        later.call_later(0.2, app.responder.finish)
        browser.hear_the_end()
        assert browser.comments >= 1


def test_a_browser_that_vanishes_is_noticed_and_leaves_nothing(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(heartbeat_seconds=0.02, max_connections=1)
    the_send = send()
    browser = SSEClient(app.address, hello(), the_send)
    browser.hear("accepted")
    with caplog.at_level(logging.WARNING):
        browser.hang_up()
        wait_until(lambda: has_a_free_place(app), "a free place")
        app.responder.finish("x")
        app.wait_until_idle()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    with connect_when_free(app, hello(**{the_send.run: None})) as again:
        assert text_of(again.hear_the_end()) == "x"


def test_a_server_that_does_not_close_the_response_gets_the_place_back(make_app: MakeApp) -> None:
    """Werkzeug's does not, when the browser resets the connection while it looks for what else was sent."""
    app = make_app(max_connections=1)
    the_send = send()
    body = encode([hello(), the_send]).encode()
    request = EnvironBuilder(
        path=f"{BASE}stream",
        base_url="http://host",
        method="POST",
        data=body,
        headers=Headers({"Origin": "http://host", CUSTOM_HEADER: "1", "Content-Type": "application/json"}),
    )
    response = run_wsgi_app(app.flask, request.get_environ())
    assert response[1].startswith("200")
    assert not has_a_free_place(app)
    del response
    gc.collect()
    assert has_a_free_place(app)
    app.responder.finish()
    app.wait_until_idle()


def test_a_reader_that_never_reads_is_disconnected_and_the_run_goes_on(make_app: MakeApp) -> None:
    app = make_app(send_deadline_seconds=1, max_output_chars=50_000_000, max_connections=1)
    the_send = send()
    stuck = SSEClient(app.address, hello(), the_send)
    stuck.hear("accepted")
    app.responder.say("x" * 20_000_000)
    wait_until(lambda: has_a_free_place(app), "the place of the stuck one")
    app.responder.finish("y")
    run = app.service.hub.get(key_of(the_send.run))
    assert run
    wait_until(lambda: run.status is RunStatus.DONE, "the end of the run")
    stuck.hang_up()
    app.wait_until_idle()


def test_sse_and_websocket_read_the_same_frames(app: App) -> None:
    the_send = send()
    with WebSocketClient(app.address) as one, SSEClient(app.address, hello(), the_send) as two:
        two.hear("accepted")
        one.send(hello(**{the_send.run: None}))
        one.hear("welcome")
        app.responder.finish(*"abc")
        frames = by_run(two.hear_the_end(), the_send.run)
        assert by_run(one.hear_the_end(), the_send.run) == frames
    with SSEClient(app.address, hello(**{the_send.run: frames[2].id})) as again:
        assert by_run(again.hear_the_end(), the_send.run) == frames[3:]


def test_falling_back_in_mid_answer_loses_and_repeats_nothing(app: App) -> None:
    the_send = send()
    with WebSocketClient(app.address) as one:
        one.send(hello(), the_send)
        app.responder.say("a", "b")
        frames = one.hear_until(lambda frame: getattr(frame, "d", "") == "b")
    with SSEClient(app.address, hello(**{the_send.run: frames[-1].id})) as two:
        app.responder.finish("c")
        assert text_of(two.hear_the_end()) == "c"


# ---- commands ----


def test_cancel_by_command_stops_a_run_that_is_streamed(app: App) -> None:
    the_send = send()
    with SSEClient(app.address, hello(), the_send) as browser:
        app.responder.say("a")
        browser.hear("text-delta")
        status, frames = command(app.address, hello(), Cancel(run=the_send.run))
        assert (status, types(frames)) == (200, ["welcome"])
        assert types(browser.hear_the_end()) == ["part-end", "stopped"]
    app.wait_until_idle()


def test_cancel_before_the_send(app: App) -> None:
    the_send = send()
    command(app.address, hello(), Cancel(run=the_send.run))
    with SSEClient(app.address, hello(), the_send) as browser:
        assert types(browser.hear_the_end()) == ["welcome", "accepted", "stopped"]
    assert app.responder.conversations == []


def test_a_command_that_cancels_nothing_is_no_error(app: App) -> None:
    assert command(app.address, hello(), Cancel(run=new_run()), Ping())[0] == 200


def test_a_command_leaves_no_reader_behind(app: App) -> None:
    the_send = send()
    [_, accepted] = command(app.address, hello(), the_send)[1]
    assert accepted.type == "accepted"
    entry = app.service.hub._entries[key_of(the_send.run)]
    assert entry.readers == 0
    app.responder.finish()


# ---- refusals before the stream has begun ----


@pytest.mark.parametrize(
    ("frames", "status", "code"),
    [
        ([Ping()], 400, "bad-frame"),
        ([hello("nowhere")], 404, "unknown-chat"),
        ([hello().model_copy(update={"v": 2})], 400, "version"),
        ([hello(), *[Ping()] * 30], 429, "rate"),
        ([hello(), send(text=None)], 400, "bad-frame"),
    ],
)
def test_a_request_that_is_refused_as_a_whole_has_a_status(
    frames: list[Ping], status: int, code: str, make_app: MakeApp
) -> None:
    app = make_app(max_frames_per_second=2, max_connections=1)
    for _ in range(3):  # refused ones give their place back
        with SSEClient(app.address, *frames) as browser:
            assert browser.status == status
            assert browser.response.getheader("Content-Type") == "application/json"
            assert browser.refusal().code == code
    command_status, [refused] = command(app.address, *frames)
    assert (command_status, refused.code) == (status, code)


def test_what_is_refused_in_part_is_told_in_the_stream(make_app: MakeApp) -> None:
    app = make_app(max_prompt_chars=3)
    with SSEClient(app.address, hello(), send(text="four")) as browser:
        assert browser.status == 200
        [_, refused] = browser.hear_the_end()
        assert refused.code == "too-large"


def test_when_no_place_is_free_the_browser_is_told_when_to_come_back(make_app: MakeApp) -> None:
    app = make_app(max_connections=1, busy_retry_seconds=1.5)
    with SSEClient(app.address, hello(), send()) as browser:
        browser.hear("accepted")
        with SSEClient(app.address, hello(), send()) as refused:
            assert refused.status == 503
            assert refused.response.getheader("Retry-After") == "2"
            assert refused.refusal().retry_ms == 1500
        # Stop always comes through.
        assert command(app.address, hello(), Cancel(run=new_run()))[0] == 200
        app.responder.finish()
        browser.hear_the_end()


def test_a_request_cut_off_in_its_body_takes_no_place(make_app: MakeApp) -> None:
    app = make_app(max_connections=1)
    for _ in range(3):
        with socket.create_connection(app.address) as sock:
            head = (
                f"POST {BASE}stream HTTP/1.1\r\nHost: {app.address[0]}:{app.address[1]}\r\n"
                f"Origin: http://{app.address[0]}:{app.address[1]}\r\nContent-Type: application/json\r\n"
                "X-Vizro-WS-Chat: 1\r\nContent-Length: 1000\r\n\r\n["
            )
            sock.sendall(head.encode())
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(1_000):
                pass
    with SSEClient(app.address, hello()) as browser:
        assert browser.status == 200


# ---- without a server ----


def test_a_large_event_is_written_in_pieces_and_stays_one_event() -> None:
    responder = Dictated()
    connection = SSEConnection(make_service(responder, max_delta_chars=1_000_000), NOBODY, None)
    connection.receive(encode([hello(), send()]).encode())
    responder.finish("x" * 100_000)
    pieces = list(connection.stream())
    assert max(map(len, pieces)) == PIECE_SIZE
    events = "".join(pieces).split("\n\n")
    assert events.pop() == ""
    assert all(event.startswith("data: [") and "\n" not in event for event in events)
    connection.close()
    connection.close()


def test_closing_a_stream_that_was_never_started_detaches_it() -> None:
    responder = Dictated()
    service = make_service(responder)
    connection = SSEConnection(service, NOBODY, None)
    the_send = send()
    connection.receive(encode([hello(), the_send]).encode())
    connection.stream().close()  # type: ignore[attr-defined]
    connection.close()
    assert service.hub._entries[key_of(the_send.run)].readers == 0
    assert connection.idle_since is None
    responder.finish()


def test_commands_are_answered_or_refused() -> None:
    service = make_service(Dictated())
    assert types(answer_commands(service, NOBODY, encode([hello(), Ping()]).encode())) == ["welcome", "pong"]
    with pytest.raises(RefusedError, match="bad-frame"):
        answer_commands(service, NOBODY, b"junk")
