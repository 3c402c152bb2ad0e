"""Answers that act on their page: only where their author allows it, once, and so that it can be undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(params=["websocket", "sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}{request.param}")
    expect(points(ChatPage(page)).first).to_be_visible()
    return ChatPage(page)


def ask(chat: ChatPage, text: str) -> Locator:
    """Ask and return the step of the answer."""
    answers = chat.assistant_messages.count()
    chat.send(text)
    expect(chat.assistant_messages).to_have_count(answers + 1)
    return chat.assistant_messages.nth(answers).locator(".chat-action")


def points(chat: ChatPage) -> Locator:
    return chat.page.locator(".scatterlayer .point")


def test_a_filter_is_set_and_undone(chat: ChatPage) -> None:
    expect(points(chat)).to_have_count(150)
    step = ask(chat, "one")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("done: True")
    expect(step).to_contain_text("Set Species to setosa")
    expect(points(chat)).to_have_count(50)
    expect(chat.page.get_by_role("checkbox", name="virginica")).not_to_be_checked()
    step.get_by_role("button", name="Undo").click()
    expect(points(chat)).to_have_count(150)
    expect(chat.page.get_by_role("checkbox", name="virginica")).to_be_checked()
    expect(step).to_contain_text("Undone")
    expect(chat.input).to_be_focused()


def test_it_is_done_once(chat: ChatPage) -> None:
    step = ask(chat, "one")
    chat.wait_until_ready()
    expect(points(chat)).to_have_count(50)
    step.get_by_role("button", name="Undo").click()
    expect(points(chat)).to_have_count(150)
    chat.page.reload()
    expect(step).to_contain_text("Undone")
    expect(points(chat)).to_have_count(150)


def test_a_range_is_set(chat: ChatPage) -> None:
    step = ask(chat, "range")
    chat.wait_until_ready()
    expect(step).to_contain_text("Set Sepal_Length to 5, 6")
    expect(points(chat)).to_have_count(67)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("unknown value", "It does not have this value"),
        ("out of range", "It does not have this value"),
        ("away", "It is not on this page"),
    ],
)
def test_what_the_page_can_not_do_is_told(chat: ChatPage, prompt: str, said: str) -> None:
    step = ask(chat, prompt)
    chat.wait_until_ready()
    expect(step).to_contain_text(said)
    expect(chat.assistant_messages).to_contain_text("done: False")
    expect(points(chat)).to_have_count(150)


@pytest.mark.parametrize("prompt", ["forbidden", "nowhere"])
def test_what_is_not_allowed_never_reaches_the_page(chat: ChatPage, app: AppProcess, prompt: str) -> None:
    step = ask(chat, prompt)
    chat.wait_until_ready()
    expect(step).to_have_count(0)
    expect(chat.assistant_messages).to_contain_text("A part of the answer could not be shown. Reference:")
    assert "An answer may not" in app.output


def test_another_page_is_opened_and_the_conversation_waits(chat: ChatPage) -> None:
    chat.send("home")
    expect(chat.page.get_by_text("The first page is always at /.")).to_be_visible()
    chat.page.go_back()
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("done: True")
    expect(chat.assistant_messages).to_contain_text("Opened Home")
    expect(chat.page.get_by_text("The first page is always at /.")).to_have_count(0)


def test_a_notification_is_shown(chat: ChatPage) -> None:
    ask(chat, "notify")
    expect(chat.page.locator(".mantine-Notification-root").get_by_text("The figures are there.")).to_be_visible()


def test_the_page_can_be_read(chat: ChatPage) -> None:
    points(chat).first.click(force=True)
    chat.page.get_by_role("checkbox", name="setosa").uncheck()
    expect(points(chat)).to_have_count(100)
    chat.send("What is there?")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("filters [['versicolor', 'virginica']")
    expect(chat.assistant_messages).to_contain_text("points [5.1]")
    expect(chat.assistant_messages).to_contain_text(f"page /{chat.root.get_attribute('id')}")


def test_a_clicked_point_can_be_asked_about(chat: ChatPage) -> None:
    offer = chat.root.locator(".chat-point-offer")
    expect(offer).to_be_hidden()
    points(chat).first.click(force=True)
    offer.get_by_role("button", name="Ask about x: 5.1, y: 3.5").click()
    expect(offer).to_be_hidden()
    expect(chat.input).to_have_value("About x: 5.1, y: 3.5: ")
    expect(chat.input).to_be_focused()
    points(chat).nth(1).click(force=True)
    offer.get_by_role("button", name="Dismiss").click()
    expect(offer).to_be_hidden()


def test_a_chart_is_pinned_to_the_page_until_it_is_removed(chat: ChatPage) -> None:
    chat.send("chart")
    chat.wait_until_ready()
    board = chat.page.locator(f"#{chat.root.get_attribute('id')}-board")
    chat.assistant_messages.get_by_role("button", name="Pin to the page").click()
    pinned = board.locator(".js-plotly-plot .main-svg")
    expect(pinned.first).to_be_visible()
    expect(chat.assistant_messages.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    chat.page.reload()
    expect(pinned.first).to_be_visible()
    board.get_by_role("button", name="Remove from the page").click()
    expect(pinned).to_have_count(0)
    chat.page.reload()
    expect(chat.assistant_messages.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(pinned).to_have_count(0)
