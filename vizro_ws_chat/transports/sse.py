"""The Server-Sent Events transport: the answer to a POST is the stream of frames."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from vizro_ws_chat.protocol import sse
from vizro_ws_chat.protocol.codec import encode
from vizro_ws_chat.protocol.frames import Frame
from vizro_ws_chat.transports.service import ChatService
from vizro_ws_chat.transports.session import Session


class SSEConnection:
    """Serves one stream until no run is left that it reads.

    Args:
        service: What the app's connections share.
    """

    idle_since = None  # a stream ends by itself when it is idle

    def __init__(self, service: ChatService) -> None:
        self._heartbeat = service.settings.heartbeat_seconds
        self._wake = threading.Event()
        self._session = Session(service, self._wake.set)

    def ask_to_leave(self) -> None:
        """Never idle, never asked."""

    def receive(self, message: bytes) -> None:
        """Answer the frames of the request, before the stream begins."""
        self._session.receive(message)

    def stream(self) -> Iterator[str]:
        """Yield events, and a comment whenever it has been quiet for a heartbeat.

        A reader that has gone is noticed at the next write.
        """
        while True:
            self._wake.clear()
            frames = self._session.take()
            if frames:
                yield sse.event(encode(frames))
            if not self._session.is_reading:
                return
            if not self._wake.wait(self._heartbeat):
                yield sse.comment("keep-alive")

    def close(self) -> None:
        """Stop reading. Closing twice is closing once."""
        self._session.close()


def answer_commands(service: ChatService, message: bytes) -> list[Frame]:
    """Answer a request that starts no stream: cancel, and what else needs no reading."""
    session = Session(service, lambda: None)
    try:
        session.receive(message)
        return session.take()
    finally:
        session.close()
