"""A tab is duplicated in mid answer: both are of one owner and show one run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.story import begin_story
from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

WAIT_SECONDS = 15
COOKIE = "vizro_ws_chat_owner"


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[1] / "dashboard.py"


@pytest.fixture
def gate(page: Page, app: AppProcess, upstream: ScriptedOpenAI) -> Gate:
    page.goto(app.url)
    return begin_story(ChatPage(page, "one"), upstream)


@pytest.fixture
def chat(page: Page, gate: Gate) -> ChatPage:
    """A chat in mid answer."""
    return ChatPage(page, "one")


def duplicate(chat: ChatPage) -> ChatPage:
    """Open the same page in another tab with a copy of the session storage, as "Duplicate tab" does."""
    with chat.page.expect_popup() as popup:
        chat.page.evaluate("window.open(location.href)")
    return ChatPage(popup.value, "one")


def test_both_show_the_answer_live(chat: ChatPage, gate: Gate, upstream: ScriptedOpenAI) -> None:
    requests = len(upstream.requests)
    other = duplicate(chat)
    expect(other.assistant_messages).to_have_text("Once upon")
    other.wait_until_generating()
    gate.release()
    for tab in (chat, other):
        tab.wait_until_ready()
        expect(tab.messages).to_have_text(["Tell me a story", "Once upon a time."])
    assert len(upstream.requests) == requests


def test_stop_in_one_stops_both(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    other = duplicate(chat)
    other.wait_until_generating()
    other.stop()
    for tab in (chat, other):
        expect(tab.stopped_notes).to_be_visible()
        tab.wait_until_ready()
        expect(tab.assistant_messages).to_have_text("Once upon")
    assert upstream.requests[-1].wait_disconnected(WAIT_SECONDS)


def test_each_goes_on_with_a_conversation_of_its_own(chat: ChatPage, gate: Gate, upstream: ScriptedOpenAI) -> None:
    other = duplicate(chat)
    other.wait_until_generating()
    gate.release()
    for number, tab in enumerate((chat, other)):
        tab.wait_until_ready()
        upstream.on(f"next {number}", Scenario(f"Answer {number}."))
        tab.send(f"next {number}")
        tab.wait_for_answer(f"Answer {number}.")
        assert [message["content"] for message in upstream.requests[-1].messages] == [
            "Tell me a story",
            "Once upon a *time*.",
            f"next {number}",
        ]


def test_another_browser_has_another_owner_and_finds_nothing(
    chat: ChatPage, gate: Gate, new_context: Callable[..., BrowserContext]
) -> None:
    """Even one that knows the whole conversation and the run's id."""
    storage = chat.page.evaluate("({...sessionStorage})")
    thief = new_context()
    thief.add_init_script(f"location.protocol === 'http:' && Object.assign(sessionStorage, {json.dumps(storage)})")
    page = thief.new_page()
    page.goto(chat.page.url)
    stolen = ChatPage(page, "one")
    expect(stolen.failures).to_contain_text("The answer was interrupted.")
    gate.release()
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_have_text("Once upon a time.")
    expect(stolen.assistant_messages).not_to_contain_text("a time.")
    stolen.send("And then?")
    expect(stolen.failures.last).to_contain_text("could not be continued")
    [mine, theirs] = [
        next(cookie for cookie in context.cookies() if cookie["name"] == COOKIE)
        for context in (chat.page.context, thief)
    ]
    assert mine["value"] != theirs["value"]
    assert mine["httpOnly"]
    assert mine["sameSite"] == "Lax"
    assert chat.page.evaluate("document.cookie") == ""
