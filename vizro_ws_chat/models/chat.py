"""The Vizro model `Chat`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from dash import html
from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from vizro.models import Container, Dashboard, Page, Tabs, VizroBaseModel

from vizro_ws_chat._compat import BaseAction, make_actions_chain
from vizro_ws_chat.actions.feedback import Feedback
from vizro_ws_chat.models.action_list import check_actions, read_actions
from vizro_ws_chat.models.assembly import Looks, WhileAnswering, build_chat, dash_app, register_chat
from vizro_ws_chat.models.page_access import check_controls, vizro_access
from vizro_ws_chat.models.responder import ActionResponder
from vizro_ws_chat.transports.admission import Authorize
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
    while_answering: WhileAnswering = Field(
        default="wait",
        description="What becomes of a message that is sent while an answer is being written: 'wait' lets none be "
        "sent, 'queue' asks it when the answer is complete, 'deliver' puts it into context.inbox of the answer's run.",
    )
    file_upload: bool = Field(default=False, description="Whether files can be attached to messages.")
    file_types: list[Annotated[str, AfterValidator(check_pattern)]] = Field(
        default=[],
        description="The files that can be attached, as in HTML's accept: 'image/*', 'text/csv', '.xlsx'. None named: "
        "any.",
    )
    controls: list[str] = Field(
        default=[],
        description="Ids of the filters, parameters and selectors that answers may set, with SetControl. None named: "
        "none.",
    )
    navigation: bool = Field(
        default=False, description="Whether answers may open other pages of the dashboard, with Navigate."
    )
    points_from: list[str] = Field(
        default=[],
        description="Ids of charts of the page: a point of theirs that is clicked can be asked about.",
    )
    pin_to: str | None = Field(
        default=None,
        description="Id of a container of the page, to which readers can pin the components of answers.",
    )
    transport: Literal["auto", "websocket", "sse"] = Field(
        default="auto",
        description="How answers reach the browser. 'auto' uses a WebSocket, and Server-Sent Events where the network "
        "refuses it.",
    )
    history: str | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description="Where conversations are kept so that readers find them again, as a URL of SQLAlchemy such as "
        "'sqlite:///chat.db'. None: as VIZRO_WS_CHAT_HISTORY says, else in readers' browsers only.",
    )
    owner: SkipJsonSchema[Callable[[], str | None] | None] = Field(
        default=None,
        exclude=True,
        description="For a dashboard with a login: returns the name of the user who sends the request being handled, "
        "to whom alone answers and conversations belong, or None to refuse it. Without it they belong to the browser, "
        "which is recognised by a cookie.",
    )
    authorize: SkipJsonSchema[Authorize | None] = Field(
        default=None,
        exclude=True,
        description="Called with Flask's request when a browser connects and again with each message; returns whether "
        "its sender may use the chat. Without it whoever can open the dashboard may.",
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
        register_chat(dash_app(), self.id, self._responder())

    def build(self) -> html.Div:
        """Return the chat's Dash components. Called by Vizro.

        Raises:
            ConfigurationError: When one of `controls` is none.
        """
        check_controls(self.id, self.controls)
        looks = Looks(
            name=self.name,
            placeholder=self.placeholder,
            description=self.description,
            example_questions=self.example_questions,
            submit_key=self.submit_key,
            anchor=self.anchor,
            transport=self.transport,
            points_from=self.points_from,
            pin_to=self.pin_to,
            while_answering=self.while_answering,
        )
        # Setting it is how an action of Vizro tells the next one that it is done.
        finished = f"{self.actions[0].id}_finished" if len(self.actions) > 1 else None
        return build_chat(dash_app(), self.id, looks, self._responder(), finished)

    def _responder(self) -> ActionResponder:
        return ActionResponder(
            check_actions(self.id, self.actions),
            owner=self.owner,
            authorize=self.authorize,
            on_feedback=self.on_feedback,
            file_types=self.file_types if self.file_upload else None,
            page_access=vizro_access(self.id, self.controls, navigation=self.navigation),
            takes_deliveries=self.while_answering == "deliver",
            history=self.history,
        )


# A user may put a Chat into a page, a container or tabs of containers without calling add_type first.
for parent in (Container, Page):
    parent.add_type("components", Chat)
# They were made with what their parts could hold before; a configuration file is read through them.
for holder in (Tabs, Container, Page, Dashboard):
    holder.model_rebuild(force=True)
