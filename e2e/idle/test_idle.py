"""A page that has nothing to do holds no connection, and its user never notices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[1] / "dashboard.py"


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"VIZRO_WS_CHAT_IDLE_SECONDS": "0.5"}


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page, "one")


def open_by_focus(chat: ChatPage) -> WebSocket:
    with chat.page.expect_websocket() as opening:
        chat.input.focus()
    expect(chat.root).to_have_attribute("data-chat-connection", "open")
    return opening.value


def wait_until_closed(socket: WebSocket) -> None:
    if not socket.is_closed():
        socket.wait_for_event("close")


def test_page_that_was_only_opened_holds_no_connection(page: Page, app: AppProcess, watch: Any) -> None:
    page.goto(f"{app.url}two-chats")
    expect(ChatPage(page, "right").send_button).to_have_accessible_name("Send message")
    page.wait_for_load_state("networkidle")
    assert not [url for url in watch.requests if "_vizro_ws_chat/" in url]


def test_focus_opens_and_idleness_closes(chat: ChatPage) -> None:
    socket = open_by_focus(chat)
    wait_until_closed(socket)
    expect(chat.root).to_have_attribute("data-chat-connection", "closed")
    assert not chat.root.locator(".chat-notice").inner_text()


def test_send_after_the_close_opens_again(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("again", Scenario("Still here."))
    sockets = [open_by_focus(chat)]
    for turn in (1, 2):
        wait_until_closed(sockets[-1])
        expect(chat.root).to_have_attribute("data-chat-connection", "closed")
        with chat.page.expect_websocket() as opening:
            chat.send("again")
        sockets.append(opening.value)
        chat.wait_until_ready()
        expect(chat.assistant_messages).to_have_text(["Still here."] * turn)


def test_connection_stays_while_an_answer_is_silent(page: Page, app: AppProcess, upstream: ScriptedOpenAI) -> None:
    page.goto(f"{app.url}two-chats")
    silent, clock = ChatPage(page, "left"), ChatPage(page, "right")
    gate = Gate()
    upstream.on("think", Scenario(["Hm. ", "Yes."], hold_after={1: gate}))
    with page.expect_websocket() as opening:
        silent.send("think")
    silent.wait_for_answer("Hm.")
    # The other chat is closed when the idle time is over, so it tells that this time has passed, twice.
    for _ in range(2):
        wait_until_closed(open_by_focus(clock))
        silent.input.focus()
    assert not opening.value.is_closed()
    expect(silent.root).to_have_attribute("data-chat-connection", "open")
    gate.release()
    silent.wait_until_ready()
    expect(silent.assistant_messages).to_have_text("Hm. Yes.")
    wait_until_closed(opening.value)
