"""The network fails in every way there is: the user sees a word about it, and in the end the whole answer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from e2e.story import begin_story
from vizro_ws_chat.testing import AppProcess, FaultProxy, Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage
from vizro_ws_chat.testing.faults import BlackHole, Cut, Fault, HalfClose, Opening, Stall

if TYPE_CHECKING:
    from e2e.conftest import Watch

NUMBERS = [f"{number} " for number in range(1_500)]
ALL_NUMBERS = "".join(NUMBERS).strip()
LOST = "WebSocket connection|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INTERNET_DISCONNECTED"


@pytest.fixture(scope="module")
def app_path() -> Path:
    return Path(__file__).parents[1] / "transports" / "app.py"


@pytest.fixture(scope="module")
def app_env() -> dict[str, str]:
    return {"BASE_PATH": "/", "VIZRO_WS_CHAT_HEARTBEAT_SECONDS": "0.5"}


@pytest.fixture
def proxy(app: AppProcess, watch: Watch) -> Iterator[FaultProxy]:
    watch.expect(LOST)
    with FaultProxy(app.url) as proxy:
        yield proxy


@pytest.fixture(params=["websocket", "sse", "auto"])
def chat(request: pytest.FixtureRequest, page: Page, proxy: FaultProxy) -> ChatPage:
    page.goto(f"{proxy.url}{request.param}")
    chat = ChatPage(page)
    chat.input.wait_for()
    page.wait_for_load_state("networkidle")  # the dashboard itself may now lose its network
    return chat


@pytest.fixture
def gate(chat: ChatPage, upstream: ScriptedOpenAI) -> Gate:
    return begin_story(chat, upstream)


def hurry(chat: ChatPage) -> None:
    """Let the browser find its network: the chat does not wait for the next attempt then."""
    chat.page.evaluate("window.dispatchEvent(new Event('online'))")


def check_is_whole(chat: ChatPage) -> None:
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["Tell me a story", "Once upon a time."])
    expect(chat.failures).to_have_count(0)
    expect(chat.connection_line).to_be_empty()


def test_link_is_down_for_a_while(chat: ChatPage, proxy: FaultProxy, gate: Gate, upstream: ScriptedOpenAI) -> None:
    requests = len(upstream.requests)
    proxy.link_down()
    expect(chat.connection_line).to_have_text("Reconnecting…")
    expect(chat.root).to_have_attribute("data-chat-connection", "reconnecting")
    chat.try_now_button.click()
    gate.release()
    proxy.link_up()
    hurry(chat)
    check_is_whole(chat)
    assert len(upstream.requests) == requests


def test_network_swallows_everything(chat: ChatPage, proxy: FaultProxy, gate: Gate) -> None:
    """Nobody is told of it: the heartbeat finds out."""
    proxy.black_hole()
    expect(chat.connection_line).to_have_text("Reconnecting…", timeout=15_000)
    gate.release()
    proxy.link_up()
    hurry(chat)
    check_is_whole(chat)


def test_page_sleeps(chat: ChatPage, proxy: FaultProxy, gate: Gate) -> None:
    """As on a laptop that is closed: nothing runs in the page, and meanwhile all its connections end."""
    devtools = chat.page.context.new_cdp_session(chat.page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    proxy.cut()
    gate.release()
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    check_is_whole(chat)


def test_server_is_restarted_in_mid_answer(
    chat: ChatPage, gate: Gate, app: AppProcess, upstream: ScriptedOpenAI
) -> None:
    app.kill()
    app.start()
    hurry(chat)
    expect(chat.failures).to_contain_text("The answer was interrupted.")
    expect(chat.assistant_messages).to_have_text("Once upon")
    chat.wait_until_ready()
    gate.release()
    upstream.on("and then", Scenario("The end."))
    chat.send("And then?")
    chat.wait_for_answer("The end.")
    assert [message["content"] for message in upstream.requests[-1].messages] == ["Tell me a story", "And then?"]
    upstream.on("more", Scenario("No more."))
    chat.send("More?")
    chat.wait_for_answer("No more.")


@pytest.mark.parametrize("fault", ["cuts", "everything"])
def test_every_connection_has_a_fault(
    fault: str, page: Page, proxy: FaultProxy, upstream: ScriptedOpenAI, app: AppProcess
) -> None:
    """At a random byte; those of the first connections, which bring the page, are spared."""
    chance = random.Random(fault)

    def draw(_: Opening) -> Fault | None:
        place = chance.randrange(200, 6_000)
        faults: list[Fault | None] = [Cut(place), Cut(chance.randrange(1_500), toward="server"), Cut(place, reset=True)]
        if fault == "everything":
            faults += [Stall(place, seconds=0.2), BlackHole(place), HalfClose(place), None]
        return chance.choice(faults)

    upstream.on("count", Scenario(NUMBERS, delay_seconds=0.001))
    page.goto(f"{proxy.url}auto")
    chat = ChatPage(page, timeout=60)
    chat.input.focus()
    known = len(upstream.requests)
    proxy.plan = lambda opening: draw(opening) if "_vizro_ws_chat" in opening.path else None
    for turn in range(1, 4):
        chat.send(f"count {turn}")
        expect(chat.assistant_messages).to_have_text([ALL_NUMBERS] * turn, timeout=60_000)
        chat.wait_until_ready()
    expect(chat.failures).to_have_count(0)
    assert len(upstream.requests) == known + 3


class TestOffline:
    """The browser itself says that it has no network."""

    def test_message_is_kept_and_sent(self, chat: ChatPage, upstream: ScriptedOpenAI) -> None:
        upstream.on("hello", Scenario("Hello."))
        known = len(upstream.requests)
        chat.page.context.set_offline(True)
        chat.send("hello?")
        expect(chat.pending_notes).to_contain_text("Not sent yet")
        expect(chat.connection_line).to_contain_text("You are offline.")
        assert len(upstream.requests) == known
        chat.page.context.set_offline(False)
        chat.wait_for_answer("Hello.")
        expect(chat.messages).to_have_text(["hello?", "Hello."])
        expect(chat.pending_notes).to_have_count(0)
        expect(chat.connection_line).to_be_empty()
        assert len(upstream.requests) == known + 1

    def test_message_can_be_withdrawn(self, chat: ChatPage, upstream: ScriptedOpenAI) -> None:
        upstream.on("other", Scenario("The other answer."))
        known = len(upstream.requests)
        chat.page.context.set_offline(True)
        chat.send("better not")
        chat.withdraw_button.click()
        expect(chat.messages).to_have_count(0)
        expect(chat.input).to_have_value("better not")
        chat.page.context.set_offline(False)
        chat.input.fill("")
        chat.send("other")
        chat.wait_for_answer("The other answer.")
        expect(chat.messages).to_have_text(["other", "The other answer."])
        assert [request.text for request in upstream.requests[known:]] == ["other"]

    def test_message_survives_a_reload(self, chat: ChatPage, proxy: FaultProxy, upstream: ScriptedOpenAI) -> None:
        upstream.on("hello", Scenario("Hello."))
        known = len(upstream.requests)
        proxy.plan = lambda opening: Cut() if "_vizro_ws_chat" in opening.path else None
        proxy.cut()
        chat.send("hello?")
        expect(chat.pending_notes).to_contain_text("Not sent yet")
        chat.page.reload()
        expect(chat.user_messages).to_have_text("hello?")
        proxy.plan = None
        chat.wait_for_answer("Hello.")
        expect(chat.messages).to_have_text(["hello?", "Hello."])
        assert len(upstream.requests) == known + 1


def test_an_answer_to_a_send_is_lost(chat: ChatPage, proxy: FaultProxy, upstream: ScriptedOpenAI) -> None:
    """The message has arrived, `accepted` has not: it is sent again and answered once."""
    upstream.on("once", Scenario("Only once."))
    known = len(upstream.requests)
    chat.input.focus()
    expect(chat.root).to_have_attribute("data-chat-connection", "open")
    proxy.hold()
    chat.send("once?")
    assert proxy.wait_held(b"accepted", 15)
    proxy.cut()
    proxy.release()
    chat.wait_for_answer("Only once.")
    chat.wait_until_ready()
    expect(chat.messages).to_have_text(["once?", "Only once."])
    assert len(upstream.requests) == known + 1


def test_goes_to_sse_and_comes_back_by_itself(page: Page, proxy: FaultProxy, upstream: ScriptedOpenAI) -> None:
    streams: list[str] = []
    page.on("request", lambda request: streams.append(request.url) if request.url.endswith("/stream") else None)
    upstream.on("plain", Scenario("Answer."))
    page.goto(f"{proxy.url}auto")
    chat = ChatPage(page)
    gate = Gate()
    upstream.on("switch", Scenario(["One ", "two"], hold_after={1: gate}))
    chat.send("switch")
    chat.wait_for_answer("One")
    proxy.on_websocket("refuse")
    proxy.cut()
    gate.release()
    chat.wait_for_answer("One two")
    chat.wait_until_ready()
    assert streams
    proxy.on_websocket(None)
    handshakes, before = proxy.handshakes, len(streams)
    chat.send("plain")
    chat.wait_for_answer("Answer.")
    assert proxy.handshakes == handshakes + 1
    assert len(streams) == before
