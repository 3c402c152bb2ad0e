"""What a user does, over both transports and on every server that is supported."""

from __future__ import annotations

import itertools

import pytest

from tests.servers.conftest import Served
from tests.transports.making import new_run, send, text_of, types
from tests.waiting import DEADLINE_SECONDS, wait_until
from vizro_ws_chat.protocol.frames import Cancel
from vizro_ws_chat.testing import Gate, RecordedRequest, Scenario
from vizro_ws_chat.testing.procfs import socket_count, thread_count

TRANSPORTS = ["websocket", "sse"]
CHATS = ["sync", "async"]
ANSWER = ["One ", "two ", "three, ", "Grüße 👋"]


def request_of(served: Served, text: str) -> RecordedRequest:
    """Wait until the model was asked this and return the request."""

    def find() -> list[RecordedRequest]:
        return [request for request in served.model.requests if request.text == text]

    wait_until(find, f"the request {text!r}")
    return find()[0]


@pytest.mark.parametrize("chat", CHATS)
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_turn(served: Served, transport: str, chat: str) -> None:
    served.model.on("turn", Scenario(ANSWER))
    with served.connect(transport, chat, send(text="turn one")) as browser:
        frames = browser.hear_until(lambda frame: frame.type == "finish")
    assert types(frames)[:2] == ["welcome", "accepted"]
    assert text_of(frames) == "".join(ANSWER)
    assert frames[-1].message.parent == frames[1].message.id


@pytest.mark.parametrize("upstream", ["flowing", "silent", "before the first byte"])
@pytest.mark.parametrize("chat", CHATS)
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_stop(served: Served, transport: str, chat: str, upstream: str) -> None:
    """The browser is told, and the connection to the model is closed."""
    gate = Gate()
    text = f"stop {new_run()}"
    scenarios = {
        "flowing": Scenario(lambda _: itertools.repeat("word "), delay_seconds=0.005),
        "silent": Scenario(["word ", "more"], hold_after={1: gate}),
        "before the first byte": Scenario("never", before_headers=gate),
    }
    served.model.on(text, scenarios[upstream])
    the_send = send(text=text)
    with served.connect(transport, chat, the_send) as browser:
        if upstream == "before the first byte":
            browser.hear("accepted")
        else:
            browser.hear("text-delta")
        request = request_of(served, text)
        served.tell(browser, chat, Cancel(run=the_send.run))
        assert types(browser.hear_until(lambda frame: frame.type == "stopped"))[-1] == "stopped"
        assert request.wait_disconnected(DEADLINE_SECONDS)
    assert not gate.released
    assert "Traceback" not in served.process.output


def test_a_browser_that_goes_in_mid_answer_leaves_nothing_behind(served: Served) -> None:
    text = f"gone {new_run()}"
    served.model.on(text, Scenario(lambda _: itertools.repeat("word "), delay_seconds=0.005))
    the_send = send(text=text)
    for transport in TRANSPORTS:
        browser = served.connect(transport, "sync", the_send)
        browser.hear("text-delta")
        browser.hang_up()
    assert request_of(served, text).wait_disconnected(DEADLINE_SECONDS)
    with served.connect("sse", "sync", the_send) as again:
        frames = again.hear_until(lambda frame: frame.type == "interrupted")
    assert text_of(frames).startswith("word ")


def test_thirty_turns_leave_no_thread_and_no_socket(served: Served) -> None:
    served.model.on("thirty", Scenario(ANSWER))
    served.model.on("endless", Scenario(lambda _: itertools.repeat("word "), delay_seconds=0.005))

    def turns(count: int) -> None:
        for number in range(count):
            transport, chat = TRANSPORTS[number % 2], CHATS[number // 2 % 2]
            if number % 3 == 2:
                browser = served.connect(transport, chat, send(text="endless"))
                browser.hear("text-delta")
                browser.hang_up()
            else:
                with served.connect(transport, chat, send(text="thirty")) as browser:
                    browser.hear_until(lambda frame: frame.type == "finish")

    def all_is_quiet() -> bool:
        return all(request.finished is not None for request in served.model.requests)

    turns(12)
    wait_until(all_is_quiet, "the end of all requests")
    pid = served.serving_pid
    assert served.model.wait_for_open_connections(0, DEADLINE_SECONDS)
    # Servers make the threads of their pools when they first need them: gunicorn's has 8, gevent's 10.
    spare = 10
    threads, sockets = thread_count(pid) + spare, socket_count(pid)
    turns(30)
    wait_until(lambda: socket_count(pid) <= sockets, "the end of the sockets")
    wait_until(lambda: thread_count(pid) <= threads, "the end of the threads")
    assert served.model.wait_for_open_connections(0, DEADLINE_SECONDS)
    assert "Traceback" not in served.process.output
