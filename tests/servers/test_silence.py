"""What becomes of the answer to a browser that vanishes without a word.

A WebSocket is asked whether it is there; a stream goes one way only, and the system goes on taking what is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest

from tests.servers.conftest import SERVERS, Served
from tests.transports.clients import SSEClient
from tests.transports.making import hello, send
from tests.waiting import wait_until
from vizro_ws_chat.testing import Gate, Scenario


@pytest.mark.parametrize("server", ["development", "gthread", "gevent"])
def test_an_answer_to_nobody_is_ended(server: str, serve: Callable[..., Served]) -> None:
    served = serve(SERVERS[server], VIZRO_WS_CHAT_DEAD_SECONDS="0.5", VIZRO_WS_CHAT_SEND_DEADLINE_SECONDS="0.5")
    served.model.on("endless", Scenario(["so ", "far ", "never"], hold_after={2: Gate()}))
    browser = SSEClient(served.address, hello("sync"), send(text="endless"))
    browser.hear("text-delta")
    assert served.model.wait_for_open_connections(1, 10)
    browser.fall_silent()
    assert served.model.wait_for_open_connections(0, 30)
    browser.hang_up()
    assert "Traceback" not in served.process.output, served.process.output


def test_a_browser_that_goes_leaves_its_place_to_others(serve: Callable[..., Served]) -> None:
    served = serve(SERVERS["gthread"], VIZRO_WS_CHAT_HEARTBEAT_SECONDS="60", VIZRO_WS_CHAT_GRACE_SECONDS="60")
    served.model.on("", Scenario(["one ", "two"]))
    the_send = send()
    with SSEClient(served.address, hello("forever"), the_send) as browser:
        browser.hear("accepted")
    for _ in range(3):  # reloads, while the model thinks: there is room for four
        with SSEClient(served.address, hello("forever", **{the_send.run: None})) as browser:
            browser.hear("welcome")

    def is_served() -> bool:
        with SSEClient(served.address, hello("sync"), send()) as neighbour:
            return neighbour.status == HTTPStatus.OK

    wait_until(is_served, "a free place")
