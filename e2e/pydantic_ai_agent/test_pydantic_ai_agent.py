"""The example with an agent of pydantic-ai as it runs without a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[2] / "examples" / "pydantic_ai_agent" / "app.py"


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"OPENAI_API_KEY": ""}


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page)


def test_the_agent_looks_something_up(chat: ChatPage) -> None:
    chat.page.get_by_role("button", name="How many people live in Norway?").click()
    chat.wait_for_answer("It says: 4627926")
    chat.wait_until_ready()
    answer = chat.assistant_messages
    expect(answer.locator(".chat-reasoning")).to_have_count(1)
    expect(answer.locator(".chat-tool")).to_have_attribute("data-state", "done")
    expect(answer.locator(".chat-tool-name")).to_have_text("population")


def test_what_a_tool_has_for_the_reader_is_shown(chat: ChatPage) -> None:
    chat.send("Draw the population of India")
    chat.wait_for_answer("It says: The chart is shown to the user.")
    chat.wait_until_ready()
    expect(chat.assistant_messages.locator(".js-plotly-plot .main-svg").first).to_be_visible()
