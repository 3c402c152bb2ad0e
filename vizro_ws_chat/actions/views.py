"""How messages are shown: by the chat itself, unless an action overrides `message_to_html`."""

from __future__ import annotations

import json
from typing import Any

from dash import html

from vizro_ws_chat.actions.messages import Message
from vizro_ws_chat.parts.trees import encode_components

_BUBBLE = "chat-message-bubble"


def default_view(message: dict[str, Any]) -> html.Div:
    """Return the components of a message, in the shape and with the class names of `vizro_experimental.chat`.

    What the browser code makes better than Dash, it fills in itself: an answer's Markdown and a question's files.
    """
    content = json.loads(message["content_json"])
    if message["role"] == "user":
        return html.Div(
            _user_children(str(content or ""), bool(message.get("attachments"))), className="chat-message-wrapper"
        )
    shown = _filled("markdown", content) if isinstance(content, str) else content
    return html.Div(html.Div(shown, className=f"{_BUBBLE} chat-assistant-message"), className="chat-message-wrapper")


def encode_view(message: Message, shown: object) -> str | None:
    """Return what `message_to_html` made of a message as JSON; `None` when that is what the chat shows anyway.

    Raises:
        AnswerError: If it can't be shown.
    """
    if shown is None:
        return None
    view = encode_components(shown, "message_to_html returned")
    return None if view == encode_components(default_view(store_message(message)), "message_to_html returned") else view


def store_message(message: Message) -> dict[str, Any]:
    """Return a message as `message_to_html` gets it."""
    stored: dict[str, Any] = {"role": message["role"], "content_json": json.dumps(message["content"])}
    if "attachments" in message:
        stored["attachments"] = message["attachments"]
    return stored


def _user_children(text: str, has_files: bool) -> list[html.Div]:
    files = [_filled("files", "")] if has_files else []
    # A message of nothing but files has no empty bubble.
    bubble = [html.Div(text, className=f"{_BUBBLE} chat-user-message chat-user-text")] if text or not files else []
    return [*files, *bubble]


def _filled(what: str, value: str) -> html.Div:
    attributes: dict[str, Any] = {f"data-chat-{what}": value}
    return html.Div(**attributes)
