"""Only diagrams need styles in the HTML: under a policy without them the chat shows everything else as ever."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

ANSWER = (
    "```python\nreturn 1\n```\n\nSo $\\frac{a}{b}$ and\n\n$$\nx^2\n$$\n\n| a | b |\n|:-:|--:|\n| **c** | d |\n\n"
    "- [x] done\n\n<details>\n<summary>More</summary>\n\nText\n\n</details>\n"
)
WATCH_VIOLATIONS = """
    window.violations = [];
    addEventListener("securitypolicyviolation", ({violatedDirective, sourceFile}) =>
        violations.push(`${violatedDirective} ${sourceFile}`));
"""


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    policy = "default-src 'self'; script-src 'self' HASHES; img-src 'self' data:"
    return {"CONTENT_SECURITY_POLICY": policy}


def test_no_style_of_the_chat_is_refused(page: Page, app: AppProcess, upstream: ScriptedOpenAI, watch: Any) -> None:
    # The libraries of components that Vizro brings along have style sheets in their scripts.
    watch.expect("inline style")
    page.add_init_script(WATCH_VIOLATIONS)
    upstream.on("show", Scenario([ANSWER]))
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("show")
    chat.wait_until_ready()
    answer = chat.assistant_messages
    expect(answer.locator(".chat-token-keyword")).to_have_text("return")
    expect(answer.locator(".katex")).to_have_count(2)
    # KaTeX sets heights by styles of single elements.
    assert answer.locator(".katex .mfrac .vlist").first.evaluate("element => element.style.height") != ""
    expect(answer.locator("td").nth(1)).to_have_css("text-align", "end")
    answer.locator("summary").click()
    expect(answer.get_by_text("Text", exact=True)).to_be_visible()
    violations = page.evaluate("violations")
    assert violations
    assert not [violation for violation in violations if "vizro_ws_chat" in violation]
