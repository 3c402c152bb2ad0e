"""The composer by keyboard, pointer and input method; what a screen reader is told."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

WAIT_SECONDS = 15


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    chat = ChatPage(page)
    expect(chat.send_button).to_have_accessible_name("Send message")
    return chat


@pytest.fixture
def gate(upstream: ScriptedOpenAI) -> Gate:
    """Hold the second half of the answer to "hold"."""
    gate = Gate()
    upstream.on("hold", Scenario(["First ", "and last."], hold_after={1: gate}))
    return gate


def test_tab_goes_from_the_composer_to_its_buttons(chat: ChatPage, gate: Gate) -> None:
    chat.input.fill("hold")
    chat.input.press("Tab")
    expect(chat.menu_button).to_be_focused()
    chat.menu_button.press("Tab")
    expect(chat.send_button).to_be_focused()
    chat.page.keyboard.press("Enter")
    chat.wait_for_answer("First")
    gate.release()
    chat.wait_until_ready()
    expect(chat.user_messages).to_have_text(["hold"])


def test_shift_enter_is_a_new_line(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("two", Scenario("Understood."))
    chat.input.press_sequentially("two")
    chat.input.press("Shift+Enter")
    chat.input.press_sequentially("lines")
    expect(chat.input).to_have_value("two\nlines")
    expect(chat.messages).to_have_count(0)
    chat.input.press("Enter")
    chat.wait_for_answer("Understood.")
    assert upstream.requests[-1].text == "two\nlines"


def test_enter_in_an_input_method_does_not_send(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("日本", Scenario("はい。"))
    session = chat.page.context.new_cdp_session(chat.page)
    chat.input.focus()
    session.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    expect(chat.input).to_have_value("にほん")
    chat.page.keyboard.press("Enter")
    expect(chat.messages).to_have_count(0)
    # Some input methods send the Enter that picks the word with this code, after the composition has ended.
    session.send("Input.insertText", {"text": "日本"})
    chat.input.evaluate(
        """input => input.dispatchEvent(new KeyboardEvent("keydown", {
            key: "Enter", keyCode: 229, bubbles: true, cancelable: true,
        }))"""
    )
    chat.input.evaluate(
        """input => input.dispatchEvent(new KeyboardEvent("keydown", {
            key: "Enter", isComposing: true, bubbles: true, cancelable: true,
        }))"""
    )
    expect(chat.messages).to_have_count(0)
    chat.input.fill("日本")
    chat.input.press("Enter")
    chat.wait_for_answer("はい。")
    expect(chat.user_messages).to_have_text(["日本"])


@pytest.mark.parametrize("by", ["Enter", "click"])
def test_focus_stays_in_the_composer(chat: ChatPage, upstream: ScriptedOpenAI, by: str) -> None:
    upstream.on("focus", Scenario("Kept."))
    chat.input.fill("focus")
    if by == "click":
        chat.send_button.click()
    else:
        chat.input.press("Enter")
    expect(chat.input).to_be_focused()
    chat.wait_for_answer("Kept.")
    chat.wait_until_ready()
    expect(chat.input).to_be_focused()
    expect(chat.input).to_have_value("")


def test_run_is_announced_and_tokens_are_not(chat: ChatPage, gate: Gate) -> None:
    announcement = chat.root.locator(".chat-announcement")
    transcript = chat.root.get_by_role("log", name="Conversation")
    expect(announcement).to_have_role("status")
    expect(transcript).to_have_attribute("aria-live", "off")
    chat.send("hold")
    expect(announcement).to_have_text("Generating…")
    expect(chat.send_button).to_have_accessible_name("Stop")
    expect(transcript).to_have_attribute("aria-busy", "true")
    chat.wait_for_answer("First")
    expect(announcement).to_have_text("Generating…")
    gate.release()
    expect(announcement).to_have_text("Answer complete")
    expect(chat.send_button).to_have_accessible_name("Send message")
    expect(transcript).to_have_attribute("aria-busy", "false")


def test_escape_stops_and_that_is_announced(chat: ChatPage, gate: Gate, upstream: ScriptedOpenAI) -> None:
    chat.send("hold")
    chat.wait_for_answer("First")
    chat.input.press("Escape")
    expect(chat.root.locator(".chat-announcement")).to_have_text("Stopped")
    assert upstream.requests[-1].wait_disconnected(WAIT_SECONDS)
    assert not gate.released


@pytest.mark.parametrize("by", ["double click", "double Enter"])
def test_one_message_is_sent_once(chat: ChatPage, gate: Gate, upstream: ScriptedOpenAI, by: str) -> None:
    before = len(upstream.requests)
    chat.input.fill("hold")
    if by == "double click":
        chat.send_button.dblclick()
    else:
        chat.input.evaluate(
            """input => { for (const _ of [1, 2]) input.dispatchEvent(
                new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true})) }"""
        )
    chat.wait_for_answer("First")
    chat.wait_until_generating()
    gate.release()
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["hold", "First and last."])
    assert len(upstream.requests) == before + 1


def test_dash_sees_what_is_typed_and_that_it_was_sent(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("typed", Scenario("Read."))
    echo = chat.page.locator("#echo")
    expect(echo).to_have_text("Input:")
    chat.input.fill("typed")
    expect(echo).to_have_text("Input: typed")
    chat.input.press("Enter")
    chat.wait_for_answer("Read.")
    expect(echo).to_have_text("Input:")


def test_value_set_by_a_callback_can_be_sent(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("a suggested", Scenario("A suggested answer."))
    suggest = chat.page.get_by_role("button", name="Suggest")
    for turn in (1, 2):
        suggest.click()
        expect(chat.input).to_have_value("A suggested question")
        chat.input.press("Enter")
        expect(chat.assistant_messages).to_have_text(["A suggested answer."] * turn)
        expect(chat.input).to_have_value("")
        chat.wait_until_ready()
