"""Lays siege to a chat, in one way after the other, and tells what that does to the dashboard around it.

The besiegers are processes of their own that yield to others (nice 10): they are elsewhere in the world, and would not
take processor time from the server. While they are at it, somebody else opens the dashboard, again and again.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import multiprocessing
import os
import statistics
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from urllib.parse import urlsplit

from soak.arena import ECHO, Arena, open_arena
from soak.connections import WebSocketConnection
from soak.endpoint import BASE, ConnectionLostError, Endpoint, say
from soak.hostile import TEXT, websocket_frame
from soak.vitals import look_at
from vizro_ws_chat.protocol.frames import PROTOCOL_VERSION, Hello, Ping, Send

MAX_MORE_MB = 20
"""What the server's memory may grow by."""
MAX_TIMES_IDLE = 2.0
"""How much longer than in peace the dashboard may take to answer, in the median."""

_THREADS = 16
_SECONDS = 8.0
_BESIEGERS = 40
_DRIP_SECONDS = 0.2
_PATIENCE_SECONDS = 10.0
_START_SECONDS = 60.0
"""Until the besiegers, who give way to everybody else, are there."""
_VISIT_PAUSE_SECONDS = 0.05
_SETTLING_SECONDS = 1.0
_LARGE_BYTES = 10_000_000
_NESTING = 60_000
_PATHS = ("/", "/_dash-layout", "/_dash-dependencies")
_COLUMNS = "{:<20} {:>8} {:>8} {:>8} {:>6} {:>7} {:>8} {:>8}"
_HELLO = Hello(v=PROTOCOL_VERSION, chat=ECHO, resume=[])

Attack = Callable[[Endpoint], Iterator[None]]
"""Makes one attack, yielding whenever somebody else may go on: each goes on until its time is over."""


def unfinished_bodies(endpoint: Endpoint) -> Iterator[None]:
    """POST with a body that comes by the byte."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in endpoint.post_headers().items())
    with endpoint.connect() as sock:
        sock.sendall(f"POST {BASE}stream HTTP/1.1\r\nHost: {endpoint.netloc}\r\n{headers}".encode())
        sock.sendall(b"Content-Length: 200000\r\n\r\n[")
        while True:
            time.sleep(_DRIP_SECONDS)
            yield
            sock.sendall(b" ")


def unfinished_frames(endpoint: Endpoint) -> Iterator[None]:
    """Send a message over a WebSocket by the byte."""
    with _websocket(endpoint) as connection:
        frame = websocket_frame(TEXT, b"[" + b" " * 60_000)
        for byte in frame:
            time.sleep(_DRIP_SECONDS)
            yield
            connection.write(bytes([byte]))


def silence(endpoint: Endpoint) -> Iterator[None]:
    """Hold a WebSocket and say nothing."""
    with _websocket(endpoint):
        while True:
            time.sleep(_DRIP_SECONDS)
            yield


def unread_answers(endpoint: Endpoint) -> Iterator[None]:
    """Ask for long answers and read none."""
    with _websocket(endpoint) as connection:
        while True:
            connection.send([Send(run=os.urandom(16).hex(), parent=None, text=os.urandom(16_000).hex())])
            time.sleep(_DRIP_SECONDS)
            yield


def frame_flood(endpoint: Endpoint) -> Iterator[None]:
    """Send frames as fast as they are taken."""
    with _websocket(endpoint) as connection:
        while True:
            connection.send([Ping()])
            connection.receive(0.001)
            yield


def message_flood(endpoint: Endpoint) -> Iterator[None]:
    """Ask as fast as it is taken."""
    with _websocket(endpoint) as connection:
        while True:
            connection.send([Send(run=os.urandom(16).hex(), parent=None, text="Hello")])
            connection.receive(0.001)
            yield


def handshake_flood(endpoint: Endpoint) -> Iterator[None]:
    """Open WebSockets and leave them."""
    while True:
        with _websocket(endpoint):
            yield


def request_flood(endpoint: Endpoint) -> Iterator[None]:
    """POST as fast as it is answered."""
    while True:
        say(endpoint, [_HELLO, Ping()])
        yield


def page_flood(endpoint: Endpoint) -> Iterator[None]:
    """Open the dashboard as fast as it is answered: no attack on the chat, but what others are to be compared with."""
    while True:
        _is_answered(endpoint.url, _PATHS[0])
        yield


def large_messages(endpoint: Endpoint) -> Iterator[None]:
    """Send messages of 10 MB."""
    while True:
        with _websocket(endpoint) as connection:
            connection.write(websocket_frame(TEXT, b'[{"type":"send","text":"' + b"x" * _LARGE_BYTES + b'"}]'))
            connection.receive(_PATIENCE_SECONDS)
            yield


def deep_messages(endpoint: Endpoint) -> Iterator[None]:
    """Send JSON of many levels."""
    while True:
        with _websocket(endpoint) as connection:
            connection.write(websocket_frame(TEXT, b"[" * _NESTING + b"]" * _NESTING))
            connection.receive(_PATIENCE_SECONDS)
            yield


def deflate_bombs(endpoint: Endpoint) -> Iterator[None]:
    """Send a compressed message of 10 MB (RFC 7692), although compression was not agreed on."""
    deflated = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bomb = deflated.compress(bytes(_LARGE_BYTES)) + deflated.flush(zlib.Z_SYNC_FLUSH)
    while True:
        with _websocket(endpoint) as connection:
            connection.write(websocket_frame(TEXT, bomb, reserved=4))
            connection.receive(_PATIENCE_SECONDS)
            yield


ATTACKS: tuple[Attack, ...] = (
    unfinished_bodies,
    unfinished_frames,
    silence,
    unread_answers,
    frame_flood,
    message_flood,
    handshake_flood,
    request_flood,
    page_flood,
    large_messages,
    deep_messages,
    deflate_bombs,
)


class _RawConnection(WebSocketConnection):
    """A WebSocket on which anything may be sent."""

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._write(data)


@contextlib.contextmanager
def _websocket(endpoint: Endpoint) -> Iterator[_RawConnection]:
    connection = _RawConnection(endpoint, [_HELLO])
    try:
        yield connection
    finally:
        connection.close()


def _besiege(attack: Attack, endpoint: Endpoint, seconds: float, steps: Synchronized[int]) -> None:
    """Attack from many threads, each anew when the server has ended it."""
    os.nice(10)
    until = time.monotonic() + seconds

    def repeat() -> None:
        while time.monotonic() < until:
            with contextlib.suppress(ConnectionLostError, OSError):
                for _ in attack(endpoint):
                    with steps.get_lock():
                        steps.value += 1
                    if time.monotonic() > until:
                        return
            time.sleep(_VISIT_PAUSE_SECONDS)

    threads = [threading.Thread(target=repeat, daemon=True) for _ in range(_BESIEGERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass(frozen=True)
class Siege:
    """What an attack has done.

    Attributes:
        name: Of the attack.
        steps: How often the besiegers came to send something.
        answer_ms: What the dashboard took to answer meanwhile, in the median.
        failures: How often it did not.
        more_mb: What the server's memory had grown by at most.
        kept_mb: What it has kept of that.
    """

    name: str
    steps: int
    answer_ms: float
    failures: int
    more_mb: float
    kept_mb: float


def visit(server: str, seconds: float, look: Callable[[], object] = lambda: None) -> tuple[float, int]:
    """Open the dashboard again and again, and return the median time of an answer in ms, and how often none came."""
    took, failures = [], 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in _PATHS:
            started = time.perf_counter()
            failures += not _is_answered(server, path)
            took.append((time.perf_counter() - started) * 1000)
            look()
            time.sleep(_VISIT_PAUSE_SECONDS)
    return statistics.median(took), failures


def _is_answered(server: str, path: str) -> bool:
    parts = urlsplit(server)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return response.status == http.HTTPStatus.OK


def lay_siege(arena: Arena, attack: Attack, seconds: float, cookies: str) -> Siege:
    """Attack for some seconds, as one owner or, without cookies, as nobody."""
    endpoint = Endpoint(arena.server.url, cookies, patience=_PATIENCE_SECONDS)
    pids = arena.worker_pids
    before = look_at(pids).rss_mb
    seen = [before]
    spawn = multiprocessing.get_context("spawn")
    steps = spawn.Value("q")
    arguments = (attack, endpoint, seconds + _START_SECONDS, steps)
    besieger = spawn.Process(target=_besiege, args=arguments, daemon=True)
    besieger.start()
    try:
        begun = time.monotonic()
        while not steps.value and time.monotonic() < begun + _START_SECONDS:
            time.sleep(_VISIT_PAUSE_SECONDS)
        answer_ms, failures = visit(arena.server.url, seconds, lambda: seen.append(look_at(pids).rss_mb))
    finally:
        besieger.kill()
        besieger.join()
    time.sleep(_SETTLING_SECONDS)
    after = look_at(pids).rss_mb
    name = attack.__name__.replace("_", " ")
    return Siege(name, steps.value, answer_ms, failures, max(seen) - before, after - before)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m soak.siege", description=__doc__)
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="of each siege (default: %(default)s)")
    parser.add_argument("--nobody", action="store_true", help="besiege without the cookie that a page brings")
    parser.add_argument("attacks", nargs="*", help="their names; all unless given")
    arguments = parser.parse_args()
    chosen = [attack for attack in ATTACKS if not arguments.attacks or attack.__name__ in arguments.attacks]
    wrong = 0
    with open_arena({}, threads=_THREADS) as arena:
        visit(arena.server.url, _SETTLING_SECONDS)
        print(_COLUMNS.format("siege", "steps", "idle ms", "ms", "times", "failed", "MB more", "MB kept"))
        for attack in chosen:
            idle_ms, _ = visit(arena.server.url, arguments.seconds / 2)
            cookies = "" if arguments.nobody else arena.cookies()
            siege = lay_siege(arena, attack, arguments.seconds, cookies)
            times = siege.answer_ms / idle_ms
            wrong += siege.more_mb > MAX_MORE_MB or times > MAX_TIMES_IDLE or siege.failures > 0
            figures = (f"{idle_ms:.1f}", f"{siege.answer_ms:.1f}", f"{times:.2f}", siege.failures)
            memory = (f"{siege.more_mb:.1f}", f"{siege.kept_mb:.1f}")
            print(_COLUMNS.format(siege.name, siege.steps, *figures, *memory), flush=True)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
