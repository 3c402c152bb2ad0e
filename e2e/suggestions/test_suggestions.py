"""What could be asked next: below the last complete answer, asked by a click, kept over reloads."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Watch
from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage

OFFERED = ["Show it by month", "Why?"]


@pytest.fixture(params=["whole-websocket", "whole-sse", "streamed-websocket", "streamed-sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}{request.param}")
    chat = ChatPage(page)
    chat.send("Hi")
    expect(chat.suggestions).to_have_text(OFFERED)
    return chat


def test_a_click_asks(chat: ChatPage) -> None:
    chat.suggestions.last.click()
    expect(chat.user_messages).to_have_text(["Hi", "Why?"])
    expect(chat.input).to_be_focused()
    chat.wait_until_ready()
    # Only below the last answer; and the conversation has none of them but what was asked.
    expect(chat.suggestions).to_have_text(OFFERED)
    expect(chat.assistant_messages.last).to_have_text("Hi / Hi / Why?")


def test_they_are_reached_by_keyboard_and_named(chat: ChatPage) -> None:
    expect(chat.root.get_by_role("list", name="Suggested questions")).to_be_visible()
    chat.input.press("Shift+Tab")
    for _ in range(20):
        if chat.suggestions.last.evaluate("element => element === document.activeElement"):
            break
        chat.page.keyboard.press("Shift+Tab")
    expect(chat.suggestions.last).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.user_messages).to_have_text(["Hi", "Why?"])


def test_they_survive_a_reload_and_a_page_change(chat: ChatPage) -> None:
    chat.wait_until_ready()
    chat.page.reload()
    expect(chat.suggestions).to_have_text(OFFERED)
    chat.page.get_by_role("link", name="Home").click()
    expect(chat.root).to_have_count(0)
    chat.page.go_back()
    expect(chat.suggestions).to_have_text(OFFERED)


def test_they_go_when_something_else_is_asked(chat: ChatPage, watch: Watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    chat.page.context.set_offline(True)
    chat.send("Something else")
    expect(chat.user_messages).to_have_count(2)
    expect(chat.suggestions).to_have_count(0)
    chat.page.context.set_offline(False)
    expect(chat.suggestions).to_have_text(OFFERED)


def test_nothing_complains(chat: ChatPage, watch: Watch) -> None:
    chat.suggestions.first.click()
    expect(chat.user_messages).to_have_count(2)
    chat.wait_until_ready()
    assert watch.problems() == []


def test_an_answer_that_failed_suggests_nothing(page: Page, app: AppProcess) -> None:
    page.goto(f"{app.url}streamed-websocket")
    chat = ChatPage(page)
    chat.send("fail")
    expect(chat.failures).to_have_count(1)
    expect(chat.suggestions).to_have_count(0)
