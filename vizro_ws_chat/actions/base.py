"""What all chat actions have in common."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from pydantic import PrivateAttr

from vizro_ws_chat._compat import AbstractAction
from vizro_ws_chat.actions.arguments import OFFERED, chat_arguments
from vizro_ws_chat.actions.inputs import Inputs
from vizro_ws_chat.actions.messages import Message
from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.streams.cancel import RunContext

_OWN_PARAMETERS = OFFERED | {"messages"}


class BaseChatAction(AbstractAction):
    """Answers in a `Chat`. Subclass `ChatAction` or `StreamingChatAction`, which say how."""

    _inputs: Inputs = PrivateAttr(default_factory=Inputs)

    def generate_response(self, messages: list[Message], *args: Any, **kwargs: Any) -> Any:
        """Answer a conversation: the author's code."""
        raise NotImplementedError

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

    def arguments(self, messages: list[Message], inputs: Sequence[Any], context: RunContext) -> dict[str, Any]:
        """Return what `generate_response` gets beside the messages: the parameters that it declares, by name."""
        return {
            **self._inputs.arguments(inputs),
            **chat_arguments(self.generate_response, messages, context),
        }

    def _check_written(self, base: type[BaseChatAction], what: str) -> None:
        if type(self).generate_response is base.generate_response:
            raise ConfigurationError(f"{type(self).__name__} has no generate_response. Write one that {what}.")

    # ---- what Vizro expects of an action; a chat's answers do not go through Dash callbacks ----

    def function(self) -> None:
        """Do nothing: the chat starts `generate_response` over its own connection."""

    @property
    def outputs(self) -> list[str]:  # type: ignore[override]
        """No Dash outputs."""
        return []

    @property
    def _parameters(self) -> set[str]:
        return set(inspect.signature(self.generate_response).parameters) - _OWN_PARAMETERS

    def _define_callback(self) -> None:
        """Define no Dash callback, but look up what the action wants to know of the page. Called by Vizro."""
        if self._parameters:
            states: Mapping[str, Any] = self._transformed_inputs
            self._inputs = Inputs(states)
