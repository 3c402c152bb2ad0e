"""A chat on a Dash app without Vizro."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from dash import Dash, hooks, html
from dash.exceptions import AppNotFoundError
from flask import has_request_context

from vizro_ws_chat.actions.base import BaseChatAction
from vizro_ws_chat.actions.feedback import Feedback
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.models.assembly import WhileAnswering, build_chat, choose_looks, dash_app, register_chat
from vizro_ws_chat.models.page_access import dash_access
from vizro_ws_chat.models.resources import add_plain_style_sheet
from vizro_ws_chat.models.responder import ActionResponder
from vizro_ws_chat.transports.admission import Authorize
from vizro_ws_chat.transports.mount import check_chat_id
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
    while_answering: WhileAnswering = "wait",
    file_upload: bool = False,
    file_types: Sequence[str] = (),
    controls: Sequence[str] = (),
    navigation: bool = False,
    points_from: Sequence[str] = (),
    pin_to: str | None = None,
    transport: Literal["auto", "websocket", "sse"] = "auto",
    owner: Callable[[], str | None] | None = None,
    authorize: Authorize | None = None,
    on_feedback: Callable[[Feedback], object] | None = None,
    history: str | None = None,
) -> html.Div:
    """Make a chat for the layout of a Dash app without Vizro, once, before the app serves.

    The chat fills what it is put into, and is about 600 px high where that has no height. Its colours are Bootstrap's,
    where its style sheet is loaded, else its own; dark where the page's `color-scheme` is.

    Example:
        ```python
        app = Dash(__name__)
        app.layout = html.Div(dash_chat(MyChatAction()), style={"height": "100vh"})
        ```

    Args:
        action: What answers. Its fields that name properties of the page, as "component-id.property", are read from it
            with each message.
        chat_id: Prefix of all ids, different for each chat of an app.
        app: The app, where there are several. Else it is the one that was made last or, while there is none, the next.
        placeholder: As in `Chat`, like all that follows.
        name: What the assistant is called.
        description: What it is for.
        example_questions: Offered at the beginning, and in a menu.
        submit_key: What sends a message.
        anchor: Where to look while an answer grows.
        while_answering: What becomes of a message that is sent while an answer is being written.
        file_upload: Whether files can be attached.
        file_types: Which.
        controls: What answers may set, as "component-id.property".
        navigation: Whether answers may open other pages, where the app has Dash Pages and a `dcc.Location` whose id is
            "vizro_url".
        points_from: Ids of charts whose clicked points can be asked about.
        pin_to: Id of an element that components of answers can be pinned to.
        transport: How answers reach the browser.
        owner: Tells who is asking.
        authorize: Tells who may ask.
        on_feedback: Called when a reader rates an answer.
        history: Where conversations are kept.

    Returns:
        The chat, to be put into a layout, or returned by a layout function.

    Raises:
        ConfigurationError: When the app is serving already, it has a chat of this id or can't have chats, the action
            can't work, or something is chosen that can't be. What is wrong with an app that is not there yet is raised
            by `Dash(...)`.
    """
    if has_request_context():
        raise ConfigurationError(
            "dash_chat was called while the app answers a request, which is too late for it to get the chat's routes. "
            "Call it once when the app is made, and let layout functions return what it returned."
        )
    check_chat_id(chat_id)
    _check_action(action)
    action.bind_fields()
    looks = choose_looks(
        chat_id,
        name=name,
        placeholder=placeholder,
        description=description,
        example_questions=example_questions,
        submit_key=submit_key,
        anchor=anchor,
        transport=transport,
        points_from=points_from,
        pin_to=pin_to,
        while_answering=while_answering,
        on_plain_page=True,
    )
    if isinstance(file_types, str):
        raise ConfigurationError(f"The chat {chat_id!r} can't be made: file_types is a list, such as [{file_types!r}].")
    try:
        patterns = [check_pattern(pattern) for pattern in file_types]
    except ValueError as error:
        raise ConfigurationError(f"The chat {chat_id!r} can't be made: {error}") from error
    responder = ActionResponder(
        action,
        owner=owner,
        authorize=authorize,
        on_feedback=on_feedback,
        file_types=patterns if file_upload else None,
        page_access=dash_access(chat_id, controls, navigation=navigation),
        takes_deliveries=while_answering == "deliver",
        history=history,
    )
    chat = html.Div(id=chat_id)

    def complete(app: Dash) -> None:
        register_chat(app, chat_id, responder)
        add_plain_style_sheet(app)
        built = build_chat(app, chat_id, looks, responder)
        props = built.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
        for prop, value in props.items():
            setattr(chat, prop, value)

    _when_there_is_an_app(complete, app)
    return chat


def _check_action(action: object) -> None:
    if isinstance(action, type) and issubclass(action, BaseChatAction):
        raise ConfigurationError(
            f"dash_chat needs a chat action, but it got the class {action.__name__}: dash_chat({action.__name__}())."
        )
    if not isinstance(action, BaseChatAction):
        raise ConfigurationError(
            f"dash_chat needs a chat action, such as dash_chat(MyChatAction()), but it got {action!r}."
        )
    action.check()


def _when_there_is_an_app(then: Callable[[Dash], None], app: Dash | None) -> None:
    """Call a function with the app that is named, else the one that there is, else the next one."""
    if app is None:
        try:
            app = dash_app()
        except AppNotFoundError:
            waiting = [then]

            @hooks.setup()  # type: ignore[untyped-decorator]
            def go_on(app: Dash) -> None:  # Dash calls it for all apps to come
                if waiting:
                    waiting.pop()(app)

            return
    if not isinstance(app, Dash):
        raise ConfigurationError(
            f"dash_chat(app=...) is the Dash app, not {type(app).__name__!r}. Of several on one server, it is the one "
            "that shows the chat."
        )
    if not app.routes:  # as of Dash(server=False): a Flask app that is going to be replaced
        raise ConfigurationError("The app has no server yet. Call app.init_app(flask_app) before dash_chat.")
    then(app)
