"""The guide's example, letter for letter: a turn, the conversation, the waiting indicator, history."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

EXAMPLE = Path(__file__).parents[2] / "examples" / "openai_streaming" / "app.py"


@pytest.fixture(scope="module")
def app_path() -> Path:
    return EXAMPLE


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(app.url)
    return ChatPage(page)


def test_answer_is_rendered_as_it_arrives(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    gate = Gate()
    upstream.on("grow", Scenario(["First **bold** ", "and then the rest."], hold_after={1: gate}))
    chat.send("grow")
    expect(chat.assistant_messages).to_have_text("First bold")
    expect(chat.assistant_messages.locator("strong")).to_have_text("bold")
    assert chat.is_generating
    gate.release()
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_have_text("First bold and then the rest.")


def test_bubble_and_waiting_indicator_do_not_wait_for_the_server(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    gate = Gate()
    upstream.on("wait", Scenario("Here.", before_headers=gate))
    chat.input.fill("wait for it")
    # In one task with the key press: no round trip, no timer can have come between.
    seen = chat.input.evaluate(
        """input => {
            input.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
            return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done({
                user: document.querySelector(".chat-user-message")?.textContent,
                waiting: document.querySelector(".chat-loading-message") !== null,
                input: input.value,
            }))));
        }"""
    )
    assert seen == {"user": "wait for it", "waiting": True, "input": ""}
    gate.release()
    chat.wait_for_answer("Here.")
    expect(chat.root.locator(".chat-loading-message")).to_have_count(0)


def test_action_gets_the_whole_conversation(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("one", Scenario("Answer one."))
    upstream.on("two", Scenario("Answer two."))
    chat.send("one")
    chat.wait_until_ready()
    chat.wait_for_answer("Answer one.")
    chat.send("two")
    chat.wait_for_answer("Answer two.")
    assert upstream.requests[-1].messages == [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "Answer one."},
        {"role": "user", "content": "two"},
    ]
    assert upstream.requests[-1].body["instructions"] == "Be polite and creative."


def test_the_next_message_can_be_typed_while_an_answer_streams(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    gate = Gate()
    upstream.on("slow", Scenario(["Slow ", "answer."], hold_after={1: gate}))
    upstream.on("next", Scenario("Next answer."))
    chat.send("slow")
    chat.wait_for_answer("Slow")
    chat.input.fill("next")
    chat.input.press("Enter")
    expect(chat.user_messages).to_have_count(1)
    expect(chat.input).to_have_value("next")
    gate.release()
    chat.wait_until_ready()
    expect(chat.input).to_have_value("next")
    chat.input.press("Enter")
    chat.wait_for_answer("Next answer.")


def test_click_sends_too(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("click", Scenario("Clicked."))
    chat.input.fill("click")
    chat.send_button.click()
    chat.wait_for_answer("Clicked.")


def test_history_survives_a_reload_and_goes_on(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("remember", Scenario("I will *remember*."))
    upstream.on("and", Scenario("Of course."))
    chat.send("remember me")
    chat.wait_for_answer("I will remember.")
    chat.wait_until_ready()
    chat.page.reload()
    expect(chat.user_messages).to_have_text("remember me")
    expect(chat.assistant_messages).to_have_text("I will remember.")
    chat.send("and now?")
    chat.wait_for_answer("Of course.")
    assert [message["content"] for message in upstream.requests[-1].messages] == [
        "remember me",
        "I will *remember*.",
        "and now?",
    ]


def test_history_survives_a_restart_of_the_server(chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI) -> None:
    upstream.on("before", Scenario("Before the restart."))
    upstream.on("after", Scenario("After the restart."))
    chat.send("before")
    chat.wait_for_answer("Before the restart.")
    chat.wait_until_ready()
    app.stop()
    app.start()
    chat.page.reload()
    chat.send("after")
    chat.wait_for_answer("After the restart.")
    assert [message["content"] for message in upstream.requests[-1].messages] == [
        "before",
        "Before the restart.",
        "after",
    ]
