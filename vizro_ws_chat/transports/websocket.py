"""The WebSocket transport: one thread per connection reads what came, and writes what is ready."""

from __future__ import annotations

import contextlib
import threading

from simple_websocket import ConnectionClosed, Server
from wsproto.utilities import LocalProtocolError

from vizro_ws_chat.log_fields import log_fields
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.codes import REFUSALS, ByeCode
from vizro_ws_chat.protocol.frames import Bye, Frame, Ping
from vizro_ws_chat.redaction import redacted_logger
from vizro_ws_chat.transports.guarded_socket import GuardedSocket
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.transports.session import Session

logger = redacted_logger(__name__)

_WHOLE_TEXT = 0x81
_LONGEST_SHORT, _LONGEST_MIDDLE = 125, 65_535
_NORMAL_CLOSURE = 1000
_GOING_AWAY = 1001

_ASK_AFTER_HEARTBEATS = 4 / 3
"""Late enough for a browser's own ping to have come, early enough for its answer before the connection is dead."""


class WebSocketConnection:
    """Serves one WebSocket until it closes.

    Args:
        service: What the app's connections share.
        browser: The browser's owner.
        socket: The guarded socket below.
    """

    def __init__(self, service: ChatService, browser: str, socket: GuardedSocket) -> None:
        self.browser = browser
        self._observer = service.observer
        self._settings = service.settings
        self._clock = service.scheduler.clock
        self._socket = socket
        self._wake = threading.Event()
        self._scheduler = service.scheduler
        self._session = Session(service, browser, self._when_new, "websocket")
        self._session_lock = threading.Lock()
        self._ws: Server | None = None
        self._is_noted = False
        self._last_heard = self._clock()
        self._idle_since: float | None = self._last_heard
        self._has_asked = False
        self._leaving: ByeCode | None = None
        self._lock = threading.Lock()  # for what is idle and leaves takes up nothing
        self._is_served = False

    @property
    def idle_since(self) -> float | None:
        """Monotonic time since which it has had nothing to do: no run to read, no message to answer."""
        return self._idle_since

    def make_room(self) -> bool:
        """Close, with a `bye`, if it is idle; return whether it does."""
        with self._lock:
            if self._idle_since is None:
                return False
            self._leaving = "busy"
        self._wake.set()
        return True

    def ask_to_leave(self, reason: ByeCode) -> None:
        """Close as soon as it is idle, with a `bye`."""
        self._leaving = reason
        self._wake.set()

    def serve(self, ws: Server) -> None:
        """Serve until the connection is closed by either side."""
        with log_fields(self._session.log_fields), self._observer.connection("websocket"):
            self._serve(ws)

    def _serve(self, ws: Server) -> None:
        self._is_served = True
        self._ws = ws
        ws.max_message_size = self._settings.max_frame_bytes
        # The library's event for "something came" becomes ours, so that one wait serves both directions.
        ws.event = self._wake
        # The library does not set its event after every end, a message that is too large for one.
        self._socket.when_closed(self._wake.set)
        self._wake.set()
        try:
            while self._locked_turn(ws):
                self._wake.wait(self._seconds_to_wait())
        except (ConnectionClosed, LocalProtocolError) as reason:
            # The library's thread has noticed it and is about to answer the browser's close frame.
            self._socket.wait_closed()
            self._receive_rest(ws)
            logger.debug("A WebSocket was closed: %r", reason)
        except OSError as reason:
            self._receive_rest(ws)
            logger.debug("A WebSocket ended: %r", reason)
        finally:
            self.close()

    def close(self) -> None:
        """Release everything. Closing twice is closing once."""
        with self._session_lock:
            self._ws = None
            self._session.close()
        if self._is_served:
            self._socket.end()
            self._socket.wait_unshared()
        else:
            self._socket.discard()

    # ---- what is new in runs ----

    def _when_new(self) -> None:
        """Note that there is something to write. Called from any thread."""
        if not self._is_noted:
            self._is_noted = True
            self._scheduler.call_soon(self._write_new)

    def _write_new(self) -> None:
        """Write what is new, on a thread that does so for all connections: waking each one's own would cost more.

        What can't be done without waiting is left to its own.
        """
        self._is_noted = False  # before looking: what comes from now on is noted again
        if not self._session_lock.acquire(blocking=False):
            self._wake.set()
            return
        try:
            if self._ws is None or not self._ws.connected or self._socket.is_behind:
                self._wake.set()
                return
            frames = self._session.take()
            is_sent = not frames or self._socket.send_now(text_message(encode(frames).encode()))
            if not (is_sent and self._session.is_reading):  # else its own thread has something to do
                self._wake.set()
        finally:
            self._session_lock.release()

    # ---- all else, on its own thread ----

    def _locked_turn(self, ws: Server) -> bool:
        with self._session_lock:
            return self._turn(ws)

    def _turn(self, ws: Server) -> bool:
        """Handle all that is there in both directions; return whether to go on."""
        self._wake.clear()
        idle_since = self._idle_since
        while (message := self._next_message(ws)) is not None:
            self._last_heard = self._clock()
            self._has_asked = False
            refusal = self._session.receive(message)
            if refusal is not None:
                self._observer.refused(refusal.code)
                self._send(ws, self._session.take())
                ws.close(REFUSALS[refusal.code].close_code, refusal.text)
                return False
        self._socket.mark_read()
        if self._session.is_reading:
            idle_since = None
        self._idle_since = idle_since  # before writing, which a slow browser may hold up
        if self._socket.is_behind:
            self._socket.send(b"")
        # After receiving: what a run appends from now on sets the event again.
        self._send(ws, self._session.take())
        now = self._clock()
        if self._session.is_reading:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = now
        if now - self._last_heard >= self._settings.dead_seconds:
            logger.debug("A WebSocket ended: nothing was heard for %s s", self._settings.dead_seconds)
            return False
        if (code := self._reason_to_leave(now)) is not None:
            self._send(ws, [Bye(code=code, retry_ms=0)])
            ws.close(_NORMAL_CLOSURE if code == "idle" else _GOING_AWAY)
            return False
        if not self._has_asked and now >= self._ask_at:
            self._has_asked = True
            self._send(ws, [Ping()])
        return True

    def _next_message(self, ws: Server) -> str | bytes | None:
        """Return what came, unless the connection is leaving. It has something to do from before it was taken."""
        with self._lock:
            if self._leaving is not None and self._idle_since is not None:
                return None
            if ws.connected and not ws.input_buffer:  # the library would wait, if for no time: that takes some
                return None
            self._idle_since = None
            message: str | bytes = ws.receive()
            return message

    def _receive_rest(self, ws: Server) -> None:
        """Answer what came before the end, though nobody hears it: to stop may be the last thing that a page asks."""
        with contextlib.suppress(ConnectionClosed), self._session_lock:
            while (message := ws.receive(timeout=0)) is not None and self._session.receive(message) is None:
                pass

    def _reason_to_leave(self, now: float) -> ByeCode | None:
        if self._idle_since is None:
            return None
        if self._leaving is not None:
            return self._leaving
        return "idle" if now - self._idle_since >= self._settings.idle_seconds else None

    def _seconds_to_wait(self) -> float:
        now = self._clock()
        ends = [self._last_heard + self._settings.dead_seconds if self._has_asked else self._ask_at]
        if self._idle_since is not None:
            ends.append(self._idle_since + self._settings.idle_seconds)
        return max(0.0, min(ends) - now)

    @property
    def _ask_at(self) -> float:
        """When a browser that stays silent is asked whether it is there."""
        silence = min(_ASK_AFTER_HEARTBEATS * self._settings.heartbeat_seconds, self._settings.dead_seconds / 2)
        return self._last_heard + silence

    @staticmethod
    def _send(ws: Server, frames: list[Frame]) -> None:
        if frames:
            ws.send(encode(frames))


def text_message(payload: bytes) -> bytes:
    """Return a text message as servers send it: in one frame, and not masked (RFC 6455, section 5.2)."""
    size = len(payload)
    if size <= _LONGEST_SHORT:
        return bytes((_WHOLE_TEXT, size)) + payload
    if size <= _LONGEST_MIDDLE:
        return bytes((_WHOLE_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_WHOLE_TEXT, 127)) + size.to_bytes(8, "big") + payload
