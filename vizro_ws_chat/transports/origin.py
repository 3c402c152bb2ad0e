"""Who may connect: pages of the app itself, and of the origins that the author allows.

Browsers do not apply the same-origin policy to WebSockets, so without this check any page that a user visits could
talk to the chat in the user's name (cross-site WebSocket hijacking). The `Origin` header (RFC 6454) can't be changed
by a page.
"""

from __future__ import annotations

from collections.abc import Collection

from vizro_ws_chat.exceptions import RefusedError

_OWN_SITES = {None, "same-origin", "none"}
_DEFAULT_PORTS = {"http": 80, "https": 443}


def check_origin(origin: str | None, host: str, allowed: Collection[str]) -> None:
    """Refuse requests that come from elsewhere.

    Host and port must be the ones the request was sent to. The scheme is not compared: behind a proxy that ends TLS
    the server sees http where the page has https.

    Args:
        origin: The `Origin` header.
        host: The `Host` header, `name` or `name:port`.
        allowed: Other origins, as `scheme://host[:port]`.

    Raises:
        RefusedError: `forbidden`.
    """
    if origin is None:
        raise RefusedError("forbidden", "the request has no Origin header")
    if origin in allowed:
        return
    scheme, _, name = origin.partition("://")
    default_port = _DEFAULT_PORTS.get(scheme)
    if default_port is None or _with_port(name, default_port) != _with_port(host, default_port):
        raise RefusedError(
            "forbidden",
            f"the page's origin {origin!r} is not the server's host {host!r}. Behind a proxy, let it pass on the Host "
            "header; for a page of another site, add its origin to allowed_origins",
        )


def check_site(site: str | None) -> None:
    """Refuse what a page of another origin asks for, by what its browser says of it.

    It also covers what names no origin, a page's images and links, and a proxy that changes hosts can't mislead it.

    Args:
        site: The `Sec-Fetch-Site` header (W3C "Fetch Metadata Request Headers"), which a page can't change. Browsers
            leave it out over plain HTTP; `none` is what their user asks for.

    Raises:
        RefusedError: `forbidden`.
    """
    if site not in _OWN_SITES:
        raise RefusedError("forbidden", f"a page of another origin asks for it (Sec-Fetch-Site: {site!r})")


def _with_port(host: str, default_port: int) -> str:
    name, separator, port = host.rpartition(":")
    if separator and port.isdigit():
        return f"{name.lower()}:{port}"
    return f"{host.lower()}:{default_port}"
