"""The conversations that the server keeps, over HTTP: the list, one of them, another title, and none any more."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from flask import Response, request
from pydantic import AfterValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from vizro_ws_chat.exceptions import ProtocolError, RefusedError
from vizro_ws_chat.history.keeper import Keeper
from vizro_ws_chat.history.records import KeptMessage, ThreadPage, ThreadSummary
from vizro_ws_chat.protocol.content import Content, parts_of
from vizro_ws_chat.threads.signing import Scope
from vizro_ws_chat.transports.admission import admit
from vizro_ws_chat.transports.service import ChatService

MAX_TITLE_CHARS = 200
MAX_BODY_BYTES = 4_096
"""Of a request for another title."""

_MAX_SEARCH_CHARS = 200
_FRAMES = 5
"""As how many frames of its owner a request counts."""
_THREAD_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NOTHING = ThreadPage([], None)


def _shown(title: str) -> str:
    """Return a title on one line.

    Raises:
        ValueError: When there is nothing to be seen of it.
    """
    title = " ".join(title.split())
    if not any(map(str.isprintable, title.replace(" ", ""))):
        raise ValueError("nothing to be seen")
    return title


class _Titled(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)  # type: ignore[misc]

    title: Annotated[str, StringConstraints(max_length=MAX_TITLE_CHARS, strip_whitespace=True), AfterValidator(_shown)]


_TITLED: TypeAdapter[_Titled] = TypeAdapter(_Titled)


class HistoryRoutes:
    """Answers for the conversations of one app's chats.

    Args:
        service: What the chats share.
    """

    def __init__(self, service: ChatService) -> None:
        self._service = service

    def threads(self) -> Response:
        """Return a page of the list."""
        scope, keeper = self._find()
        search = request.args.get("search", "").strip()
        if len(search) > _MAX_SEARCH_CHARS:
            raise RefusedError("too-large", f"a search for {len(search)} characters")
        page = _NOTHING
        if keeper is not None:
            page = keeper.threads(scope, search=search or None, before=request.args.get("before"))
        return _json({"threads": [_summary(thread) for thread in page.threads], "next": page.next})

    def thread(self, thread_id: str) -> Response:
        """Return a conversation with all of its messages."""
        scope, keeper = self._of(thread_id)
        thread, messages = keeper.thread(scope, thread_id)
        return _json({**_summary(thread), "messages": [_message(message) for message in messages]})

    def rename(self, thread_id: str, body: bytes) -> Response:
        """Give a conversation the title in a request's body."""
        scope, keeper = self._of(thread_id)
        try:
            title = _TITLED.validate_json(body)["title"]
        except ValidationError as error:
            raise ProtocolError(f"a title has 1 to {MAX_TITLE_CHARS} characters that can be seen") from error
        return _json(_summary(keeper.rename(scope, thread_id, title)))

    def delete(self, thread_id: str) -> Response:
        """Delete a conversation; it is no failure when there is none."""
        scope, keeper = self._find()
        if keeper is not None and _THREAD_ID.fullmatch(thread_id):
            keeper.delete(scope, thread_id)
        return Response(status=204)

    def _of(self, thread_id: str) -> tuple[Scope, Keeper]:
        scope, keeper = self._find()
        if keeper is None or not _THREAD_ID.fullmatch(thread_id):
            raise RefusedError("unknown-thread", "there can be none of this id")
        return scope, keeper

    def _find(self) -> tuple[Scope, Keeper | None]:
        """Return whose conversations are asked for, and what keeps them; `None` for somebody without a cookie."""
        service, chat = self._service, request.args.get("chat", "")
        browser = service.cookie.browser_of(request.cookies)
        service.rates.spend(browser, _FRAMES)
        responder = service.responders.get(chat)
        if responder is None:
            raise RefusedError("unknown-chat", f"no chat has the id {chat!r}")
        scope = Scope(chat, admit(responder, browser))
        if not service.history.keeps(chat):
            raise RefusedError("no-history", f"the chat {chat!r} keeps no conversations")
        return scope, service.history.of(scope)


def _json(body: Mapping[str, Any]) -> Response:
    return Response(json.dumps(body), 200, {"Cache-Control": "no-store"}, None, "application/json")


def _summary(thread: ThreadSummary) -> dict[str, Any]:
    return {"id": thread.id, "title": thread.title, "updated": thread.updated_ms}


def _message(kept: KeptMessage) -> dict[str, Any]:
    """Return a message as browsers get it: what there is not is left out."""
    message = kept.message
    optional = {
        "run": kept.run,
        "files": [file.model_dump() for file in message.files],
        "model": kept.model,
        "view": kept.view,
        "suggestions": list(kept.suggestions),
        "status": kept.end,
        "error": {"text": kept.error_text, "ref": kept.error_ref} if kept.error_text is not None else None,
        "feedback": {"rating": kept.rating, "comment": kept.comment} if kept.rating or kept.comment else None,
    }
    return {
        "id": message.id,
        "parent": message.parent,
        "role": message.role,
        "content": _content(message.content),
        "created": kept.created_ms,
        **{name: value for name, value in optional.items() if value},
    }


def _content(content: Content) -> str | list[dict[str, str]]:
    return content if isinstance(content, str) else [part._asdict() for part in parts_of(content)]
