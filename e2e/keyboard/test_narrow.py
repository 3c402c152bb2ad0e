"""On a phone nothing is wider than the screen, in any state of the chat."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

WIDE = (
    "| " + " | ".join(f"A rather long column title {n}" for n in range(8)) + " |\n|" + "---|" * 8 + "\n\n"
    "```\n" + "code " * 60 + "\n```\n\n" + "unbroken" * 40 + "\n"
)
# Elements of the chat that are cut off or can be scrolled sideways, but for code and tables, which scroll themselves.
OVERFLOWING = """root => {
    const allowed = "pre, .chat-table-scroll, .chat-visually-hidden";
    return [document.documentElement, root, ...root.querySelectorAll("*")]
        .filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        .filter(element => !element.closest(allowed))
        .map(element => element.outerHTML.slice(0, 80));
}"""


@pytest.fixture
def chat(new_context: Callable[..., BrowserContext], app: AppProcess) -> ChatPage:
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(app.url)
    return ChatPage(page)


def assert_fits(chat: ChatPage) -> None:
    assert chat.root.evaluate(OVERFLOWING) == []
    box = chat.root.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_nothing_is_wider_than_the_screen(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    waiting, streaming = Gate(), Gate()
    upstream.on("wide", Scenario([WIDE, WIDE], before_headers=waiting, hold_after={1: streaming}))
    upstream.on("fail", Scenario(status=400))
    expect(chat.send_button).to_have_accessible_name("Send message")
    assert_fits(chat)
    chat.input.fill("wide " + "question" * 40)
    assert_fits(chat)
    chat.input.press("Enter")
    expect(chat.root.locator(".chat-loading-message")).to_be_visible()
    assert_fits(chat)
    waiting.release()
    chat.wait_for_answer("unbroken")
    assert_fits(chat)
    chat.stop()
    expect(chat.root.get_by_text("Stopped", exact=True)).to_have_count(2)
    assert_fits(chat)
    chat.send("fail")
    expect(chat.root.get_by_role("alert")).to_be_visible()
    assert_fits(chat)
