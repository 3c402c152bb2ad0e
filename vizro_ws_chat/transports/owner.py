"""Which browser is which, so that it is known whose runs and conversations are whose.

Each browser gets a cookie with the dashboard's page: a random number that no script can read (RFC 6265, `HttpOnly`),
that is not sent from other sites (`SameSite`) and that only the app can make: who wants to be many has to open many
pages. It names no person; a dashboard's login does, in `admission`.

A browser that keeps no cookies, and a page embedded in another site, have no owner. What they start is protected
only by its id: 128 random bits or more, which nobody else knows.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Request, Response

COOKIE = "vizro_ws_chat_owner"
NOBODY = "nobody"

_TOKEN_BYTES = 24
_SIGNED_TOKEN = re.compile(r"([A-Za-z0-9_-]{32})\.([A-Za-z0-9_-]{43})")
_CONTEXT = b"vizro-ws-chat owner v1"


class OwnerCookie:
    """Gives browsers their cookies and knows them again.

    Args:
        key: The app's.
        old_keys: Those before: their cookies are still known.
    """

    def __init__(self, key: bytes, old_keys: Sequence[bytes] = ()) -> None:
        self._keys = [hmac.digest(each, _CONTEXT, hashlib.sha256) for each in (key, *old_keys)]

    def browser_of(self, cookies: Mapping[str, str]) -> str:
        """Return the owner that a browser's cookies tell."""
        signed = _SIGNED_TOKEN.fullmatch(cookies.get(COOKIE, ""))
        if signed is None:
            return NOBODY
        token, signature = signed.groups()
        is_ours = [hmac.compare_digest(signature, _sign(key, token)) for key in self._keys]
        return f"browser:{token}" if any(is_ours) else NOBODY

    def value_of(self, token: str) -> str:
        """Return the cookie of a browser: 32 characters of base64url, and their signature (HMAC-SHA256, RFC 2104)."""
        return f"{token}.{_sign(self._keys[0], token)}"

    def give(self, request: Request, response: Response, path: str) -> None:
        """Give a browser that opens a page its cookie, unless it has one. Nothing else but pages gets one.

        Args:
            request: What was asked for.
            response: The answer.
            path: Below which the cookie is sent: the dashboard's, as browsers see it.
        """
        is_page = request.method == "GET" and response.status_code == HTTPStatus.OK and response.mimetype == "text/html"
        if not is_page or self.browser_of(request.cookies) != NOBODY:
            return
        response.set_cookie(
            COOKIE,
            self.value_of(secrets.token_urlsafe(_TOKEN_BYTES)),
            path=path,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
        # A cache that is shared would give all its users the same cookie.
        response.headers["Cache-Control"] = "no-store, private"
        response.vary.add("Cookie")


def _sign(key: bytes, token: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, token.encode(), hashlib.sha256)).rstrip(b"=").decode()
