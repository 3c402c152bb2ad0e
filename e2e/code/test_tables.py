"""Tables scroll inside themselves and are copied as CSV and as Markdown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing.chat_page import ChatPage

Show = Callable[..., ChatPage]

TABLE = '| Name | Sum |\n|:--|--:|\n| **North**, "N" | 1,204 |\n| South | $x^2$ |\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Copy table as CSV", 'Name,Sum\n"North, ""N""","1,204"\nSouth,$x^2$\n'),
        ("Copy table as Markdown", '| Name | Sum |\n| :-- | --: |\n| **North**, "N" | 1,204 |\n| South | $x^2$ |\n'),
    ],
)
def test_copy(show: Show, page: Page, name: str, text: str) -> None:
    chat = show(TABLE)
    expect(chat.assistant_messages.locator(".katex")).to_have_count(1)
    tools = chat.assistant_messages.locator(".chat-table-tools")
    expect(tools).to_have_css("opacity", "0")
    chat.assistant_messages.locator("td").first.hover()
    expect(tools).to_have_css("opacity", "1")
    chat.assistant_messages.get_by_role("button", name=name).click()
    chat.input.focus()
    page.keyboard.press("ControlOrMeta+v")
    expect(chat.input).to_have_value(text)


def test_a_wide_table_is_scrolled_by_keyboard(show: Show, page: Page) -> None:
    columns = range(20)
    head = "| " + " | ".join(f"A long column title {n}" for n in columns) + " |\n|" + "---|" * len(columns) + "\n"
    chat = show(head + "| " + " | ".join(map(str, columns)) + " |\n")
    scroller = chat.assistant_messages.get_by_role("group", name="Table")
    expect(scroller).to_have_attribute("tabindex", "0")
    scroller.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("element => element.scrollLeft > 0", arg=scroller.element_handle())
