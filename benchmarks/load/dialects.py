"""How a client of each app opens a stream and what it looks for in it: no more than that of their protocols."""

from __future__ import annotations

import base64
import json
import re
import secrets
from typing import Protocol
from urllib.parse import urlsplit

from benchmarks.load.pace import TOKEN
from vizro_ws_chat.threads.signing import as_bytes
from vizro_ws_chat.transports.owner import COOKIE, OwnerCookie

SECRET = "the key of an app under load"
CHAT_PATH = "/_vizro_ws_chat"
CONNECTED = b" 101 "
"""What says that a WebSocket is open."""
_PEER_EVENT = re.compile(rb"data: ([A-Za-z0-9+/=]+)\|END\|")
_MASKED_TEXT, _LONGEST_SHORT, _MASK = 0x81, 125, b"\0\0\0\0"


class Dialect(Protocol):
    """One client's way to talk."""

    greets: bool
    """Whether the connection is made, and waits, before anything is asked."""
    ready: bytes
    """What says that it may ask, when it greets."""
    end: bytes
    """What says that the answer is complete."""

    introduction: bytes
    """What is said when the connection is made. Not earlier: servers would lose it with the request."""

    def greeting(self, url: str) -> bytes:
        """Return what opens the connection."""

    def question(self, url: str, text: str) -> bytes:
        """Return what asks."""

    def tokens(self, data: bytes) -> tuple[list[tuple[bytes, bytes]], int]:
        """Return the tokens in what came, as number and time, and where the last one ends."""


class OursWebSocket:
    """Our chat, over a WebSocket. Each client is a browser with a cookie of its own."""

    greets, ready, end = True, b'"welcome"', b'"type":"finish"'

    def __init__(self) -> None:
        self.cookie = f"{COOKIE}={OwnerCookie(as_bytes(SECRET)).value_of(secrets.token_urlsafe(24))}"
        self.run = secrets.token_urlsafe(16)
        self.introduction = _text(_json(self._hello()))

    def greeting(self, url: str) -> bytes:  # noqa: D102 - see Dialect
        return _handshake(url, f"{CHAT_PATH}/ws", self.cookie)

    def question(self, url: str, text: str) -> bytes:  # noqa: D102
        return _text(_json(self._send(text)))

    def resumption(self) -> bytes:
        """Return what asks for the whole answer again."""
        return _text(_json(self._hello(self.run)))

    def cancel(self) -> bytes:
        """Return what stops the answer."""
        return _text(_json({"type": "cancel", "run": self.run}))

    def tokens(self, data: bytes) -> tuple[list[tuple[bytes, bytes]], int]:  # noqa: D102
        return _tokens(data)

    def _hello(self, *resumed: str) -> dict[str, object]:
        resume = [{"run": run, "after": None} for run in resumed]
        return {"type": "hello", "v": 1, "chat": "chat", "resume": resume}

    def _send(self, text: str) -> dict[str, object]:
        return {"type": "send", "run": self.run, "parent": None, "text": text}


class BareWebSocket:
    """The bare loop."""

    greets, ready, end = True, CONNECTED, b'"type":"finish"'
    introduction = b""

    def greeting(self, url: str) -> bytes:  # noqa: D102
        return _handshake(url, "/ws", "none=0")

    def question(self, url: str, text: str) -> bytes:  # noqa: D102
        return _text(text)

    def tokens(self, data: bytes) -> tuple[list[tuple[bytes, bytes]], int]:  # noqa: D102
        return _tokens(data)


class PeerSSE:
    """The peer's chat, as its page asks it."""

    greets, ready, end = False, b"", b"data: [DONE]"
    introduction = b""

    def greeting(self, url: str) -> bytes:  # noqa: D102
        return b""

    def question(self, url: str, text: str) -> bytes:  # noqa: D102
        asked = {"role": "user", "content_json": json.dumps(text)}
        body = json.dumps({"prompt": text, "messages": [asked], "uploaded_files": None})
        return _post(url, "/streaming-chat", body)

    def tokens(self, data: bytes) -> tuple[list[tuple[bytes, bytes]], int]:  # noqa: D102
        events = list(_PEER_EVENT.finditer(data))
        tokens, _ = _tokens(b"".join(base64.b64decode(event[1]) for event in events))
        return tokens, events[-1].end() if events else 0


def _tokens(data: bytes) -> tuple[list[tuple[bytes, bytes]], int]:
    """Find tokens anywhere: what is around them, of frames and of headers, never looks like one."""
    found = list(TOKEN.finditer(data))
    return [(token[1], token[2]) for token in found], found[-1].end() if found else 0


def _json(*frames: dict[str, object]) -> str:
    return json.dumps(frames, separators=(",", ":"))


def _handshake(url: str, path: str, cookie: str) -> bytes:
    # Without an offer to compress: what would be measured is zlib.
    host = urlsplit(url).netloc
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\nConnection: Upgrade\r\n"
        f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()


def _post(url: str, path: str, body: str, headers: str = "") -> bytes:
    host = urlsplit(url).netloc
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n{headers}"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _text(text: str) -> bytes:
    """Frame a message (RFC 6455, 5.2). With a mask of zeros, which is one, it stays as it is."""
    payload = text.encode()
    size = len(payload)
    if size <= _LONGEST_SHORT:
        return bytes([_MASKED_TEXT, 0x80 | size]) + _MASK + payload
    return bytes([_MASKED_TEXT, 0x80 | 126]) + size.to_bytes(2, "big") + _MASK + payload
