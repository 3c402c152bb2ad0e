"""A model's server on the loopback device that does as it is told: answers, falls silent, never begins."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

Behaviour = Callable[["Connection"], None]


def _event(kind: str, **fields: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, 'sequence_number': 0, **fields})}\n\n".encode()


_RESPONSE = {
    "id": "r",
    "object": "response",
    "created_at": 0,
    "model": "m",
    "output": [],
    "tools": [],
    "parallel_tool_calls": False,
    "tool_choice": "auto",
}
_PLACE = {"item_id": "i", "output_index": 0, "content_index": 0}
BEGINNING = (
    _event("response.created", response=_RESPONSE)
    + _event(
        "response.output_item.added",
        output_index=0,
        item={"type": "message", "id": "i", "role": "assistant", "status": "in_progress", "content": []},
    )
    + _event("response.content_part.added", **_PLACE, part={"type": "output_text", "text": "", "annotations": []})
)
TOKEN = _event("response.output_text.delta", **_PLACE, delta="token ", logprobs=[])
END = _event("response.completed", response=_RESPONSE)


class Connection:
    """One connection of a client."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._reader = sock.makefile("rb")

    def request(self) -> bool:
        """Read a request; `False` when the client has closed."""
        length = 0
        if not self._reader.readline():
            return False
        while (line := self._reader.readline().strip().lower()) != b"":
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        self._reader.read(length)
        return True

    def head(self) -> None:
        """Send the status line and headers of a stream."""
        self._sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")

    def send(self, data: bytes) -> None:
        """Send a piece of the body."""
        self._sock.sendall(b"%x\r\n%s\r\n" % (len(data), data))

    def end(self) -> None:
        """Send the end of the body; the connection can be used again."""
        self._sock.sendall(b"0\r\n\r\n")

    def wait_for_close(self) -> None:
        """Say nothing until the client has gone."""
        self._reader.read(1)

    def close(self) -> None:
        """Let go of the connection."""
        self._reader.close()
        self._sock.close()


def answer(connection: Connection) -> None:
    """Answer in full."""
    connection.head()
    connection.send(BEGINNING + TOKEN + TOKEN + END)
    connection.end()


def flow(connection: Connection) -> None:
    """Send tokens for ever."""
    connection.head()
    connection.send(BEGINNING)
    while True:
        connection.send(TOKEN)


def fall_silent(connection: Connection) -> None:
    """Send two tokens and nothing more."""
    connection.head()
    connection.send(BEGINNING + TOKEN + TOKEN)
    connection.wait_for_close()


def never_begin(connection: Connection) -> None:
    """Send not even a header."""
    connection.wait_for_close()


class Upstream:
    """Answers the n-th request with the n-th behaviour, the last for all further ones.

    Attributes:
        requests: How many requests have come.
        open: How many connections are open.
    """

    def __init__(self, *behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self._behaviours = behaviours
        self._tls = tls
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._connections: list[socket.socket] = []
        self.requests = 0
        self.open = 0
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/v1"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._connections:
                with suppress(OSError):  # ended already
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _begin(self, function: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=function, args=arguments, name="upstream", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.open += 1
            self._begin(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
            with self._lock:
                self._connections.append(sock)
            connection = Connection(sock)
            try:
                while connection.request():
                    with self._lock:
                        behaviour = self._behaviours[min(self.requests, len(self._behaviours) - 1)]
                        self.requests += 1
                    behaviour(connection)
            finally:
                connection.close()
        except OSError:  # the client has gone, which is what the tests are about
            return
        finally:
            sock.close()
            with self._lock:
                self.open -= 1


def make_certificate(folder: Path) -> Path:
    """Return a PEM file with a key and a certificate for 127.0.0.1, signed by itself."""
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both
