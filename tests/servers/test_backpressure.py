"""Answers that nobody can read as fast as they are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from soak.vitals import look_at
from tests.servers.conftest import SERVERS, Served
from tests.transports.clients import SSEClient, WebSocketClient
from tests.transports.making import by_run, hello, send, text_of
from tests.waiting import wait_until
from vizro_ws_chat.protocol.frames import Cancel
from vizro_ws_chat.protocol.run_state import RunState
from vizro_ws_chat.testing import Scenario
from vizro_ws_chat.testing.procfs import socket_count

START = Callable[..., Served]
CHARS = 1_500_000


def test_browsers_that_do_not_read_hold_little_and_lose_nothing(serve: START) -> None:
    served = serve(
        SERVERS["gthread"],
        VIZRO_WS_CHAT_MAX_OUTPUT_CHARS=str(CHARS),
        VIZRO_WS_CHAT_SEND_DEADLINE_SECONDS="1",
        VIZRO_WS_CHAT_DEAD_SECONDS="4",  # what fits into the system's buffers blocks nobody
        VIZRO_WS_CHAT_HEARTBEAT_SECONDS="15",
        VIZRO_WS_CHAT_GRACE_SECONDS="60",
        VIZRO_WS_CHAT_LOG_TTL_SECONDS="60",
    )
    served.model.on("", Scenario(["one ", "two"]))
    with served.connect("websocket", "sync", send()) as browser:  # what is loaded on first use is loaded
        browser.hear("finish")
    sockets, before = socket_count(served.serving_pid), look_at([served.serving_pid]).rss_mb
    sends = [send() for _ in range(3)]
    stuck = []
    for the_send in sends:
        stuck.append(WebSocketClient(served.address, read_buffer=4_096))
        stuck[-1].send(hello("flood"), the_send)
        stuck[-1].hear("accepted")
    with served.connect("sse", "sync", send()) as neighbour:
        assert text_of(neighbour.hear("finish")) == "one two"
    # Past the deadlines they are disconnected, although they are still there.
    wait_until(lambda: socket_count(served.serving_pid) <= sockets, "the end of those who do not read")
    for the_send in sends:
        with SSEClient(served.address, hello("flood", **{the_send.run: None})) as again:
            frames = again.hear("error")
        assert frames[-1].code == "output-limit"
        answer = RunState()  # a snapshot may also come later: then it stands for all that was before
        answer.apply(by_run(frames, the_send.run))
        assert [part.text for part in answer.parts()] == [("word " * CHARS)[:CHARS]]
    # Each answer three times: in its log, joined to be signed, and remembered for the next turn; and room to breathe.
    assert look_at([served.serving_pid]).rss_mb - before < 3 * 3 * CHARS / 1e6 + 60
    for browser in stuck:
        browser.hang_up()


@pytest.mark.parametrize("server", ["gthread", "gevent"])
def test_a_generator_that_never_waits_leaves_time_to_others(server: str, named: Callable[[str], Served]) -> None:
    served = named(server)
    served.model.on("", Scenario(["one ", "two"]))
    the_send = send()
    with served.connect("websocket", "nothing", the_send) as browser:
        browser.hear("accepted")
        with served.connect("sse", "sync", send()) as neighbour:
            assert text_of(neighbour.hear("finish")) == "one two"
        served.tell(browser, "nothing", Cancel(run=the_send.run))
        browser.hear("stopped")
