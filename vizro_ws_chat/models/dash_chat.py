"""A chat on a Dash app without Vizro."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from dash import Dash, html
from dash.exceptions import AppNotFoundError
from flask import has_request_context

from vizro_ws_chat.actions.base import BaseChatAction
from vizro_ws_chat.actions.feedback import Feedback
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.models.assembly import Looks, build_chat, dash_app, register_chat
from vizro_ws_chat.models.responder import ActionResponder
from vizro_ws_chat.transports.admission import Authorize
from vizro_ws_chat.uploads.file_types import check_pattern


def dash_chat(  # noqa: PLR0913 - the options of Chat, which are all independent of each other
    action: BaseChatAction,
    chat_id: str = "chat",
    *,
    app: Dash | None = None,
    placeholder: str = "How can I help you?",
    name: str = "Assistant",
    description: str = "",
    example_questions: Sequence[str] = (),
    submit_key: Literal["enter", "mod+enter"] = "enter",
    anchor: Literal["bottom", "top"] = "bottom",
    file_upload: bool = False,
    file_types: Sequence[str] = (),
    transport: Literal["auto", "websocket", "sse"] = "auto",
    owner: Callable[[], str | None] | None = None,
    authorize: Authorize | None = None,
    on_feedback: Callable[[Feedback], object] | None = None,
) -> html.Div:
    """Make a chat for the layout of a Dash app without Vizro, once, when the app is there.

    The chat fills the height of what it is put into, and is at least 420 px high. Its colours are Bootstrap's, where
    its style sheet is loaded, else its own; dark where the page's `color-scheme` is.

    Example:
        ```python
        app = Dash(__name__)
        app.layout = html.Div(dash_chat(MyChatAction()), style={"height": "100vh"})
        ```

    Args:
        action: What answers. Its fields that name properties of the page, as "component-id.property", are read from it
            with each message.
        chat_id: Prefix of all ids, different for each chat of an app.
        app: The app, where there are several.
        placeholder: As in `Chat`, like all that follows.
        name: What the assistant is called.
        description: What it is for.
        example_questions: Offered at the beginning, and in a menu.
        submit_key: What sends a message.
        anchor: Where to look while an answer grows.
        file_upload: Whether files can be attached.
        file_types: Which.
        transport: How answers reach the browser.
        owner: Tells who is asking.
        authorize: Tells who may ask.
        on_feedback: Called when a reader rates an answer.

    Returns:
        The chat, to be put into a layout, or returned by a layout function.

    Raises:
        ConfigurationError: When there is no app yet, it is serving already, it has a chat of this id, or the action
            can't work.
        ValueError: When a file type is none.
    """
    app = _app(app)
    if not isinstance(action, BaseChatAction):
        raise ConfigurationError(
            f"dash_chat needs a chat action, such as dash_chat(MyChatAction()), but it got {action!r}."
        )
    action.check()
    action.bind_fields()
    responder = ActionResponder(
        action,
        owner=owner,
        authorize=authorize,
        on_feedback=on_feedback,
        file_types=[check_pattern(pattern) for pattern in file_types] if file_upload else None,
    )
    register_chat(app, chat_id, responder)
    looks = Looks(
        name=name,
        placeholder=placeholder,
        description=description,
        example_questions=example_questions,
        submit_key=submit_key,
        anchor=anchor,
        transport=transport,
        on_plain_page=True,
    )
    return build_chat(app, chat_id, looks, responder)


def _app(app: Dash | None) -> Dash:
    if has_request_context():
        raise ConfigurationError(
            "dash_chat was called while the app answers a request, which is too late for it to get the chat's routes. "
            "Call it once when the app is made, and let layout functions return what it returned."
        )
    try:
        return app or dash_app()
    except AppNotFoundError as error:
        raise ConfigurationError(
            "There is no app for the chat yet. Make it before: app = Dash(__name__), then dash_chat(...)."
        ) from error
