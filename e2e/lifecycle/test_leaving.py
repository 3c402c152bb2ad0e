"""The page is left in mid answer, in every way there is: the answer is there on return, whole, and made only once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.story import begin_story
from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

WAIT_SECONDS = 15


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[1] / "dashboard.py"


def follow_link(name: str) -> Callable[[Page], object]:
    return lambda page: page.get_by_role("link", name=name, exact=True).click()


@dataclass(frozen=True)
class Way:
    """How a page is left, and how its user comes back."""

    leave: Callable[[Page], object]
    come_back: Callable[[Page], object]


WAYS = {
    "link": Way(follow_link("No chat"), follow_link("One chat")),
    "back": Way(follow_link("No chat"), lambda page: page.go_back()),
    "forward": Way(lambda page: page.go_back(), lambda page: page.go_forward()),
    "another document": Way(lambda page: page.goto("about:blank"), lambda page: page.go_back()),
}


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    way: Way = request.param
    return way


@pytest.fixture
def chat(page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}no-chat")
    follow_link("One chat")(page)
    return ChatPage(page, "one")


@pytest.fixture
def gate(chat: ChatPage, upstream: ScriptedOpenAI) -> Gate:
    return begin_story(chat, upstream)


def test_answer_still_runs_on_return(chat: ChatPage, way: Way, gate: Gate, upstream: ScriptedOpenAI) -> None:
    requests = len(upstream.requests)
    way.leave(chat.page)
    expect(chat.root).to_have_count(0)
    way.come_back(chat.page)
    expect(chat.assistant_messages).to_have_text("Once upon")
    chat.wait_until_generating()
    gate.release()
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["Tell me a story", "Once upon a time."])
    assert len(upstream.requests) == requests


def test_answer_that_ended_meanwhile_is_complete_on_return(
    chat: ChatPage, way: Way, gate: Gate, upstream: ScriptedOpenAI
) -> None:
    way.leave(chat.page)
    expect(chat.root).to_have_count(0)
    gate.release()
    assert upstream.requests[-1].wait_finished(WAIT_SECONDS)
    way.come_back(chat.page)
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["Tell me a story", "Once upon a time."])


def test_reload_in_mid_answer(chat: ChatPage, gate: Gate) -> None:
    chat.page.reload()
    expect(chat.assistant_messages).to_have_text("Once upon")
    chat.wait_until_generating()
    gate.release()
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["Tell me a story", "Once upon a time."])


def test_conversation_goes_on_after_return(chat: ChatPage, gate: Gate, upstream: ScriptedOpenAI) -> None:
    upstream.on("and then", Scenario("The end."))
    follow_link("No chat")(chat.page)
    expect(chat.root).to_have_count(0)
    chat.page.go_back()
    chat.wait_until_generating()
    gate.release()
    chat.wait_until_ready()
    chat.send("And then?")
    chat.wait_for_answer("The end.")
    assert [message["content"] for message in upstream.requests[-1].messages] == [
        "Tell me a story",
        "Once upon a *time*.",
        "And then?",
    ]


def test_stop_works_after_return(chat: ChatPage, gate: Gate, upstream: ScriptedOpenAI) -> None:
    follow_link("No chat")(chat.page)
    expect(chat.root).to_have_count(0)
    chat.page.go_back()
    chat.stop()
    chat.wait_until_ready()
    assert upstream.requests[-1].wait_disconnected(WAIT_SECONDS)
    expect(chat.assistant_messages).to_have_text("Once upon")
