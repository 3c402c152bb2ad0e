"""Browsers without a browser: a WebSocket and an SSE client that can also misbehave."""

from __future__ import annotations

import ctypes
import http.client
import json
import socket
import ssl
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Ping,
    Pong,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)
from wsproto.extensions import PerMessageDeflate

from tests.transports.making import TERMINAL_TYPES
from tests.waiting import DEADLINE_SECONDS
from vizro_ws_chat.protocol.codec import decode_server, encode
from vizro_ws_chat.protocol.frames import Frame

BASE = "/_vizro_ws_chat/"
HEADERS = {"Content-Type": "application/json", "X-Vizro-WS-Chat": "1"}

_SO_ATTACH_FILTER = 26  # <asm-generic/socket.h>
_BPF_RETURN = 0x06  # <linux/bpf_common.h>

Address = tuple[str, int]


class RefusedHandshakeError(Exception):
    """The server answered the handshake with an HTTP response."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(f"{status}: {body!r}")
        self.status = status
        self.headers = headers
        self.frames = decode_server(body)


class ConnectionEndedError(Exception):
    """The server ended the connection before what was waited for had come."""


class WebSocketClient:
    """A WebSocket to a chat.

    Args:
        address: Of the server.
        base: The chat's path.
        origin: Of the page; `None` for none, by default that of the server.
        read_buffer: Bytes that the kernel may receive unread, to be a reader that is slow.
        headers: More headers of the handshake.
        tls: For `wss:`.

    Raises:
        RefusedHandshakeError: When the server refuses.
    """

    def __init__(
        self,
        address: Address,
        base: str = BASE,
        *,
        origin: str | None = "",
        read_buffer: int | None = None,
        headers: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.heard: list[Any] = []
        self.headers: dict[str, str] = {}
        self.close_code: int | None = None
        self.close_reason: str | None = None
        self.extensions: list[Any] = []
        host = f"{address[0]}:{address[1]}"
        self._sock = socket.socket()
        if read_buffer:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, read_buffer)
        self._sock.settimeout(DEADLINE_SECONDS)
        self._sock.connect(address)
        if tls:
            self._sock = tls.wrap_socket(self._sock, server_hostname=address[0])
        self._ws = WSConnection(ConnectionType.CLIENT)
        self._text = ""
        self._is_accepted = False
        self._rejection: tuple[int, dict[str, str]] | None = None
        self._rejected_body = b""
        own_origin = f"{'https' if tls else 'http'}://{host}"
        named = {**({} if origin is None else {"Origin": origin or own_origin}), **(headers or {})}
        # A browser always offers compression.
        request = Request(
            host=host, target=f"{base}ws", extra_headers=_as_bytes(named), extensions=[PerMessageDeflate()]
        )
        self._sock.sendall(self._ws.send(request))
        while not self._is_accepted:
            self._receive()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def send(self, *frames: Frame) -> None:
        """Send frames as one message."""
        self.send_text(encode(frames))

    def send_text(self, text: str) -> None:
        """Send any text."""
        self._sock.sendall(self._ws.send(TextMessage(text)))

    def ping(self, payload: bytes) -> None:
        """Send a ping of the WebSocket protocol, as other clients than browsers may."""
        self._sock.sendall(self._ws.send(Ping(payload)))

    def hear_until(self, reached: Callable[[Any], bool]) -> list[Any]:
        """Return the frames up to the first that is it.

        Raises:
            ConnectionEndedError: When the server closes before.
        """
        frames: list[Any] = []
        while True:
            while self.heard:
                frames.append(self.heard.pop(0))
                if reached(frames[-1]):
                    return frames
            if self.close_code is not None:
                raise ConnectionEndedError(f"{self.close_code} {self.close_reason} after {frames}")
            self._receive()

    def hear(self, kind: str) -> list[Any]:
        """Return the frames up to the first of this type."""
        return self.hear_until(lambda frame: frame.type == kind)

    def hear_the_end(self) -> list[Any]:
        """Return the frames up to a terminal one."""
        return self.hear_until(lambda frame: frame.type in TERMINAL_TYPES)

    def wait_closed(self) -> int:
        """Read until the server has said goodbye, and return its close code."""
        while self.close_code is None:
            self._receive()
        return self.close_code

    def wait_ended(self) -> None:
        """Read until the server has ended the TCP connection, with a close frame or without."""
        try:
            while self._sock.recv(65_536):
                pass
        except ConnectionResetError:
            return

    def hang_up(self, *, reset: bool = False) -> None:
        """Go without a word; with a TCP reset, as a process that is killed with unread data."""
        if reset:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def fall_silent(self) -> None:
        """Vanish without a word, as a phone in a tunnel."""
        black_hole(self._sock)

    def close(self) -> None:
        """Close as a browser does: say it, wait for the answer."""
        self._sock.sendall(self._ws.send(CloseConnection(1000)))
        self.wait_closed()
        self._sock.close()

    def _receive(self) -> None:
        data = self._sock.recv(65_536)
        if not data:
            raise ConnectionEndedError("the TCP connection ended without a close frame")
        self._ws.receive_data(data)
        for event in self._ws.events():
            match event:
                case AcceptConnection():
                    self._is_accepted = True
                    self.extensions = list(event.extensions)
                    self.headers = _as_text(event.extra_headers)
                case RejectConnection():
                    self._rejection = (event.status_code, _as_text(event.headers))
                case RejectData():
                    self._rejected_body += event.data
                    if event.body_finished and self._rejection:
                        self._sock.close()
                        raise RefusedHandshakeError(*self._rejection, self._rejected_body)
                case TextMessage():
                    self._text += event.data
                    if event.message_finished:
                        self.heard += decode_server(self._text)
                        self._text = ""
                case CloseConnection():
                    self.close_code, self.close_reason = event.code, event.reason
                case Ping():
                    self._sock.sendall(self._ws.send(event.response()))
                    self.heard.append(event)
                case Pong():
                    self.heard.append(event)


def _as_bytes(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _as_text(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode().lower(): value.decode() for name, value in headers}


class SSEClient:
    """A stream of a chat.

    Args:
        address: Of the server.
        frames: The request.
        base: The chat's path.
        headers: Replaces headers; one with `None` is left out.
        tls: For `https:`.
    """

    def __init__(
        self,
        address: Address,
        *frames: Frame,
        base: str = BASE,
        headers: Mapping[str, str | None] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._connection, self.response = _post(address, f"{base}stream", encode(frames), headers, tls)
        self.status = self.response.status
        self.comments = 0
        self._messages = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def hear_until(self, reached: Callable[[Any], bool]) -> list[Any]:
        """Return the frames up to the first that is it.

        Raises:
            ConnectionEndedError: When the stream ends before.
        """
        frames: list[Any] = []
        for frame in self._messages:
            frames.append(frame)
            if reached(frame):
                return frames
        raise ConnectionEndedError(f"the stream ended after {frames}")

    def hear(self, kind: str) -> list[Any]:
        """Return the frames up to the first of this type."""
        return self.hear_until(lambda frame: frame.type == kind)

    def hear_the_end(self) -> list[Any]:
        """Return all frames; the stream must end by itself."""
        return list(self._messages)

    def hear_comments(self, count: int) -> None:
        """Read until so many comments have come."""
        while self.comments < count:
            next(self._messages)

    def refusal(self) -> Any:
        """Return the frame of a response that is no stream."""
        [frame] = decode_server(self.response.read())
        return frame

    def hang_up(self) -> None:
        """Go without a word."""
        self.response.close()
        self._connection.close()

    def fall_silent(self) -> None:
        """Vanish without a word, as a phone in a tunnel."""
        black_hole(self.response.fp.raw._sock)  # type: ignore[attr-defined]

    def _read(self) -> Iterator[Any]:
        while line := self.response.readline():
            if line.startswith(b":"):
                self.comments += 1
            elif line.startswith(b"data: "):
                yield from decode_server(line[len(b"data: ") :])


def command(
    address: Address,
    *frames: Frame,
    base: str = BASE,
    headers: Mapping[str, str | None] | None = None,
    tls: ssl.SSLContext | None = None,
) -> tuple[int, list[Any]]:
    """Send a command and return the status and the frames of the answer."""
    connection, response = _post(address, f"{base}command", encode(frames), headers, tls)
    try:
        return response.status, list(decode_server(response.read()))
    finally:
        connection.close()


class Upload:
    """A file on its way to a chat.

    Args:
        address: Of the server.
        chat: The chat.
        name: Of the file.
        kind: Its MIME type.
        size: Its bytes, whether they come or not.
        headers: More headers.
    """

    def __init__(
        self, address: Address, chat: str, name: str, kind: str, size: int, headers: Mapping[str, str] | None = None
    ) -> None:
        self._connection = http.client.HTTPConnection(*address, timeout=DEADLINE_SECONDS)
        self._connection.putrequest("POST", f"{BASE}upload?chat={chat}")
        named = {
            **HEADERS,
            "Origin": f"http://{address[0]}:{address[1]}",
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size),
            "X-Vizro-WS-Chat-File": quote(name),
            "X-Vizro-WS-Chat-File-Type": kind,
            **(headers or {}),
        }
        for header, value in named.items():
            self._connection.putheader(header, value)
        self._connection.endheaders()

    def send(self, content: bytes) -> None:
        """Send some of it."""
        self._connection.send(content)

    def answer(self) -> tuple[int, Any]:
        """Return the status and the frame of the answer."""
        response = self._connection.getresponse()
        [frame] = decode_server(response.read())
        self._connection.close()
        return response.status, frame

    def wait_ended(self) -> None:
        """Read until the server has ended the connection, with an answer or without."""
        try:
            while self._connection.sock.recv(65_536):
                pass
        except ConnectionResetError:
            return

    def hang_up(self) -> None:
        """Go without a word."""
        self._connection.close()


def _post(
    address: Address,
    path: str,
    body: str,
    changed: Mapping[str, str | None] | None,
    tls: ssl.SSLContext | None = None,
) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    if tls:
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            *address, timeout=DEADLINE_SECONDS, context=tls
        )
    else:
        connection = http.client.HTTPConnection(*address, timeout=DEADLINE_SECONDS)
    scheme = "https" if tls else "http"
    headers = {**HEADERS, "Origin": f"{scheme}://{address[0]}:{address[1]}", **(changed or {})}
    connection.request(
        "POST", path, body.encode(), {name: value for name, value in headers.items() if value is not None}
    )
    return connection, connection.getresponse()


def black_hole(sock: socket.socket) -> None:
    """Drop all that comes in on a connection before TCP sees it, as if the cable were cut: nothing is acknowledged."""
    drop_all = ctypes.create_string_buffer(struct.pack("HBBI", _BPF_RETURN, 0, 0, 0))
    program = struct.pack("HP", 1, ctypes.addressof(drop_all))
    sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


def raw_request(address: Address, head: str, body: bytes = b"") -> tuple[int, dict[str, str], Any]:
    """Send a request byte by byte as it stands; return status, headers and JSON body of the answer."""
    with socket.create_connection(address, timeout=DEADLINE_SECONDS) as sock:
        sock.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        response = http.client.HTTPResponse(sock)
        response.begin()
        text = response.read()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, json.loads(text) if text else None
