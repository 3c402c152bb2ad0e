"""Code, formulas and diagrams below a path, under a strict policy, on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.chat_page import ChatPage

ANSWER = (
    "```python\nreturn 1  # " + "long " * 40 + "\n```\n\nSo $x$ and\n\n$$\n" + "a + " * 80 + "b\n$$\n\n"
    "| " + " | ".join(f"Column title {n}" for n in range(9)) + " |\n|" + "---|" * 9 + "\n\n"
    "```mermaid\nflowchart LR\n  A[Load the data] --> B{Is it clean?} --> C[Plot it] --> D[Publish it]\n```\n"
)
# Of the chat only Mermaid needs styles in the HTML, inside its frame; of Vizro the components that it shows.
POLICY = (
    "default-src 'self'; script-src 'self' HASHES; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self' ws:; frame-src 'none'; object-src 'none'; base-uri 'none'"
)
# Elements of the chat that are cut off or can be scrolled sideways, but for what scrolls itself.
OVERFLOWING = """root => {
    const allowed = "pre, .chat-table-scroll, .chat-math-display, .chat-diagram-figure, .chat-visually-hidden, .katex";
    return [document.documentElement, root, ...root.querySelectorAll("*")]
        .filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        .filter(element => !element.closest(allowed))
        .map(element => element.outerHTML.slice(0, 80));
}"""


@pytest.fixture(scope="module")
def app(app_path: Path, upstream: ScriptedOpenAI) -> Iterator[AppProcess]:
    env = {
        "OPENAI_BASE_URL": upstream.base_url,
        "OPENAI_API_KEY": upstream.api_key,
        "BASE_PATH": "/sub/",
        "CONTENT_SECURITY_POLICY": POLICY,
    }
    process = serve_development(app_path, env=env)
    process.url += "sub/"
    with process:
        yield process


def test_everything_is_shown_and_nothing_is_wider_than_a_phone(
    new_context: Callable[..., BrowserContext], app: AppProcess, upstream: ScriptedOpenAI
) -> None:
    context = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    upstream.on("show", Scenario([ANSWER]))
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("show")
    chat.wait_until_ready()
    answer = chat.assistant_messages
    expect(answer.locator(".chat-token-keyword")).to_have_text("return")
    expect(answer.locator(".katex")).to_have_count(2)
    expect(answer.locator("th")).to_have_count(9)
    expect(answer.get_by_role("img")).to_be_visible(timeout=30_000)
    page.wait_for_function("document.fonts.check('16px KaTeX_Main')")
    assert chat.root.evaluate(OVERFLOWING) == []
    for button in answer.locator(".chat-tool-button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
