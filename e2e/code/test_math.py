"""Formulas are set by KaTeX, from the dashboard's own server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

Show = Callable[..., ChatPage]

FORMULAS = "It costs $5 and $6. So $x^2$ or \\(y\\):\n\n$$\n\\int_0^1 x\\,dx\n$$\n\n\\[\n" + "a + " * 200 + "b\n\\]\n"


def test_formulas(show: Show, page: Page, watch: Any) -> None:
    chat = show(
        "It costs $5 and $6. So $x^2$ or \\(y\\):\n\n$$\n\\int_0^1 x\\,dx\n$$\n\n\\[\n" + "a + " * 200 + "b\n\\]\n"
    )
    answer = chat.assistant_messages
    expect(answer.locator(".katex")).to_have_count(4)
    expect(answer).to_contain_text("It costs $5 and $6.")
    expect(answer.locator("math")).to_have_count(4)
    page.wait_for_function("document.fonts.status === 'loaded' && document.fonts.check('16px KaTeX_Main')")
    assert any(".woff2" in url for url in watch.requests)
    short, long = answer.get_by_role("group", name="Formula").all()
    expect(long).to_have_attribute("tabindex", "0")
    expect(short).not_to_have_attribute("tabindex", "0")


def test_nothing_of_a_formula_is_seen_raw_while_it_is_written(
    page: Page, app: AppProcess, upstream: ScriptedOpenAI
) -> None:
    inline, block = Gate(), Gate()
    parts = ["So $\\frac{a}", "{b}$ it is.\n\n$$\nx^", "2\n$$\n"]
    upstream.on("write", Scenario(parts, hold_after={1: inline, 2: block}))
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("write")
    expect(chat.assistant_messages).to_have_text("So")
    inline.release()
    expect(chat.assistant_messages.locator(".chat-math-open")).to_have_text("x^")
    first = chat.assistant_messages.locator(".katex").element_handle()
    block.release()
    chat.wait_until_ready()
    expect(chat.assistant_messages.locator(".katex")).to_have_count(2)
    assert first.evaluate("node => node.isConnected")


def test_copying_from_the_page_gives_the_source_of_formulas(show: Show, page: Page) -> None:
    chat = show("So $x^2$ is.\n\n```python\na = 1\n```\n\nEnd.")
    expect(chat.assistant_messages.locator(".katex")).to_have_count(1)
    chat.input.blur()
    chat.assistant_messages.evaluate("element => getSelection().selectAllChildren(element)")
    page.keyboard.press("ControlOrMeta+c")
    chat.input.focus()
    page.keyboard.press("ControlOrMeta+v")
    expect(chat.input).to_have_value("So $x^2$ is.\na = 1\n\nEnd.")
