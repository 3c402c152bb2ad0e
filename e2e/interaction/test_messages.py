"""What can be done with one message: copy, ask again, ask something else, look at other versions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.waiting import wait_until
from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(app.url)
    return ChatPage(page)


def test_markdown_is_copied(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("copy", Scenario("Some **bold** words."))
    chat.send("copy")
    chat.wait_until_ready()
    chat.press(chat.assistant_messages.last, "Copy")
    expect(chat.root.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert chat.page.evaluate("navigator.clipboard.readText()") == "Some **bold** words."
    chat.press(chat.user_messages.last, "Copy")
    chat.page.wait_for_function("navigator.clipboard.readText().then(text => text === 'copy')")


def test_buttons_come_with_the_end_of_an_answer_and_move_nothing(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    gate = Gate()
    upstream.on("row", Scenario(["First ", "and last."], hold_after={1: gate}))
    chat.send("row")
    chat.wait_for_answer("First")
    row = chat.actions(chat.assistant_messages.last)
    before = row.bounding_box()
    expect(row.get_by_role("button")).to_have_count(0)
    gate.release()
    expect(row.get_by_role("button", name="Regenerate")).to_be_visible()
    assert row.bounding_box() == before


def test_buttons_come_to_the_pointer_with_their_names_the_time_and_the_model(
    chat: ChatPage, upstream: ScriptedOpenAI
) -> None:
    upstream.on("hover", Scenario("First."))
    upstream.on("later", Scenario("Second."))
    for question, answer in [("hover", "First."), ("later", "Second.")]:
        chat.send(question)
        chat.wait_for_answer(answer)
        chat.wait_until_ready()
    chat.input.hover()
    for bubble, names in [
        (chat.user_messages.first, ["Copy", "Edit"]),
        (chat.assistant_messages.first, ["Copy", "Regenerate"]),
    ]:
        row = chat.actions(bubble)
        parts = row.locator(".chat-toolbar"), row.locator(".chat-message-meta")
        for part in parts:
            expect(part).to_have_css("opacity", "0")
        bubble.hover()
        for part in parts:
            expect(part).to_have_css("opacity", "1")
        for name in names:
            expect(row.get_by_role("button", name=name)).to_have_attribute("title", name)
        expect(row.locator("time")).to_have_attribute("title", re.compile(r"\d"))
    expect(chat.actions(chat.assistant_messages.first).locator(".chat-message-model")).to_have_text("scripted")


def test_question_is_asked_anew_and_both_versions_stay(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("first", Scenario("One."))
    upstream.on("second", Scenario("Two."))
    chat.send("first try")
    chat.wait_for_answer("One.")
    chat.wait_until_ready()
    chat.edit(chat.user_messages.last, "second try")
    chat.wait_for_answer("Two.")
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["second try", "Two."])
    expect(chat.input).to_be_focused()
    assert [message["content"] for message in upstream.requests[-1].messages][-1] == "second try"
    row = chat.actions(chat.user_messages.last)
    expect(row).to_contain_text("2/2")
    chat.press(chat.user_messages.last, "Previous version")
    expect(chat.messages).to_have_text(["first try", "One."])
    expect(row).to_contain_text("1/2")
    expect(row.get_by_role("button", name="Next version")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.messages).to_have_text(["second try", "Two."])
    chat.page.reload()
    expect(chat.messages).to_have_text(["second try", "Two."])
    expect(row).to_contain_text("2/2")


def test_answer_is_regenerated(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("again", Scenario("Heads."), Scenario("Tails."))
    chat.send("again")
    chat.wait_for_answer("Heads.")
    chat.wait_until_ready()
    chat.press(chat.assistant_messages.last, "Regenerate")
    chat.wait_for_answer("Tails.")
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["again", "Tails."])
    chat.press(chat.assistant_messages.last, "Previous version")
    expect(chat.messages).to_have_text(["again", "Heads."])


def test_editor_is_left_with_escape_which_stops_nothing(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    gate = Gate()
    upstream.on("done", Scenario("Done."))
    upstream.on("live", Scenario(["Begun ", "and ended."], hold_after={1: gate}))
    chat.send("done")
    chat.wait_for_answer("Done.")
    chat.wait_until_ready()
    chat.press(chat.user_messages.last, "Edit")
    expect(chat.editor).to_be_focused()
    chat.send("live")
    chat.wait_for_answer("Begun")
    chat.editor.press("Escape")
    expect(chat.editor).to_have_count(0)
    gate.release()
    chat.wait_for_answer("Begun and ended.")


def test_everything_is_reached_with_the_keyboard(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("keys", Scenario("Reached."))
    chat.send("keys")
    chat.wait_for_answer("Reached.")
    expect(chat.actions(chat.assistant_messages.last).get_by_role("button", name="Regenerate")).to_be_visible()
    focused = chat.page.locator(":focus")
    chat.input.press("Shift+Tab")
    expect(focused).to_have_accessible_name("Copy")
    focused.press("ArrowRight")
    expect(focused).to_have_accessible_name("Regenerate")
    focused.press("Shift+Tab")
    expect(focused).to_have_accessible_name("Copy")
    focused.press("End")
    expect(focused).to_have_accessible_name("Edit")
    expect(chat.actions(chat.user_messages.last).locator("time")).to_have_css("opacity", "1")
    focused.press("Shift+Tab")
    expect(chat.root.get_by_role("log")).to_be_focused()


def test_author_hears_what_the_reader_thinks(
    chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI, feedback_file: Path
) -> None:
    upstream.on("rate", Scenario("Judge me."))
    expect(chat.root.get_by_role("button", name="Good answer")).to_have_count(0)
    chat.page.goto(f"{app.url}/rated")
    chat.send("rate")
    chat.wait_for_answer("Judge me.")
    chat.wait_until_ready()
    answer = chat.assistant_messages.last
    chat.press(answer, "Bad answer")
    expect(chat.actions(answer).get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    chat.comment("Too short")
    expect(chat.root.locator(".chat-feedback-form")).to_have_count(0)
    wait_until(lambda: feedback_file.exists() and "down|Too short|Judge me." in feedback_file.read_text("utf-8"))
    chat.page.reload()
    chat.wait_for_answer("Judge me.")
    expect(chat.actions(answer).get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    chat.press(answer, "Bad answer")
    wait_until(lambda: "None||Judge me." in feedback_file.read_text("utf-8"))
