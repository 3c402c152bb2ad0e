"""The example of a copilot as it runs without a key: a model (a scripted one) that sets the dashboard's filters."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[2] / "examples" / "dashboard_copilot" / "app.py"


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"OPENAI_API_KEY": ""}


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    return ChatPage(page)


def test_a_filter_is_set_by_the_model_and_undone_by_the_reader(chat: ChatPage) -> None:
    europe = chat.page.get_by_role("checkbox", name="Europe")
    expect(europe).to_be_checked()
    chat.page.get_by_role("button", name="Show Africa and Asia").click()
    chat.wait_for_answer("Here it is, on the dashboard.")
    chat.wait_until_ready()
    expect(europe).not_to_be_checked()
    expect(chat.page.get_by_role("checkbox", name="Africa")).to_be_checked()
    chat.root.get_by_role("button", name="Undo: Set Continent to Asia, Africa").click()
    expect(europe).to_be_checked()


def test_years_are_shown(chat: ChatPage) -> None:
    chat.send("Only 1990 to 2007")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("Here it is, on the dashboard.")


def test_tools_that_only_tell(chat: ChatPage) -> None:
    chat.send("How many countries has Africa?")
    chat.wait_until_ready()
    expect(chat.steps).to_contain_text("count_countries")
