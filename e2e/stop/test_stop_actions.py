"""Stop in actions that are written otherwise than the guide's: async, and without a network."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

DEADLINE = 10.0


@pytest.fixture(params=["websocket", "sse"])
def transport(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def async_chat(page: Page, app: AppProcess, transport: str) -> ChatPage:
    page.goto(f"{app.url}async-{transport}")
    return ChatPage(page)


@pytest.fixture
def chat(page: Page, app: AppProcess, transport: str) -> ChatPage:
    page.goto(f"{app.url}no-network-{transport}")
    return ChatPage(page)


def test_async_while_text_arrives(async_chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    chat = async_chat
    upstream.on("flow", Scenario(lambda _: (f"{number} " for number in itertools.count()), delay_seconds=0.01))
    chat.send("flow")
    chat.wait_for_answer("0 1 2 3 4 5")
    chat.stop()
    assert upstream.requests[-1].wait_disconnected(DEADLINE)
    expect(chat.stopped_notes).to_have_count(1)
    upstream.on("next", Scenario("Next answer."))
    chat.send("next")
    chat.wait_for_answer("Next answer.")
    contents = [message["content"].strip() for message in upstream.requests[-1].messages]
    assert contents == ["flow", chat.answers[0], "next"]


def test_async_while_the_model_is_silent(async_chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    chat = async_chat
    upstream.on("silent", Scenario(["Some ", "words"], hold_after={1: Gate()}))
    chat.send("silent")
    chat.wait_for_answer("Some")
    chat.stop()
    assert upstream.requests[-1].wait_disconnected(DEADLINE)
    expect(chat.stopped_notes).to_have_count(1)
    expect(chat.assistant_messages).to_have_text("Some")


def test_async_before_the_first_byte(async_chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    chat = async_chat
    gate = Gate()
    upstream.on("headers", Scenario("Never.", before_headers=gate))
    known = len(upstream.requests)
    chat.send("headers")
    assert gate.wait_reached(DEADLINE)
    chat.stop()
    assert upstream.requests[known].wait_disconnected(DEADLINE)
    expect(chat.stopped_notes).to_be_visible()
    upstream.on("next", Scenario("Next answer."))
    chat.send("next")
    chat.wait_for_answer("Next answer.")
    assert len(upstream.requests) == known + 2


@pytest.mark.parametrize(
    ("question", "shown", "printed"),
    [
        ("callback", "waiting", "the callback was called"),
        ("loop", "computing", "the loop has ended"),
        ("yielding", "0 1 2 3", "the generator was closed"),
    ],
)
def test_generator_without_a_network_ends(
    chat: ChatPage, app: AppProcess, question: str, shown: str, printed: str
) -> None:
    before = app.output.count(printed)
    chat.send(question)
    chat.wait_for_answer(shown)
    assert app.output.count(printed) == before
    chat.stop()
    expect(chat.stopped_notes).to_have_count(1)
    assert app.wait_for_output(printed, DEADLINE, count=before + 1)
    assert shown in chat.answers[0]


def test_text_that_comes_after_stop_is_never_shown(chat: ChatPage, app: AppProcess, transport: str) -> None:
    printed = f"late text was yielded to {transport}"
    chat.send(f"deaf {transport}")
    chat.wait_for_answer("early")
    chat.stop()
    expect(chat.stopped_notes).to_have_count(1)
    chat.send(f"wake {transport}")
    chat.wait_for_answer("awake")
    chat.wait_until_ready()
    assert app.wait_for_output(printed, DEADLINE)
    assert chat.answers == ["early", "awake"]
    # Also not in what the server keeps and sends again.
    chat.page.reload()
    expect(chat.assistant_messages).to_have_text(["early", "awake"])
    chat.send("echo")
    chat.wait_for_answer(f"deaf {transport} / early / wake {transport} / awake / echo")
