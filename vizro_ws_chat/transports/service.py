"""What all connections of one app share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from vizro_ws_chat.exceptions import ConfigurationError
from vizro_ws_chat.settings import Settings
from vizro_ws_chat.streams.cancel import RunContext
from vizro_ws_chat.streams.hub import RunHub
from vizro_ws_chat.streams.scheduler import Scheduler
from vizro_ws_chat.threads.archive import ThreadArchive
from vizro_ws_chat.threads.signing import Message


class Responder(Protocol):
    """What answers in a chat: the author's action, seen from here."""

    @property
    def is_async(self) -> bool:
        """Whether `respond` returns an async iterator."""

    def respond(self, messages: list[Message], context: RunContext) -> Iterator[Any] | Any:
        """Return the iterator of the answer's chunks."""


@dataclass
class ChatService:
    """The chats of one Flask app and what they run on.

    Attributes:
        settings: Limits and times.
        scheduler: Calls functions later.
        hub: The runs.
        archive: The conversations.
        environment: Entered around the author's code: the Flask app context.
        responders: What answers, by chat id.
    """

    settings: Settings
    scheduler: Scheduler
    hub: RunHub
    archive: ThreadArchive
    environment: Callable[[], AbstractContextManager[object]]
    responders: dict[str, Responder] = field(default_factory=dict)

    def register(self, chat: str, responder: Responder) -> None:
        """Let `responder` answer in the chat with this id.

        Raises:
            ConfigurationError: When another chat of the app has the same id.
        """
        if self.responders.setdefault(chat, responder) is not responder:
            raise ConfigurationError(f"Two chats have the id {chat!r}. Give each Chat an id of its own.")
