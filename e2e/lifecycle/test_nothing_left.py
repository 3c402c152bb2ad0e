"""What is over leaves nothing behind: no thread, socket or model call at the server, no listener in the browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, WebSocket, expect

from vizro_ws_chat.testing import AppProcess, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage
from vizro_ws_chat.testing.procfs import socket_count, thread_count, wait_for_at_most

WAIT_SECONDS = 15


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[1] / "dashboard.py"


@pytest.fixture(scope="module")
def app_env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "VIZRO_WS_CHAT_GRACE_SECONDS": "0.5",
        "VIZRO_WS_CHAT_LOG_TTL_SECONDS": "0.5",
        # Of its own: files that others have left keep a thread waiting for their time to be over.
        "VIZRO_WS_CHAT_UPLOAD_FOLDER": str(tmp_path_factory.mktemp("uploads")),
    }


def follow_link(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def test_closed_browser_leaves_nothing_behind(
    app: AppProcess, new_context: Callable[..., BrowserContext], upstream: ScriptedOpenAI
) -> None:
    threads, sockets = thread_count(app.pid), socket_count(app.pid)
    upstream.on("for ever", Scenario(["Still "] * 2, hold_after={1: Gate()}))
    context = new_context()
    page = context.new_page()
    page.goto(app.url)
    chat = ChatPage(page)
    chat.send("for ever")
    chat.wait_for_answer("Still")
    assert thread_count(app.pid) > threads
    context.close()
    assert upstream.requests[-1].wait_disconnected(WAIT_SECONDS)
    assert wait_for_at_most(app.pid, threads=threads, sockets=sockets, timeout=WAIT_SECONDS)


def test_many_turns_and_page_changes_leave_nothing_behind(
    app: AppProcess, new_context: Callable[..., BrowserContext], upstream: ScriptedOpenAI
) -> None:
    upstream.on("turn", Scenario("An answer."))
    threads, sockets = thread_count(app.pid), socket_count(app.pid)
    context = new_context()
    page = context.new_page()
    page.goto(app.url)
    chat = ChatPage(page, "one")
    for turn in range(1, 21):
        chat.send(f"turn {turn}")
        expect(chat.assistant_messages).to_have_text(["An answer."] * turn)
        chat.wait_until_ready()
        if turn % 2 == 0:
            follow_link(page, "No chat")
            expect(chat.root).to_have_count(0)
            follow_link(page, "One chat")
    expect(chat.messages).to_have_count(40)
    context.close()
    urlopen(f"{app.url}collect-garbage").close()
    assert wait_for_at_most(app.pid, threads=threads, sockets=sockets, timeout=WAIT_SECONDS)


def test_page_changes_do_not_grow_the_browser(app: AppProcess, page: Page) -> None:
    sockets: list[WebSocket] = []

    def on_websocket(socket: WebSocket) -> None:
        sockets.append(socket)

    page.on("websocket", on_websocket)
    page.goto(app.url)
    chat = ChatPage(page, "one")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    seen: list[dict[str, float]] = []
    for _ in range(12):
        chat.input.focus()
        expect(chat.root).to_have_attribute("data-chat-connection", "open")
        assert sum(not socket.is_closed() for socket in sockets) == 1
        seen.append(measure(session))
        follow_link(page, "No chat")
        expect(chat.root).to_have_count(0)
        follow_link(page, "One chat")
    assert len(sockets) == 12
    # The least of some changes: React may hold the page before until the next change, if not often four times running.
    early, late = least(seen[:4]), least(seen[-4:])
    # Dash itself leaves a listener on the window for each link of each page that was shown.
    of_dash = 8 * 2 * page.locator("a.nav-link").count()
    # Eight chats that were left behind would be more of each. One page that is held is 150 nodes and a document.
    assert late["JSEventListeners"] - of_dash < early["JSEventListeners"] + 20
    assert late["Nodes"] < early["Nodes"] + 200
    assert late["Documents"] < early["Documents"] + 4


def measure(session: CDPSession) -> dict[str, float]:
    session.send("HeapProfiler.collectGarbage")
    return {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}


def least(measures: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: min(measure[name] for measure in measures) for name in measures[0]}
