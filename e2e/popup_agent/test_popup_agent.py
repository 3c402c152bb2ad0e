"""The popup's own agent in a browser: it streams, is told of the data, and is stopped."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    page.locator("#chat_popup-toggle-button").click()
    return ChatPage(page)


def test_it_answers_again_and_again(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("width", Scenario("It is **3.06**."))
    for count in (1, 2):
        chat.send("width")
        expect(chat.assistant_messages).to_have_text(["It is 3.06."] * count)
        chat.wait_until_ready()
    request = upstream.requests[-1]
    assert [message["role"] for message in request.messages if message["role"] != "system"] == [
        "user",
        "assistant",
        "user",
    ]
    assert "Dataset 'iris', 150 rows" in str(request.messages[0])


def test_stop_ends_the_request_to_the_model(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("endless", Scenario(["One", " two"], hold_after={1: Gate()}))
    chat.send("endless")
    chat.wait_for_answer("One")
    chat.stop()
    chat.wait_until_ready()
    assert upstream.requests[-1].wait_disconnected(10)


def test_a_failure_of_the_model_is_told(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("fail", Scenario(status=400))
    chat.send("fail")
    expect(chat.root.get_by_role("alert")).to_contain_text("Something went wrong")
