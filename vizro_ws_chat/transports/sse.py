"""The Server-Sent Events transport: the answer to a POST is the stream of frames."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

from vizro_ws_chat.protocol import sse
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import Frame
from vizro_ws_chat.transports.send_deadline import PIECE_SIZE, SendDeadline
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.transports.session import Session


class SSEConnection:
    """Serves one stream until no run is left that it reads.

    Args:
        service: What the app's connections share.
        sock: The connection, where the server hands it out: a browser that takes nothing is disconnected.
    """

    idle_since = None  # a stream ends by itself when it is idle

    def __init__(self, service: ChatService, sock: socket.socket | None) -> None:
        self._heartbeat = service.settings.heartbeat_seconds
        self._wake = threading.Event()
        self._session = Session(service, self._wake.set)
        self._deadline = (
            None if sock is None else SendDeadline(sock, service.scheduler, service.settings.send_deadline_seconds)
        )

    def ask_to_leave(self) -> None:
        """Never idle, never asked."""

    def receive(self, message: bytes) -> None:
        """Answer the frames of the request, before the stream begins.

        Raises:
            RefusedError: When there is nothing to stream.
        """
        _receive(self._session, message)

    def stream(self) -> Iterator[str]:
        """Yield pieces of events, and a comment whenever it has been quiet for a heartbeat.

        A reader that has gone is noticed at the next write.
        """
        while True:
            self._wake.clear()
            frames = self._session.take()
            if frames:
                yield from self._written(sse.event(encode(frames)))
            if not self._session.is_reading:
                return
            if not self._wake.wait(self._heartbeat):
                yield from self._written(sse.comment("keep-alive"))

    def _written(self, text: str) -> Iterator[str]:
        # While a generator is suspended in its yield, the server is writing what it has yielded.
        writing: AbstractContextManager[object] = self._deadline or nullcontext()
        for start in range(0, len(text), PIECE_SIZE):
            with writing:
                yield text[start : start + PIECE_SIZE]

    def close(self) -> None:
        """Stop reading. Closing twice is closing once."""
        self._session.close()
        if self._deadline is not None:
            self._deadline.close()


def answer_commands(service: ChatService, message: bytes) -> list[Frame]:
    """Answer a request that starts no stream: cancel, and what else needs no reading.

    Raises:
        RefusedError: When the request as a whole is refused.
    """
    session = Session(service, lambda: None)
    try:
        _receive(session, message)
        return session.take()
    finally:
        session.close()


def _receive(session: Session, message: bytes) -> None:
    refusal = session.receive(message)
    if refusal is not None:
        raise refusal
