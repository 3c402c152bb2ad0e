"""An answer in whose middle something happens."""

from __future__ import annotations

from playwright.sync_api import expect

from vizro_ws_chat.testing import Gate, Scenario, ScriptedOpenAI
from vizro_ws_chat.testing.chat_page import ChatPage


def begin_story(chat: ChatPage, upstream: ScriptedOpenAI) -> Gate:
    """Ask for a story, and hold it when its first part is shown.

    Returns:
        What lets the story go on to its end, "Once upon a time."
    """
    gate = Gate()
    upstream.on("tell", Scenario(["Once ", "upon ", "a *time*."], hold_after={2: gate}))
    chat.send("Tell me a story")
    expect(chat.assistant_messages).to_have_text("Once upon")
    return gate
