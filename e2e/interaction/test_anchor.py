"""`anchor="top"`: a new question goes to the top and stays there."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

TOP_IN_VIEW = """bubble => {
    const log = bubble.closest('[role="log"]');
    return Math.round(bubble.getBoundingClientRect().top - log.getBoundingClientRect().top);
}"""
PARAGRAPHS = "".join(f"Paragraph {n}.\n\n" for n in range(40))


# Every place that the conversation has been scrolled to, from now on.
WATCH_SCROLLING = """log => {
    window.places = [];
    log.addEventListener("scroll", () => window.places.push(log.scrollTop));
    log.addEventListener("scrollend", () => window.hasArrived = true);
}"""
DISTANCE_TO_BOTTOM = "log => Math.round(log.scrollHeight - log.clientHeight - log.scrollTop)"


def open_chat(page: Page, app: AppProcess, reduced_motion: Literal["reduce", "no-preference"]) -> ChatPage:
    page.emulate_media(reduced_motion=reduced_motion)
    page.goto(f"{app.url}/top")
    return ChatPage(page)


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    return open_chat(page, app, "reduce")


@pytest.fixture
def moving_chat(page: Page, app: AppProcess) -> ChatPage:
    return open_chat(page, app, "no-preference")


def test_question_goes_to_the_top_and_the_answer_grows_below(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    begin, middle = Gate(), Gate()
    upstream.on("before", Scenario(PARAGRAPHS))
    upstream.on("next", Scenario(["Short.\n\n", PARAGRAPHS], hold_after={0: begin, 1: middle}))
    chat.send("before")
    chat.wait_for_answer("Paragraph 39.")
    chat.wait_until_ready()
    chat.send("next")
    question = chat.user_messages.last
    expect(chat.root.locator(".chat-loading-message")).to_be_visible()
    assert question.evaluate(TOP_IN_VIEW) == 16
    begin.release()
    chat.wait_for_answer("Short.")
    assert question.evaluate(TOP_IN_VIEW) == 16
    middle.release()
    chat.wait_until_ready()
    expect(chat.assistant_messages.last).to_contain_text("Paragraph 39.")
    assert question.evaluate(TOP_IN_VIEW) == 16
    to_latest = chat.root.get_by_role("button", name="Scroll to latest message")
    to_latest.click()
    expect(chat.assistant_messages.last.get_by_text("Paragraph 39.")).to_be_in_viewport()
    expect(to_latest).to_be_hidden()


def test_short_answer_leaves_its_question_at_the_top_when_it_ends(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("before", Scenario(PARAGRAPHS))
    upstream.on("short", Scenario("Short."))
    chat.send("before")
    chat.wait_until_ready()
    chat.wait_for_answer("Paragraph 39.")
    chat.send("short")
    chat.wait_for_answer("Short.")
    chat.wait_until_ready()
    assert chat.user_messages.last.evaluate(TOP_IN_VIEW) == 16
    expect(chat.root.get_by_role("button", name="Scroll to latest message")).to_be_hidden()


def test_way_to_the_top_is_seen_while_the_answer_grows(moving_chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("before", Scenario(PARAGRAPHS))
    upstream.on("next", Scenario(PARAGRAPHS.replace("Paragraph", "Line")))
    moving_chat.send("before")
    moving_chat.wait_until_ready()
    moving_chat.wait_for_answer("Paragraph 39.")
    log = moving_chat.root.get_by_role("log")
    log.evaluate(WATCH_SCROLLING)
    moving_chat.send("next")
    moving_chat.wait_for_answer("Line 39.")
    moving_chat.wait_until_ready()
    moving_chat.page.wait_for_function("window.hasArrived")
    places = moving_chat.page.evaluate("window.places")
    assert len(places) > 2
    assert places == sorted(places)
    assert moving_chat.user_messages.last.evaluate(TOP_IN_VIEW) == 16


def test_conversation_that_is_brought_back_is_seen_at_its_end(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("back", Scenario(PARAGRAPHS))
    chat.send("back")
    chat.wait_until_ready()
    chat.wait_for_answer("Paragraph 39.")
    chat.choose("Clear conversation")
    expect(chat.messages).to_have_count(0)
    chat.undo_clear()
    expect(chat.assistant_messages.last.get_by_text("Paragraph 39.")).to_be_in_viewport()
    assert chat.root.get_by_role("log").evaluate(DISTANCE_TO_BOTTOM) == 0
