"""Which transport carries an answer, and what happens to the answer when it breaks: not one character."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from vizro_ws_chat.testing import AppProcess, FaultProxy, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

if TYPE_CHECKING:
    from e2e.conftest import Watch

DEADLINE = 10.0
NUMBERS = [f"{number} " for number in range(2_500)]
ALL_NUMBERS = "".join(NUMBERS).strip()
# Bytes into a WebSocket after which some numbers have come and many have not: the middle of a frame, in all likelihood.
MIDDLE = 3_000


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"BASE_PATH": "/"}


@pytest.fixture
def proxy(app: AppProcess, watch: Watch) -> Iterator[FaultProxy]:
    watch.expect("WebSocket connection to .* failed|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET")
    with FaultProxy(app.url) as proxy:
        yield proxy


@pytest.fixture
def websockets(page: Page) -> list[str]:
    urls: list[str] = []
    page.on("websocket", lambda socket: urls.append(socket.url))
    return urls


@pytest.fixture
def streams(page: Page) -> list[str]:
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url) if request.url.endswith("/stream") else None)
    return urls


@pytest.fixture
def chat(page: Page, proxy: FaultProxy) -> ChatPage:
    """A chat with the transport `auto`; the network in between does what the test says."""
    page.goto(f"{proxy.url}auto")
    return ChatPage(page)


def test_pinned_sse_opens_no_websocket(
    page: Page, app: AppProcess, upstream: ScriptedOpenAI, websockets: list[str], streams: list[str]
) -> None:
    upstream.on("plain", Scenario("Over SSE."))
    page.goto(f"{app.url}sse")
    chat = ChatPage(page)
    chat.send("plain")
    chat.wait_for_answer("Over SSE.")
    chat.wait_until_ready()
    assert websockets == []
    assert len(streams) == 1


@pytest.mark.parametrize("transport", ["websocket", "auto"])
def test_websocket_needs_no_stream(
    page: Page, app: AppProcess, upstream: ScriptedOpenAI, websockets: list[str], streams: list[str], transport: str
) -> None:
    upstream.on("plain", Scenario("Over the socket."))
    page.goto(f"{app.url}{transport}")
    chat = ChatPage(page)
    chat.send("plain")
    chat.wait_for_answer("Over the socket.")
    chat.wait_until_ready()
    chat.send("plain again")
    expect(chat.assistant_messages).to_have_text(["Over the socket.", "Over the socket."])
    assert len(websockets) == 1
    assert streams == []


def test_idle_page_opens_nothing(page: Page, app: AppProcess, websockets: list[str], streams: list[str]) -> None:
    page.goto(f"{app.url}auto")
    expect(ChatPage(page).send_button).to_have_attribute("aria-label", "Send message")
    assert websockets == []
    assert streams == []


def test_refused_websocket_falls_back_by_itself(
    chat: ChatPage, proxy: FaultProxy, upstream: ScriptedOpenAI, streams: list[str]
) -> None:
    proxy.on_websocket("refuse")
    upstream.on("count", Scenario(NUMBERS))
    known = len(upstream.requests)
    chat.send("count")
    chat.wait_for_answer(ALL_NUMBERS)
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_have_text(ALL_NUMBERS)
    assert len(streams) == 1
    # What was found out is remembered.
    chat.send("count again")
    expect(chat.assistant_messages).to_have_text([ALL_NUMBERS, ALL_NUMBERS])
    assert proxy.handshakes == 1
    assert len(upstream.requests) == known + 2


def test_page_without_websockets_falls_back(page: Page, app: AppProcess, upstream: ScriptedOpenAI) -> None:
    """As extensions and policies of companies do it: the constructor is there and its sockets never open."""
    page.route_web_socket("**/_vizro_ws_chat/ws**", lambda socket: socket.close())
    upstream.on("count", Scenario(NUMBERS))
    page.goto(f"{app.url}auto")
    chat = ChatPage(page)
    chat.send("count")
    chat.wait_for_answer(ALL_NUMBERS)


def test_pinned_websocket_that_is_refused_says_so_and_goes_on_when_it_can(
    page: Page, proxy: FaultProxy, upstream: ScriptedOpenAI, streams: list[str]
) -> None:
    proxy.on_websocket("refuse")
    upstream.on("plain", Scenario("At last."))
    page.goto(f"{proxy.url}websocket")
    chat = ChatPage(page)
    chat.send("plain")
    expect(chat.connection_line).to_have_text("Connecting…")
    chat.try_now_button.click()
    proxy.on_websocket(None)
    page.evaluate("window.dispatchEvent(new Event('online'))")  # do not wait for the next attempt
    chat.wait_for_answer("At last.")
    expect(chat.connection_line).to_be_empty()
    assert streams == []


@pytest.mark.parametrize("delay", [0.0, 0.001], ids=["burst", "stream"])
@pytest.mark.parametrize(
    ("faults", "streams_needed"),
    [((MIDDLE, None), 0), ((MIDDLE, MIDDLE, MIDDLE, None), 0), ((MIDDLE, "refuse"), 1)],
    ids=["cut once", "cut again and again", "cut and refused"],
)
def test_socket_is_cut_in_mid_answer(
    chat: ChatPage,
    proxy: FaultProxy,
    upstream: ScriptedOpenAI,
    streams: list[str],
    delay: float,
    faults: tuple[int | None, ...],
    streams_needed: int,
) -> None:
    proxy.on_websocket(*faults)
    upstream.on("count", Scenario(NUMBERS, delay_seconds=delay))
    known = len(upstream.requests)
    chat.send("count")
    chat.wait_for_answer(ALL_NUMBERS[-20:])
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_have_text(ALL_NUMBERS)
    assert proxy.handshakes >= len(faults)
    assert len(streams) == streams_needed
    expect(chat.failures).to_have_count(0)
    expect(chat.notice).to_be_empty()
    assert len(upstream.requests) == known + 1


def test_every_connection_is_cut_again_and_again(chat: ChatPage, proxy: FaultProxy, upstream: ScriptedOpenAI) -> None:
    gates = {count: Gate() for count in range(400, 2_500, 700)}
    upstream.on("count", Scenario(NUMBERS, hold_after=gates))
    chat.send("count")
    for count, gate in gates.items():
        chat.wait_for_answer(f" {count - 1}")
        proxy.cut()
        gate.release()
    chat.wait_for_answer(ALL_NUMBERS[-20:])
    chat.wait_until_ready()
    expect(chat.assistant_messages).to_have_text(ALL_NUMBERS)


def test_stop_after_the_fallback_in_mid_answer(
    chat: ChatPage, proxy: FaultProxy, upstream: ScriptedOpenAI, streams: list[str]
) -> None:
    gate = Gate()
    upstream.on("switch", Scenario(["One ", "two ", "three"], hold_after={1: gate, 2: Gate()}))
    chat.send("switch")
    chat.wait_for_answer("One")
    proxy.on_websocket("refuse")
    proxy.cut()
    gate.release()
    chat.wait_for_answer("One two")
    assert len(streams) == 1
    chat.stop()
    expect(chat.stopped_notes).to_be_visible()
    assert upstream.requests[-1].wait_disconnected(DEADLINE)
    upstream.on("next", Scenario("Next answer."))
    chat.send("next")
    chat.wait_for_answer("Next answer.")
    assert [message["content"].strip() for message in upstream.requests[-1].messages] == ["switch", "One two", "next"]
