"""A dashboard below a path, as behind many proxies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI, serve_development
from vizro_ws_chat.testing.chat_page import ChatPage


@pytest.fixture(scope="module")
def app(app_path: Path, upstream: ScriptedOpenAI) -> Iterator[AppProcess]:
    env = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": upstream.api_key, "BASE_PATH": "/sub/"}
    process = serve_development(app_path, env=env)
    process.url += "sub/"
    with process:
        yield process


@pytest.mark.parametrize(("transport", "endpoint"), [("websocket", "ws?"), ("sse", "stream")])
def test_turn(page: Page, app: AppProcess, upstream: ScriptedOpenAI, transport: str, endpoint: str) -> None:
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.on("websocket", lambda socket: urls.append(socket.url))
    upstream.on("below", Scenario("From below."))
    page.goto(f"{app.url}{transport}")
    chat = ChatPage(page)
    chat.send("below")
    chat.wait_for_answer("From below.")
    chat.wait_until_ready()
    assert any(f"/sub/_vizro_ws_chat/{endpoint}" in url for url in urls)
