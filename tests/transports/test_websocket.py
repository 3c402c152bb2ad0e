from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable

import pytest
from wsproto.events import Ping as WebSocketPing
from wsproto.frame_protocol import FrameProtocol, Opcode

from tests.transports.clients import ConnectionEndedError, RefusedHandshakeError, WebSocketClient, command
from tests.transports.conftest import App
from tests.transports.making import SCOPE, by_run, hello, key_of, send, text_of, types
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import Cancel, History, Ping, Pong
from vizro_ws_chat.protocol.run_state import RunStatus
from vizro_ws_chat.transports.guarded_socket import GuardedSocket
from vizro_ws_chat.transports.websocket import text_message

MakeApp = Callable[..., App]


def test_a_turn(app: App) -> None:
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), send(text="Hi"))
        assert types(browser.hear("accepted")) == ["welcome", "accepted"]
        app.responder.finish("Hel", "lo")
        assert text_of(browser.hear_the_end()) == "Hello"


def test_compression_is_not_negotiated_even_when_offered(app: App) -> None:
    with WebSocketClient(app.address) as browser:
        assert browser.extensions == []


def test_the_next_turn_on_the_same_connection(app: App) -> None:
    with WebSocketClient(app.address) as browser:
        browser.send(hello())
        parent = None
        for turn in range(3):
            app.responder.finish(str(turn))
            browser.send(send(parent=parent))
            frames = browser.hear_the_end()
            assert text_of(frames) == str(turn)
            parent = frames[-1].message.id
        browser.close()


def test_cancel_stops_the_run(app: App) -> None:
    the_send = send()
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), the_send)
        app.responder.say("a")
        browser.hear("text-delta")
        browser.send(Cancel(run=the_send.run))
        assert types(browser.hear_the_end()) == ["part-end", "stopped"]
    app.wait_until_idle()


def test_cancel_by_command_stops_a_run_read_here(app: App) -> None:
    the_send = send()
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), the_send)
        browser.hear("accepted")
        assert command(app.address, hello(), Cancel(run=the_send.run))[0] == 200
        assert types(browser.hear_the_end()) == ["stopped"]


def test_what_comes_right_before_the_close_is_still_done(app: App) -> None:
    the_send = send()
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), the_send)
        browser.send(Cancel(run=the_send.run))
        browser.hang_up()
    wait_until(
        lambda: (run := app.service.hub.get(key_of(the_send.run))) and run.status.is_terminal, "the end of the run"
    )
    app.wait_until_idle()


def test_what_comes_after_the_last_look_is_still_done(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser stops its answer and goes while the server is about to write to it."""
    mark_read = GuardedSocket.mark_read

    def mark_read_late(sock: GuardedSocket) -> None:
        mark_read(sock)
        if app.service.hub.alive:
            sock.wait_closed()

    monkeypatch.setattr(GuardedSocket, "mark_read", mark_read_late)
    the_send = send()
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), the_send)
        wait_until(lambda: app.service.hub.alive == 1)
        browser.send(Cancel(run=the_send.run))
        browser.hang_up()
    wait_until(
        lambda: (run := app.service.hub.get(key_of(the_send.run))) and run.status.is_terminal, "the end of the run"
    )
    app.wait_until_idle()


@pytest.mark.parametrize("text", ["junk", "[]", '[{"type":"ping"}]', "[null]", "🎉"])
def test_junk_is_refused_and_ends_the_connection(text: str, app: App) -> None:
    with WebSocketClient(app.address) as browser:
        browser.send_text(text)
        [refused] = browser.hear("refused")
        assert refused.code == "bad-frame"
        assert browser.wait_closed() == 1008
        assert browser.close_reason == refused.text
    app.wait_until_idle()


@pytest.mark.parametrize("field", ["model", "uploaded_files", "messages", "context", "kwargs"])
def test_a_question_with_unknown_fields_never_reaches_the_action(field: str, app: App) -> None:
    question = json.loads(encode([send()]))[0]
    with WebSocketClient(app.address) as browser:
        browser.send(hello())
        browser.hear("welcome")
        browser.send_text(json.dumps([{**question, field: "injected"}]))
        [refused] = browser.hear("refused")
        assert refused.code == "bad-frame"
        assert browser.wait_closed() == 1008
    assert app.responder.conversations == []
    app.wait_until_idle()


def test_a_message_that_is_too_large_ends_the_connection(make_app: MakeApp) -> None:
    app = make_app(max_frame_bytes=1_000)
    with WebSocketClient(app.address) as browser:
        browser.send(hello())
        browser.hear("welcome")
        browser.send_text("x" * 100_000)
        assert browser.wait_closed() == 1009
    app.wait_until_idle()


def test_a_long_history_comes_through_though_it_is_sent_at_once(make_app: MakeApp) -> None:
    app = make_app(max_frame_bytes=10_000)
    question = app.service.archive.add(SCOPE, None, "user", "x" * 1_000_000)
    app.service.archive._messages.clear()  # another worker's
    message = question._asdict()
    text = json.dumps([message])
    pieces = [text[start : start + 9_000] for start in range(0, len(text), 9_000)]
    the_send = send(text=None, parent=question.id)
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), the_send)
        browser.hear("need-history")
        for index, piece in enumerate(pieces):
            browser.send(History(run=the_send.run, index=index, count=len(pieces), text=piece))
        browser.send(the_send)
        app.responder.finish("ok")
        assert text_of(browser.hear_the_end()) == "ok"


def test_too_many_frames_end_the_connection(make_app: MakeApp) -> None:
    app = make_app(max_frames_per_second=2)
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), *[Ping()] * 20)
        assert browser.hear("refused")[-1].code == "rate"
        assert browser.wait_closed() == 1008


def test_an_owner_may_open_so_many_in_a_time(make_app: MakeApp) -> None:
    app = make_app(max_owner_frames_per_second=3)
    mine, other = (app.cookie_of(letter * 32) for letter in "ab")
    for _ in range(3):
        WebSocketClient(app.address, headers=mine).hang_up()
    with pytest.raises(RefusedHandshakeError) as refusal:
        WebSocketClient(app.address, headers=mine)
    assert (refusal.value.status, refusal.value.headers["retry-after"]) == (429, "4")
    WebSocketClient(app.address, headers=other).hang_up()


def test_who_is_being_answered_keeps_its_place(make_app: MakeApp) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def authorize(request: object) -> bool:
        if is_held:
            asked.set()
            go_on.wait(DEADLINE_SECONDS)
        return True

    app, is_held = make_app(max_connections=1), False
    app.responder.authorize = authorize
    with WebSocketClient(app.address) as browser:
        browser.send(hello())
        browser.hear("welcome")
        is_held = True
        browser.send(send())
        assert asked.wait(DEADLINE_SECONDS)
        with pytest.raises(RefusedHandshakeError) as refusal:
            WebSocketClient(app.address)
        assert refusal.value.status == 503
        go_on.set()
        app.responder.finish("It was.")
        assert text_of(browser.hear_the_end()) == "It was."


def test_an_idle_connection_is_closed_with_a_goodbye(make_app: MakeApp) -> None:
    app = make_app(idle_seconds=0.05)
    with WebSocketClient(app.address) as browser:
        browser.send(hello())
        assert browser.hear("bye")[-1].code == "idle"
        assert browser.wait_closed() == 1000
    app.wait_until_idle()


def test_a_connection_that_reads_a_run_is_not_idle(make_app: MakeApp) -> None:
    app = make_app(idle_seconds=0.5)
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), send())
        browser.hear("accepted")
        late = threading.Event()
        app.service.scheduler.call_later(0.8, late.set)
        assert late.wait(10)
        app.responder.finish("late")
        assert text_of(browser.hear_the_end()) == "late"
        assert browser.hear("bye")[-1].code == "idle"


def test_a_browser_that_says_nothing_is_taken_for_dead(make_app: MakeApp) -> None:
    app = make_app(dead_seconds=0.05)
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), send())
        browser.wait_ended()
    app.responder.finish("to nobody")
    app.wait_until_idle()


def test_a_browser_that_pings_stays(make_app: MakeApp) -> None:
    app = make_app(dead_seconds=1)
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), send())
        browser.hear("accepted")
        late = threading.Event()
        app.service.scheduler.call_later(1.5, late.set)
        while not late.is_set():
            browser.send(Ping())
            browser.hear("pong")
            late.wait(0.05)
        app.responder.finish("still here")
        assert text_of(browser.hear_the_end()) == "still here"


def test_a_browser_whose_timers_sleep_is_asked_and_stays(make_app: MakeApp) -> None:
    app = make_app(heartbeat_seconds=0.1, dead_seconds=1)
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), send())
        browser.hear("accepted")
        late = threading.Event()
        app.service.scheduler.call_later(2.5, late.set)
        while not late.is_set():
            browser.hear("ping")
            browser.send(Pong())
        app.responder.finish("still here")
        assert text_of(browser.hear_the_end()) == "still here"


def test_the_dead_leave_no_thread_though_they_never_close(make_app: MakeApp) -> None:
    """A machine that has lost its network answers nothing, not even the end of the TCP connection."""
    app = make_app(dead_seconds=0.05)
    browser = WebSocketClient(app.address)
    browser.send(hello())
    app.wait_until_idle()
    browser.hang_up()


@pytest.mark.parametrize("reset", [False, True])
def test_a_browser_that_vanishes_leaves_nothing(reset: bool, app: App, caplog: pytest.LogCaptureFixture) -> None:
    the_send = send()
    browser = WebSocketClient(app.address)
    browser.send(hello(), the_send)
    app.responder.say("a")
    browser.hear("text-delta")
    with caplog.at_level(logging.WARNING):
        browser.hang_up(reset=reset)
        app.responder.finish("b")
        app.wait_until_idle()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    with WebSocketClient(app.address) as again:
        again.send(hello(**{the_send.run: None}))
        assert text_of(again.hear_the_end()) == "ab"


def test_a_reader_that_never_reads_is_disconnected_and_the_run_goes_on(make_app: MakeApp) -> None:
    app = make_app(send_deadline_seconds=1, max_output_chars=50_000_000, dead_seconds=60)
    the_send = send()
    stuck = WebSocketClient(app.address, read_buffer=4_096)
    stuck.send(hello(), the_send)
    stuck.hear("accepted")
    app.responder.say("x" * 20_000_000)
    # The thread that reads from it has gone, although the browser is still there.
    wait_until(lambda: not any("simple_websocket" in thread.name for thread in threading.enumerate()))
    app.responder.finish("y")
    run = app.service.hub.get(key_of(the_send.run))
    assert run
    wait_until(lambda: run.status is RunStatus.DONE, "the end of the run")
    stuck.hang_up()
    app.wait_until_idle()


def test_two_connections_and_a_resumed_one_get_the_same_frames(app: App) -> None:
    the_send = send()
    with WebSocketClient(app.address) as one, WebSocketClient(app.address) as two:
        one.send(hello(), the_send)
        one.hear("accepted")
        two.send(hello(), the_send)
        two.hear("accepted")
        app.responder.finish(*"abc")
        frames = by_run(one.hear_the_end(), the_send.run)
        assert by_run(two.hear_the_end(), the_send.run) == frames
    with WebSocketClient(app.address) as again:
        again.send(hello(**{the_send.run: frames[2].id}))
        assert by_run(again.hear_the_end(), the_send.run) == frames[3:]
    assert len(app.responder.conversations) == 1


def test_pings_of_the_websocket_protocol_do_not_cut_into_the_data(app: App) -> None:
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), send())
        for number in range(200):
            app.responder.say(f"{number} " * 1_000)
            browser.ping(b"ping")
        app.responder.finish()
        frames = browser.hear_until(lambda frame: getattr(frame, "type", "") == "finish")
        texts = [frame.d for frame in frames if getattr(frame, "type", "") == "text-delta"]
        assert "".join(texts) == "".join(f"{number} " * 1_000 for number in range(200))


def test_the_longest_idle_connection_makes_room(make_app: MakeApp) -> None:
    app = make_app(max_connections=1)
    with WebSocketClient(app.address) as idle:
        idle.send(hello())
        idle.hear("welcome")
        with WebSocketClient(app.address) as next_one:
            assert idle.hear("bye")[-1].code == "busy"
            assert idle.wait_closed() == 1001
            next_one.send(hello())
            next_one.hear("welcome")


def test_options_of_flask_sock_that_the_author_set_do_no_harm(app: App) -> None:
    app.flask.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": 0.01}
    with WebSocketClient(app.address) as browser:
        browser.send(hello(), send())
        browser.hear_until(lambda frame: isinstance(frame, WebSocketPing))
        app.responder.finish("ok")
        frames = browser.hear_until(lambda frame: getattr(frame, "type", "") == "finish")
        assert "ok" in [getattr(frame, "d", "") for frame in frames]


def test_a_connection_in_use_is_not_asked_to_leave(make_app: MakeApp) -> None:
    app = make_app(max_connections=1)
    with WebSocketClient(app.address) as busy:
        busy.send(hello(), send())
        busy.hear("accepted")
        with pytest.raises(Exception, match="503") as refusal:
            WebSocketClient(app.address)
        assert refusal.value.headers["retry-after"] == "2"  # type: ignore[attr-defined]
        app.responder.finish("undisturbed")
        assert text_of(busy.hear_the_end()) == "undisturbed"


def test_a_close_is_always_answered(app: App) -> None:
    for _ in range(100):
        with WebSocketClient(app.address) as browser:
            browser.send(hello(), send())
            browser.close()
            assert browser.close_code == 1000
            app.responder.finish()


def test_nothing_follows_a_close(app: App) -> None:
    with WebSocketClient(app.address) as browser:
        browser.send(hello())
        browser.hear("welcome")
        browser.close()
        with pytest.raises((ConnectionEndedError, OSError)):
            browser.hear("bye")
    app.wait_until_idle()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 100_000])
def test_text_messages_are_read_by_others(size: int) -> None:
    text = "ä" + "x" * (size - 2) if size > 1 else "x" * size
    client = FrameProtocol(client=True, extensions=[])
    client.receive_bytes(text_message(text.encode()))
    (frame,) = client.received_frames()
    assert (frame.opcode, frame.payload, frame.message_finished) == (Opcode.TEXT, text, True)
