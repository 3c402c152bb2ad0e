"""Conversations: verified messages, kept in memory within a limit and brought back by browsers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Annotated, NotRequired

from pydantic import ConfigDict, FailFast, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.protocol.content import Content, ContentPart, PartKind, length_of
from vizro_ws_chat.protocol.frames import FileRef, MessageId, Role
from vizro_ws_chat.threads.signing import Message, Scope, Signer

_OVERHEAD_CHARS = 500
"""What a message takes beside its content, so that many empty ones are limited too."""


class _HistoryPart(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)  # type: ignore[misc]

    kind: PartKind
    text: str


class _HistoryItem(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)  # type: ignore[misc]

    id: MessageId
    parent: MessageId | None
    role: Role
    content: str | list[_HistoryPart]
    files: NotRequired[list[FileRef]]


_HISTORY: TypeAdapter[list[_HistoryItem]] = TypeAdapter(
    # To list all that is wrong may take a thousand times as long as the history itself.
    Annotated[list[_HistoryItem], FailFast(), Field(min_length=1)]
)


class ThreadArchive:
    """Signs new messages and knows the conversation behind an id.

    Args:
        signer: Makes and checks ids.
        max_chars: Text kept in memory, over all chats. The oldest goes first; a browser brings it back when needed.
    """

    def __init__(self, signer: Signer, max_chars: int) -> None:
        self._signer = signer
        self._max_chars = max_chars
        self._lock = threading.Lock()
        self._messages: OrderedDict[tuple[Scope, str], Message] = OrderedDict()
        self._chars = 0

    def add(
        self, scope: Scope, parent: str | None, role: Role, content: Content, files: tuple[FileRef, ...] = ()
    ) -> Message:
        """Sign a new message and remember it."""
        message = self._signer.sign(scope, parent, role, content, files)
        self._remember(scope, [message])
        return message

    def chain(self, scope: Scope, message_id: str) -> list[Message] | None:
        """Return the conversation from its first message to this one; `None` when the browser must bring it."""
        messages: list[Message] = []
        with self._lock:
            next_id: str | None = message_id
            while next_id is not None:
                message = self._messages.get((scope, next_id))
                if message is None:
                    return None
                self._messages.move_to_end((scope, next_id))
                messages.append(message)
                next_id = message.parent
        return messages[::-1]

    def restore(self, scope: Scope, history: str) -> None:
        """Verify a conversation that a browser brought and remember it.

        Args:
            scope: Where it was held, and by whom.
            history: JSON list of `{id, parent, role, content, files?}`, from the first message on, each the parent of
                the next; `content` is a text, or a list of `{kind, text}`.

        Raises:
            RefusedError: `bad-history`, when it is not such a list or a signature is not ours.
        """
        try:
            items = _HISTORY.validate_json(history)
        except ValidationError as error:
            raise RefusedError("bad-history", error.errors(include_url=False, include_input=False)[0]["msg"]) from None
        parent: str | None = None
        messages = []
        for item in items:
            files = tuple(item.get("files", ()))
            message = Message(item["id"], item["parent"], item["role"], _content(item), files)
            if message.parent != parent or not self._signer.verify(scope, message):
                raise RefusedError("bad-history", "a signature does not fit")
            messages.append(message)
            parent = message.id
        self._remember(scope, messages)

    def _remember(self, scope: Scope, messages: Sequence[Message]) -> None:
        with self._lock:
            for message in messages:
                if (scope, message.id) not in self._messages:
                    self._chars += _cost(message)
                self._messages[scope, message.id] = message
                self._messages.move_to_end((scope, message.id))
            while self._chars > self._max_chars and len(self._messages) > len(messages):
                self._chars -= _cost(self._messages.popitem(last=False)[1])


def _content(item: _HistoryItem) -> Content:
    content = item["content"]
    return content if isinstance(content, str) else tuple(ContentPart(part["kind"], part["text"]) for part in content)


def _cost(message: Message) -> int:
    return length_of(message.content) + (1 + len(message.files)) * _OVERHEAD_CHARS
