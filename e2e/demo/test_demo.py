"""The demo without a key: every page, every chat, both themes, no network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.chat_page import ChatPage

# The contrast ratio of WCAG 2 between a text and what is behind it, all blended over each other.
CONTRAST = """element => {
    const parse = color => {
        const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
        return {rgb: [r, g, b], a};
    };
    const over = (top, below) => top.rgb.map((value, i) => value * top.a + below[i] * (1 - top.a));
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
        layers.unshift(parse(getComputedStyle(node).backgroundColor));
    }
    const behind = layers.reduce((below, top) => over(top, below), [255, 255, 255]);
    const luminance = rgb => {
        const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        const [r, g, b] = rgb.map(value => linear(value / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const text = luminance(over(parse(getComputedStyle(element).color), behind));
    const [dark, light] = [text, luminance(behind)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}"""
PAGES = {"Chat": ["chat"], "Two chats": ["left", "right"], "Beside a chart": ["beside"]}


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[2] / "examples" / "demo" / "app.py"


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}


@pytest.mark.parametrize(("title", "chats"), PAGES.items(), ids=PAGES.keys())
def test_turn_on_every_chat(page: Page, app: AppProcess, title: str, chats: list[str]) -> None:
    page.goto(app.url)
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator("#page-title")).to_have_text(title)
    expect(page.get_by_text("Scripted demo: no OPENAI_API_KEY is set")).to_be_visible()
    for chat in (ChatPage(page, name) for name in chats):
        expect(chat.send_button.locator("svg path")).to_have_count(2)
        expect(chat.send_button.locator(".chat-icon-send")).to_be_visible()
        chat.send("hello")
        chat.wait_for_answer("I am a scripted demo, not a model.")
        chat.wait_until_ready()
        expect(chat.messages).to_have_count(2)


def test_text_is_readable_in_both_themes(page: Page, app: AppProcess) -> None:
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("code")
    chat.wait_for_answer("leave it out to stack them.")
    chat.wait_until_ready()
    document = page.locator("html")
    for _ in range(2):
        for text in (chat.user_messages, *chat.assistant_messages.locator("p, code").all()):
            # 7 is what WCAG asks of text at its level AAA.
            assert text.evaluate(CONTRAST) > 7
        theme = document.get_attribute("data-bs-theme")
        assert theme
        page.locator("#theme-toggle").click()
        expect(document).not_to_have_attribute("data-bs-theme", theme)


def test_given_key_and_server_are_used(
    new_context: Callable[..., BrowserContext], app_path: Path, upstream: ScriptedOpenAI
) -> None:
    upstream.on("who", Scenario("The server that was given."))
    env = {"OPENAI_API_KEY": upstream.api_key, "OPENAI_BASE_URL": upstream.base_url}
    with serve_development(app_path, env=env) as app:
        page = new_context().new_page()
        page.goto(app.url)
        chat = ChatPage(page)
        chat.send("Who answers?")
        chat.wait_for_answer("The server that was given.")
        expect(page.get_by_text("Scripted demo")).to_have_count(0)
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {upstream.api_key}"
