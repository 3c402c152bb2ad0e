"""Which browser is which, so that it is known whose runs and conversations are whose.

Each browser gets a cookie with the dashboard's page: a random number that no script can read (RFC 6265, `HttpOnly`)
and that is not sent from other sites (`SameSite`). It names no person; a dashboard's
login does, in `admission`.

A browser that keeps no cookies, and a page embedded in another site, have no owner. What they start is protected
only by its id: 128 random bits or more, which nobody else knows.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus

from flask import Request, Response

COOKIE = "vizro_ws_chat_owner"
NOBODY = "nobody"

_TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def browser_of(cookies: Mapping[str, str]) -> str:
    """Return the owner that a browser's cookies tell."""
    token = cookies.get(COOKIE, "")
    return f"browser:{token}" if _TOKEN.fullmatch(token) else NOBODY


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
