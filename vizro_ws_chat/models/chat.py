"""The Vizro model `Chat`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal

import dash
from dash import Dash, html
from flask import Flask
from pydantic import BeforeValidator, Field, model_validator
from vizro.models import Container, Page, VizroBaseModel

from vizro_ws_chat._compat import make_actions_chain
from vizro_ws_chat.actions.streaming import StreamingChatAction
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.models.layout import chat_layout
from vizro_ws_chat.models.resources import add_resources
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.threads.signing import Message as SignedMessage
from vizro_ws_chat.transports.mount import PATH, mount


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class Chat(VizroBaseModel):
    """A chat on a page of a dashboard.

    Example:
        ```python
        page = vm.Page(title="Chat", components=[Chat(actions=MyChatAction())])
        ```
    """

    type: Literal["chat"] = "chat"
    actions: Annotated[list[StreamingChatAction], BeforeValidator(_as_list)] = Field(
        default=[], description="What answers: a chat action, alone or in a list."
    )
    placeholder: str = Field(default="How can I help you?", description="Shown in the input while it is empty.")
    transport: Literal["auto", "websocket", "sse"] = Field(
        default="auto",
        description="How answers reach the browser. 'auto' uses a WebSocket, and Server-Sent Events where the network "
        "refuses it.",
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
        if len(self.actions) != 1:
            raise ConfigurationError(
                f"Chat {self.id!r} has {len(self.actions)} actions, but it needs exactly one: what answers. For "
                "example Chat(actions=MyChatAction())."
            )
        action = self.actions[0]
        action.check()
        app = _app()
        if not isinstance(app.server, Flask):
            raise ConfigurationError(
                f"vizro_ws_chat needs Dash's Flask backend, but the app runs on {type(app.server).__name__}."
            )
        mount(app.server, app.config.routes_pathname_prefix).register(self.id, _ActionResponder(action))
        add_resources(app)

    def build(self) -> html.Div:
        """Return the chat's Dash components. Called by Vizro."""
        prefix = _app().config.requests_pathname_prefix
        config = {
            "chat": self.id,
            "transport": self.transport,
            "base": f"{prefix}{PATH}",
            "websocket": f"{self.id}-websocket",
            # All dashboards of a host share the browser's storage.
            "storage": f"vizro-ws-chat {prefix} {self.id}",
        }
        return chat_layout(self.id, self.placeholder, config)


def _app() -> Dash:
    app: Dash = dash.get_app()  # type: ignore[no-untyped-call]
    return app


class _ActionResponder:
    """A chat action as the transports see it."""

    def __init__(self, action: StreamingChatAction) -> None:
        self._action = action
        self.is_async = action.is_async

    def respond(self, messages: list[SignedMessage], context: RunContext) -> Iterator[str] | AsyncIterator[str]:
        return self._action.respond([{"role": item.role, "content": item.content} for item in messages], context)


# A user may put a Chat into a page, a container or tabs of containers without calling add_type first.
for parent in (Container, Page):
    parent.add_type("components", Chat)
