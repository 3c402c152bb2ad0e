"""What answers say in Markdown: images that call nowhere, sections and footnotes, text in two directions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FOREIGN = "http://elsewhere.invalid/pixel.png?secret"


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[1] / "dashboard.py"


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page)


def test_images_from_elsewhere_are_links_and_never_fetched(
    chat: ChatPage, upstream: ScriptedOpenAI, watch: Any
) -> None:
    answer = (
        f"![inline]({FOREIGN}) ![refer][r] [![linked]({FOREIGN})](https://b.invalid)\n\n"
        f"| cell |\n|---|\n| ![cell]({FOREIGN}) |\n\n![own]({PIXEL})\n\n[r]: {FOREIGN}\n\nThe end."
    )
    upstream.on("images", Scenario(list(answer)))
    chat.send("images")
    chat.wait_for_answer("The end.")
    expect(chat.root.get_by_role("link", name="inline")).to_have_attribute("href", FOREIGN)
    expect(chat.root.get_by_role("link", name="cell")).to_have_attribute("rel", "noopener noreferrer")
    expect(chat.root.locator(".assistant-markdown img")).to_have_count(1)
    own = chat.root.get_by_role("img", name="own")
    assert own.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    assert not [url for url in watch.requests if "elsewhere.invalid" in url]


def test_an_open_section_and_a_selection_stay_while_text_follows(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    more, end = Gate(), Gate()
    parts = [
        "<details>\n<summary>Title</summary>\n\nInside is te",
        "xt.\n\nMore inside.\n\n</details>\n\n",
        "After it.",
    ]
    upstream.on("section", Scenario(parts, hold_after={1: more, 2: end}))
    chat.send("section")
    summary = chat.root.get_by_text("Title", exact=True)
    summary.click()
    inside = chat.root.locator("details p").first
    expect(inside).to_have_text("Inside is te")
    inside.evaluate("p => getSelection().setBaseAndExtent(p.firstChild, 0, p.firstChild, 6)")
    more.release()
    expect(chat.root.get_by_text("More inside.")).to_be_visible()
    end.release()
    chat.wait_for_answer("After it.")
    expect(inside).to_be_visible()
    assert chat.page.evaluate("getSelection().toString()") == "Inside"


def test_a_footnote_is_reached_and_left_without_a_new_address(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("note", Scenario(["Text[^1].\n\n[^1]: The note.\n"]))
    chat.send("note")
    chat.wait_for_answer("The note.")
    address = chat.page.url
    chat.root.get_by_role("link", name="Footnote 1", exact=True).click()
    expect(chat.root.get_by_role("listitem").filter(has_text="The note.")).to_be_focused()
    chat.root.get_by_role("link", name="Back to the text").click()
    expect(chat.root.get_by_role("link", name="Footnote 1", exact=True)).to_be_focused()
    assert chat.page.url == address


def test_each_block_has_its_own_direction(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("hebrew", Scenario(["שלום עולם\n\nEnglish.\n\n- פריט\n\nThe end."]))
    chat.send("hebrew")
    chat.wait_for_answer("The end.")
    direction = "element => getComputedStyle(element).direction"
    markdown = chat.root.locator(".assistant-markdown")
    assert markdown.locator("p").nth(0).evaluate(direction) == "rtl"
    assert markdown.locator("p").nth(1).evaluate(direction) == "ltr"
    assert markdown.locator("ul").evaluate(direction) == "rtl"
