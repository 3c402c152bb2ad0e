"""Messages shown in their author's own way: in place of the bubble, alive, kept, and never sent back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Watch
from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(params=["whole-websocket", "whole-sse", "streamed-websocket", "streamed-sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}{request.param}")
    return ChatPage(page)


def ask(chat: ChatPage, text: str) -> tuple[Locator, Locator]:
    """Ask and return the question and the answer, in whatever way they are shown."""
    wrappers = chat.root.locator(".chat-message-group > .chat-message-wrapper")
    before = wrappers.count()
    chat.send(text)
    expect(wrappers).to_have_count(before + 2)
    chat.wait_until_ready()
    return wrappers.nth(before), wrappers.nth(before + 1)


def test_the_authors_components_take_the_place_of_both_bubbles(chat: ChatPage) -> None:
    question, answer = ask(chat, "bold")
    expect(question.locator(".my-question")).to_have_text("Asked: bold")
    expect(question.locator(".chat-message-bubble")).to_have_count(0)
    expect(answer.locator(".chat-message-view")).to_have_text("You said bold From the press office")
    # The default within it is the chat's own Markdown, in the bubble that style sheets know.
    expect(answer.locator(".chat-message-bubble.chat-assistant-message .assistant-markdown strong")).to_have_text(
        "bold"
    )
    expect(chat.actions(answer.locator(".chat-message-view")).get_by_role("button", name="Copy")).to_have_count(1)


def test_what_is_the_default_is_the_chats_own_bubble(chat: ChatPage) -> None:
    question, answer = ask(chat, "plain")
    expect(question.locator(".chat-user-message")).to_have_text("plain")
    expect(answer.locator(".chat-assistant-message strong")).to_have_text("plain")
    expect(chat.views).to_have_count(0)


def test_a_failure_leaves_the_bubbles(chat: ChatPage, app: AppProcess) -> None:
    question, answer = ask(chat, "broken")
    expect(question.locator(".chat-user-message")).to_have_text("broken")
    expect(answer.locator(".chat-assistant-message")).to_have_text("You said broken")
    expect(chat.views).to_have_count(0)
    assert "message_to_html failed" in app.output


def test_callbacks_on_a_view_work(chat: ChatPage) -> None:
    _, answer = ask(chat, "button")
    answer.get_by_role("button", name="Press").click()
    expect(answer.locator("#pressed")).to_have_text("Pressed 1")


def test_views_survive_a_reload_and_a_page_change(chat: ChatPage) -> None:
    ask(chat, "bold")
    for come_back in (chat.page.reload, lambda: leave_and_return(chat)):
        come_back()
        expect(chat.views).to_have_text(["Asked: bold", "You said bold From the press office"])
    # Still only the text is what the conversation says.
    _, answer = ask(chat, "more")
    expect(answer.locator(".assistant-markdown")).to_have_text("You said more")


def leave_and_return(chat: ChatPage) -> None:
    chat.page.get_by_role("link", name="Home").click()
    expect(chat.root).to_have_count(0)
    chat.page.go_back()


def test_a_view_goes_with_its_version(chat: ChatPage) -> None:
    question, _ = ask(chat, "bold")
    chat.press(question.locator(".chat-message-view"), "Edit")
    expect(question.locator(".my-question")).to_be_hidden()
    chat.editor.fill("other")
    chat.root.get_by_role("button", name="Save", exact=True).click()
    expect(chat.views).to_have_text(["Asked: other", "You said other From the press office"])
    chat.wait_until_ready()
    chat.press(chat.views.first, "Previous version")
    expect(chat.views).to_have_text(["Asked: bold", "You said bold From the press office"])


def test_files_are_what_the_chat_shows(chat: ChatPage) -> None:
    chat.attach({"name": "note.txt", "mimeType": "text/plain", "buffer": b"Hello"})
    expect(chat.attachments.locator(".chat-file-chip-subtitle")).to_contain_text("5 B")
    question, _ = ask(chat, "plain")
    expect(question.locator(".chat-user-attachment")).to_have_count(1)
    expect(chat.views).to_have_count(0)


@pytest.mark.parametrize("transport", ["websocket", "sse"])
def test_components_of_an_answer_stand_once_in_what_is_made_of_it(page: Page, app: AppProcess, transport: str) -> None:
    page.goto(f"{app.url}whole-{transport}")
    chat = ChatPage(page)
    _, answer = ask(chat, "component")
    for come_back in (lambda: None, page.reload):
        come_back()
        expect(answer.locator(".chat-assistant-message #component")).to_have_text("A component")
        expect(answer.get_by_text("From the press office")).to_be_visible()
        expect(page.locator("#component")).to_have_count(1)


def test_nothing_complains(chat: ChatPage, watch: Watch) -> None:
    ask(chat, "bold")
    ask(chat, "button")
    assert watch.problems() == []
