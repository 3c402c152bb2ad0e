"""The Server-Sent Events transport: the answer to a POST is the stream of frames."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext

from vizro_ws_chat.protocol import sse
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.codes import ByeCode
from vizro_ws_chat.protocol.frames import Frame
from vizro_ws_chat.transports.send_deadline import PIECE_SIZE, SendDeadline
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.transports.session import Session
from vizro_ws_chat.transports.tcp import break_when_unacknowledged, is_broken

_LOOK_EVERY_SECONDS = 1.0
"""How long a browser that has gone may hold its place. It asks again at once, on another connection."""


class SSEConnection:
    """Serves one stream until no run is left that it reads, or all have waited for their reader for a while.

    Args:
        service: What the app's connections share.
        browser: The browser's owner.
        sock: The connection, where the server hands it out: a browser that takes nothing is disconnected.
    """

    idle_since = None  # a stream ends by itself when it is idle

    def __init__(self, service: ChatService, browser: str, sock: socket.socket | None) -> None:
        settings = service.settings
        self.browser = browser
        self._heartbeat = settings.heartbeat_seconds
        self._idle = settings.idle_seconds
        self._sock = sock
        self._observer = service.observer
        self._observed = ExitStack()
        self._wake = threading.Event()
        self._session = Session(service, browser, self._wake.set, "sse")
        self._deadline: SendDeadline | None = None
        if sock is not None:
            self._deadline = SendDeadline(sock, service.scheduler, settings.send_deadline_seconds)
            break_when_unacknowledged(sock, max(settings.dead_seconds, settings.send_deadline_seconds))

    def make_room(self) -> bool:
        """Go on: it has something to do."""
        return False

    def ask_to_leave(self, reason: ByeCode) -> None:
        """Do nothing: it leaves by itself as soon as it is idle."""

    def receive(self, message: bytes) -> None:
        """Answer the frames of the request, before the stream begins.

        Raises:
            RefusedError: When there is nothing to stream.
        """
        _receive(self._session, message)
        self._observed.enter_context(self._observer.connection("sse"))

    def stream(self) -> Iterator[str]:
        """Yield pieces of events, and a comment whenever it has been quiet for a heartbeat.

        A reader that has gone is noticed soon where the system tells, else at the next write.
        """
        idle = 0.0
        while True:
            self._wake.clear()
            frames = self._session.take()
            if frames:
                yield from self._written(sse.event(encode(frames)))
            idle = 0.0 if frames or self._session.is_reading else idle
            if self._session.is_done or idle >= self._idle:
                return
            waited, is_quiet = 0.0, True
            most = self._heartbeat if self._session.is_reading else min(self._heartbeat, self._idle - idle)
            while is_quiet and waited < most:
                seconds = min(_LOOK_EVERY_SECONDS, most - waited)
                is_quiet = not self._wake.wait(seconds)
                waited += seconds
                if self._is_broken():  # servers log it as a failure of theirs when a write tells them
                    return
            idle += waited
            if is_quiet:
                yield from self._written(sse.comment("keep-alive"))

    def _is_broken(self) -> bool:
        return self._sock is not None and is_broken(self._sock)

    def _written(self, text: str) -> Iterator[str]:
        # While a generator is suspended in its yield, the server is writing what it has yielded.
        writing: AbstractContextManager[object] = self._deadline or nullcontext()
        for start in range(0, len(text), PIECE_SIZE):
            with writing:
                yield text[start : start + PIECE_SIZE]

    def close(self) -> None:
        """Stop reading. Closing twice is closing once."""
        self._session.close()
        self._observed.close()
        if self._deadline is not None:
            self._deadline.close()


def answer_commands(service: ChatService, browser: str, message: bytes) -> list[Frame]:
    """Answer a request that starts no stream: cancel, feedback, and what else needs no reading.

    Raises:
        RefusedError: When the request as a whole is refused.
    """
    wake = threading.Event()
    session = Session(service, browser, wake.set, "sse")
    try:
        _receive(session, message)
        frames = session.take()
        while session.is_awaiting:
            wake.wait()
            wake.clear()
            frames += session.take()
        return frames
    finally:
        session.close()


def _receive(session: Session, message: bytes) -> None:
    refusal = session.receive(message)
    if refusal is not None:
        raise refusal
