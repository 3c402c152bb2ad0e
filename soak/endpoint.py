"""Where a client connects to, and how a connection can fail."""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from vizro_ws_chat.protocol.codec import decode_server, encode
from vizro_ws_chat.protocol.frames import ClientFrame, RefusedFrame, ServerFrame

BASE = "/_vizro_ws_chat/"
_RECEIVE_BYTES = 65_536


class ConnectionLostError(Exception):
    """The connection has ended, or never was."""


class ConnectionRefusedByServerError(ConnectionLostError):
    """The server, or something on the way, has answered with an HTTP error.

    Attributes:
        status: Which one.
        frame: The refusal, if the server said it.
    """

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"{status}: {body[:200]!r}")
        self.status = status
        self.frame = _refusal(body)


def _refusal(body: bytes) -> RefusedFrame | None:
    if not body.startswith(b"["):
        return None
    [frame] = decode_server(body)
    assert isinstance(frame, RefusedFrame)
    return frame


@dataclass(frozen=True)
class Endpoint:
    """Where a client connects to, and as whom.

    Attributes:
        url: Of the server, or of the proxy before it.
        cookies: The `Cookie` header.
        patience: Seconds to wait for whatever must come.
        headers: More headers.
    """

    url: str
    cookies: str
    patience: float
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def netloc(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc

    def all_headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {"Origin": f"http://{self.netloc}", "Cookie": self.cookies, **self.headers}

    def post_headers(self) -> dict[str, str]:
        """Return what a request with a body says."""
        return {**self.all_headers(), "Content-Type": "application/json", "X-Vizro-WS-Chat": "1"}

    def connect(self) -> socket.socket:
        """Open a TCP connection."""
        parts = urlsplit(self.url)
        sock = socket.create_connection((parts.hostname, parts.port or 80), self.patience)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock


def say(endpoint: Endpoint, frames: Sequence[ClientFrame]) -> list[ServerFrame]:
    """Send a command and return the answer.

    Raises:
        ConnectionLostError: When none came.
    """
    parts = urlsplit(endpoint.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=endpoint.patience)
    try:
        with lost_on_os_error():
            connection.request("POST", f"{BASE}command", encode(frames), endpoint.post_headers())
            response = connection.getresponse()
            body = response.read()
    except http.client.HTTPException as error:
        raise ConnectionLostError(f"cut in the middle: {error}") from error
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        raise ConnectionRefusedByServerError(response.status, body)
    return decode_server(body)


def receive(sock: socket.socket, timeout: float) -> bytes | None:
    """Return what is there; `None` when nothing came, empty at the end."""
    with lost_on_os_error():
        sock.settimeout(timeout)
        try:
            return sock.recv(_RECEIVE_BYTES)
        except TimeoutError:
            return None


@contextlib.contextmanager
def lost_on_os_error() -> Iterator[None]:
    """Take every error of a socket for a lost connection."""
    try:
        yield
    except OSError as error:
        raise ConnectionLostError(str(error)) from error
