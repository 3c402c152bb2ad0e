"""Whose runs and conversations are whose.

Each browser gets a cookie with the dashboard's page: a random number that no script can read (RFC 6265, `HttpOnly`)
and that is not sent from other sites (`SameSite`). It names no person. A chat of a dashboard with a login of its own
can say who is asking instead: `Chat(owner=...)`.

A browser that keeps no cookies, and a page embedded in another site, have no owner. What they start is protected
only by its id: 128 random bits or more, which nobody else knows.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Protocol

from flask import Request, Response

from vizro_ws_chat.author_functions import check_function
from vizro_ws_chat.exceptions import RefusedError

logger = logging.getLogger(__name__)

COOKIE = "vizro_ws_chat_owner"
NOBODY = "nobody"

_TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class Owned(Protocol):
    """A chat, as far as its owners are concerned."""

    @property
    def owner(self) -> Callable[[], str | None] | None:
        """Tells who is asking, within the request; `None` to go by the browser's cookie."""


def browser_of(cookies: Mapping[str, str]) -> str:
    """Return the owner that a browser's cookies tell."""
    token = cookies.get(COOKIE, "")
    return f"browser:{token}" if _TOKEN.fullmatch(token) else NOBODY


def owner_in(chat: Owned, browser: str) -> str:
    """Return the owner of what is asked for in a chat. Must run within the request.

    Args:
        chat: May have a say in it.
        browser: The owner that the browser's cookies tell.

    Raises:
        RefusedError: `login`, when the chat's owner function knows of nobody; `internal`, when it fails.
    """
    if chat.owner is None:
        return browser
    try:
        name = _checked(chat.owner())
    except Exception as error:
        ref = secrets.token_hex(4)
        logger.exception("Chat(owner=...) failed (reference %s)", ref)
        raise RefusedError("internal", ref=ref) from error
    if not name:
        raise RefusedError("login", "Chat(owner=...) returned nothing")
    return f"user:{name}"


def _checked(name: object) -> str | None:
    if name is None or isinstance(name, str):
        return name
    raise TypeError(
        f"Chat(owner=...) must return the user's name as a str, or None when nobody is logged in, not "
        f"{type(name).__name__!r}. A function without parameters is called, not awaited."
    )


def check_owner(owner: Callable[[], str | None]) -> None:
    """Check what can be known of a chat's owner function before anybody asks.

    Raises:
        ConfigurationError: When it can't be called as it will be.
    """
    check_function(
        "Chat(owner=...)",
        owner,
        0,
        where="within a request",
        expected="without arguments (it can ask Flask's request or session, or the login of the app, who is there)",
    )


def give_cookie(request: Request, response: Response, path: str) -> None:
    """Give a browser that opens a page its cookie, unless it has one. Nothing else but pages gets one.

    Args:
        request: What was asked for.
        response: The answer.
        path: Below which the cookie is sent: the dashboard's, as browsers see it.
    """
    is_page = request.method == "GET" and response.status_code == HTTPStatus.OK and response.mimetype == "text/html"
    if not is_page or browser_of(request.cookies) != NOBODY:
        return
    response.set_cookie(
        COOKIE,
        secrets.token_urlsafe(_TOKEN_BYTES),
        path=path,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    # A cache that is shared would give all its users the same cookie.
    response.headers["Cache-Control"] = "no-store, private"
    response.vary.add("Cookie")
