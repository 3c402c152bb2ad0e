"""The conversation as a whole: how it begins, how it is cleared and brought back, how it is taken along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page)


def test_assistant_introduces_itself_and_a_card_asks(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("How was", Scenario("Good."))
    expect(chat.empty_state.get_by_role("heading", name="Analyst")).to_be_visible()
    expect(chat.empty_state).to_contain_text("Knows the figures.")
    chat.empty_state.get_by_role("button", name="How was the last quarter?").click()
    expect(chat.messages).to_have_text(["How was the last quarter?", "Good."])
    expect(chat.empty_state).to_be_hidden()
    expect(chat.input).to_be_focused()
    chat.page.reload()
    expect(chat.messages).to_have_count(2)
    expect(chat.empty_state).to_be_hidden()


def test_examples_stay_in_reach(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    gate = Gate()
    upstream.on("hold", Scenario(["Begun ", "and ended."], hold_after={1: gate}))
    chat.send("hold")
    chat.wait_for_answer("Begun")
    chat.examples_button.press("Enter")
    menu = chat.root.get_by_role("menu", name="Show example questions")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(chat.send_button).to_have_accessible_name("Stop")
    chat.examples_button.press("ArrowDown")
    chat.page.keyboard.press("ArrowDown")
    chat.page.keyboard.press("Enter")
    expect(chat.input).to_have_value("What should we do?")
    expect(chat.input).to_be_focused()
    gate.release()
    chat.wait_until_ready()


def test_conversation_is_cleared_and_brought_back(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("keep", Scenario("Kept."))
    chat.send("keep")
    chat.wait_for_answer("Kept.")
    chat.wait_until_ready()
    chat.choose("Clear conversation")
    expect(chat.cleared_line).to_have_text("Conversation cleared.")
    expect(chat.messages).to_have_count(0)
    expect(chat.empty_state).to_be_visible()
    expect(chat.input).to_be_focused()
    chat.undo_clear()
    expect(chat.messages).to_have_text(["keep", "Kept."])
    expect(chat.cleared_line).to_have_text("")
    chat.choose("Clear conversation")
    chat.page.reload()
    expect(chat.empty_state).to_be_visible()
    expect(chat.messages).to_have_count(0)


def test_conversation_is_exported(chat: ChatPage, upstream: ScriptedOpenAI, tmp_path: Path) -> None:
    upstream.on("file", Scenario("Some **bold** words."))
    chat.send("file")
    chat.wait_for_answer("Some bold words.")
    chat.wait_until_ready()
    with chat.page.expect_download() as event:
        chat.choose("Export as Markdown")
    assert event.value.suggested_filename.startswith("Analyst ")
    assert event.value.suggested_filename.endswith(".md")
    event.value.save_as(tmp_path / "conversation.md")
    text = (tmp_path / "conversation.md").read_text(encoding="utf-8")
    assert re.fullmatch(r"## You\n\n.*\n\nfile\n\n## Analyst\n\n.*\n\nSome \*\*bold\*\* words.\n", text)
