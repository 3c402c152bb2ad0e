"""Puts a chat together: its routes, its browser code and its Dash components, wherever in the dashboard it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import Context, copy_context
from typing import Annotated, Any, Literal, TypeAlias

import dash
from dash import Dash, html
from flask import Flask, has_request_context
from pydantic import Field, ValidationError
from pydantic.dataclasses import dataclass

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.models.first_request import set_up_once
from vizro_ws_chat.models.layout import chat_layout, register_component_callback
from vizro_ws_chat.models.resources import add_resources
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.transports.mount import PATH, ChatMount, mount
from vizro_ws_chat.transports.service import Responder

WhileAnswering: TypeAlias = Literal["wait", "queue", "deliver"]
"""What becomes of a message that is sent while an answer is being written."""


@dataclass(frozen=True)
class Looks:
    """What the author has chosen of a chat's looks.

    The fields are those of `Chat`, and `on_plain_page`: whether there is no style sheet of Vizro's.

    Raises:
        pydantic.ValidationError: When something is chosen that can't be.
    """

    name: Annotated[str, Field(min_length=1)]
    placeholder: str
    description: str = ""
    example_questions: Sequence[str] = ()
    submit_key: Literal["enter", "mod+enter"] = "enter"
    anchor: Literal["bottom", "top"] = "bottom"
    transport: Literal["auto", "websocket", "sse"] = "auto"
    points_from: Sequence[str] = ()
    pin_to: str | None = None
    while_answering: WhileAnswering = "wait"
    on_plain_page: bool = False


def choose_looks(chat_id: str, **choices: Any) -> Looks:
    """Return what an author has chosen of a chat's looks.

    Raises:
        ConfigurationError: When something is chosen that can't be.
    """
    try:
        return Looks(**choices)
    except ValidationError as error:
        raise ConfigurationError(f"The chat {chat_id!r} can't be made: {error}") from error


def register_chat(app: Dash, chat_id: str, responder: Responder) -> None:
    """Put a chat's routes, callbacks and browser code on an app.

    Raises:
        ConfigurationError: When the app has a chat of this id already, or can't have chats.
    """
    _mount(app).register(chat_id, responder)
    set_up_once(app)
    add_resources(app)
    register_component_callback(app, chat_id)


def build_chat(app: Dash, chat_id: str, looks: Looks, responder: Responder, finished: str | None = None) -> html.Div:
    """Return the Dash components of a chat that is registered.

    Args:
        app: Where it is registered.
        chat_id: Prefix of all ids.
        looks: What the author has chosen.
        responder: What answers.
        finished: The id of the store to be set when an answer is complete; `None` where nobody waits for it.
    """
    settings = _mount(app).settings
    config = {
        "chat": chat_id,
        "transport": looks.transport,
        "base": f"{app.config.requests_pathname_prefix}{PATH}",
        "websocket": f"{chat_id}-websocket",
        "storage": storage_key(app, chat_id),
        "name": looks.name,
        "description": looks.description,
        "exampleQuestions": list(looks.example_questions),
        "submitKey": looks.submit_key,
        "anchor": looks.anchor,
        "whileAnswering": looks.while_answering,
        "feedback": responder.takes_feedback,
        "history": _mount(app).keeps_history(chat_id),
        "maxCommentChars": settings.max_comment_chars,
        "imageOrigins": settings.image_origins,
        "uploads": _uploads(settings, responder.file_types),
        "inputs": list(responder.page_inputs),
        "finished": finished,
        "points": list(looks.points_from),
        "pinTo": looks.pin_to,
    }
    return chat_layout(chat_id, looks.placeholder, config, on_plain_page=looks.on_plain_page)


def storage_key(app: Dash, chat_id: str) -> str:
    """Return where the browser keeps what belongs to a chat: all dashboards of a host share its storage."""
    return f"vizro-ws-chat {app.config.requests_pathname_prefix} {chat_id}"


def dash_app() -> Dash:
    """Return the app that answers the present request; outside of one, the app that was made last.

    Raises:
        dash.exceptions.AppNotFoundError: When none was.
    """
    # Of its own, since Dash leaves an app that has served a layout in its caller's context, where tests make the next.
    context = copy_context() if has_request_context() else Context()
    app: Dash = context.run(dash.get_app)
    return app


def _mount(app: Dash) -> ChatMount:
    if not isinstance(app.server, Flask):
        raise ConfigurationError(
            f"vizro_ws_chat needs Dash's Flask backend, but the app runs on {type(app.server).__name__}."
        )
    config = app.config
    try:
        return mount(app.server, config.routes_pathname_prefix, config.requests_pathname_prefix)
    except AssertionError as error:  # Flask's
        raise ConfigurationError(
            "The app has answered a request already, which is too late for it to get a chat's routes. Make the chat "
            "when the app is made."
        ) from error


def _uploads(settings: Settings, file_types: Sequence[str] | None) -> dict[str, Any] | None:
    """Return what the browser can refuse by itself, before a file is sent; `None` when it takes none."""
    if file_types is None:
        return None
    return {
        "maxBytes": settings.max_upload_bytes,
        "maxFiles": settings.max_uploads_per_message,
        "ttlMs": int(settings.upload_ttl_seconds * 1000),
        "types": list(file_types),
    }
