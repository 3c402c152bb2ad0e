"""Who may use a chat, and to whom belongs what they ask for.

A dashboard with a login of its own says so with `Chat(authorize=...)` and `Chat(owner=...)`. Both are asked when a
browser connects, and again with each message: a right may have been taken back in the meantime.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from types import UnionType
from typing import Any, Protocol, TypeAlias

from flask import Request
from flask import request as current_request

from vizro_ws_chat.author_functions import check_function
from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.redaction import redacted_logger

logger = redacted_logger(__name__)

MAX_NAME_CHARS = 400
"""Of an owner: an index of PostgreSQL takes 2,704 bytes, of which a chat's id may be 800."""
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
"""What no database takes: NUL, and halves of characters."""

Authorize: TypeAlias = Callable[[Request], bool]
"""Tells whether the sender of a request may use a chat."""


class Guarded(Protocol):
    """A chat, as far as those who want to use it are concerned."""

    @property
    def authorize(self) -> Authorize | None:
        """Tells who may use it; `None` for everyone."""

    @property
    def owner(self) -> Callable[[], str | None] | None:
        """Tells who is asking, within the request; `None` to go by the browser's cookie."""


def admit(chat: Guarded, browser: str) -> str:
    """Let somebody into a chat, and return the owner of what they ask for. Must run within the request.

    Args:
        chat: Has a say in both.
        browser: The owner that the browser's cookies tell.

    Raises:
        RefusedError: `denied`, when the chat's author does not let them in; `login`, when the owner function knows of
            nobody; `internal`, when one of these functions fails.
    """
    if chat.authorize is not None:
        authorize, request = chat.authorize, current_request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way
        if not _asked("authorize", lambda: authorize(request), bool, "True or False"):
            raise RefusedError("denied", "Chat(authorize=...) returned False")
    owner = chat.owner
    if owner is None:
        return browser
    expected = "the user's name as a str, or None when nobody is logged in"
    name = _asked("owner", lambda: _keepable(owner()), str | None, expected)
    if not name:
        raise RefusedError("login", "Chat(owner=...) returned nothing")
    return f"user:{name}"


def _keepable(name: object) -> object:
    """Return a user's name, if what is theirs can be found by it anywhere.

    Raises:
        ValueError: When a database would not take it.
    """
    if isinstance(name, str) and (len(name) > MAX_NAME_CHARS or _UNKEEPABLE.search(name)):
        raise ValueError(
            f"Chat(owner=...) must return a name of at most {MAX_NAME_CHARS} characters, without NUL and halves of "
            f"surrogate pairs; this one has {len(name)}. Return the user's id instead."
        )
    return name


def _asked(option: str, function: Callable[[], object], kind: type | UnionType, expected: str) -> Any:
    try:
        answer = function()
        if not isinstance(answer, kind):
            raise TypeError(  # noqa: TRY301 - logged as any other mistake of the function
                f"Chat({option}=...) must return {expected}, not {type(answer).__name__!r}. It is called, not awaited."
            )
    except Exception as error:
        ref = secrets.token_hex(4)
        logger.exception("Chat(%s=...) failed (reference %s)", option, ref)
        raise RefusedError("internal", ref=ref) from error
    return answer


def check_admission(owner: Callable[[], str | None] | None, authorize: Authorize | None) -> None:
    """Check what can be known of a chat's functions `owner` and `authorize` before anybody asks.

    Raises:
        ConfigurationError: When one can't be called as it will be.
    """
    if owner is not None:
        check_function(
            "Chat(owner=...)",
            owner,
            0,
            where="within a request",
            expected="without arguments (it can ask Flask's request or session, or the login of the app, who is there)",
        )
    if authorize is not None:
        check_function("Chat(authorize=...)", authorize, 1, where="within a request", expected="with Flask's request")
