"""What is typed: kept, recalled, and sent by the key that the chat's author has chosen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page)


def test_draft_survives_another_page_and_a_reload(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("Half", Scenario("Whole."))
    chat.input.fill("Half a question")
    chat.page.get_by_role("link", name="Elsewhere").click()
    expect(chat.page.get_by_text("No chat here.")).to_be_visible()
    chat.page.get_by_role("link", name="Examples").click()
    expect(chat.input).to_have_value("Half a question")
    chat.page.reload()
    expect(chat.input).to_have_value("Half a question")
    chat.input.press("Enter")
    chat.wait_for_answer("Whole.")
    chat.page.reload()
    chat.wait_for_answer("Whole.")
    expect(chat.input).to_have_value("")


def test_drafts_of_two_chats_are_two(chat: ChatPage, app: AppProcess) -> None:
    chat.input.fill("Here")
    chat.page.goto(f"{app.url}/top")
    expect(chat.send_button).to_have_accessible_name("Send message")
    expect(chat.input).to_have_value("")


def test_arrow_keys_recall_what_was_asked(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("ask", Scenario("Answered."))
    for question in ("ask one", "ask two"):
        chat.send(question)
        expect(chat.user_messages.last).to_have_text(question)
        chat.wait_until_ready()
    for key, value in [("ArrowUp", "ask two"), ("ArrowUp", "ask one"), ("ArrowDown", "ask two"), ("ArrowDown", "")]:
        chat.input.press(key)
        expect(chat.input).to_have_value(value)
    chat.input.press("ArrowUp")
    chat.input.press_sequentially(", please")
    chat.input.press("Enter")
    expect(chat.user_messages.last).to_have_text("ask two, please")


def test_field_grows_to_six_lines_and_scrolls(chat: ChatPage) -> None:
    heights = []
    for lines in (1, 3, 6, 12):
        chat.input.fill("\n".join(["line"] * lines))
        heights.append(chat.input.evaluate("field => field.clientHeight"))
    assert heights[0] < heights[1] < heights[2] == heights[3]
    assert chat.input.evaluate("field => field.scrollHeight > field.clientHeight")


def test_enter_is_a_new_line_where_a_chord_sends(chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI) -> None:
    upstream.on("two", Scenario("Understood."))
    chat.page.goto(f"{app.url}/chord")
    chat.input.press_sequentially("two")
    chat.input.press("Enter")
    chat.input.press_sequentially("lines")
    expect(chat.input).to_have_value("two\nlines")
    chat.input.press("ControlOrMeta+Enter")
    chat.wait_for_answer("Understood.")
    assert upstream.requests[-1].text == "two\nlines"
