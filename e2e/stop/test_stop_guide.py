"""Stop in the guide's example, letter for letter, over a WebSocket and where a WebSocket is refused."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, FaultProxy, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

if TYPE_CHECKING:
    from e2e.conftest import Watch

DEADLINE = 10.0
PRESSES = pytest.mark.parametrize("press", ["button", "escape"])
# In one task of the page: nothing that the server says can come between.
ENTER_THEN_STOP = """button => {
    const enter = new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true});
    button.closest("[data-chat-part=composer]").querySelector("textarea").dispatchEvent(enter);
    const live = button.ariaLabel;
    button.click();
    return [live, button.ariaLabel];
}"""
STOP = "button => { button.click(); return button.ariaLabel; }"


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[2] / "examples" / "openai_streaming" / "app.py"


@pytest.fixture(scope="module")
def proxy(app: AppProcess) -> Iterator[FaultProxy]:
    with FaultProxy(app.url) as proxy:
        yield proxy


@pytest.fixture(params=["websocket", "sse"])
def chat(request: pytest.FixtureRequest, page: Page, proxy: FaultProxy, watch: Watch) -> Iterator[ChatPage]:
    proxy.on_websocket("refuse" if request.param == "sse" else None)
    watch.expect("WebSocket connection to .* failed")
    page.goto(proxy.url)
    yield ChatPage(page)
    proxy.release()
    assert any("/stream" in url for url in watch.requests) == (request.param == "sse")


def stop(chat: ChatPage, press: str) -> None:
    if press == "button":
        chat.stop()
    else:
        chat.input.press("Escape")


def expect_next_turn(chat: ChatPage, upstream: ScriptedOpenAI, question: str, known: int) -> None:
    """The conversation goes on at once, with the stopped answer as it is shown, and hears no more of the old run."""
    upstream.on("next", Scenario("Next answer."))
    chat.send("next")
    chat.wait_for_answer("Next answer.")
    chat.wait_until_ready()
    expect(chat.assistant_messages.last).to_have_text("Next answer.")
    expect(chat.stopped_notes).to_have_count(1)
    partial = [text for text in chat.answers[:-1] if text]
    new = upstream.requests[known:]
    answered = [request for request in new if request.text == "next"]
    assert len(answered) == 1
    assert [message["content"].strip() for message in answered[0].messages] == [question, *partial, "next"]
    # An action that is stopped before it has reached the model may still reach it, also after the next question.
    stopped = [request for request in new if request.text == question]
    assert len(stopped) <= 1
    assert all(request.wait_disconnected(DEADLINE) for request in stopped)


@PRESSES
def test_while_text_arrives(chat: ChatPage, upstream: ScriptedOpenAI, press: str) -> None:
    question = f"flow {press}"
    upstream.on(question, Scenario(lambda _: (f"{number} " for number in itertools.count()), delay_seconds=0.01))
    known = len(upstream.requests)
    chat.send(question)
    chat.wait_for_answer("0 1 2 3 4 5")
    stop(chat, press)
    expect(chat.stopped_notes).to_have_count(1)
    assert not chat.is_generating
    assert upstream.requests[known].wait_disconnected(DEADLINE)
    assert chat.answers[0].startswith("0 1 2 3 4 5")
    expect_next_turn(chat, upstream, question, known)


@PRESSES
def test_while_the_model_is_silent(chat: ChatPage, upstream: ScriptedOpenAI, press: str) -> None:
    question = f"silent {press}"
    upstream.on(question, Scenario(["Some ", "words "], hold_after={2: Gate()}))
    known = len(upstream.requests)
    chat.send(question)
    chat.wait_for_answer("Some words")
    stop(chat, press)
    assert upstream.requests[known].wait_disconnected(DEADLINE)
    expect(chat.stopped_notes).to_have_count(1)
    expect(chat.assistant_messages).to_have_text("Some words")
    expect_next_turn(chat, upstream, question, known)


@PRESSES
def test_before_the_first_byte(chat: ChatPage, upstream: ScriptedOpenAI, press: str) -> None:
    question = f"headers {press}"
    gate = Gate()
    upstream.on(question, Scenario("Never.", before_headers=gate))
    known = len(upstream.requests)
    chat.send(question)
    assert gate.wait_reached(DEADLINE)
    stop(chat, press)
    assert upstream.requests[known].wait_disconnected(DEADLINE)
    expect(chat.stopped_notes).to_be_visible()
    expect(chat.assistant_messages).to_be_hidden()
    expect_next_turn(chat, upstream, question, known)


def test_nothing_is_awaited(chat: ChatPage, upstream: ScriptedOpenAI, proxy: FaultProxy) -> None:
    upstream.on("held", Scenario(["Shown ", "text"], hold_after={1: Gate()}))
    chat.send("held")
    chat.wait_for_answer("Shown")
    proxy.hold()  # from here on the page hears nothing
    assert chat.send_button.evaluate(STOP) == "Send message"
    expect(chat.stopped_notes).to_be_visible()
    expect(chat.input).to_be_focused()
    chat.input.fill("next")
    chat.input.press("Enter")
    expect(chat.user_messages).to_have_count(2)
    proxy.release()
    chat.wait_for_answer("Next answer.")


def test_right_after_enter(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    question = "hasty"
    known = len(upstream.requests)
    upstream.on(question, Scenario("Never.", before_headers=Gate()))
    chat.input.fill(question)
    assert chat.send_button.evaluate(ENTER_THEN_STOP) == ["Stop", "Send message"]
    expect(chat.stopped_notes).to_be_visible()
    expect_next_turn(chat, upstream, question, known)


def test_before_the_server_has_said_that_it_has_the_message(
    chat: ChatPage, upstream: ScriptedOpenAI, proxy: FaultProxy
) -> None:
    upstream.on("first", Scenario("First answer."))
    chat.send("first")
    chat.wait_for_answer("First answer.")
    chat.wait_until_ready()
    upstream.on("unheard", Scenario("Never.", before_headers=Gate()))
    known = len(upstream.requests)
    proxy.hold()
    chat.send("unheard")
    assert proxy.wait_held(b'"accepted"', DEADLINE)
    assert upstream.wait_for_requests(known + 1, DEADLINE)
    chat.stop()
    assert upstream.requests[known].wait_disconnected(DEADLINE)
    proxy.release()
    expect(chat.stopped_notes).to_have_count(1)
    upstream.on("next", Scenario("Next answer."))
    chat.send("next")
    chat.wait_for_answer("Next answer.")
    assert [message["content"] for message in upstream.requests[-1].messages] == [
        "first",
        "First answer.",
        "unheard",
        "next",
    ]


def test_after_the_end_it_does_nothing(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("whole", Scenario("The whole answer."))
    chat.send("whole")
    chat.wait_for_answer("The whole answer.")
    chat.wait_until_ready()
    chat.input.press("Escape")
    chat.send_button.click()
    upstream.on("next", Scenario("Next answer."))
    chat.send("next")
    chat.wait_for_answer("Next answer.")
    expect(chat.user_messages).to_have_count(2)
    expect(chat.stopped_notes).to_have_count(0)


def test_too_late_for_an_answer_that_was_complete(chat: ChatPage, upstream: ScriptedOpenAI, proxy: FaultProxy) -> None:
    gate = Gate()
    upstream.on("late", Scenario(["Begin, ", "end."], hold_after={1: gate}))
    chat.send("late")
    chat.wait_for_answer("Begin,")
    proxy.hold()
    gate.release()
    assert proxy.wait_held(b'"finish"', DEADLINE)
    chat.stop()
    expect(chat.stopped_notes).to_be_visible()
    proxy.release()
    expect(chat.assistant_messages).to_have_text("Begin, end.")
    expect(chat.stopped_notes).to_have_count(0)


def test_double_click_stops_once_and_sends_nothing(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("twice", Scenario(["Some ", "words"], hold_after={1: Gate()}))
    chat.send("twice")
    chat.wait_for_answer("Some")
    chat.input.fill("being written")
    known = len(upstream.requests)
    chat.send_button.dblclick()
    expect(chat.stopped_notes).to_have_count(1)
    assert upstream.requests[known - 1].wait_disconnected(DEADLINE)
    expect(chat.user_messages).to_have_count(1)
    expect(chat.input).to_have_value("being written")
    upstream.on("being written", Scenario("Read."))
    chat.input.press("Enter")
    chat.wait_for_answer("Read.")
    assert len(upstream.requests) == known + 1


def test_escape_elsewhere_does_nothing_and_typed_text_is_kept(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("elsewhere", Scenario(["Some ", "words"], hold_after={1: Gate()}))
    chat.send("elsewhere")
    chat.wait_for_answer("Some")
    chat.input.blur()
    chat.page.keyboard.press("Escape")
    assert chat.is_generating
    chat.input.press_sequentially("my next ")
    chat.input.press("Escape")
    chat.input.press_sequentially("question")
    expect(chat.stopped_notes).to_be_visible()
    expect(chat.input).to_have_value("my next question")
