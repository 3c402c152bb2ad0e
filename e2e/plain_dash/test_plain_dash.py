"""The chat on a Dash app without Vizro."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage

AXE = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def story(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    chat = ChatPage(page, "story")
    chat.input.wait_for()
    return chat


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


@pytest.mark.parametrize(
    ("attributes", "prefers", "is_dark"),
    [
        ({}, "dark", False),
        ({"style": "color-scheme: light dark"}, "dark", True),
        ({"style": "color-scheme: light dark"}, "light", False),
        ({"data-bs-theme": "dark"}, "light", True),
    ],
)
def test_it_is_readable_whether_or_not_the_page_has_a_theme(
    new_context: Callable[..., BrowserContext],
    app: AppProcess,
    attributes: dict[str, str],
    prefers: Literal["dark", "light"],
    is_dark: bool,
) -> None:
    page = new_context(color_scheme=prefers).new_page()
    page.goto(app.url)
    for name, value in attributes.items():
        page.evaluate("([name, value]) => document.documentElement.setAttribute(name, value)", [name, value])
    chat = ChatPage(page, "story")
    chat.send("code")
    chat.wait_until_ready()
    expect(chat.assistant_messages.locator(".chat-token-keyword")).to_have_count(2)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate("async () => (await axe.run('#story')).violations.map(({ id }) => id)") == []
    background = chat.root.evaluate("element => getComputedStyle(element).backgroundColor.match(/\\d+/g).map(Number)")
    assert (max(background) < 60) == is_dark


def test_without_a_height_to_fill_it_is_as_high_as_is_usual(story: ChatPage, page: Page) -> None:
    expect(story.send_button).to_be_visible()
    below = ChatPage(page, "below").root
    assert 560 < below.evaluate("element => element.offsetHeight") < 640
    below.evaluate("element => { element.parentElement.style.height = '450px' }")
    assert below.evaluate("element => element.offsetHeight") == 450


def test_files_can_be_attached(story: ChatPage) -> None:
    story.attach({"name": "sales.csv", "mimeType": "text/csv", "buffer": b"a,b"})
    story.send("sum")
    story.wait_for_answer("sum in France code")
    expect(story.sent_files).to_contain_text("sales.csv")
