"""More pages are open than the server has threads: the dashboard answers, and so does the chat of a new page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from simple_websocket import Client, ConnectionClosed

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI, serve_gunicorn
from vizro_ws_chat.testing.chat_page import ChatPage

DASHBOARD = Path(__file__).parents[1] / "dashboard.py"
THREADS = 8
WAIT_SECONDS = 15


@pytest.fixture(scope="module")
def app(upstream: ScriptedOpenAI) -> Iterator[AppProcess]:
    env = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key}
    with serve_gunicorn(DASHBOARD, threads=THREADS, env=env) as process:
        yield process


def open_idle_connection(url: str) -> Client:
    """Do what a page does whose composer has got focus."""
    # This client's Host header lacks the port, so the origin, which has to agree with it, does too.
    client = Client(f"{url.replace('http', 'ws', 1)}_vizro_ws_chat/ws", headers={"Origin": "http://127.0.0.1"})
    client.send(json.dumps([{"type": "hello", "v": 1, "chat": "one", "resume": []}]))
    welcome = client.receive(timeout=WAIT_SECONDS)
    assert json.loads(welcome)[0]["type"] == "welcome"
    return client


def test_fifty_pages_on_eight_threads(
    app: AppProcess, new_context: Callable[..., BrowserContext], upstream: ScriptedOpenAI
) -> None:
    upstream.on("room", Scenario("There was room."))
    context = new_context()
    for _ in range(10):
        chat = ChatPage(context.new_page(), "one")
        chat.page.goto(app.url)
        chat.input.focus()
        expect(chat.root).to_have_attribute("data-chat-connection", "open")
    clients = [open_idle_connection(app.url) for _ in range(40)]
    page = context.new_page()
    page.goto(f"{app.url}no-chat")
    expect(page.get_by_text("Nothing to say here.")).to_be_visible()
    page.get_by_role("link", name="One chat", exact=True).click()
    chat = ChatPage(page, "one")
    chat.send("room?")
    chat.wait_for_answer("There was room.")
    for client in clients:
        # Most were asked to leave.
        with suppress(ConnectionClosed):
            client.close()


def test_dashboard_answers_while_every_place_is_taken(
    app: AppProcess, new_context: Callable[..., BrowserContext], upstream: ScriptedOpenAI
) -> None:
    gate = Gate()
    upstream.on("hold", Scenario(["Held ", "until now."], hold_after={1: gate}))
    context = new_context()
    chats = []
    for _ in range(THREADS // 2):
        chat = ChatPage(context.new_page(), "one")
        chat.page.goto(app.url)
        chat.send("hold")
        chat.wait_for_answer("Held")
        chats.append(chat)
    page = context.new_page()
    page.goto(f"{app.url}no-chat")
    expect(page.get_by_text("Nothing to say here.")).to_be_visible()
    gate.release()
    for chat in chats:
        chat.wait_until_ready()
        expect(chat.assistant_messages).to_have_text("Held until now.")
