"""The chat on a Dash app without Vizro."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage

AXE = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def story(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page, "story")


def test_an_answer_streams_and_stops(story: ChatPage) -> None:
    story.send("wait")
    story.wait_for_answer("wait in France code")
    expect(story.assistant_messages.locator("strong")).to_have_text("wait")
    assert story.is_generating
    story.stop()
    story.wait_until_ready()
    expect(story.stopped_notes).to_have_count(1)


def test_a_field_is_read_from_the_page_with_each_message(story: ChatPage, page: Page) -> None:
    story.send("one")
    story.wait_for_answer("one in France code")
    page.locator("#country").click()
    page.get_by_role("option", name="Spain").click()
    story.send("two")
    story.wait_for_answer("two in Spain code")


def test_components_of_an_answer_are_alive(page: Page, app: AppProcess) -> None:
    page.goto(app.url)
    chat = ChatPage(page, "charts")
    chat.send("chart")
    chat.wait_until_ready()
    answer = chat.assistant_messages
    expect(answer.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(answer.locator("#counted")).to_have_text("0 times")
    answer.locator("#count").click()
    expect(answer.locator("#counted")).to_have_text("1 times")


def test_the_conversation_survives_a_reload(story: ChatPage, page: Page) -> None:
    story.send("one")
    story.wait_for_answer("one in France code")
    story.wait_until_ready()
    page.reload()
    expect(story.assistant_messages).to_have_text("one in France code")
    expect(story.user_messages).to_have_text("one")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_readable_in_the_pages_colours(story: ChatPage, page: Page, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(
        """scheme => {
            document.documentElement.style.colorScheme = scheme;
            document.body.style.background = "Canvas";
        }""",
        scheme,
    )
    page.evaluate(AXE.read_text(encoding="utf-8"))
    find = "async () => (await axe.run('#story')).violations.map(({ id, nodes }) => [id, ...nodes.map(n => n.html)])"
    empty = page.evaluate(find)
    story.send("code")
    story.wait_until_ready()
    expect(story.assistant_messages.locator(".chat-token-keyword")).to_have_count(2)
    assert (empty, page.evaluate(find)) == ([], [])
    expect(story.root).to_have_css("color-scheme", scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
