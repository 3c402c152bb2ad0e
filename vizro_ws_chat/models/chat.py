"""The Vizro model `Chat`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import dash
from dash import Dash, html
from flask import Flask
from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from vizro.models import Container, Page, VizroBaseModel

from vizro_ws_chat._compat import BaseAction, make_actions_chain
from vizro_ws_chat.actions.feedback import Feedback, check_on_feedback
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.models.action_list import check_actions, read_actions
from vizro_ws_chat.models.layout import chat_layout, register_component_callback
from vizro_ws_chat.models.resources import add_resources
from vizro_ws_chat.models.responder import ActionResponder
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.transports.mount import PATH, ChatMount, mount
from vizro_ws_chat.transports.owner import check_owner
from vizro_ws_chat.uploads.file_types import check_pattern


class Chat(VizroBaseModel):
    """A chat on a page of a dashboard.

    Example:
        ```python
        page = vm.Page(title="Chat", components=[Chat(actions=MyChatAction())])
        ```
    """

    type: Literal["chat"] = "chat"
    actions: Annotated[list[BaseAction], BeforeValidator(read_actions)] = Field(
        default=[],
        description="What answers: a chat action, alone or first in a list. The actions behind it run one after the "
        "other whenever an answer is complete.",
    )
    placeholder: str = Field(default="How can I help you?", description="Shown in the input while it is empty.")
    name: str = Field(
        default="Assistant",
        min_length=1,
        description="What the assistant is called: above an empty conversation, and by screen readers.",
    )
    description: str = Field(default="", description="What the assistant is for, shown below its name.")
    example_questions: list[str] = Field(
        default=[],
        description="Offered as cards while the conversation is empty, where a click asks, and later in a menu of the "
        "input, which fills it.",
    )
    submit_key: Literal["enter", "mod+enter"] = Field(
        default="enter",
        description="What sends a message: Enter (then Shift+Enter begins a new line), or Ctrl+Enter and Cmd+Enter.",
    )
    anchor: Literal["bottom", "top"] = Field(
        default="bottom",
        description="Where to look while an answer grows: 'bottom' follows its end, 'top' takes the question to the "
        "top and stays there.",
    )
    file_upload: bool = Field(default=False, description="Whether files can be attached to messages.")
    file_types: list[Annotated[str, AfterValidator(check_pattern)]] = Field(
        default=[],
        description="The files that can be attached, as in HTML's accept: 'image/*', 'text/csv', '.xlsx'. None named: "
        "any.",
    )
    transport: Literal["auto", "websocket", "sse"] = Field(
        default="auto",
        description="How answers reach the browser. 'auto' uses a WebSocket, and Server-Sent Events where the network "
        "refuses it.",
    )
    owner: SkipJsonSchema[Callable[[], str | None] | None] = Field(
        default=None,
        exclude=True,
        description="For a dashboard with a login: returns the name of the user who sends the request being handled, "
        "to whom alone answers and conversations belong, or None to refuse it. Without it they belong to the browser, "
        "which is recognised by a cookie.",
    )
    on_feedback: SkipJsonSchema[Callable[[Feedback], object] | None] = Field(
        default=None,
        exclude=True,
        description="Called with a Feedback when a reader rates an answer or comments on it. Without it there are no "
        "buttons for that.",
    )

    _make_actions_chain = model_validator(mode="after")(make_actions_chain)

    @property
    def _action_triggers(self) -> dict[str, str]:
        return {"__default__": f"{self.id}-send-button.n_clicks"}

    def pre_build(self) -> None:
        """Put the chat's routes on the app and register what answers in it. Called by Vizro.

        Raises:
            ConfigurationError: When there is nothing that answers, or it can't work.
        """
        action = check_actions(self.id, self.actions)
        if self.owner is not None:
            check_owner(self.owner)
        if self.on_feedback is not None:
            check_on_feedback(self.on_feedback)
        app = _app()
        _mount(app).register(self.id, ActionResponder(action, chat=self))
        add_resources(app)
        register_component_callback(self.id)

    def build(self) -> html.Div:
        """Return the chat's Dash components. Called by Vizro."""
        app = _app()
        prefix = app.config.requests_pathname_prefix
        settings = _mount(app).settings
        config = {
            "chat": self.id,
            "transport": self.transport,
            "base": f"{prefix}{PATH}",
            "websocket": f"{self.id}-websocket",
            # All dashboards of a host share the browser's storage.
            "storage": f"vizro-ws-chat {prefix} {self.id}",
            "name": self.name,
            "description": self.description,
            "exampleQuestions": self.example_questions,
            "submitKey": self.submit_key,
            "anchor": self.anchor,
            "feedback": self.on_feedback is not None,
            "maxCommentChars": settings.max_comment_chars,
            "imageOrigins": settings.image_origins,
            "uploads": self._uploads(settings),
            "inputs": check_actions(self.id, self.actions).page_inputs,
            # Setting it is how an action of Vizro tells the next one that it is done.
            "finished": f"{self.actions[0].id}_finished" if len(self.actions) > 1 else None,
        }
        return chat_layout(self.id, self.placeholder, config)

    def _uploads(self, settings: Settings) -> dict[str, Any] | None:
        """Return what the browser can refuse by itself, before a file is sent; `None` when it takes none."""
        return (
            {
                "maxBytes": settings.max_upload_bytes,
                "maxFiles": settings.max_uploads_per_message,
                "ttlMs": int(settings.upload_ttl_seconds * 1000),
                "types": self.file_types,
            }
            if self.file_upload
            else None
        )


def _app() -> Dash:
    app: Dash = dash.get_app()  # type: ignore[no-untyped-call]
    return app


def _mount(app: Dash) -> ChatMount:
    if not isinstance(app.server, Flask):
        raise ConfigurationError(
            f"vizro_ws_chat needs Dash's Flask backend, but the app runs on {type(app.server).__name__}."
        )
    config = app.config
    return mount(app.server, config.routes_pathname_prefix, config.requests_pathname_prefix)


# A user may put a Chat into a page, a container or tabs of containers without calling add_type first.
for parent in (Container, Page):
    parent.add_type("components", Chat)
