"""After a failure of the page's own making or of the server: a reload, a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

if TYPE_CHECKING:
    from e2e.conftest import Watch

# What Chromium says in the console of requests to a server that has gone.
LOST = "ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|WebSocket connection"


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"PLANTED_SECRET": "planted"}


@pytest.fixture(params=["websocket", "sse"])
def chat(request: pytest.FixtureRequest, page: Page, app: AppProcess) -> ChatPage:
    page.goto(f"{app.url}{request.param}")
    return ChatPage(page)


def test_failed_answer_survives_a_reload_and_can_be_retried_then(chat: ChatPage, upstream: ScriptedOpenAI) -> None:
    upstream.on("reload me", Scenario(["Half", "rest"], error_after=1), Scenario("Whole."))
    chat.send("reload me")
    expect(chat.root.get_by_role("alert")).to_contain_text("Something went wrong while answering.")
    reference = chat.error_reference
    chat.page.reload()
    expect(chat.failures).to_contain_text("Something went wrong while answering.")
    assert chat.error_reference == reference
    expect(chat.root.get_by_role("alert")).to_have_count(0)  # it is no news
    chat.retry()
    expect(chat.assistant_messages).to_have_text("Whole.")
    expect(chat.failures).to_have_count(0)


def test_killed_server(chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI, watch: Watch) -> None:
    watch.expect(LOST)
    upstream.on("survive", Scenario(["Before ", "the crash "], hold_after={2: Gate()}))
    chat.send("survive")
    chat.wait_for_answer("Before the crash")
    app.kill()
    try:
        expect(chat.connection_line).to_have_text("Reconnecting…")
        expect(chat.assistant_messages).to_have_text("Before the crash")
    finally:
        app.start()
    chat.page.evaluate("window.dispatchEvent(new Event('online'))")  # do not wait for the next attempt
    expect(chat.failures).to_contain_text("The answer was interrupted.")
    expect(chat.connection_line).to_be_empty()
    expect(chat.assistant_messages).to_have_text("Before the crash")
    chat.wait_until_ready()
    upstream.on("next", Scenario("Next answer."))
    chat.send("next")
    chat.wait_for_answer("Next answer.")


def test_stop_while_the_server_is_down(chat: ChatPage, app: AppProcess, upstream: ScriptedOpenAI, watch: Watch) -> None:
    watch.expect(LOST)
    upstream.on("give up", Scenario(["Before ", "the crash "], hold_after={2: Gate()}))
    chat.send("give up")
    chat.wait_for_answer("Before the crash")
    app.kill()
    try:
        expect(chat.connection_line).to_have_text("Reconnecting…")
        chat.stop()
        expect(chat.stopped_notes).to_be_visible()
        assert not chat.is_generating
    finally:
        app.start()
    upstream.on("next", Scenario("Next answer."))
    chat.send("next")
    chat.wait_for_answer("Next answer.")
    expect(chat.stopped_notes).to_have_count(1)
