"""A diagram that hangs takes down neither the page nor the next diagram."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.chat_page import ChatPage

# In the place of Mermaid, in the first frame: one that never answers, and one that never comes to an end.
HANGING = {
    "silent": "parent.postMessage({kind: 'ready'}, '*');",
    "busy": "addEventListener('message', () => { for (;;); }); parent.postMessage({kind: 'ready'}, '*');",
}
ANSWER = "```mermaid\npie\n```\n\n```mermaid\nflowchart LR\n  accTitle: The second\n  A --> B\n```\n"
# A diagram has ten seconds, and then the next has to be loaded and drawn.
DRAWN_MS = 40_000


@pytest.fixture(scope="module", params=list(HANGING.values()), ids=list(HANGING))
def app(app_path: Path, upstream: ScriptedOpenAI, request: pytest.FixtureRequest) -> Iterator[AppProcess]:
    env = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key}
    # By the server: the browser does not always tell of what a frame without an origin loads.
    with serve_development(app_path, env={**env, "FIRST_DIAGRAMS_SCRIPT": request.param}) as process:
        yield process


def test_it_is_given_up_and_the_next_is_drawn(page: Page, app: AppProcess, upstream: ScriptedOpenAI) -> None:
    upstream.on("show", Scenario([ANSWER]))
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("show")
    chat.wait_until_ready()
    first, second = chat.assistant_messages.locator(".chat-diagram").all()
    # All that time the page can be used.
    chat.input.fill("Still here")
    expect(second.get_by_role("img", name="The second")).to_be_visible(timeout=DRAWN_MS)
    expect(first.locator(".chat-diagram-note")).to_be_visible()
    expect(first.locator("pre")).to_have_text("pie")
    expect(page.locator("iframe[sandbox]")).to_have_count(1)
    expect(chat.input).to_have_value("Still here")
