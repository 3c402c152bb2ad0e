from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from vizro_ws_chat.testing import AppProcess, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage

Show = Callable[..., ChatPage]


@pytest.fixture
def show(page: Page, app: AppProcess, upstream: ScriptedOpenAI) -> Show:
    """Open the chat and have it answer with a text."""

    def show(text: str) -> ChatPage:
        upstream.on("show", Scenario([text]))
        page.goto(app.url)
        chat = ChatPage(page)
        chat.send("show")
        chat.wait_until_ready()
        return chat

    return show
