"""The dashboard answers whatever the chats do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest

from tests.servers.conftest import DASHBOARD, SERVERS, Served
from tests.transports.clients import RefusedHandshakeError, SSEClient, WebSocketClient
from tests.transports.making import TERMINAL_TYPES, hello, send, text_of
from vizro_ws_chat.testing import AppProcess, Scenario, serve_gunicorn

START = Callable[..., Served]


def test_fifty_idle_pages_leave_the_dashboard_alone(named: Callable[[str], Served]) -> None:
    gthread = named("gthread")
    browsers = []
    for _ in range(50):
        browser = WebSocketClient(gthread.address)
        browser.send(hello("sync"))
        browsers.append(browser)
    assert "vizro" in gthread.get("/")
    left = 0
    for browser in browsers[:-4]:  # all but the last, which hold the places
        assert browser.hear("bye")[-1].code == "busy"
        left += browser.wait_closed() == 1001
    assert left == 46
    for browser in browsers[-4:]:
        browser.hear("welcome")
    for browser in browsers:
        browser.hang_up()


def test_browsers_that_do_not_close_hold_up_nobody(serve: START) -> None:
    """Gunicorn waits on its main thread, two seconds for each, for the other side of a connection that it closes."""
    served = serve(SERVERS["gthread"], VIZRO_WS_CHAT_DEAD_SECONDS="0.05")
    vanished = []
    for _ in range(10):  # in all far beyond the deadline for what comes next
        vanished.append(WebSocketClient(served.address))
        vanished[-1].wait_ended()  # read to the end, but not closed
    served.get("/server-threads")
    for browser in vanished:
        browser.hang_up()


def test_answers_that_never_come_leave_the_dashboard_alone(serve: START) -> None:
    served = serve(SERVERS["gthread"])
    browsers = [served.connect("websocket", "forever", send()) for _ in range(4)]
    for browser in browsers:
        browser.hear("accepted")
    assert "vizro" in served.get("/")
    with pytest.raises(RefusedHandshakeError) as refusal:
        WebSocketClient(served.address)
    assert refusal.value.status == 503
    assert refusal.value.headers["retry-after"] == "2"
    with SSEClient(served.address, hello("sync"), send()) as stream:
        assert stream.status == 503
    assert "vizro" in served.get("/")
    for browser in browsers:
        browser.hang_up()


@pytest.mark.parametrize(
    ("server", "count"), [("development", None), ("debug", None), ("gthread", 8), ("gevent", 1_000)]
)
def test_a_server_tells_how_much_it_serves_at_once(
    server: str, count: int | None, named: Callable[[str], Served]
) -> None:
    assert named(server).get("/server-threads") == str(count)


def test_a_sync_worker_refuses_sockets_and_still_streams(serve: START) -> None:
    arguments = ["--worker-class", "sync", "--threads", "1"]
    served = serve(lambda env: serve_gunicorn(DASHBOARD, arguments=arguments, env=env))
    assert served.get("/server-threads") == "1"
    with pytest.raises(RefusedHandshakeError, match="503"):
        WebSocketClient(served.address)
    assert "one request at a time" in served.process.output
    served.model.on("", Scenario(["one ", "two"]))
    with served.connect("sse", "sync", send()) as browser:
        assert text_of(browser.hear_until(lambda frame: frame.type == "finish")) == "one two"


@pytest.mark.parametrize("server", ["development", "gthread"])
def test_a_dashboard_below_a_path(server: str, serve: START) -> None:
    def start(env: dict[str, str]) -> AppProcess:
        process = SERVERS[server](env)
        process.url += "sub/"
        return process

    served = serve(start, "/sub/_vizro_ws_chat/", BASE_PATH="/sub/")
    served.model.on("", Scenario(["one ", "two"]))
    for transport in ("websocket", "sse"):
        with served.connect(transport, "sync", send()) as browser:
            assert text_of(browser.hear_until(lambda frame: frame.type == "finish")) == "one two"


@pytest.mark.parametrize("worker_class", ["gthread", "gevent"])
def test_an_app_that_was_loaded_before_its_workers_were_forked(
    worker_class: Literal["gthread", "gevent"], serve: START
) -> None:
    """Gevent patches locks and threads in the worker, too late for those that were made while the app was loaded."""
    served = serve(
        lambda env: serve_gunicorn(DASHBOARD, worker_class=worker_class, threads=16, arguments=["--preload"], env=env)
    )
    served.model.on("", Scenario(["one ", "two ", "three"], delay_seconds=0.02))
    browsers = [served.connect(["websocket", "sse"][n % 2], ["sync", "async"][n // 2 % 2], send()) for n in range(8)]
    for browser in browsers:
        assert text_of(browser.hear_until(lambda frame: frame.type in TERMINAL_TYPES)) == "one two three"
        browser.hang_up()
    assert "vizro" in served.get("/")
    assert "Traceback" not in served.process.output
