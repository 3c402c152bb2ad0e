"""Code is coloured, copied, wrapped and scrolled, with what that needs loaded when it is first needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

Show = Callable[..., ChatPage]

PYTHON = "def f(a):\n    return 'b'  # " + "long " * 60
ANSWER = f"Here:\n\n```python\n{PYTHON}\n```\n\nThat is all."
LAZY = re.compile(r"vizro_ws_chat/static/(code|math|diagrams)\.[^/]*$")
# The contrast ratio of WCAG 2 between each piece of code and the block behind it.
CONTRASTS = """code => {
    const parse = color => color.match(/[\\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => {
        const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        return 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    };
    const behind = luminance(parse(getComputedStyle(code.closest(".chat-code")).backgroundColor));
    return [...code.querySelectorAll("span")].map(span => {
        const text = luminance(parse(getComputedStyle(span).color));
        const [dark, light] = [text, behind].sort((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05);
    });
}"""


def test_code_is_coloured_in_both_themes_and_nothing_is_loaded_before(
    show: Show, page: Page, app: AppProcess, watch: Any
) -> None:
    def loaded() -> list[str]:
        return [found[1] for found in map(LAZY.search, watch.requests) if found]

    page.goto(app.url)
    page.wait_for_load_state("networkidle")
    assert loaded() == []
    chat = show(ANSWER)
    code = chat.assistant_messages.locator("code")
    expect(code.locator(".chat-token-keyword")).to_have_text(["def", "return"])
    assert loaded() == ["code"]
    for _ in range(2):
        contrasts = code.evaluate(CONTRASTS)
        assert len(contrasts) > 4
        assert min(contrasts) >= 4.5
        theme = page.locator("html").get_attribute("data-bs-theme")
        page.locator("#theme-toggle").click()
        expect(page.locator("html")).not_to_have_attribute("data-bs-theme", str(theme))


def test_growing_code_keeps_its_lines(page: Page, app: AppProcess, upstream: ScriptedOpenAI) -> None:
    gate = Gate()
    upstream.on("grow", Scenario(["```python\nreturn 1\nretu", "rn 2\n```\n"], hold_after={1: gate}))
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("grow")
    keywords = chat.assistant_messages.locator(".chat-token-keyword")
    expect(keywords).to_have_text(["return"])
    first = keywords.first.element_handle()
    gate.release()
    chat.wait_until_ready()
    expect(keywords).to_have_text(["return", "return"])
    assert first.evaluate("node => node.isConnected")
    assert chat.assistant_messages.locator("code").inner_text().rstrip() == "return 1\nreturn 2"


@pytest.mark.parametrize("secure", [True, False], ids=["https", "http"])
def test_copy(show: Show, page: Page, context: BrowserContext, secure: bool) -> None:
    if secure:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
    else:
        # As on a page that came over plain HTTP from another machine.
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    chat = show(ANSWER)
    button = chat.assistant_messages.get_by_role("button", name="Copy code")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    expect(chat.root.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    chat.input.focus()
    page.keyboard.press("ControlOrMeta+v")
    expect(chat.input).to_have_value(PYTHON)


def test_long_lines_are_scrolled_by_keyboard_or_wrapped(show: Show, page: Page) -> None:
    chat = show(ANSWER)
    body = chat.assistant_messages.get_by_role("group", name="Code, python")
    expect(body).to_have_attribute("tabindex", "0")
    body.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("pre => pre.scrollLeft > 0", arg=body.element_handle())
    wrap = chat.assistant_messages.get_by_role("button", name="Wrap lines")
    wrap.click()
    expect(wrap).to_have_attribute("aria-pressed", "true")
    expect(body).not_to_have_attribute("tabindex", "0")
    assert body.evaluate("pre => pre.scrollWidth <= pre.clientWidth")


def test_colours_come_when_the_network_is_back(show: Show, page: Page, context: BrowserContext, watch: Any) -> None:
    watch.expect("net::ERR_FAILED")
    page.clock.install()
    context.route(LAZY, lambda route: route.abort())
    chat = show(ANSWER)
    code = chat.assistant_messages.locator("code")
    expect(code).to_contain_text("return 'b'")
    expect(code.locator("span")).to_have_count(0)
    context.unroute(LAZY)
    page.clock.fast_forward(6_000)
    expect(code.locator(".chat-token-keyword")).to_have_count(2)
