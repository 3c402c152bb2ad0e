"""What browsers hear of a server that ends, and what it is like after it was started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.servers.conftest import DASHBOARD, SERVERS, Served
from tests.transports.clients import WebSocketClient
from tests.transports.making import hello, new_run, send, text_of, types
from tests.waiting import wait_until
from vizro_ws_chat.protocol.frames import History
from vizro_ws_chat.testing import Gate, Scenario, serve_gunicorn

START = Callable[..., Served]


@pytest.mark.parametrize("server", ["gthread", "gevent"])
def test_a_server_that_is_told_to_end_says_goodbye(server: str, serve: START) -> None:
    served = serve(SERVERS[server], VIZRO_WS_CHAT_GRACE_SECONDS="60", VIZRO_WS_CHAT_HEARTBEAT_SECONDS="15")
    go_on = Gate()
    served.model.on("short", Scenario(["almost ", "there"], hold_after={1: go_on}))
    served.model.on("endless", Scenario(["so ", "far ", "never"], hold_after={2: Gate()}))
    short = served.connect("websocket", "sync", send(text="short"))
    endless = served.connect("websocket", "async", send(text="endless"))
    stream = served.connect("sse", "sync", send(text="endless"))
    heard = {browser: _hear_text(browser, text) for browser, text in
             ((short, "almost "), (endless, "so far "), (stream, "so far "))}  # fmt: skip
    idle = WebSocketClient(served.address)
    idle.send(hello("sync"))
    idle.hear("welcome")

    os.kill(served.process.pid, signal.SIGTERM)

    assert idle.hear("bye")[-1].code == "shutdown"
    assert idle.wait_closed() == 1001
    go_on.release()
    assert text_of(heard[short] + short.hear("finish")) == "almost there"
    assert short.hear("bye")[-1].code == "shutdown"
    for browser in (endless, stream):
        frames = browser.hear("interrupted")
        assert text_of(heard[browser] + frames) == "so far "
        assert frames[-1].message is not None, "what there is of it can be built upon"
    assert endless.hear("bye")[-1].code == "shutdown"
    assert served.model.wait_for_open_connections(0, 10)
    for connection in (short, endless, stream, idle):
        connection.hang_up()
    assert "Traceback" not in served.process.output


def _hear_text(browser: Any, text: str) -> list[Any]:
    frames: list[Any] = []
    while text_of(frames) != text:
        frames += browser.hear("text-delta")
    return frames


def test_a_server_that_has_had_websockets_counts_its_connections(serve: START, tmp_path: Path) -> None:
    """Gunicorn waits for its requests, and takes more, as long as it counts some, or not too many."""
    configuration = tmp_path / "gunicorn.py"
    configuration.write_text(
        "worker_class, threads = 'gthread', 8\n"
        "def worker_exit(server, worker):\n"
        "    print('connections:', worker.nr_conns)\n"
    )
    served = serve(lambda env: serve_gunicorn(DASHBOARD, configuration=configuration, env=env))
    for is_closed in (True, False, True):
        with WebSocketClient(served.address) as browser:
            browser.send(hello("sync"))
            browser.hear("welcome")
            if is_closed:
                browser.close()
    os.kill(served.process.pid, signal.SIGTERM)
    assert served.process.wait_for_output("connections: ", 10)
    assert "connections: 0\n" in served.process.output


@pytest.mark.parametrize("server", ["development", "gthread"])
def test_after_a_crash_a_conversation_goes_on(server: str, serve: START) -> None:
    served = serve(SERVERS[server])
    served.model.on("one", Scenario("Answer one"))
    served.model.on("two", Scenario("Answer two"))
    with served.connect("websocket", "sync", send(text="one")) as browser:
        frames = browser.hear("finish")
    question, answer = frames[1].message, frames[-1].message
    lost = send(text="one")
    served.model.on("lost", Scenario(["gone ", "never"], hold_after={1: Gate()}))
    with served.connect("websocket", "sync", lost) as browser:
        browser.hear("accepted")

    served.process.kill()
    served.process.start()

    messages = [
        {**question.model_dump(), "content": "one"},
        {**answer.model_dump(), "content": "Answer one"},
    ]
    follow_up = send(text="two", parent=answer.id)
    with WebSocketClient(served.address) as browser:
        browser.send(hello("sync", **{lost.run: None}))
        assert browser.hear("refused")[-1].code == "unknown-run"
        browser.send(follow_up)
        browser.hear("need-history")
        browser.send(History(run=follow_up.run, index=0, count=1, text=json.dumps(messages)), follow_up)
        assert text_of(browser.hear("finish")) == "Answer two"
    request = next(request for request in served.model.requests if request.text == "two")
    assert [message["content"] for message in request.messages] == ["one", "Answer one", "two"]


def test_a_run_sent_twenty_times_is_one_request(named: Callable[[str], Served]) -> None:
    served = named("gthread")
    text = f"once {new_run()}"
    served.model.on(text, Scenario(["One ", "answer"]))
    the_send = send(text=text)
    for number in range(20):
        with served.connect(["websocket", "sse"][number % 2], "sync", the_send) as browser:
            if number % 3:
                frames = browser.hear("finish")
                assert types(frames)[:2] == ["welcome", "accepted"]
                assert text_of(frames) == "One answer"
    assert len([request for request in served.model.requests if request.text == text]) == 1


def test_a_request_that_breaks_off_is_no_error(named: Callable[[str], Served]) -> None:
    served = named("gthread")
    before = served.process.output.count("Traceback")
    for _ in range(5):
        sock = _begin_request(served)
        served.get("/server-threads")  # in the meantime it has been taken up
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
    with served.connect("websocket", "sync", send(text=f"after {new_run()}")) as browser:
        browser.hear("finish")
    assert served.process.output.count("Traceback") == before


def test_a_request_that_never_goes_on_holds_no_thread_for_ever(serve: START) -> None:
    served = serve(SERVERS["gthread"], VIZRO_WS_CHAT_DEAD_SECONDS="0.3")
    silent = [_begin_request(served) for _ in range(8)]  # as many as there are threads
    assert "vizro" in served.get("/")
    for sock in silent:
        sock.close()
    assert "Traceback" not in served.process.output


@pytest.mark.parametrize("header", ["X-Vizro-WS-Chat: 1", "X-Other: 1"])
def test_requests_that_hardly_go_on_leave_the_dashboard_alone(serve: START, header: str) -> None:
    served = serve(SERVERS["gthread"])
    slow = [_begin_request(served, header) for _ in range(3 * 8)]  # three times as many as there are threads
    assert "vizro" in served.get("/")
    for sock in slow:
        sock.close()
    assert "Traceback" not in served.process.output


@pytest.mark.parametrize("server", ["development", "gthread", "gevent"])
def test_a_request_that_dawdles_is_broken_off(server: str, serve: START) -> None:
    served = serve(
        SERVERS[server],
        VIZRO_WS_CHAT_DEAD_SECONDS="0.5",
        VIZRO_WS_CHAT_MIN_UPLOAD_BYTES_PER_SECOND="100000000",
    )
    slow = _begin_request(served)

    def has_ended_after_another_byte() -> bool:
        try:
            slow.sendall(b" ")
        except OSError:
            return True
        return False

    wait_until(has_ended_after_another_byte, "the end of the connection")
    slow.close()
    assert "Traceback" not in served.process.output, served.process.output


def _begin_request(served: Served, header: str = "X-Vizro-WS-Chat: 1") -> socket.socket:
    """Send a request but for the rest of its body."""
    host = f"{served.address[0]}:{served.address[1]}"
    sock = socket.create_connection(served.address)
    sock.sendall(
        f"POST {served.base}stream HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{header}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n[{".encode()
    )
    return sock
