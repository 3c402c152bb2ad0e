"""A TCP proxy between browser and server that does what networks do: refuse WebSockets, cut and hold connections."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, TypeAlias
from urllib.parse import urlsplit, urlunsplit

WebSocketFault: TypeAlias = "int | Literal['refuse'] | None"
"""Cut after this many bytes to the browser, handshake included; refuse the handshake; or let it pass."""

_RECEIVE_BYTES = 65_536
_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class _Downstream:
    """What is on its way to one browser.

    Attributes:
        browser: The connection.
        budget: After so many bytes it is cut; `None` for never.
        pending: What came from the server and is still to be sent.
    """

    browser: socket.socket
    budget: int | None
    pending: bytearray = field(default_factory=bytearray)

    def send(self) -> None:
        """Send what is pending, or cut the connection in the middle of it."""
        data = bytes(self.pending)
        self.pending.clear()
        if self.budget is None:
            self.browser.sendall(data)
            return
        self.browser.sendall(data[: self.budget])
        self.budget -= min(self.budget, len(data))
        if self.budget == 0:
            _end(self.browser)


class FaultProxy:
    """Passes bytes on between a browser and a server, until a test tells it otherwise.

    The server may be restarted behind it.

    Example:
        ```python
        with FaultProxy(app.url) as proxy:
            proxy.on_websocket("refuse")
            page.goto(proxy.url)  # from here on the chat has to do without a WebSocket
        ```
    """

    def __init__(self, target: str) -> None:
        """Describe a proxy; the context manager starts it.

        Args:
            target: The server's URL.
        """
        self._target = urlsplit(target)
        self._changed = threading.Condition()
        self._faults: list[WebSocketFault] = [None]
        self._handshakes = 0
        self._holding = False
        self._sent = bytearray()
        self._held_from = 0
        self._open: dict[socket.socket, _Downstream] = {}
        self._listener: socket.socket | None = None

    def __enter__(self) -> FaultProxy:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        threading.Thread(target=self._accept, args=(self._listener,), name="fault-proxy", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        listener, self._listener = self._listener, None
        if listener:
            # A close alone does not wake the thread that accepts.
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.release()
        self.cut()

    @property
    def url(self) -> str:
        """Where the proxy answers; the path is the server's."""
        if not self._listener:
            raise RuntimeError("The proxy is not running")
        return urlunsplit(self._target._replace(netloc=f"127.0.0.1:{self._listener.getsockname()[1]}"))

    @property
    def handshakes(self) -> int:
        """How many WebSockets were asked for, the refused ones included."""
        with self._changed:
            return self._handshakes

    @property
    def sent(self) -> bytes:
        """All that the server has sent so far, over all connections, as it was on the wire."""
        with self._changed:
            return bytes(self._sent)

    def on_websocket(self, *faults: WebSocketFault) -> None:
        """Say what happens to the WebSockets to come: the first, the second …; the last one also to all later.

        Raises:
            ValueError: When nothing is said.
        """
        if not faults:
            raise ValueError("on_websocket needs at least one fault, or None")
        with self._changed:
            self._faults = list(faults)

    def hold(self) -> None:
        """Hold back what the server sends from now on. What the browser sends still passes."""
        with self._changed:
            self._holding = True
            self._held_from = len(self._sent)

    def wait_held(self, part: bytes, timeout: float) -> bool:
        """Wait until the server has sent `part` since `hold`; `False` after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._sent.find(part, self._held_from) >= 0, timeout)

    def release(self) -> None:
        """Pass on what was held back, in its order, and all that follows."""
        with self._changed:
            self._holding = False
            for down in self._open.values():
                with contextlib.suppress(OSError):  # this browser has gone
                    down.send()
            self._changed.notify_all()

    def cut(self) -> None:
        """End every connection that is open now, WebSockets and others, without a goodbye."""
        with self._changed:
            for server, down in self._open.items():
                _end(server)
                _end(down.browser)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                browser, _ = listener.accept()
                threading.Thread(target=self._serve, args=(browser,), name="fault-proxy-up", daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        """Serve one connection; this thread carries what the browser sends."""
        with browser, contextlib.suppress(OSError):
            browser.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            head = _read_head(browser)
            fault = self._next_fault() if _asks_for_websocket(head) else None
            if fault == "refuse":
                browser.sendall(_FORBIDDEN)
                return
            with socket.create_connection((self._target.hostname, self._target.port)) as server:
                server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                down = _Downstream(browser, fault)
                with self._changed:
                    self._open[server] = down
                carrier = threading.Thread(
                    target=self._carry_down, args=(server, down), name="fault-proxy-down", daemon=True
                )
                carrier.start()
                try:
                    server.sendall(head)
                    while data := browser.recv(_RECEIVE_BYTES):
                        server.sendall(data)
                finally:
                    _end(server)
                    carrier.join()
                    with self._changed:
                        del self._open[server]

    def _carry_down(self, server: socket.socket, down: _Downstream) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(_RECEIVE_BYTES):
                with self._changed:
                    self._sent += data
                    self._changed.notify_all()
                    down.pending += data
                    if not self._holding:
                        down.send()
        with self._changed:
            self._changed.wait_for(lambda: not self._holding)
        _end(down.browser)

    def _next_fault(self) -> WebSocketFault:
        with self._changed:
            self._handshakes += 1
            return self._faults.pop(0) if len(self._faults) > 1 else self._faults[0]


def _read_head(browser: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (data := browser.recv(_RECEIVE_BYTES)):
        head += data
    return head


def _asks_for_websocket(head: bytes) -> bool:
    return b"\r\nupgrade: websocket\r\n" in head.lower()


def _end(sock: socket.socket) -> None:
    """End both directions. The thread that reads from it wakes and closes it; nobody else may."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
