"""Conversations: verified messages, kept in memory within a limit and brought back by browsers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Annotated, NotRequired

from pydantic import ConfigDict, FailFast, Field, Strict, TypeAdapter, ValidationError
from pydantic_core import from_json
from typing_extensions import TypeAliasType, TypedDict

from vizro_ws_chat.exceptions import ProtocolError, RefusedError
from vizro_ws_chat.protocol.codec import check_structure
from vizro_ws_chat.protocol.content import Content, ContentPart, PartKind, length_of
from vizro_ws_chat.protocol.frames import FileRef, MessageId, Role
from vizro_ws_chat.threads.signing import Message, Scope, Signer

_OVERHEAD_CHARS = 500
"""What a message takes beside its content, so that many empty ones are limited too."""


class _HistoryPart(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)  # type: ignore[misc]

    kind: PartKind
    text: str


# To list all that is wrong with a list may take a thousand times as long as the list itself.
_Parts = TypeAliasType("_Parts", Annotated[list[_HistoryPart], FailFast()])


class _HistoryItem(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)  # type: ignore[misc]

    id: MessageId
    parent: MessageId | None
    role: Role
    content: str | _Parts
    files: NotRequired[Annotated[list[Annotated[FileRef, Strict(False)]], FailFast()]]  # also of a dict


_HISTORY: TypeAdapter[list[_HistoryItem]] = TypeAdapter(Annotated[list[_HistoryItem], FailFast(), Field(min_length=1)])
_LEAST_STRUCTURE_CHARS = 1_000
_STRUCTURE_SHARE = 0.25
"""Of a history, beside its strings: more than twice what that of short messages has."""
_MOST_NAMES = 8


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
            # Not in one step: what pydantic reads JSON into for a union takes sixty times as much as the JSON.
            items = _HISTORY.validate_python(_read(history))
        except ValidationError as error:
            raise RefusedError("bad-history", error.errors(include_url=False, include_input=False)[0]["msg"]) from None
        except ValueError as error:
            raise RefusedError("bad-history", str(error)) from None
        self.take_back(
            scope,
            [
                Message(item["id"], item["parent"], item["role"], _content(item), tuple(item.get("files", ())))
                for item in items
            ],
        )

    def take_back(self, scope: Scope, messages: Sequence[Message]) -> None:
        """Verify a conversation that was kept elsewhere and remember it.

        Args:
            scope: Where it was held, and by whom.
            messages: From the first one on, each the parent of the next.

        Raises:
            RefusedError: `bad-history`, when it is not such a list or a signature is not ours.
        """
        parent: str | None = None
        for message in messages:
            if message.parent != parent or not self._signer.verify(scope, message):
                raise RefusedError("bad-history", "a signature does not fit")
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


def _read(history: str) -> object:
    """Return what a JSON text says, unless that would take far more time and memory to validate than it is long.

    Raises:
        RefusedError: When it is that.
        ValueError: When it is no JSON.
    """
    try:
        check_structure(history, _LEAST_STRUCTURE_CHARS + int(_STRUCTURE_SHARE * len(history)))
    except ProtocolError as error:
        raise RefusedError("bad-history", str(error)) from None
    items = from_json(history.encode())
    pending: list[object] = [items]
    while pending:
        match pending.pop():
            case dict() as named if len(named) > _MOST_NAMES:
                raise RefusedError("bad-history", f"an object of {len(named)} names")
            case dict() as named:
                pending += named.values()
            case list() as several:
                pending += several
    return items


def _content(item: _HistoryItem) -> Content:
    content = item["content"]
    return content if isinstance(content, str) else tuple(ContentPart(part["kind"], part["text"]) for part in content)


def _cost(message: Message) -> int:
    return length_of(message.content) + (1 + len(message.files)) * _OVERHEAD_CHARS
