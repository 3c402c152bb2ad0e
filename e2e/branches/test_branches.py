"""Questions asked anew, answers written again: each version is kept; what is asked next continues the one shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(params=["websocket", "sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}{request.param}")
    return ChatPage(page)


def ask(chat: ChatPage, text: str) -> None:
    answers = chat.assistant_messages.count()
    chat.send(text)
    expect(chat.assistant_messages).to_have_count(answers + 1)
    chat.wait_until_ready()


def test_each_version_of_a_question_has_its_own_conversation(chat: ChatPage) -> None:
    ask(chat, "One")
    ask(chat, "Two")
    chat.edit(chat.user_messages.first, "Uno")
    expect(chat.assistant_messages).to_have_text(["Uno"])
    chat.wait_until_ready()
    ask(chat, "Due")
    expect(chat.assistant_messages).to_have_text(["Uno", "Uno > Due"])
    chat.press(chat.user_messages.first, "Previous version")
    expect(chat.assistant_messages).to_have_text(["One", "One > Two"])
    ask(chat, "Three")
    expect(chat.assistant_messages).to_have_text(["One", "One > Two", "One > Two > Three"])
    chat.press(chat.user_messages.first, "Next version")
    expect(chat.assistant_messages).to_have_text(["Uno", "Uno > Due"])


def test_branches_survive_a_reload_and_a_restarted_server(chat: ChatPage, app: AppProcess) -> None:
    ask(chat, "One")
    ask(chat, "Two")
    chat.press(chat.assistant_messages.last, "Regenerate")
    expect(chat.actions(chat.assistant_messages.last)).to_contain_text("2/2")
    chat.wait_until_ready()
    chat.edit(chat.user_messages.first, "Uno")
    expect(chat.assistant_messages).to_have_text(["Uno"])
    chat.wait_until_ready()
    chat.press(chat.user_messages.first, "Previous version")
    chat.page.goto("about:blank")  # so that nobody speaks to the server while it is gone
    app.kill()
    app.start()
    chat.page.go_back()
    expect(chat.assistant_messages).to_have_text(["One", "One > Two"])
    expect(chat.actions(chat.assistant_messages.last)).to_contain_text("2/2")
    ask(chat, "Three")
    expect(chat.assistant_messages).to_have_text(["One", "One > Two", "One > Two > Three"])
    chat.press(chat.user_messages.first, "Next version")
    expect(chat.assistant_messages).to_have_text(["Uno"])
    ask(chat, "Due")
    expect(chat.assistant_messages).to_have_text(["Uno", "Uno > Due"])
    chat.press(chat.user_messages.first, "Previous version")
    chat.press(chat.assistant_messages.nth(1), "Previous version")
    expect(chat.assistant_messages).to_have_text(["One", "One > Two"])
