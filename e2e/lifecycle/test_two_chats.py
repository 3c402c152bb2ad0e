"""Two chats on one page: their answers, Stop buttons and conversations have nothing to do with each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

WAIT_SECONDS = 15


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[1] / "dashboard.py"


@pytest.fixture
def chats(page: Page, app: AppProcess) -> tuple[ChatPage, ChatPage]:
    page.goto(f"{app.url}two-chats")
    return ChatPage(page, "left"), ChatPage(page, "right")


def test_two_answers_stream_at_once_without_mixing(chats: tuple[ChatPage, ChatPage], upstream: ScriptedOpenAI) -> None:
    left, right = chats
    gates = {name: Gate() for name in ("left 1", "left 2", "right 1", "right 2")}
    upstream.on("sea", Scenario(["sea ", "gull ", "song"], hold_after={1: gates["left 1"], 2: gates["left 2"]}))
    upstream.on("hill", Scenario(["hill ", "top ", "view"], hold_after={1: gates["right 1"], 2: gates["right 2"]}))
    left.send("sea?")
    right.send("hill?")
    expect(left.assistant_messages).to_have_text("sea")
    expect(right.assistant_messages).to_have_text("hill")
    gates["right 1"].release()
    expect(right.assistant_messages).to_have_text("hill top")
    gates["left 1"].release()
    expect(left.assistant_messages).to_have_text("sea gull")
    gates["left 2"].release()
    left.wait_until_ready()
    assert right.is_generating
    gates["right 2"].release()
    right.wait_until_ready()
    expect(left.assistant_messages).to_have_text("sea gull song")
    expect(right.assistant_messages).to_have_text("hill top view")


def test_each_stop_stops_its_own_answer(chats: tuple[ChatPage, ChatPage], upstream: ScriptedOpenAI) -> None:
    left, right = chats
    for_ever, gate = Gate(), Gate()
    upstream.on("stopped", Scenario(["Cut ", "short"], hold_after={1: for_ever}))
    upstream.on("going on", Scenario(["All ", "of it"], hold_after={1: gate}))
    left.send("stopped")
    right.send("going on")
    left.wait_for_answer("Cut")
    right.wait_for_answer("All")
    left.stop()
    left.wait_until_ready()
    stopped, going_on = (
        next(request for request in reversed(upstream.requests) if request.text == text)
        for text in ("stopped", "going on")
    )
    assert stopped.wait_disconnected(WAIT_SECONDS)
    assert right.is_generating
    assert going_on.outcome is None
    gate.release()
    right.wait_until_ready()
    expect(right.assistant_messages).to_have_text("All of it")
    expect(left.assistant_messages).to_have_text("Cut")


def test_conversations_are_kept_apart(chats: tuple[ChatPage, ChatPage], upstream: ScriptedOpenAI) -> None:
    left, right = chats
    upstream.on("my name", Scenario("Hello Ada."))
    upstream.on("my town", Scenario("A nice town."))
    upstream.on("who", Scenario("You are Ada."))
    left.send("My name is Ada")
    right.send("My town is Rome")
    left.wait_for_answer("Hello Ada.")
    right.wait_for_answer("A nice town.")
    for chat in chats:
        chat.wait_until_ready()
    left.page.reload()
    expect(left.messages).to_have_text(["My name is Ada", "Hello Ada."])
    expect(right.messages).to_have_text(["My town is Rome", "A nice town."])
    left.send("Who am I?")
    left.wait_for_answer("You are Ada.")
    assert [message["content"] for message in upstream.requests[-1].messages] == [
        "My name is Ada",
        "Hello Ada.",
        "Who am I?",
    ]
    expect(right.messages).to_have_count(2)
