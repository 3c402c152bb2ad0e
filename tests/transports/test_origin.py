from __future__ import annotations

import pytest

from vizro_ws_chat.exceptions import RefusedError
from vizro_ws_chat.transports.origin import check_origin

ALLOWED = [
    ("http://good.com", "good.com"),
    ("http://good.com:8050", "good.com:8050"),
    ("http://good.com", "good.com:80"),
    ("http://good.com:80", "good.com"),
    ("https://good.com", "good.com"),
    ("https://good.com", "good.com:443"),
    ("https://good.com:443", "good.com"),
    ("http://GOOD.com", "good.COM"),
    ("http://127.0.0.1:8050", "127.0.0.1:8050"),
    ("http://[::1]:8050", "[::1]:8050"),
    ("http://[::1]", "[::1]"),
    ("https://[2001:DB8::1]", "[2001:db8::1]:443"),
]
REFUSED = [
    ("null", "good.com"),
    ("", "good.com"),
    ("file://", "good.com"),
    ("good.com", "good.com"),
    ("ftp://good.com", "good.com"),
    ("chrome-extension://good.com", "good.com"),
    ("http://evil.com", "good.com"),
    ("http://sub.good.com", "good.com"),
    ("http://good.com", "sub.good.com"),
    ("http://good.com.evil.com", "good.com"),
    ("http://evilgood.com", "good.com"),
    ("http://good.com@evil.com", "good.com"),
    ("http://good.com:80@evil.com", "good.com"),
    ("http://evil.com/good.com", "good.com"),
    ("http://evil.com#good.com", "good.com"),
    ("http://good.com:8051", "good.com:8050"),
    ("http://good.com", "good.com:443"),
    ("https://good.com", "good.com:80"),
    ("http://good.com:", "good.com"),
    ("http://localhost:8050", "127.0.0.1:8050"),
    ("http://[::1]:8050", "[::1]:8051"),
    ("http://[::2]", "[::1]"),
    ("http://[", "good.com"),  # urllib raises ValueError for it
    ("http://[::1", "[::1]"),
    ("http://good.com http://evil.com", "good.com"),
]


@pytest.mark.parametrize(("origin", "host"), ALLOWED)
def test_the_apps_own_pages_are_allowed(origin: str, host: str) -> None:
    check_origin(origin, host, ())


@pytest.mark.parametrize(("origin", "host"), REFUSED)
def test_all_others_are_refused(origin: str, host: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        check_origin(origin, host, ())
    assert refusal.value.code == "forbidden"
    assert repr(origin) in str(refusal.value)


def test_no_origin_is_refused() -> None:
    with pytest.raises(RefusedError, match="no Origin"):
        check_origin(None, "good.com", ())


def test_other_origins_can_be_allowed() -> None:
    allowed = ("https://portal.example", "http://intranet:8080")
    check_origin("https://portal.example", "good.com", allowed)
    check_origin("http://intranet:8080", "good.com", allowed)
    check_origin("http://good.com", "good.com", allowed)
    for origin in ("http://portal.example", "https://portal.example.evil.com", "https://portal.example:444", "null"):
        with pytest.raises(RefusedError):
            check_origin(origin, "good.com", allowed)
