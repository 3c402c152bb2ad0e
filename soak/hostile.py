"""What no browser sends: messages that are broken in every way, made by chance from a seed."""

from __future__ import annotations

import json
import random
import string
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from vizro_ws_chat.protocol.frames import PROTOCOL_VERSION

TEXT, BINARY, PING = 0x1, 0x2, 0x9
_NESTING = 100_000
_LARGE_BYTES = 10_000_000
# A large one takes as long as a thousand others.
_LARGE_SHARE = 0.001
_JSON_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, "", "x", [], {}, [[]], {"type": "ping"}),
    *(2**31, 2**53, 2**63, 2**64, -(2**63), 10**400, 1e308),
    *("\x00", "\u202e", "💥" * 100, "../../etc/passwd", "' OR 1=1 --", "<script>", "a" * 70_000),
)


@dataclass(frozen=True)
class Hostile:
    """One attack.

    Attributes:
        kind: What it is.
        body: A message of the wire, or what is sent instead of one.
        opcode: Of the WebSocket frame that carries it.
        is_raw: Whether `body` is what goes over the socket: frames that break the WebSocket protocol itself.
    """

    kind: str
    body: bytes
    opcode: int = TEXT
    is_raw: bool = False


class HostileClient:
    """Makes attacks.

    Args:
        golden: Frames that are right, to be spoiled.
        chat: A chat that exists.
        seed: Decides which.
    """

    def __init__(self, golden: Sequence[dict[str, Any]], chat: str, seed: object) -> None:
        self._golden = golden
        self._chat = chat
        self._chance = random.Random(str(seed))
        self._kinds: list[Callable[[], Hostile]] = [
            *[self._spoiled_value] * 6,
            *[self._spoiled_bytes] * 3,
            *[self._several_frames] * 2,
            self._unknown_type,
            self._wrong_version,
            self._future_ids,
            self._unknown_runs,
            self._junk,
            self._invalid_utf8,
            self._binary,
            self._deep,
            self._huge_numbers,
            self._truncated,
            self._too_many,
            self._history,
            self._broken_websocket_frame,
        ]

    def next(self) -> Hostile:
        """Return the next attack."""
        if self._chance.random() < _LARGE_SHARE:
            return self.large()
        return self._chance.choice(self._kinds)()

    # ---- messages that are nearly right ----

    def _spoiled_value(self) -> Hostile:
        frame = self._frame()
        where: Any = frame
        key: Any = self._chance.choice(list(frame))
        while isinstance(where[key], dict | list) and where[key] and self._chance.random() < 0.7:
            where = where[key]
            key = self._chance.choice(list(where) if isinstance(where, dict) else range(len(where)))
        if self._chance.random() < 0.2:
            del where[key]
        elif self._chance.random() < 0.2 and isinstance(where, dict):
            where[f"{key}_"] = self._value()
        else:
            where[key] = self._value()
        return self._message("spoiled value", [frame])

    def _spoiled_bytes(self) -> Hostile:
        body = bytearray(json.dumps([self._frame()]).encode())
        for _ in range(self._chance.randint(1, 4)):
            body[self._chance.randrange(len(body))] = self._chance.randrange(256)
        return Hostile("spoiled bytes", bytes(body))

    def _several_frames(self) -> Hostile:
        return self._message("several frames", [self._frame() for _ in range(self._chance.randint(0, 8))])

    def _unknown_type(self) -> Hostile:
        return self._message("unknown type", [{**self._frame(), "type": self._word()}])

    def _wrong_version(self) -> Hostile:
        hello = self._hello([])
        return self._message("wrong version", [{**hello, "v": self._chance.choice([0, 2, -1, 2**70, "1", 1.0, None])}])

    def _future_ids(self) -> Hostile:
        run = self._chance.randbytes(16).hex()
        seq = self._chance.choice([10**6, 10**14, 10**15 - 1])
        epoch = self._chance.choice([0, 1, 10**12, 10**15 - 1])
        send = {"type": "send", "run": run, "parent": None, "text": "short"}
        # The second hello asks for what is not there yet.
        return self._message("future id", [send, self._hello([{"run": run, "after": f"{epoch}-{seq}"}])])

    def _unknown_runs(self) -> Hostile:
        runs = [{"run": self._chance.randbytes(16).hex(), "after": None} for _ in range(self._chance.randint(1, 20))]
        return self._message("unknown runs", [self._hello(runs)])

    def _history(self) -> Hostile:
        run = self._chance.randbytes(16).hex()
        count = self._chance.choice([1, 2, 10**9])
        pieces = [
            {"type": "history", "run": run, "index": index, "count": count, "text": self._history_text()}
            for index in self._chance.sample(range(3), self._chance.randint(1, 3))
        ]
        send = {"type": "send", "run": run, "parent": "A" * 43, "text": self._chance.choice(["x", None])}
        return self._message("history", [*pieces, send])

    def _history_text(self) -> str:
        item = {"id": "A" * 43, "parent": None, "role": self._chance.choice(["user", "system"]), "content": "x"}
        return self._chance.choice(
            [json.dumps([item]), "[" * _NESTING, f"[{'{},' * _NESTING}{{}}]", self._word(), "[]", "null"]
        )

    # ---- messages that are not ----

    def _junk(self) -> Hostile:
        return Hostile("junk", "".join(self._chance.choices(string.printable, k=self._chance.randrange(200))).encode())

    def _invalid_utf8(self) -> Hostile:
        body = json.dumps([self._frame()]).encode()
        where = self._chance.randrange(len(body))
        spoiled = self._chance.choice([b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80"])
        return Hostile("invalid UTF-8", body[:where] + spoiled + body[where:])

    def _binary(self) -> Hostile:
        return Hostile("binary", self._chance.randbytes(self._chance.randrange(300)), opcode=BINARY)

    def _deep(self) -> Hostile:
        opening, closing = self._chance.choice([("[", "]"), ('{"a":', "}")])
        return Hostile("deep nesting", (opening * _NESTING + closing * self._chance.choice([0, _NESTING])).encode())

    def _huge_numbers(self) -> Hostile:
        number = self._chance.choice(["1e400", "9" * 5_000, "-" + "9" * 400, "1e-400", "0." + "0" * 5_000 + "1"])
        return Hostile("huge number", f'[{{"type":"hello","v":{number},"chat":"{self._chat}","resume":[]}}]'.encode())

    def _truncated(self) -> Hostile:
        body = json.dumps([self._frame()]).encode()
        return Hostile("truncated", body[: self._chance.randrange(len(body))])

    def _too_many(self) -> Hostile:
        return self._message("too many frames", [{"type": "ping"}] * self._chance.randint(600, 2_000))

    def large(self) -> Hostile:
        """Return a message of 10 MB."""
        send = {"type": "send", "run": self._chance.randbytes(16).hex(), "parent": None, "text": "x" * _LARGE_BYTES}
        ping = b',{"type":"ping"}'
        # The text, nothing at all, and what takes far more memory when it is read than it is long.
        return self._chance.choice(
            [
                self._message("large", [send]),
                Hostile("large", b"[" + b" " * _LARGE_BYTES),
                Hostile("large", b"[[]" + b",[]" * (_LARGE_BYTES // 3) + b"]"),
                Hostile("large", b"[" + ping[1:] + ping * (_LARGE_BYTES // len(ping)) + b"]"),
            ]
        )

    def _broken_websocket_frame(self) -> Hostile:
        body = self._chance.randbytes(self._chance.randrange(20))
        raw = self._chance.choice(
            [
                websocket_frame(TEXT, body, is_masked=False),
                websocket_frame(self._chance.choice([0x3, 0x7, 0xB, 0xF]), body),
                websocket_frame(TEXT, body, reserved=self._chance.randint(1, 7)),
                websocket_frame(PING, b"x" * 126),
                websocket_frame(PING, body, is_final=False),
                websocket_frame(0x0, body),  # goes on with what has not begun
                websocket_frame(TEXT, body, is_final=False) + websocket_frame(TEXT, body),
                websocket_frame(0x8, struct.pack("!H", self._chance.choice([0, 999, 1005, 5_000])) + body),
                websocket_frame(0x8, b"\x03"),
                struct.pack("!BBQ", 0x81, 0xFF, 2**63 + 1) + bytes(4),
            ]
        )
        return Hostile("broken WebSocket frame", raw, is_raw=True)

    # ---- pieces ----

    def _frame(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(json.dumps(self._chance.choice(self._golden)))
        if "chat" in frame:
            frame["chat"] = self._chat
        return frame

    def _hello(self, resume: list[dict[str, Any]]) -> dict[str, Any]:
        return {"type": "hello", "v": PROTOCOL_VERSION, "chat": self._chat, "resume": resume}

    def _value(self) -> Any:
        return self._chance.choice([*_JSON_VALUES, self._word()])

    def _word(self) -> str:
        return "".join(self._chance.choices(string.ascii_letters + "-_", k=self._chance.randint(1, 70)))

    @staticmethod
    def _message(kind: str, frames: list[dict[str, Any]]) -> Hostile:
        return Hostile(kind, json.dumps(frames).encode())


def websocket_frame(
    opcode: int, payload: bytes, *, is_final: bool = True, is_masked: bool = True, reserved: int = 0
) -> bytes:
    """Return a WebSocket frame (RFC 6455, section 5.2), right or wrong. Masked with zeros, which change nothing."""
    first = is_final << 7 | reserved << 4 | opcode
    mask_bit = is_masked << 7
    if len(payload) < 126:
        head = struct.pack("!BB", first, mask_bit | len(payload))
    elif len(payload) < 2**16:
        head = struct.pack("!BBH", first, mask_bit | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, len(payload))
    return head + (bytes(4) if is_masked else b"") + payload
