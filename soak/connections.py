"""The two transports from the browser's side, over real sockets. Both have the same methods."""

from __future__ import annotations

import http
import time
from collections.abc import Sequence
from typing import Protocol

import h11
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, RejectConnection, RejectData, Request, TextMessage
from wsproto.events import Ping as ProtocolPing
from wsproto.utilities import ProtocolError

from soak.endpoint import (
    BASE,
    ConnectionLostError,
    ConnectionRefusedByServerError,
    Endpoint,
    lost_on_os_error,
    receive,
    say,
)
from vizro_ws_chat.protocol.codec import decode_server, encode
from vizro_ws_chat.protocol.frames import ClientFrame, ServerFrame


class Connection(Protocol):
    """What a reader needs of a transport."""

    @property
    def last_heard(self) -> float:
        """When anything came last, monotonic seconds."""

    def receive(self, timeout: float) -> list[ServerFrame]:
        """Return frames as soon as there are any; none after `timeout` seconds.

        Raises:
            ConnectionLostError: When the connection has ended.
        """

    def send(self, frames: Sequence[ClientFrame]) -> None:
        """Say something.

        Raises:
            ConnectionLostError: When that is not possible.
        """

    def close(self) -> None:
        """Go without a word, as a page that is closed."""


class WebSocketConnection:
    """A WebSocket.

    Raises:
        ConnectionLostError: When it can't be opened.
    """

    def __init__(self, endpoint: Endpoint, frames: Sequence[ClientFrame]) -> None:
        self.last_heard = time.monotonic()
        self._ws = WSConnection(ConnectionType.CLIENT)
        self._text = ""
        self._heard: list[ServerFrame] = []
        self._is_open = False
        self._rejected_with = 0
        self._rejected_body = b""
        with lost_on_os_error():
            self._sock = endpoint.connect()
        try:
            headers = [(name.encode(), value.encode()) for name, value in endpoint.all_headers().items()]
            request = Request(host=endpoint.netloc, target=f"{BASE}ws", extra_headers=headers)
            self._write(self._ws.send(request))
            while not self._is_open:
                if not self._receive_some(endpoint.patience):
                    raise ConnectionLostError("no answer to the handshake")  # noqa: TRY301 - as by all in this block
            self.send(frames)
        except BaseException:
            self.close()
            raise

    def receive(self, timeout: float) -> list[ServerFrame]:  # noqa: D102 - see Connection
        if not self._heard:
            self._receive_some(timeout)
        heard, self._heard = self._heard, []
        return heard

    def send(self, frames: Sequence[ClientFrame]) -> None:  # noqa: D102
        try:
            data = self._ws.send(TextMessage(encode(frames)))
        except ProtocolError as error:  # the server is closing; what it said before was heard
            raise ConnectionLostError(str(error)) from error
        self._write(data)

    def close(self) -> None:  # noqa: D102
        self._sock.close()

    def _write(self, data: bytes) -> None:
        with lost_on_os_error():
            self._sock.sendall(data)

    def _receive_some(self, timeout: float) -> bool:
        data = receive(self._sock, timeout)
        if data is None:
            return False
        self.last_heard = time.monotonic()
        try:
            self._ws.receive_data(data or None)
            for event in self._ws.events():
                self._take(event)
        except ProtocolError as error:
            raise ConnectionLostError(f"cut in the middle: {error}") from error
        if not data and not self._heard:
            raise ConnectionLostError("the TCP connection has ended")
        return True

    def _take(self, event: object) -> None:
        match event:
            case AcceptConnection():
                self._is_open = True
            case TextMessage():
                self._text += event.data
                if event.message_finished:
                    self._heard += decode_server(self._text)
                    self._text = ""
            case ProtocolPing():
                self._write(self._ws.send(event.response()))
            case RejectConnection():
                self._rejected_with = event.status_code
                if not event.has_body:
                    raise ConnectionRefusedByServerError(event.status_code, b"")
            case RejectData():
                self._rejected_body += event.data
                if event.body_finished:
                    raise ConnectionRefusedByServerError(self._rejected_with, self._rejected_body)
            case CloseConnection() if not self._heard:
                raise ConnectionLostError(f"closed with {event.code}: {event.reason}")


class EventStreamConnection:
    """Server-Sent Events, and commands beside them.

    Raises:
        ConnectionLostError: When it can't be opened.
    """

    def __init__(self, endpoint: Endpoint, frames: Sequence[ClientFrame]) -> None:
        self.last_heard = time.monotonic()
        self._endpoint = endpoint
        self._http = h11.Connection(h11.CLIENT)
        self._rest = b""
        body = encode(frames).encode()
        headers = {**endpoint.post_headers(), "Host": endpoint.netloc, "Content-Length": str(len(body))}
        with lost_on_os_error():
            self._sock = endpoint.connect()
        try:
            self._write(h11.Request(method="POST", target=f"{BASE}stream", headers=list(headers.items())))
            self._write(h11.Data(body))
            self._write(h11.EndOfMessage())
            response = self._next(endpoint.patience)
            self._check(response)
        except BaseException:
            self.close()
            raise

    def receive(self, timeout: float) -> list[ServerFrame]:  # noqa: D102 - see Connection
        event = self._next(timeout)
        match event:
            case h11.Data():
                return self._frames(bytes(event.data))
            case h11.EndOfMessage():
                raise ConnectionLostError("the stream is complete")
        return []

    def send(self, frames: Sequence[ClientFrame]) -> None:
        """Say something, as a request of its own."""
        say(self._endpoint, frames)

    def close(self) -> None:  # noqa: D102
        self._sock.close()

    def _write(self, event: h11.Event) -> None:
        with lost_on_os_error():
            self._sock.sendall(self._http.send(event) or b"")

    def _next(self, timeout: float) -> h11.Event | None:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                data = receive(self._sock, timeout)
                if data is None:
                    return None
                self.last_heard = time.monotonic()
                self._http.receive_data(data)
        except h11.RemoteProtocolError as error:
            raise ConnectionLostError(f"cut in the middle: {error}") from error
        if not isinstance(event, h11.Event) or isinstance(event, h11.ConnectionClosed):
            raise ConnectionLostError("the TCP connection has ended")
        return event

    def _check(self, response: h11.Event | None) -> None:
        if not isinstance(response, h11.Response):
            raise ConnectionLostError("no answer")
        if response.status_code != http.HTTPStatus.OK:
            raise ConnectionRefusedByServerError(response.status_code, self._whole_body())

    def _whole_body(self) -> bytes:
        body = b""
        while isinstance(event := self._next(self._endpoint.patience), h11.Data):
            body += event.data
        if not isinstance(event, h11.EndOfMessage):
            raise ConnectionLostError("the answer is incomplete")
        return body

    def _frames(self, data: bytes) -> list[ServerFrame]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [
            frame
            for line in lines
            if line.startswith(b"data: ")
            for frame in decode_server(line.removeprefix(b"data: "))
        ]
