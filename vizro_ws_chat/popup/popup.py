"""Adds a popup to a dashboard that has been built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from dash import Dash
from dash.development.base_component import Component
from dash.exceptions import AppNotFoundError

from vizro_ws_chat.actions.feedback import Feedback
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.models.assembly import WhileAnswering, build_chat, choose_looks, dash_app, register_chat, storage_key
from vizro_ws_chat.models.page_access import check_controls, vizro_access
from vizro_ws_chat.models.responder import ActionResponder
from vizro_ws_chat.popup.answering import AnsweringFunction
from vizro_ws_chat.popup.dashboard_agent import create_dashboard_agent, make_generate_response, model_name
from vizro_ws_chat.popup.layout import popup_layout
from vizro_ws_chat.transports.admission import Authorize

if TYPE_CHECKING:
    from pydantic_ai.models import Model

_ORDER = "Call add_chat_popup after Vizro().build(dashboard) and before run()."


def add_chat_popup(  # noqa: PLR0913 - the peer's arguments, which are all independent of each other, and a few of ours
    generate_response: Callable[..., Any] | None = None,
    model: Model | str | None = None,
    streaming: bool = True,
    chat_id: str = "chat_popup",
    placeholder: str = "How can I help you?",
    title: str = "Chat Assistant",
    color: str | None = None,
    reasoning_effort: Literal["low", "medium", "high"] = "medium",
    *,
    description: str = "",
    example_questions: Sequence[str] = (),
    controls: Sequence[str] = (),
    navigation: bool = False,
    while_answering: WhileAnswering = "wait",
    owner: Callable[[], str | None] | None = None,
    authorize: Authorize | None = None,
    on_feedback: Callable[[Feedback], object] | None = None,
    history: str | None = None,
) -> None:
    """Add a chat that floats over every page of a dashboard. Call it between `Vizro().build(...)` and `run()`.

    Args:
        generate_response: What answers: a function that gets the messages and yields text, as the method of a
            `StreamingChatAction`. Without it, a model answers that can query the dashboard's data: see
            `create_dashboard_agent`.
        model: That model: one of pydantic-ai's, or its name, such as `"anthropic:claude-sonnet-4-5"`.
        streaming: Say `False` when `generate_response` returns its answer, as the method of a `ChatAction`.
        chat_id: Prefix of all ids, different for each popup of a dashboard.
        placeholder: Shown in the input while it is empty.
        title: Above the conversation; also what the assistant is called.
        color: The button's colour: any of CSS or of Mantine.
        reasoning_effort: How long the default model may think.
        description: As in `Chat`.
        example_questions: As in `Chat`.
        controls: As in `Chat`; those of every page, of which it can set the ones on the page that its reader sees.
        navigation: As in `Chat`.
        while_answering: As in `Chat`.
        owner: As in `Chat`.
        authorize: As in `Chat`.
        on_feedback: As in `Chat`.
        history: As in `Chat`.

    Raises:
        ConfigurationError: When there is no dashboard yet, `generate_response` can't work, one of the controls is none,
            or the id is taken.
    """
    app, container = _app_and_container()
    check_controls(chat_id, controls)
    if generate_response is None:
        agent, _ = create_dashboard_agent(model, reasoning_effort=reasoning_effort)
        answering = AnsweringFunction(make_generate_response(agent), streaming=True, model=model_name(agent))
    else:
        answering = AnsweringFunction(generate_response, streaming=streaming)
    responder = ActionResponder(
        answering,
        owner=owner,
        authorize=authorize,
        on_feedback=on_feedback,
        page_access=vizro_access(chat_id, controls, navigation=navigation),
        takes_deliveries=while_answering == "deliver",
        history=history,
    )
    looks = choose_looks(
        chat_id,
        name=title,
        placeholder=placeholder,
        description=description,
        example_questions=example_questions,
        while_answering=while_answering,
    )
    register_chat(app, chat_id, responder)
    container.append(
        popup_layout(
            chat_id,
            title,
            build_chat(app, chat_id, looks, responder),
            storage=f"{storage_key(app, chat_id)} popup",
            color=color,
            place=sum(getattr(child, "className", None) == "chat-popup" for child in container),
        )
    )


def _app_and_container() -> tuple[Dash, list[Any]]:
    """Return the dashboard, and what it shows on every page: unlike a page's own components, it stays there."""
    try:
        app = dash_app()
    except AppNotFoundError as error:
        raise ConfigurationError(f"There is no dashboard yet. {_ORDER}") from error
    layout = app.layout
    if not isinstance(layout, Component) or "dashboard-container" not in layout:
        raise ConfigurationError(f"The app's layout is not one that Vizro has built. {_ORDER}")
    children: list[Any] = layout["dashboard-container"].children
    return app, children
