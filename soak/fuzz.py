"""Attacks a chat, and says which attacks were not answered as they should be.

Each must get frames of the protocol, an HTTP status with a refusal, or a close code with a sentence; nothing may hang,
and nothing is the server's own fault (`internal`, 500).
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, Request, TextMessage

from soak.endpoint import BASE, Endpoint
from soak.hostile import TEXT, Hostile, HostileClient, websocket_frame
from vizro_ws_chat.exceptions import ProtocolError
from vizro_ws_chat.protocol.codec import decode_server, encode
from vizro_ws_chat.protocol.codes import REFUSALS
from vizro_ws_chat.protocol.frames import PROTOCOL_VERSION, Hello, Ping, Pong, RefusedFrame, ServerFrame

GOLDEN = Path(__file__).parents[1] / "tests" / "wire" / "client.json"
_CLOSE_CODES = {1000, 1001, 1002, 1003, 1007, 1008, 1009}
_STATUSES = {http.HTTPStatus.OK, *(refusal.http_status for refusal in REFUSALS.values())} - {500}
_RECEIVE_BYTES = 65_536
_KEPT_FINDINGS = 20


@dataclass(frozen=True)
class Finding:
    """An attack that was answered wrongly.

    Attributes:
        transport: How it was sent.
        attack: What was sent.
        answer: What came.
    """

    transport: str
    attack: Hostile
    answer: str

    def __str__(self) -> str:
        return f"{self.attack.kind} over {self.transport}: {self.answer}; sent {self.attack.body[:300]!r}"


@dataclass
class Fuzzed:
    """What came of the attacks.

    Attributes:
        sent: How many there were.
        answers: How often they were answered in which way.
        findings: The first of those that were answered wrongly.
        finding_count: How many were.
    """

    sent: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    finding_count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, answer: str, finding: Finding | None) -> None:
        """Count an attack."""
        with self._lock:
            self.sent += 1
            self.answers[answer] += 1
            if finding:
                self.finding_count += 1
                if len(self.findings) < _KEPT_FINDINGS:
                    self.findings.append(finding)


class WrongAnswerError(Exception):
    """The answer is none that the protocol knows."""


def golden_frames() -> list[dict[str, Any]]:
    """Return frames that are right."""
    return [case["frame"] for case in json.loads(GOLDEN.read_text(encoding="utf-8"))]


def fuzz(endpoint: Endpoint, chat: str, *, count: int, seed: int, clients: int = 4) -> Fuzzed:
    """Attack a chat.

    Args:
        endpoint: Where it is.
        chat: Its id.
        count: How often.
        seed: Decides with what.
        clients: Attackers at once.
    """
    fuzzed = Fuzzed()
    golden = golden_frames()

    def attack(name: int) -> None:
        hostile = HostileClient(golden, chat, f"{seed} {name}")
        for number in range(name, count, clients):
            transport = ("WebSocket", "stream", "command")[number // clients % 3]
            send_one(endpoint, chat, transport, hostile.next(), fuzzed)

    threads = [threading.Thread(target=attack, args=(name,)) for name in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return fuzzed


def send_one(endpoint: Endpoint, chat: str, transport: str, attack: Hostile, fuzzed: Fuzzed) -> None:
    """Make one attack and judge the answer."""
    try:
        if transport == "WebSocket":
            answer = _attack_websocket(endpoint, chat, attack)
        else:
            answer = _attack_with_post(endpoint, transport, chat, attack)
    except (WrongAnswerError, ProtocolError, OSError, http.client.HTTPException) as error:
        wrong = f"{type(error).__name__}: {error}"
        fuzzed.add("wrong", Finding(transport, attack, wrong))
    else:
        fuzzed.add(answer, None)


def _hello(chat: str) -> Hello:
    return Hello(v=PROTOCOL_VERSION, chat=chat, resume=[])


def _judge(frames: Sequence[ServerFrame]) -> str:
    refusals = [frame for frame in frames if isinstance(frame, RefusedFrame)]
    for frame in refusals:
        if frame.code == "internal" or not frame.text:
            raise WrongAnswerError(f"{frame!r}")
    return f"refused: {refusals[0].code}" if refusals else "answered"


def _attack_with_post(endpoint: Endpoint, path: str, chat: str, attack: Hostile) -> str:
    parts = urlsplit(endpoint.url)
    body = attack.body
    if not attack.is_raw and body.startswith(b"[{") and b'"hello"' not in body:
        # Else it would not come further than to the missing hello.
        body = encode([_hello(chat)]).encode()[:-1] + b"," + body[1:]
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=endpoint.patience)
    try:
        connection.request("POST", f"{BASE}{path}", body, endpoint.post_headers())
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    if response.status not in _STATUSES:
        raise WrongAnswerError(f"HTTP status {response.status}: {text[:200]!r}")
    if response.headers.get_content_type() == "text/event-stream":
        messages = [line.removeprefix(b"data: ") for line in text.split(b"\n") if line.startswith(b"data: ")]
    else:
        messages = [text]
    frames = [frame for message in messages for frame in decode_server(message)]
    verdict = _judge(frames)
    if response.status != http.HTTPStatus.OK and verdict == "answered":
        raise WrongAnswerError(f"HTTP status {response.status} without a refusal")
    return f"HTTP {response.status}, {verdict}"


def _attack_websocket(endpoint: Endpoint, chat: str, attack: Hostile) -> str:
    """Say hello, attack, and ask whether anybody is still there."""
    ws = WSConnection(ConnectionType.CLIENT)
    headers = [(name.encode(), value.encode()) for name, value in endpoint.all_headers().items()]
    raw = attack.body if attack.is_raw else websocket_frame(attack.opcode, attack.body)
    with endpoint.connect() as sock:
        sock.sendall(ws.send(Request(host=endpoint.netloc, target=f"{BASE}ws", extra_headers=headers)))
        _hear_until(sock, ws, AcceptConnection)
        # It may have closed before all is sent; what it has said is still to be heard.
        with contextlib.suppress(ConnectionError):
            sock.sendall(websocket_frame(TEXT, encode([_hello(chat)]).encode()) + raw)
            sock.sendall(websocket_frame(TEXT, encode([Ping()]).encode()))
        frames, close = _hear_the_answer(sock, ws)
    verdict = _judge(frames)
    if close is None:
        return verdict
    if close.code not in _CLOSE_CODES:
        raise WrongAnswerError(f"closed with {close.code} {close.reason!r} after {frames!r}"[:500])
    if not close.reason and not (attack.is_raw and verdict == "answered"):
        raise WrongAnswerError(f"closed with {close.code}, but without a sentence")
    return f"closed {close.code}, {verdict}"


def _hear_the_answer(sock: socket.socket, ws: WSConnection) -> tuple[list[ServerFrame], CloseConnection | None]:
    """Return what is said until the answer to the ping, or the end."""
    frames: list[ServerFrame] = []
    text = ""
    while not any(isinstance(frame, Pong) for frame in frames):
        for event in _hear(sock, ws):
            if isinstance(event, CloseConnection):
                return frames, event
            if isinstance(event, TextMessage):
                text += event.data
                if event.message_finished:
                    frames += decode_server(text)
                    text = ""
    return frames, None


def _hear_until(sock: socket.socket, ws: WSConnection, kind: type[Event]) -> None:
    while not any(isinstance(event, kind) for event in _hear(sock, ws)):
        pass


def _hear(sock: socket.socket, ws: WSConnection) -> list[Event]:
    data = sock.recv(_RECEIVE_BYTES)
    if not data:
        raise WrongAnswerError("the TCP connection ended without a close frame")
    ws.receive_data(data)
    return list(ws.events())
