"""What all chat actions have in common."""

from __future__ import annotations

import inspect
import re
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from dash import State, html
from pydantic import PrivateAttr

from vizro_ws_chat._compat import AbstractAction
from vizro_ws_chat.actions.arguments import OFFERED, chat_arguments, check_arguments, is_needed, takes_files
from vizro_ws_chat.actions.inputs import Inputs
from vizro_ws_chat.actions.messages import Message
from vizro_ws_chat.actions.views import default_view, encode_view, store_message
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.streams.cancel import RunContext

logger = redacted_logger(__name__)

_OWN_PARAMETERS = OFFERED | {"messages"}
_PROPERTY = re.compile(r"[^.]+\.[^.]+")


class BaseChatAction(AbstractAction):
    """Answers in a `Chat`. Subclass `ChatAction` or `StreamingChatAction`, which say how."""

    _inputs: Inputs = PrivateAttr(default_factory=Inputs)

    def generate_response(self, messages: list[Message], *args: Any, **kwargs: Any) -> Any:
        """Answer a conversation: the author's code."""
        raise NotImplementedError

    def message_to_html(self, message: dict[str, Any]) -> html.Div:
        """Return how a message is shown. Override it to show messages in your own way.

        It is called when a user's message was taken, and when an answer is complete; until then, and for answers that
        end otherwise, the chat's own bubble is there. So it is where it returns `None` or what this method returns.

        Args:
            message: The message: `role`, `content_json` (its content as JSON text), and `attachments` if it has some,
                each with `filename` and `content`.

        Returns:
            Dash components, in place of the message's bubble.
        """
        return default_view(message)

    @property
    def has_views(self) -> bool:
        """Whether `message_to_html` is the author's."""
        return type(self).message_to_html is not BaseChatAction.message_to_html

    def view(self, message: Message) -> str | None:
        """Return how the author shows a message, as JSON; `None`: as the chat does. A failure is logged."""
        if not self.has_views:
            return None
        try:
            return encode_view(message, self.message_to_html(store_message(message)))
        except Exception:  # the message itself is all right
            logger.exception("%s.message_to_html failed; the chat shows the message itself", type(self).__name__)
            return None

    @property
    @abstractmethod
    def is_async(self) -> bool:
        """Whether `respond` returns an async iterator."""

    @abstractmethod
    def respond(
        self, messages: list[Message], inputs: Sequence[Any], context: RunContext
    ) -> Iterator[Any] | AsyncIterator[Any]:
        """Return the iterator of the answer's chunks.

        Args:
            messages: The conversation, oldest first; the last one is the user's.
            inputs: The values of `page_inputs`.
            context: The run's.
        """

    @abstractmethod
    def check(self) -> None:
        """Find mistakes while the dashboard is built.

        Raises:
            ConfigurationError: When `generate_response` is missing or can't work.
        """

    @property
    def page_inputs(self) -> list[tuple[str, str]]:
        """What the action wants to know of the page when it is asked: ids of components and names of properties."""
        return self._inputs.properties

    @property
    def reads_files(self) -> bool:
        """Whether `generate_response` takes `uploaded_files`."""
        return takes_files(self.generate_response)

    def arguments(self, messages: list[Message], inputs: Sequence[Any], context: RunContext) -> dict[str, Any]:
        """Return what `generate_response` gets beside the messages: the parameters that it declares, by name."""
        return {
            **self._inputs.arguments(inputs),
            **chat_arguments(self.generate_response, messages, context),
        }

    def bind_fields(self) -> None:
        """Look up what the action wants to know of the page, on a Dash app without Vizro: its fields name properties.

        Raises:
            ConfigurationError: When the value of one is not of the form "component-id.property", or
                `generate_response` needs something that only Vizro knows.
        """
        signature = inspect.signature(self.generate_response).parameters
        declared = [name for name in signature if name in self._parameters]
        fields = type(self).model_fields.keys() - BaseChatAction.model_fields.keys()
        for name in declared:
            if name not in fields and is_needed(signature[name]):
                raise ConfigurationError(
                    f"The parameter {name!r} of {type(self).__name__}.generate_response is one of Vizro's, which a "
                    f'Dash app without it does not have. Name what to read: `name: str = "component-id.property"`.'
                )
        self._inputs = Inputs({name: self._state_of(name) for name in declared if name in fields})

    def _state_of(self, field: str) -> State:
        value = getattr(self, field)
        if not isinstance(value, str) or not _PROPERTY.fullmatch(value):
            raise ConfigurationError(
                f"The parameter {field!r} of {type(self).__name__}.generate_response names what to read from the page, "
                f'as "component-id.property", but it is {value!r}. What stays the same is a field that only '
                f"`self.{field}` reads."
            )
        component, name = value.split(".")
        return State(component, name)

    def _check_methods(self, base: type[BaseChatAction], what: str) -> None:
        if type(self).generate_response is base.generate_response:
            raise ConfigurationError(f"{type(self).__name__} has no generate_response. Write one that {what}.")
        check_arguments(self.generate_response, f"{type(self).__name__}.generate_response", type(self).model_fields)
        if inspect.iscoroutinefunction(self.message_to_html):
            raise ConfigurationError(
                f"{type(self).__name__}.message_to_html is an async function, but nothing waits for it. Define it with "
                "def."
            )

    # ---- what Vizro expects of an action; a chat's answers do not go through Dash callbacks ----

    def function(self) -> None:
        """Do nothing: the chat starts `generate_response` over its own connection."""

    @property
    def outputs(self) -> list[str]:  # type: ignore[override]
        """No Dash outputs."""
        return []

    @property
    def _parameters(self) -> set[str]:
        # The first gets the messages, whatever its name.
        _, *others = inspect.signature(self.generate_response).parameters
        return set(others) - _OWN_PARAMETERS

    def _define_callback(self) -> None:
        """Define no Dash callback, but look up what the action wants to know of the page. Called by Vizro."""
        if self._parameters:
            states: Mapping[str, Any] = self._transformed_inputs
            self._inputs = Inputs(states)
