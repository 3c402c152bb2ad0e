"""The example of a deployment in Chromium: over TLS and HTTP/2, two machines behind nginx, no sticky sessions."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.conftest import Watch
from tests.deploy.deployment import EXAMPLE, Deployment, deploy
from vizro_ws_chat.testing import Gate, Scenario
from vizro_ws_chat.testing.chat_page import ChatPage

WAIT_SECONDS = 15
LOST = "ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_HTTP2_PROTOCOL_ERROR|WebSocket connection|502"
NOTICE_MS = 30_000
"""Far more than it takes to notice that a process has died."""


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    database = tmp_path_factory.mktemp("history") / "chat.db"  # which both machines have, being one
    environment = {"VIZRO_WS_CHAT_HEARTBEAT_SECONDS": "15", "DATABASE_URL": f"sqlite:///{database}"}
    with deploy(EXAMPLE / "app.py", environment=environment) as deployment:
        yield deployment


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], deployment: Deployment) -> Page:
    page = new_context(ignore_https_errors=True).new_page()  # of a certificate that was made for this test
    page.goto(deployment.url)
    # Dash fetches its page by a POST, which nginx sends to no other machine when the first is killed meanwhile.
    expect(ChatPage(page).input).to_be_visible()
    return page


@pytest.mark.parametrize("transport", ["websocket", "sse"])
def test_turn_stop_and_reload(page: Page, deployment: Deployment, transport: str) -> None:
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    if transport == "sse":
        page.route_web_socket("**/_vizro_ws_chat/ws**", lambda socket: socket.close())
        page.reload()
    model = deployment.model
    model.on("turn", Scenario("A *whole* answer."))
    model.on("stop", Scenario(["Only ", "this."], hold_after={1: Gate()}))
    gate = Gate()
    model.on("reload", Scenario(["Both ", "halves."], hold_after={1: gate}))
    chat = ChatPage(page)

    chat.send("turn")
    chat.wait_for_answer("A whole answer.")
    chat.wait_until_ready()

    chat.send("stop")
    chat.wait_for_answer("Only")
    chat.stop()
    chat.wait_until_ready()
    assert model.requests[-1].wait_disconnected(WAIT_SECONDS)

    chat.send("reload")
    chat.wait_for_answer("Both")
    page.reload()
    chat.wait_until_generating()
    gate.release()
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["turn", "A whole answer.", "stop", "Only", "reload", "Both halves."])
    assert all(url.startswith("wss://") for url in opened)
    assert bool(opened) == (transport == "websocket")
    assert not any("Traceback" in machine.output for machine in deployment.machines)


def test_an_idle_page_does_not_notice_that_all_machines_are_restarted(page: Page, deployment: Deployment) -> None:
    deployment.model.on("before", Scenario("All is well."))
    deployment.model.on("after", Scenario("And still is."))
    chat = ChatPage(page)
    chat.send("before")
    chat.wait_until_ready()
    for machine in deployment.machines:
        machine.stop()
        machine.start()
    expect(chat.notice).to_have_text("")
    expect(chat.connection_line).to_be_empty()
    chat.send("after")
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["before", "All is well.", "after", "And still is."])


def test_a_process_is_killed_in_mid_answer(page: Page, deployment: Deployment, watch: Watch) -> None:
    watch.expect(LOST)
    deployment.model.on("killed", Scenario(["What there is ", "never"], hold_after={1: Gate()}))
    deployment.model.on("next", Scenario("It goes on."))
    _, second = deployment.machines
    second.kill()
    chat = ChatPage(page)
    chat.send("killed")
    chat.wait_for_answer("What there is")
    second.start()
    os.kill(deployment.worker_of(0), signal.SIGKILL)
    expect(chat.failures).to_contain_text("The answer was interrupted.", timeout=NOTICE_MS)
    expect(chat.retry_button).to_be_visible()
    expect(chat.assistant_messages).to_have_text("What there is")
    chat.send("next")
    chat.wait_for_answer("It goes on.")
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["killed", "What there is", "next", "It goes on."])
    assert deployment.model.requests[-1].messages[1]["content"] == "What there is "
