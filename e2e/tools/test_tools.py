"""The example with tools as it runs without a key: an OpenAIChat that asks a scripted server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[2] / "examples" / "tools" / "app.py"


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"OPENAI_API_KEY": ""}


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page)


def test_a_tool_draws_a_chart(chat: ChatPage) -> None:
    chat.page.get_by_role("button", name="Draw life expectancy in Africa").click()
    chat.wait_for_answer("That is Africa.")
    chat.wait_until_ready()
    answer = chat.assistant_messages
    expect(answer.locator(".chat-reasoning")).to_have_count(1)
    step = answer.locator(".chat-tool")
    expect(step).to_have_attribute("data-state", "done")
    expect(step.locator(".chat-tool-name")).to_have_text("draw_chart")
    expect(answer.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    step.locator("summary").click()
    expect(step.locator(".chat-tool-value").first).to_contain_text('"continent": "Africa"')
    chat.page.reload()
    expect(chat.assistant_messages.locator(".js-plotly-plot .main-svg").first).to_be_visible()


def test_a_tool_is_called_when_the_reader_approves(chat: ChatPage) -> None:
    chat.send("Order a report on Asia")
    question = chat.root.get_by_role("group", name='Run order_report(continent="Asia")?', exact=True)
    expect(chat.assistant_messages.locator(".chat-tool")).to_have_attribute("data-state", "running")
    question.get_by_role("button", name="Approve", exact=True).click()
    chat.wait_for_answer("Report 1 is ordered: Asia.")
    chat.wait_until_ready()
    expect(chat.assistant_messages.locator(".chat-tool")).to_have_attribute("data-state", "done")


def test_a_tool_is_not_called_when_the_reader_denies(chat: ChatPage) -> None:
    chat.send("Order a report on Europe")
    question = chat.root.get_by_role("group", name="Run order_report(")
    question.get_by_role("button", name="Deny", exact=True).click()
    chat.wait_for_answer("The user did not allow this call.")
    chat.wait_until_ready()
    expect(chat.assistant_messages.locator(".chat-tool")).to_have_attribute("data-state", "denied")


def test_stop_while_the_reader_is_asked(chat: ChatPage) -> None:
    chat.send("Order a report on Oceania")
    expect(chat.root.get_by_role("group", name="Run order_report(").get_by_role("button")).to_have_count(2)
    chat.stop()
    chat.wait_until_ready()
    expect(chat.stopped_notes).to_have_count(1)
    expect(chat.root.get_by_role("group", name="Run order_report(").get_by_role("button")).to_have_count(0)
