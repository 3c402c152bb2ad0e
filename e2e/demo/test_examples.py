"""Every example runs as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.chat_page import ChatPage

EXAMPLES = sorted(folder for folder in (Path(__file__).parents[2] / "examples").iterdir() if folder.is_dir())


@pytest.fixture(params=EXAMPLES, ids=lambda folder: folder.name)
def example(request: pytest.FixtureRequest, upstream: ScriptedOpenAI) -> Iterator[AppProcess]:
    env = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key}
    with serve_development(request.param / "app.py", env=env) as process:
        yield process


def test_example_answers(example: AppProcess, page: Page, upstream: ScriptedOpenAI) -> None:
    upstream.on("example", Scenario("It runs."))
    page.goto(example.url)
    chat = ChatPage(page)
    chat.root.wait_for(state="attached")
    if not chat.root.is_visible():
        page.locator(".chat-popup-toggle").click()
    chat.send("example?")
    chat.wait_for_answer("It runs.")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_have_text("It runs.")
