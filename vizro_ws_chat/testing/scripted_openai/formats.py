"""The two APIs' answers as JSON objects and Server-Sent Events. No IO."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from vizro_ws_chat.testing.scripted_openai.completions import ChatCompletionsFormat
from vizro_ws_chat.testing.scripted_openai.pieces import Piece
from vizro_ws_chat.testing.scripted_openai.requests import RecordedRequest
from vizro_ws_chat.testing.scripted_openai.responses import ResponsesFormat
from vizro_ws_chat.testing.scripted_openai.wire import MODEL


class AnswerFormat(Protocol):
    """One answer in the format of one API. The methods that return bytes are for streams, and in their order."""

    def opening(self) -> bytes:
        """The events before the first piece."""

    def delta(self, piece: Piece) -> bytes:
        """The events for one piece."""

    def closing(self) -> bytes:
        """The events after the last piece."""

    def failure(self) -> bytes:
        """The event that says that the model has failed."""

    def whole(self, pieces: Sequence[Piece]) -> dict[str, Any]:
        """The answer as one object, when it is not streamed."""


# The format of the answers at each path.
FORMATS: dict[str, Callable[[RecordedRequest], AnswerFormat]] = {
    "/v1/responses": ResponsesFormat,
    "/v1/chat/completions": ChatCompletionsFormat,
}


def model_list() -> dict[str, Any]:
    """The JSON body of `GET /v1/models`."""
    return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "vizro-ws-chat"}]}
