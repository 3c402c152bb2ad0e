"""Generators that ask their reader back: over reloads, lost connections and page changes, ended by time and Stop."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Watch
from vizro_ws_chat.testing import AppProcess
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"VIZRO_WS_CHAT_IDLE_SECONDS": "1"}


@pytest.fixture(params=["websocket", "sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}{request.param}")
    return ChatPage(page)


def begin(chat: ChatPage, prompt: str) -> None:
    chat.send(prompt)
    expect(chat.asked.last).to_have_attribute("data-state", "open")


def test_a_choice(chat: ChatPage) -> None:
    begin(chat, "choice")
    expect(chat.root.get_by_role("group", name="Run this on 3 million rows?")).to_be_visible()
    chat.choose_answer("Run")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("You chose Run.")
    expect(chat.asked).to_have_attribute("data-state", "answered")
    expect(chat.asked).to_contain_text("Run this on 3 million rows?Run")
    expect(chat.input).to_be_focused()


def test_a_text(chat: ChatPage) -> None:
    begin(chat, "text")
    field = chat.asked.get_by_label("Your answer")
    field.fill('<b>Sales</b> & "more" 👋')
    field.press("Enter")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text('It is called <b>Sales</b> & "more" 👋.')
    expect(chat.asked.locator("b")).to_have_count(0)


def test_a_form_tells_what_is_wrong_with_it(chat: ChatPage) -> None:
    begin(chat, "form")
    city, days = chat.asked.get_by_label("City"), chat.asked.get_by_label("Days")
    expect(chat.asked.get_by_text("In Europe")).to_be_visible()
    city.fill("Atlantis")
    days.fill("3")
    chat.asked.get_by_label("Fare").select_option("business")
    chat.asked.get_by_label("Direct").check()
    chat.asked.get_by_role("button", name="Send answer").click()
    expect(chat.asked.get_by_text("There is no way to Atlantis.")).to_be_visible()
    expect(city).to_have_attribute("aria-invalid", "true")
    expect(city).to_be_focused()
    expect(days).to_have_value("3")
    city.fill("Rome")
    chat.asked.get_by_role("button", name="Send answer").click()
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("3 days in Rome, business, direct: True, from None.")
    expect(chat.asked).to_contain_text("CityRome")


@pytest.mark.parametrize(("option", "said"), [("Approve", "Sent."), ("Deny", "Not sent.")])
def test_an_approval(chat: ChatPage, option: str, said: str) -> None:
    begin(chat, "approval")
    chat.choose_answer(option)
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text(said)


def test_one_question_after_the_other(chat: ChatPage) -> None:
    begin(chat, "twice")
    chat.choose_answer("b")
    expect(chat.asked).to_have_count(2)
    chat.choose_answer("c")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("bc")


def test_no_connection_is_held_and_a_reload_asks_again(chat: ChatPage) -> None:
    begin(chat, "choice")
    expect(chat.root).to_have_attribute("data-chat-connection", "closed")
    chat.page.reload()
    expect(chat.asked).to_have_attribute("data-state", "open")
    expect(chat.root).to_have_attribute("data-chat-connection", "closed")
    expect(chat.connection_line).to_be_hidden()
    chat.choose_answer("Cancel")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("You chose Cancel.")
    chat.page.reload()
    expect(chat.asked).to_have_attribute("data-state", "answered")


def test_another_page_in_between(chat: ChatPage) -> None:
    begin(chat, "choice")
    chat.page.get_by_role("link", name="Home").click()
    expect(chat.root).to_have_count(0)
    chat.page.go_back()
    expect(chat.asked).to_have_attribute("data-state", "open")
    chat.choose_answer("Run")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("You chose Run.")


def test_an_answer_given_without_a_network_arrives_later(chat: ChatPage, watch: Watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    begin(chat, "choice")
    chat.page.context.set_offline(True)
    chat.choose_answer("Run")
    expect(chat.connection_line).to_be_visible()
    chat.page.context.set_offline(False)
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("You chose Run.")


def test_stop_ends_it(chat: ChatPage) -> None:
    begin(chat, "choice")
    chat.stop()
    chat.wait_until_ready()
    expect(chat.stopped_notes).to_have_count(1)
    expect(chat.asked).to_have_attribute("data-state", "closed")
    expect(chat.asked.get_by_role("button")).to_have_count(0)
    chat.send("Hi")
    chat.wait_until_ready()
    expect(chat.assistant_messages.last).to_contain_text("choice / It is a big table.  / Hi")


def test_time_ends_it(chat: ChatPage) -> None:
    chat.send("late")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("Then without you.")
    expect(chat.asked).to_contain_text("Not answered in time")
    chat.send("too_late")
    expect(chat.failures).to_contain_text("The question was not answered in time.")


def test_async_generators_ask_too(page: Page, app: AppProcess) -> None:
    page.goto(f"{app.url}async")
    chat = ChatPage(page)
    begin(chat, "Go")
    page.reload()
    chat.choose_answer("Run")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("You chose Run.")


def test_a_form_is_filled_in_by_keyboard(chat: ChatPage) -> None:
    begin(chat, "choice")
    chat.input.press("Shift+Tab")
    for _ in range(20):
        if chat.asked.get_by_role("button", name="Cancel").evaluate("element => element === document.activeElement"):
            break
        chat.page.keyboard.press("Shift+Tab")
    chat.page.keyboard.press("Enter")
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_contain_text("You chose Cancel.")
